// Read from the form in which it is kept, so that what was taken once is taken after a restart.
#include "api/ngsi_ld/registration.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "api/ngsi_ld/date_time.h"
#include "api/ngsi_ld/entity_reader.h"
#include "api/ngsi_ld/geometry_check.h"
#include "api/ngsi_ld/json_value_text.h"
#include "base/json_writer.h"
#include "net/outgoing_url.h"
#include "net/request.h"
#include "twin/duration.h"

namespace citiverse::api::ngsi_ld {
namespace {

using base::JsonValue;
using base::Result;

constexpr std::string_view kNgsiLdVocabulary = "https://uri.etsi.org/ngsi-ld/";
constexpr std::string_view kDescription = "http://purl.org/dc/terms/description";
constexpr std::size_t kTenantBytesMax = 256;

std::unexpected<base::Error> no_registration(std::string message) {
  return base::fail(base::ErrorCode::bad_input, std::move(message));
}

twin::Value plain_value(JsonValue json) {
  if (const auto text = json.text()) return std::string(*text);
  if (const auto boolean = json.boolean()) return *boolean;
  if (const auto whole = json.integer()) return *whole;
  if (const auto number = json.number()) return *number;
  twin::Json text;
  append_json(text.text, json);
  return text;
}

class RegistrationReading {
 public:
  RegistrationReading(JsonValue root, twin::Names& names) : root_(root), names_(names) {}

  Result<Registration> run() {
    using Me = RegistrationReading;
    for (const auto step :
         {&Me::read_information, &Me::read_texts, &Me::read_endpoint, &Me::read_source_info, &Me::read_mode, &Me::read_times,
          &Me::read_places, &Me::read_management, &Me::read_datasets, &Me::read_properties, &Me::check_mode})
      if (auto done = (this->*step)(); !done) return std::unexpected(done.error());
    return std::move(out_);
  }

 private:
  Result<void> read_information();
  Result<void> read_texts();
  Result<void> read_endpoint();
  Result<void> read_source_info();
  Result<void> read_mode();
  Result<void> read_times();
  Result<void> read_places();
  Result<void> read_management();
  Result<void> read_datasets();
  Result<void> read_properties();
  Result<void> check_mode();
  Result<EntityInfo> entity_info(JsonValue json);
  Result<void> add_names(std::vector<twin::NameId>& to, JsonValue list);
  Result<std::optional<TimeInterval>> interval(std::string_view name) const;

  JsonValue root_;
  twin::Names& names_;
  Registration out_;
};

Result<void> RegistrationReading::add_names(std::vector<twin::NameId>& to, JsonValue list) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    to.push_back(names_.intern(list[i].text().value_or("")));
    if (to.back() == twin::kNoName) return base::fail(base::ErrorCode::limit, "the twin's names are used up");
  }
  return {};
}

Result<EntityInfo> RegistrationReading::entity_info(JsonValue json) {
  EntityInfo info;
  if (auto added = add_names(info.types, json.find("type")); !added) return std::unexpected(added.error());
  if (info.types.empty()) return no_registration("information: entities: type: a type or an array of types is needed (5.2.8)");
  if (const JsonValue id = json.find("id"); !id.is_absent()) {
    info.id = id.text().value_or("");
    if (auto checked = check_uri("information: entities: id", info.id); !checked) return std::unexpected(checked.error());
  }
  if (const JsonValue pattern = json.find("idPattern"); !pattern.is_absent()) {
    if (!pattern.text()) return no_registration("information: entities: idPattern: a text is needed");
    auto compiled = twin::Pattern::compile("information: entities: idPattern", *pattern.text());
    if (!compiled) return std::unexpected(compiled.error());
    info.id_pattern = *std::move(compiled);
  }
  return info;
}

