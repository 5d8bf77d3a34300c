// The first member that is wrong is named, with what it should be.
#include "api/sensor_things/body.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "api/ngsi_ld/geometry_check.h"
#include "api/ngsi_ld/json_value_text.h"
#include "base/text.h"

namespace citiverse::api::sensor_things {
namespace {

using base::ErrorCode;
using base::JsonValue;

std::unexpected<base::Error> wrong_member(std::string_view name, std::string_view what) {
  return base::fail(ErrorCode::bad_input, fmt::format("{}: {}", name, what));
}

// 8.2.2: GeoJSON, by its registered name or the one it had before.
constexpr std::array<std::string_view, 3> kGeoJsonTypes{"application/geo+json", "application/vnd.geo+json",
                                                        "application/geo+json;charset=utf-8"};

bool is_geometry_property(std::string_view name) { return name == "location" || name == "feature"; }

twin::NameId attribute_name(std::string_view property, const Terms& terms) {
  if (property == "name") return terms.name;
  if (property == "description") return terms.description;
  if (property == "encodingType") return terms.encoding_type;
  if (property == "metadata") return terms.metadata;
  if (property == "definition") return terms.definition;
  if (property == "properties") return terms.properties;
  return terms.content;
}

base::Result<void> read_geometry(std::string_view name, JsonValue value, const Terms& terms,
                                 std::vector<twin::Attribute>& attributes) {
  auto geometry = geometry_in(name, value);
  if (!geometry) return std::unexpected(std::move(geometry.error()));
  twin::Attribute place = attribute_with(terms.location, twin::Json{*std::move(geometry)});
  place.kind = twin::AttributeKind::geo_property;
  attributes.push_back(std::move(place));
  attributes.push_back(attribute_with(terms.content, value_of(value)));
  return {};
}

}  // namespace

Members members_of(JsonValue body) {
  return [body](std::string_view name) { return body.find(name); };
}

base::Result<void> check_members(Kind kind, JsonValue body) {
  if (!body.is_object()) return base::fail(ErrorCode::bad_input, "a JSON object is needed");
  for (std::size_t i = 0; i < body.size(); ++i) {
    const std::string_view name = body.member(i).first;
    const bool is_known = name == "id" || name.contains('@') || has_property(kind, name) || find_navigation(kind, name);
    if (!is_known) return wrong_member(base::clean_text(name, 80), fmt::format("{} have no such member", set_name(kind)));
  }
  return {};
}

base::Result<std::optional<std::string>> text_member(const Members& body, std::string_view name, std::size_t bytes_max) {
  const JsonValue value = body(name);
  if (value.is_absent()) return std::nullopt;
  const auto text = value.text();
  if (!text) return wrong_member(name, "a text is needed");
  if (text->size() > bytes_max) return base::fail(ErrorCode::limit, fmt::format("{}: at most {} bytes", name, bytes_max));
  return base::clean_text(*text, bytes_max);
}

base::Result<std::string> needed_text(const Members& body, std::string_view name, std::size_t bytes_max) {
  auto text = text_member(body, name, bytes_max);
  if (!text) return std::unexpected(std::move(text.error()));
  if (!*text) return wrong_member(name, "it is missing");
  return **std::move(text);
}

base::Result<twin::Value> json_member_value(const Members& body, std::string_view name) {
  const JsonValue json = body(name);
  twin::Value value = value_of(json);
  const auto* text = std::get_if<std::string>(&value);
  const auto* structure = std::get_if<twin::Json>(&value);
  if ((text != nullptr && text->size() > kTextBytesMax) || (structure != nullptr && structure->text.size() > kJsonBytesMax))
    return base::fail(ErrorCode::limit,
                      fmt::format("{}: a text has at most {} bytes, a structure {}", name, kTextBytesMax, kJsonBytesMax));
  return value;
}

base::Result<Datum> time_member(const Members& body, std::string_view name) {
  const JsonValue json = body(name);
  if (json.is_absent() || json.is_null()) return Datum();
  Datum time = json.text() ? parse_time_object(*json.text()) : Datum();
  if (is_null(time))
    return wrong_member(name, "a time such as 2026-05-04T18:30:00Z is needed, or two of them with a '/' between");
  return time;
}

base::Result<std::string> geometry_in(std::string_view name, JsonValue value) {
  const bool is_feature = value.find("type").text() == std::optional<std::string_view>("Feature");
  const JsonValue geometry = is_feature ? value.find("geometry") : value;
  if (auto checked = ngsi_ld::check_geometry(geometry); !checked)
    return base::fail(checked.error().code, fmt::format("{}: {}", name, checked.error().message));
  std::string text;
  ngsi_ld::append_json(text, geometry);
  return text;
}

std::optional<std::string> linked_id(JsonValue value) {
  const JsonValue id = value.find("@iot.id");
  if (const auto text = id.text()) return std::string(*text);
  if (const auto number = id.integer()) return std::to_string(*number);
  return std::nullopt;
}

twin::Attribute attribute_with(twin::NameId name, twin::Value value) {
  twin::Attribute attribute;
  attribute.name = name;
  if (std::holds_alternative<twin::Json>(value)) attribute.kind = twin::AttributeKind::json_property;
  attribute.value = std::move(value);
  return attribute;
}

base::Result<std::vector<twin::Attribute>> read_properties(Kind kind, JsonValue body, const Terms& terms, bool needs_all) {
  std::vector<twin::Attribute> attributes;
  const Members members = members_of(body);
  for (const std::string_view property : properties_of(kind)) {
    const JsonValue value = body.find(property);
    const bool may_be_missing = property == "properties" || !needs_all;
    if (value.is_absent() || (value.is_null() && property == "properties")) {
      if (!may_be_missing) return wrong_member(property, "it is missing");
      continue;
    }
    if (is_geometry_property(property)) {
      if (auto read = read_geometry(property, value, terms, attributes); !read) return std::unexpected(std::move(read.error()));
      continue;
    }
    if (property == "properties" && !value.is_object()) return wrong_member(property, "a JSON object is needed");
    if (property == "properties" || property == "metadata") {
      auto json = json_member_value(members, property);
      if (!json) return std::unexpected(std::move(json.error()));
      if (std::holds_alternative<std::monostate>(*json)) return wrong_member(property, "null says nothing");
      attributes.push_back(attribute_with(attribute_name(property, terms), *std::move(json)));
      continue;
    }
    auto text = needed_text(members, property, property == "description" ? kTextBytesMax : kNameBytesMax);
    if (!text) return std::unexpected(std::move(text.error()));
    const bool is_place_encoding = property == "encodingType" && kind != Kind::sensor;
    if (is_place_encoding && std::ranges::find(kGeoJsonTypes, *text) == kGeoJsonTypes.end())
      return wrong_member(property, "places are application/geo+json here");
    attributes.push_back(attribute_with(attribute_name(property, terms), *std::move(text)));
  }
  return attributes;
}

}  // namespace citiverse::api::sensor_things
