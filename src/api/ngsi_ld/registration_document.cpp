// Names are expanded when a registration comes, as those of subscriptions are.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "api/ngsi_ld/entity_reader.h"
#include "api/ngsi_ld/json_value_text.h"
#include "api/ngsi_ld/registration.h"
#include "base/json_writer.h"

namespace citiverse::api::ngsi_ld {
namespace {

using base::JsonValue;

constexpr std::array<std::string_view, 20> kRegistrationMembers{"id",
                                                                "endpoint",
                                                                "contextSourceInfo",
                                                                "information",
                                                                "contextSourceAlias",
                                                                "description",
                                                                "datasetId",
                                                                "expiresAt",
                                                                "location",
                                                                "management",
                                                                "mode",
                                                                "operations",
                                                                "observationSpace",
                                                                "observationInterval",
                                                                "managementInterval",
                                                                "refreshRate",
                                                                "scope",
                                                                "operationSpace",
                                                                "registrationName",
                                                                "tenant"};
constexpr std::array<std::string_view, 10> kBrokersMembers{"type",      "@context",    "createdAt", "modifiedAt",
                                                           "deletedAt", "lastFailure", "status",    "timesFailed",
                                                           "timesSent", "lastSuccess"};

std::unexpected<base::Error> wrong_registration(std::string message) {
  return base::fail(base::ErrorCode::bad_input, std::move(message));
}

std::string registration_text(std::string_view text) {
  std::string out;
  base::JsonWriter(out).text(text);
  return out;
}

// One name or an array of names, as an array of IRIs.
base::Result<std::string> expanded_list(std::string_view what, JsonValue value, const Context& context) {
  std::string out = "[";
  const auto add = [&](JsonValue item) -> base::Result<void> {
    const auto name = item.text();
    if (!name) return wrong_registration(fmt::format("{}: names are texts", what));
    if (auto checked = check_name(*name); !checked)
      return wrong_registration(fmt::format("{}: {}", what, checked.error().message));
    out += (out.size() > 1 ? "," : "") + registration_text(context.terms().expand(*name));
    return {};
  };
  if (value.text()) {
    if (auto added = add(value); !added) return std::unexpected(added.error());
    return out + "]";
  }
  if (!value.is_array() || value.size() == 0 || value.size() > kSubscriptionNamesMax)
    return wrong_registration(fmt::format("{}: an array of 1 to {} names is needed", what, kSubscriptionNamesMax));
  for (std::size_t i = 0; i < value.size(); ++i)
    if (auto added = add(value[i]); !added) return std::unexpected(added.error());
  return out + "]";
}

base::Result<std::string> canonical_entity_info(JsonValue info, const Context& context) {
  if (!info.is_object()) return wrong_registration("information: entities: each is an object with type (5.2.8)");
  std::string out = "{";
  for (std::size_t i = 0; i < info.size(); ++i) {
    const auto [name, value] = info.member(i);
    if (name != "id" && name != "idPattern" && name != "type")
      return wrong_registration("information: entities: each has type, and perhaps id or idPattern (5.2.8)");
    out += (i > 0 ? "," : "") + registration_text(name) + ":";
    if (name != "type") {
      append_json(out, value);
      continue;
    }
    auto types = expanded_list("information: entities: type", value, context);
    if (!types) return types;
    out += *types;
  }
  return out + "}";
}

base::Result<std::string> canonical_information(JsonValue list, const Context& context) {
  const auto is_list = [](JsonValue value) { return value.is_array() && value.size() > 0 && value.size() <= kInformationMax; };
  if (!is_list(list))
    return wrong_registration(fmt::format("information: an array of 1 to {} objects (5.2.10)", kInformationMax));
  std::string out = "[";
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!list[i].is_object() || list[i].size() == 0)
      return wrong_registration("information: each has at least one of entities, propertyNames, relationshipNames (5.2.10)");
    out += i > 0 ? ",{" : "{";
    for (std::size_t k = 0; k < list[i].size(); ++k) {
      const auto [name, value] = list[i].member(k);
      out += (k > 0 ? "," : "") + registration_text(name) + ":";
      if (name == "propertyNames" || name == "relationshipNames") {
        if (!value.is_array()) return wrong_registration(fmt::format("information: {}: an array of names is needed", name));
        auto names = expanded_list(fmt::format("information: {}", name), value, context);
        if (!names) return names;
        out += *names;
        continue;
      }
      if (name != "entities" || !is_list(value))
        return wrong_registration(
            fmt::format("information: entities, an array of 1 to {}, propertyNames and relationshipNames are known (5.2.10)",
                        kInformationMax));
      out += '[';
      for (std::size_t e = 0; e < value.size(); ++e) {
        auto info = canonical_entity_info(value[e], context);
        if (!info) return info;
        out += (e > 0 ? "," : "") + *info;
      }
      out += ']';
    }
    out += '}';
  }
  return out + "]";
}

}  // namespace

base::Result<JsonMembers> canonical_registration(JsonValue body, const Context& context) {
  JsonMembers members;
  if (body.size() > kRegistrationMembersMax)
    return wrong_registration(fmt::format("a registration has {} members at most", kRegistrationMembersMax));
  for (std::size_t i = 0; i < body.size(); ++i) {
    const auto [name, value] = body.member(i);
    if (name == "type" && value.text() != "ContextSourceRegistration")
      return wrong_registration("type: \"ContextSourceRegistration\" is needed (5.2.9)");
    if (std::ranges::find(kBrokersMembers, name) != kBrokersMembers.end()) continue;
    std::string key(name);
    // What the data type does not know is a property of the source itself, which csf can ask for (4.9).
    if (std::ranges::find(kRegistrationMembers, name) == kRegistrationMembers.end()) {
      if (auto checked = check_name(name); !checked) return std::unexpected(checked.error());
      key = context.terms().expand(name);
    }
    if (find_member(members, key) != nullptr)
      return wrong_registration(fmt::format("'{}': two members of this name by the @context", name));
    if (value.is_null() || value.text() == kNgsiLdNull) {
      members.emplace_back(std::move(key), "null");
      continue;
    }
    base::Result<std::string> json = std::string();
    if (name == "information")
      json = canonical_information(value, context);
    else
      append_json(*json, value);
    if (!json) return std::unexpected(json.error());
    members.emplace_back(std::move(key), *std::move(json));
  }
  return members;
}

}  // namespace citiverse::api::ngsi_ld