Result<void> RegistrationReading::read_information() {
  const JsonValue list = root_.find("information");
  if (list.size() == 0) return no_registration("information: an array of what the source has is needed (5.2.10)");
  for (std::size_t i = 0; i < list.size(); ++i) {
    RegistrationInfo info;
    const JsonValue entities = list[i].find("entities");
    for (std::size_t k = 0; k < entities.size(); ++k) {
      auto read = entity_info(entities[k]);
      if (!read) return std::unexpected(read.error());
      info.entities.push_back(*std::move(read));
    }
    for (const std::string_view names : {"propertyNames", "relationshipNames"})
      if (auto added = add_names(info.names, list[i].find(names)); !added) return added;
    out_.information.push_back(std::move(info));
  }
  return {};
}

Result<void> RegistrationReading::read_texts() {
  for (const std::string_view name : {"description", "registrationName", "contextSourceAlias", "refreshRate", "tenant"}) {
    const JsonValue value = root_.find(name);
    if (!value.is_absent() && value.text().value_or("").empty())
      return no_registration(fmt::format("{}: a text that is not empty is needed (5.2.9)", name));
  }
  if (const auto rate = root_.find("refreshRate").text(); rate && !twin::parse_duration(*rate))
    return no_registration("refreshRate: a duration such as PT15M is needed (ISO 8601)");
  out_.source.alias = root_.find("contextSourceAlias").text().value_or("");
  // RFC 7230, 5.7.1: a pseudonym is a token.
  const auto is_token = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").contains(c);
  };
  if (!std::ranges::all_of(out_.source.alias, is_token))
    return no_registration("contextSourceAlias: letters, digits and !#$%&'*+-.^_`|~ (RFC 7230, 5.7.1)");
  out_.source.tenant = root_.find("tenant").text().value_or("");
  if (out_.source.tenant.size() > kTenantBytesMax ||
      std::ranges::any_of(out_.source.tenant, [](char c) { return c <= ' ' || c > '~'; }))
    return no_registration("tenant: at most 256 printable ASCII characters");
  return {};
}

Result<void> RegistrationReading::read_endpoint() {
  const auto endpoint = root_.find("endpoint").text();
  if (!endpoint) return no_registration("endpoint: a URI is needed (5.2.9)");
  if (auto url = net::parse_outgoing_url(*endpoint); !url) return no_registration("endpoint: " + url.error().message);
  out_.source.endpoint = *endpoint;
  return {};
}

// 4.3.6.6 says what four of the keys may hold.
Result<void> RegistrationReading::read_source_info() {
  const JsonValue list = root_.find("contextSourceInfo");
  if (list.is_absent()) return {};
  if (!list.is_array() || list.size() > kContextSourceInfoMax)
    return no_registration(
        fmt::format("contextSourceInfo: an array of at most {} objects with key and value (5.2.22)", kContextSourceInfoMax));
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto key = list[i].find("key").text();
    const auto value = list[i].find("value").text();
    if (!key || !value) return no_registration("contextSourceInfo: key and value are texts (5.2.22)");
    if (*key == "accept" || *key == "contentType") {
      if (*value != "application/json" && *value != "application/ld+json")
        return no_registration(fmt::format("contextSourceInfo: {}: application/json or application/ld+json (4.3.6.6)", *key));
    } else if (*key == "jsonldContext") {
      if (auto checked = check_uri("contextSourceInfo: jsonldContext", *value); !checked) return checked;
    } else if (*key == "ngsildConformance") {
      const std::size_t dot = value->find('.');
      const auto is_number = [](std::string_view text) {
        return !text.empty() && text.size() <= 3 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
      };
      if (dot == std::string_view::npos || !is_number(value->substr(0, dot)) || !is_number(value->substr(dot + 1)))
        return no_registration("contextSourceInfo: ngsildConformance: a version such as 1.5 is needed (4.3.6.6)");
    } else if (auto checked = check_receiver_field(*key, *value); !checked) {
      return no_registration("contextSourceInfo: " + checked.error().message);
    }
    out_.source.info.emplace_back(*key, *value);
  }
  return {};
}

