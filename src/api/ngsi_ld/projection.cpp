// Names in parameters are expanded by the request's context; a name that nothing bears simply matches nothing.
#include "api/ngsi_ld/projection.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/ngsi_ld/entity_reader.h"
#include "api/ngsi_ld/errors.h"

namespace citiverse::api::ngsi_ld {
namespace {

// Never the name of anything that is there.
constexpr twin::NameId kNobodysName = 0xFFFFFFFFu;

Answered<twin::NameId> attribute_name_of(const NgsiLdApi& api, const Asked& asked, std::string_view parameter,
                                         std::string_view term) {
  if (auto checked = check_name(term); !checked)
    return std::unexpected(problem(ErrorType::bad_request_data, fmt::format("{}: {}", parameter, checked.error().message)));
  const twin::NameId name = ContextTerms(*asked.context, api.store.names()).name(term);
  return name == twin::kNoName ? kNobodysName : name;
}

Answered<void> read_projection(const NgsiLdApi& api, const Asked& asked, std::string_view parameter, bool only,
                               ChosenForm& chosen) {
  Projection& projection = chosen.projection.emplace();
  projection.only = only;
  const bool is_attrs = parameter == "attrs";
  if (only && !is_attrs) projection.id = projection.type = projection.scope = false;
  for (const std::string& term : asked.list(parameter)) {
    bool* member = term == "id"      ? &projection.id
                   : term == "type"  ? &projection.type
                   : term == "scope" ? &projection.scope
                                     : nullptr;
    if (member != nullptr) {
      if (is_attrs) return std::unexpected(problem(ErrorType::bad_request_data, "attrs: names of attributes only; see pick"));
      *member = only;
      continue;
    }
    auto name = attribute_name_of(api, asked, parameter, term);
    if (!name) return std::unexpected(std::move(name.error()));
    projection.names.push_back(*name);
  }
  const bool names_members = projection.id || projection.type || projection.scope;
  if (only && projection.names.empty() && (is_attrs || !names_members))
    return std::unexpected(problem(ErrorType::bad_request_data, fmt::format("{}: at least one name is needed", parameter)));
  if (only && (is_attrs || !names_members)) {
    chosen.needs_attribute = true;
    chosen.needed = projection.names;
  }
  return {};
}

}  // namespace

EntityForm ChosenForm::form() const {
  return {.form = kind,
          .shows_system_attributes = shows_system_attributes,
          .language = language,
          .datasets = datasets,
          .projection = projection ? &*projection : nullptr,
          .geometry_property_dataset = geometry_dataset};
}

bool ChosenForm::has_any(const twin::Entity& entity) const {
  if (!needs_attribute) return true;
  return std::ranges::any_of(needed, [&](twin::NameId name) { return !entity.instances(name).empty(); });
}

Answered<ChosenForm> read_form(const NgsiLdApi& api, const Asked& asked) {
  ChosenForm chosen;
  const auto form = asked.form();
  if (!form) return std::unexpected(form.error());
  chosen.kind = *form;
  chosen.shows_system_attributes = asked.has_option("sysAttrs");
  if (const std::string* language = asked.find("lang")) chosen.language = *language;
  chosen.datasets = asked.list("datasetId");
  for (const std::string& each : chosen.datasets) {
    if (each == "@none") continue;
    if (auto checked = check_uri("datasetId", each); !checked) return std::unexpected(problem(checked.error()));
    if (chosen.datasets.size() == 1) chosen.geometry_dataset = each;
  }
  const int kinds = (asked.find("attrs") != nullptr) + (asked.find("pick") != nullptr) + (asked.find("omit") != nullptr);
  if (kinds > 1) return std::unexpected(problem(ErrorType::bad_request_data, "attrs, pick and omit exclude each other"));
  for (const auto& [parameter, only] : {std::pair("attrs", true), std::pair("pick", true), std::pair("omit", false)}) {
    if (asked.find(parameter) == nullptr) continue;
    if (auto read = read_projection(api, asked, parameter, only, chosen); !read)
      return std::unexpected(std::move(read.error()));
  }
  const std::string* geometry = asked.find("geometryProperty");
  auto name = attribute_name_of(api, asked, "geometryProperty", geometry == nullptr ? "location" : *geometry);
  if (!name) return std::unexpected(std::move(name.error()));
  chosen.geometry_property = *name;
  return chosen;
}

}  // namespace citiverse::api::ngsi_ld
