// The form of an attribute is known by what is there: a type, a member that holds a value, or neither.
#include "api/ngsi_ld/attribute_reader.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "api/ngsi_ld/date_time.h"
#include "api/ngsi_ld/geometry_check.h"
#include "base/text.h"

namespace citiverse::api::ngsi_ld {
namespace {

using base::ErrorCode;
using base::JsonValue;
using twin::AttributeKind;

constexpr std::array<std::string_view, 8> kKinds{"Property",      "GeoProperty",  "Relationship", "LanguageProperty",
                                                 "VocabProperty", "JsonProperty", "ListProperty", "ListRelationship"};
constexpr std::array<std::string_view, 8> kValueMembers{"value", "value", "object",    "languageMap",
                                                        "vocab", "json",  "valueList", "objectList"};
constexpr std::array<std::string_view, 28> kReserved{"type",
                                                     "@type",
                                                     "id",
                                                     "@id",
                                                     "@context",
                                                     "value",
                                                     "object",
                                                     "languageMap",
                                                     "vocab",
                                                     "json",
                                                     "valueList",
                                                     "objectList",
                                                     "datasetId",
                                                     "observedAt",
                                                     "unitCode",
                                                     "objectType",
                                                     "expiresAt",
                                                     "createdAt",
                                                     "modifiedAt",
                                                     "deletedAt",
                                                     "instanceId",
                                                     "entity",
                                                     "entityList",
                                                     "previousValue",
                                                     "previousObject",
                                                     "previousLanguageMap",
                                                     "previousVocab",
                                                     "previousJson"};

std::unexpected<base::Error> wrong_attribute(std::string_view name, std::string_view what) {
  return base::fail(ErrorCode::bad_input, fmt::format("attribute '{}': {}", base::clean_text(name, 80), what));
}

void say(AttributeInput& input, Said member) {
  input.said = static_cast<std::uint8_t>(input.said | 1u << static_cast<unsigned>(member));
}
void nullify(AttributeInput& input, Said member) {
  say(input, member);
  input.nulls = static_cast<std::uint8_t>(input.nulls | 1u << static_cast<unsigned>(member));
}

bool has_value_member(JsonValue json) {
  return std::ranges::any_of(kValueMembers, [&](std::string_view each) { return !json.find(each).is_absent(); });
}

bool looks_like_instance(JsonValue json) {
  if (!json.is_object()) return false;
  JsonValue type = json.find("type");
  if (type.is_absent()) type = json.find("@type");
  const auto text = type.text();
  return (text && kind_of(*text)) || has_value_member(json);
}

// Members that say something of a value: whoever writes one means an attribute, not a value with such a member.
bool says_of_value(JsonValue json) {
  static constexpr std::array<std::string_view, 5> kMembers{"datasetId", "observedAt", "unitCode", "objectType", "expiresAt"};
  return std::ranges::any_of(kMembers, [&](std::string_view each) { return !json.find(each).is_absent(); });
}

bool is_place(std::string_view name) { return name == "location" || name == "observationSpace" || name == "operationSpace"; }

}  // namespace

std::optional<AttributeKind> kind_of(std::string_view type) {
  for (const std::string_view prefix : {"https://uri.etsi.org/ngsi-ld/", "ngsi-ld:"})
    if (type.starts_with(prefix)) type.remove_prefix(prefix.size());
  const auto found = std::ranges::find(kKinds, type);
  if (found == kKinds.end()) return std::nullopt;
  return static_cast<AttributeKind>(found - kKinds.begin());
}

std::string_view name_of(AttributeKind kind) { return kKinds.at(static_cast<std::size_t>(kind)); }
std::string_view value_member_of(AttributeKind kind) { return kValueMembers.at(static_cast<std::size_t>(kind)); }

bool is_reserved_member(std::string_view name) {
  return std::ranges::find(kReserved, name) != kReserved.end() || name == "previousValueList" || name == "previousObjectList" ||
         formats::has_keyword_form(name);
}

base::Result<std::vector<AttributeInput>> AttributeReader::read(std::string_view name, JsonValue json, std::size_t depth) {
  if (depth > kAttributeDepthMax)
    return base::fail(ErrorCode::limit, fmt::format("attributes within attributes, more than {} levels", kAttributeDepthMax));
  if (auto done = check_name(name); !done) return std::unexpected(std::move(done.error()));
  const twin::NameId number = context_.intern(name, names_);
  if (number == twin::kNoName) return wrong_attribute(name, "the @context does not let this be a name");
  std::vector<JsonValue> instances;
  if (json.is_array() && json.size() > 0 && !rules_.is_simplified) {
    bool all = true;
    for (std::size_t i = 0; i < json.size() && all; ++i) all = looks_like_instance(json[i]);
    for (std::size_t i = 0; i < json.size() && all; ++i) instances.push_back(json[i]);
  }
  if (instances.empty()) instances.push_back(json);
  std::vector<AttributeInput> inputs;
  for (const JsonValue each : instances) {
    const std::size_t attributes_max = rules_.is_temporal ? kTemporalInstancesMax : kAttributesMax;
    if (++attributes_ > attributes_max)
      return base::fail(ErrorCode::limit, fmt::format("more than {} attributes in one entity", attributes_max));
    auto input = read_one(name, each, depth);
    if (!input) return std::unexpected(std::move(input.error()));
    input->attribute.name = number;
    const auto same = [&](const AttributeInput& other) { return other.attribute.dataset == input->attribute.dataset; };
    if ((!rules_.is_temporal || depth > 0) && std::ranges::any_of(inputs, same))
      return wrong_attribute(name, "two instances have the same datasetId, or none has (4.5.5)");
    inputs.push_back(std::move(*input));
  }
  return inputs;
}

AttributeReader::Read AttributeReader::read_one(std::string_view name, JsonValue json, std::size_t depth) {
  if (json.is_null())
    return wrong_attribute(name, "null is no value; \"urn:ngsi-ld:null\" deletes where that is allowed (4.5.0)");
  if (rules_.is_simplified || !json.is_object()) return read_value_alone(name, json);
  if (looks_like_geometry(json)) return read_value_alone(name, json);
  const bool has_type = !json.find("type").is_absent() || !json.find("@type").is_absent();
  const bool is_fragment = rules_.is_attribute_fragment && depth == 0;
  if (has_type || has_value_member(json) || says_of_value(json) || is_fragment) return read_object(name, json, depth);
  return read_value_alone(name, json);
}

AttributeReader::Read AttributeReader::read_value_alone(std::string_view name, JsonValue json) {
  AttributeInput input;
  input.is_simplified = true;
  std::string_view member = "value";
  if (json.is_object() && json.size() == 1)
    for (const std::string_view each : {"languageMap", "vocab", "json"})
      if (json.member(0).first == each) member = each;
  if (member != "value") json = json.member(0).second;
  input.attribute.kind = looks_like_geometry(json) && member == "value" ? AttributeKind::geo_property : AttributeKind::property;
  for (std::size_t i = 0; i < kValueMembers.size() && member != "value"; ++i)
    if (kValueMembers[i] == member) input.attribute.kind = static_cast<AttributeKind>(i);
  if (auto done = read_value(input, name, member, json); !done) return std::unexpected(std::move(done.error()));
  if (is_place(name) && !input.is_null() && input.attribute.kind != AttributeKind::geo_property)
    return wrong_attribute(name, "must be a GeoProperty (4.7)");
  return input;
}

AttributeReader::Read AttributeReader::read_object(std::string_view name, JsonValue json, std::size_t depth) {
  AttributeInput input;
  JsonValue type = json.find("type");
  if (type.is_absent()) type = json.find("@type");
  if (auto done = read_kind(input, name, json); !done) return std::unexpected(std::move(done.error()));
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [member, value] = json.member(i);
    auto was_known = read_member(input, name, member, value);
    if (!was_known) return std::unexpected(std::move(was_known.error()));
    if (*was_known) continue;
    auto about = read(member, value, depth + 1);
    if (!about) return std::unexpected(std::move(about.error()));
    for (AttributeInput& each : *about) input.about.push_back(std::move(each));
  }
  if (auto done = check_whole(input, name); !done) return std::unexpected(std::move(done.error()));
  return input;
}