Result<void> RegistrationReading::read_mode() {
  constexpr std::array<std::string_view, 4> kModes{"inclusive", "exclusive", "redirect", "auxiliary"};
  if (const JsonValue mode = root_.find("mode"); !mode.is_absent()) {
    const auto known = std::ranges::find(kModes, mode.text().value_or(""));
    if (known == kModes.end()) return no_registration("mode: one of inclusive, exclusive, redirect, auxiliary (5.2.9)");
    out_.mode = static_cast<RegistrationMode>(known - kModes.begin());
  }
  const JsonValue operations = root_.find("operations");
  if (operations.is_absent()) {
    out_.operations = usual_operations();
    return {};
  }
  if (!operations.is_array() || operations.size() == 0)
    return no_registration("operations: an array of names of operations is needed (4.20)");
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const auto named = operations_named(operations[i].text().value_or(""));
    if (!named) return no_registration("operations: names of operations and of their groups (4.20)");
    out_.operations |= *named;
  }
  return {};
}

Result<std::optional<TimeInterval>> RegistrationReading::interval(std::string_view name) const {
  const JsonValue value = root_.find(name);
  if (value.is_absent()) return std::optional<TimeInterval>{};
  TimeInterval read;
  const auto start = parse_date_time(value.find("startAt").text().value_or(""));
  if (!start) return no_registration(fmt::format("{}: startAt: a time such as 2018-08-07T12:00:00Z is needed (5.2.11)", name));
  read.start_us = *start;
  if (const JsonValue end = value.find("endAt"); !end.is_absent()) {
    const auto time = parse_date_time(end.text().value_or(""));
    if (!time || *time < *start)
      return no_registration(fmt::format("{}: endAt: a time that is not before startAt (5.2.11)", name));
    read.end_us = *time;
  }
  return std::optional(read);
}

Result<void> RegistrationReading::read_times() {
  auto observation = interval("observationInterval");
  auto management = interval("managementInterval");
  if (!observation || !management) return std::unexpected((!observation ? observation : management).error());
  out_.observation = *observation;
  out_.management = *management;
  if (const JsonValue expires = root_.find("expiresAt"); !expires.is_absent()) {
    const auto time = parse_date_time(expires.text().value_or(""));
    if (!time) return no_registration("expiresAt: a time such as 2030-08-07T12:00:00Z is needed (4.6.3)");
    out_.expires_us = *time;
  }
  return {};
}

Result<void> RegistrationReading::read_places() {
  for (const std::string_view name : {"location", "observationSpace", "operationSpace"}) {
    const JsonValue geometry = root_.find(name);
    if (geometry.is_absent()) continue;
    if (!looks_like_geometry(geometry)) return no_registration(fmt::format("{}: a geometry of GeoJSON is needed (4.7)", name));
    if (auto checked = check_geometry(geometry); !checked)
      return no_registration(fmt::format("{}: {}", name, checked.error().message));
  }
  const JsonValue scope = root_.find("scope");
  const auto add_scope = [&](JsonValue item) {
    const auto text = item.text();
    // 4.18: levels of names, each after a slash.
    if (!text || !text->starts_with('/') || text->ends_with('/') || text->contains("//")) return false;
    out_.properties.scopes.push_back(names_.intern(*text));
    return out_.properties.scopes.back() != twin::kNoName;
  };
  bool is_good = scope.is_absent() || scope.text().has_value() || (scope.is_array() && scope.size() > 0);
  if (scope.text()) is_good = add_scope(scope);
  for (std::size_t i = 0; is_good && scope.is_array() && i < scope.size(); ++i) is_good = add_scope(scope[i]);
  if (!is_good) return no_registration("scope: one such as \"/Madrid/Gardens\", or an array of these (4.18)");
  return {};
}

Result<void> RegistrationReading::read_management() {
  const JsonValue management = root_.find("management");
  if (management.is_absent()) return {};
  if (!management.is_object()) return no_registration("management: an object is needed (5.2.34)");
  if (const JsonValue cache = management.find("cacheDuration");
      !cache.is_absent() && !twin::parse_duration(cache.text().value_or("")))
    return no_registration("management: cacheDuration: a duration such as PT15M is needed (5.2.34)");
  constexpr double kLongestMs = 24 * 3600 * 1e3;
  const auto time = [&](std::string_view name, std::chrono::milliseconds& to) {
    const JsonValue value = management.find(name);
    if (value.is_absent()) return true;
    const auto number = value.number();
    if (!number || !(*number > 0) || *number > kLongestMs) return false;
    to = std::chrono::milliseconds(std::llround(std::ceil(*number)));
    return true;
  };
  if (!time("timeout", out_.source.timeout) || !time("cooldown", out_.source.cooldown))
    return no_registration("management: timeout and cooldown: milliseconds, more than 0 and up to a day (5.2.34)");
  if (const JsonValue local = management.find("localOnly"); !local.is_absent()) {
    if (!local.boolean()) return no_registration("management: localOnly: true or false is needed (5.2.34)");
    out_.source.is_local_only = *local.boolean();
  }
  return {};
}

Result<void> RegistrationReading::read_datasets() {
  const JsonValue list = root_.find("datasetId");
  if (list.is_absent()) return {};
  if (!list.is_array() || list.size() == 0 || list.size() > kSubscriptionNamesMax)
    return no_registration("datasetId: an array of URIs and \"@none\" is needed (5.2.9)");
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string_view dataset = list[i].text().value_or("");
    if (dataset != "@none")
      if (auto checked = check_uri("datasetId", dataset); !checked) return checked;
    out_.datasets.emplace_back(dataset);
  }
  return {};
}

// What csf and geo-queries see. contextSourceInfo holds what opens other systems, and is no property.
Result<void> RegistrationReading::read_properties() {
  constexpr std::array<std::string_view, 4> kHidden{"id", "information", "contextSourceInfo", "scope"};
  for (std::size_t i = 0; i < root_.size(); ++i) {
    const auto [name, value] = root_.member(i);
    if (std::ranges::find(kHidden, name) != kHidden.end()) continue;
    twin::Attribute attribute;
    const std::string iri = name == "description" ? std::string(kDescription)
                            : name.contains(':')  ? std::string(name)
                                                  : std::string(kNgsiLdVocabulary).append(name);
    attribute.name = names_.intern(iri);
    if (attribute.name == twin::kNoName) return base::fail(base::ErrorCode::limit, "the twin's names are used up");
    attribute.value = plain_value(value);
    if (looks_like_geometry(value)) attribute.kind = twin::AttributeKind::geo_property;
    out_.properties.put(std::make_shared<const twin::Attribute>(std::move(attribute)));
  }
  return {};
}

// 4.3.6.3 and 5.9.2.4.
Result<void> RegistrationReading::check_mode() {
  if (out_.mode == RegistrationMode::auxiliary) {
    const Operations allowed = *operations_named("retrieveOps");
    if (root_.find("operations").is_absent() || (out_.operations & ~allowed) != 0)
      return no_registration("operations: an auxiliary source offers retrieveOps, retrieveEntity or queryEntity (5.9.2.4)");
  }
  if (out_.mode != RegistrationMode::exclusive) return {};
  for (const RegistrationInfo& info : out_.information) {
    const bool has_ids = !info.entities.empty() && std::ranges::none_of(info.entities, &std::string::empty, &EntityInfo::id);
    if (!has_ids || info.names.empty())
      return no_registration("information: an exclusive source names the id of its entity and its attributes (4.3.6.3)");
  }
  return {};
}

}  // namespace

Result<Registration> read_registration(const RegistrationDocument& document, twin::Names& names) {
  std::string text = "{";
  for (const auto& [name, json] : document.members) {
    if (text.size() > 1) text += ',';
    base::JsonWriter(text).text(name);
    text += ":" + json;
  }
  const auto read = base::JsonDocument::parse(text + "}", kEntityJsonDepthMax);
  if (!read) return std::unexpected(read.error());
  return RegistrationReading(read->root(), names).run();
}

}  // namespace citiverse::api::ngsi_ld