base::Result<void> AttributeReader::read_kind(AttributeInput& input, std::string_view name, JsonValue json) {
  JsonValue type = json.find("type");
  if (type.is_absent()) type = json.find("@type");
  if (!type.is_absent()) {
    const auto text = type.text();
    const auto kind = text ? kind_of(*text) : std::nullopt;
    if (!kind) return wrong_attribute(name, "type must be Property, Relationship or one of their kinds (4.5.2, 4.5.3)");
    input.attribute.kind = *kind;
    say(input, Said::kind);
    return {};
  }
  for (std::size_t i = 0; i < kValueMembers.size(); ++i) {
    if (i == 1 || json.find(kValueMembers[i]).is_absent()) continue;
    input.attribute.kind = static_cast<AttributeKind>(i);
    if (i != 0) say(input, Said::kind);
  }
  if (looks_like_geometry(json.find("value"))) {
    input.attribute.kind = AttributeKind::geo_property;
    say(input, Said::kind);
  }
  return {};
}

// False: it is no member of attributes, so it is the name of a sub-attribute.
base::Result<bool> AttributeReader::read_member(AttributeInput& input, std::string_view attribute, std::string_view member,
                                                JsonValue json) {
  if (member == "type" || member == "@type" || member == "createdAt" || member == "modifiedAt" || member == "deletedAt" ||
      member == "instanceId")
    return true;
  if (std::ranges::find(kValueMembers, member) != kValueMembers.end()) {
    if (member != value_member_of(input.attribute.kind))
      return wrong_attribute(attribute, fmt::format("a {} has no member {}", name_of(input.attribute.kind), member));
    if (auto done = read_value(input, attribute, member, json); !done) return std::unexpected(std::move(done.error()));
    return true;
  }
  const auto text = json.text();
  const bool is_null = text == kNgsiLdNull;
  if (is_null && !rules_.takes_null)
    return wrong_attribute(attribute, "urn:ngsi-ld:null deletes in updates and merges only (5.5.4)");
  if (member == "datasetId") {
    if (!text || is_null)
      return wrong_attribute(attribute, "datasetId must be a URI or \"@none\", and cannot be deleted (5.5.8)");
    if (*text == "@none") return true;
    if (auto done = check_uri("datasetId", *text); !done) return wrong_attribute(attribute, done.error().message);
    input.attribute.dataset = names_.intern(*text);
    return true;
  }
  const auto time = [&](twin::TimeUs& time_us, Said said) -> base::Result<bool> {
    if (is_null) return nullify(input, said), true;
    const auto parsed = text ? parse_date_time(*text) : std::nullopt;
    if (!parsed)
      return wrong_attribute(attribute, fmt::format("{} must be a time such as 2018-08-07T12:00:00Z (4.6.3)", member));
    time_us = *parsed;
    say(input, said);
    return true;
  };
  if (member == "observedAt") return time(input.attribute.observed_us, Said::observed_at);
  if (member == "expiresAt") return time(input.attribute.expires_us, Said::expires_at);
  if (member == "unitCode") {
    if (is_null) return nullify(input, Said::unit_code), true;
    if (input.attribute.kind != AttributeKind::property && input.attribute.kind != AttributeKind::list_property)
      return wrong_attribute(attribute, fmt::format("a {} has no unitCode", name_of(input.attribute.kind)));
    if (!text || text->empty() || text->size() > 64 || base::clean_text(*text, 64) != *text)
      return wrong_attribute(attribute, "unitCode must be a code of UN/CEFACT, at most 64 bytes");
    input.attribute.unit = names_.intern(*text);
    say(input, Said::unit_code);
    return true;
  }
  if (member == "objectType") {
    if (is_null) return nullify(input, Said::object_type), true;
    const auto only = json.is_array() && json.size() == 1 ? json[0].text() : text;
    if (!only || !check_name(*only)) return wrong_attribute(attribute, "objectType must be one name of a type");
    input.attribute.object_type = context_.intern(*only, names_);
    say(input, Said::object_type);
    return true;
  }
  if (member == "@context") return wrong_attribute(attribute, "@context stands at the top only (5.5.7)");
  if (is_reserved_member(member))
    return wrong_attribute(attribute, fmt::format("'{}' cannot be set", base::clean_text(member, 40)));
  return false;
}

base::Result<void> AttributeReader::check_whole(const AttributeInput& input, std::string_view name) {
  if (!input.has(Said::value) && !rules_.may_be_partial)
    return wrong_attribute(
        name, fmt::format("a {} needs the member {}", name_of(input.attribute.kind), value_member_of(input.attribute.kind)));
  if (is_place(name) && !input.is_null() && input.has(Said::value) && input.attribute.kind != AttributeKind::geo_property)
    return wrong_attribute(name, "must be a GeoProperty (4.7)");
  if (input.has(Said::object_type) && input.attribute.kind != AttributeKind::relationship &&
      input.attribute.kind != AttributeKind::list_relationship)
    return wrong_attribute(name, "only relationships have an objectType");
  return {};
}

base::Result<void> AttributeReader::take_null(AttributeInput& input, std::string_view name) {
  if (!rules_.takes_null) return wrong_attribute(name, "urn:ngsi-ld:null deletes in updates and merges only (5.5.4)");
  nullify(input, Said::value);
  return {};
}

}  // namespace citiverse::api::ngsi_ld
