// Numbers are written as short as they read back the same, since they are somebody's measurement and not ours to round.
#include "api/live/live_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "twin/moment.h"

namespace citiverse::api {
namespace {

constexpr std::size_t kValuesMax = 64;  // Of one item; what has more is read by NGSI-LD.

using twin::Attribute;
using twin::Names;

void write_value(base::JsonWriter& json, const twin::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value))
    json.text(*text);
  else if (const auto* number = std::get_if<double>(&value))
    json.raw(fmt::format("{}", *number));
  else if (const auto* whole = std::get_if<std::int64_t>(&value))
    json.integer(*whole);
  else if (const auto* boolean = std::get_if<bool>(&value))
    json.boolean(*boolean);
  else if (const auto* other = std::get_if<twin::Json>(&value))
    json.raw(other->text);
  else
    json.null();
}

// What is said of the value: where it comes from, whether it was measured, how good it is.
void write_sayings(base::JsonWriter& json, const Attribute& attribute, const Names& names) {
  constexpr std::array<std::string_view, 5> kSayings{"status", "source", "quality", "rule", "basis"};
  for (const Attribute& about : attribute.about) {
    const std::string_view name = short_name(names.text(about.name));
    const auto* text = std::get_if<std::string>(&about.value);
    if (text != nullptr && std::ranges::find(kSayings, name) != kSayings.end()) {
      const bool is_term = about.kind == twin::AttributeKind::vocab_property;
      json.member(name, is_term ? short_name(*text) : std::string_view(*text));
    }
  }
}

void write_attribute(base::JsonWriter& json, const Attribute& attribute, const Names& names) {
  const std::string_view iri = names.text(attribute.name);
  json.begin_object().member("name", short_name(iri)).member("iri", iri).key("value");
  write_value(json, attribute.value);
  json.member_if_known("unit", names.text(attribute.unit)).member_if_known("dataset", names.text(attribute.dataset));
  if (attribute.observed_us != twin::kNoTime) json.member("observed_at", twin::moment_text(attribute.observed_us));
  if (attribute.modified_us != twin::kNoTime) json.member("modified_at", twin::moment_text(attribute.modified_us));
  write_sayings(json, attribute, names);
  json.end_object();
}

}  // namespace

std::string_view short_name(std::string_view iri) {
  const std::size_t end = iri.find_last_of("/#:");
  return end == std::string_view::npos || end + 1 == iri.size() ? iri : iri.substr(end + 1);
}

LivePlace place_of(const twin::Entity& entity, twin::NameId location, twin::NameId anchor) {
  LivePlace place;
  if (const Attribute* at = entity.find(location)) place.point = twin::point_of(at->value);
  if (const Attribute* to = entity.find(anchor))
    if (const auto* text = std::get_if<std::string>(&to->value)) place.anchor = *text;
  return place;
}

void write_live_item(base::JsonWriter& json, const twin::Entity& entity, const Names& names, const LivePlace& place,
                     std::optional<double> distance_m) {
  const std::string_view type = entity.types.empty() ? std::string_view() : names.text(entity.types.front());
  json.begin_object().member("id", entity.id).member("type", type).member("kind", short_name(type));
  json.member_if_known("anchor", place.anchor);
  if (place.point)
    json.key("location")
        .begin_object()
        .key("lat")
        .number(place.point->lat_deg, 7)
        .key("lon")
        .number(place.point->lon_deg, 7)
        .end_object();
  if (distance_m) json.key("distance_m").number(*distance_m, 1);
  const std::string_view location = kLocationIri;
  std::string_view name;
  json.key("values").begin_array();
  std::size_t values = 0;
  for (const twin::AttributePtr& attribute : entity.attributes) {
    const std::string_view iri = names.text(attribute->name);
    if (iri == location || iri == kAnchorIri) continue;
    if (const auto* text = std::get_if<std::string>(&attribute->value); text != nullptr && short_name(iri) == "name") {
      name = *text;
      continue;
    }
    if (++values > kValuesMax) break;
    write_attribute(json, *attribute, names);
  }
  json.end_array().member_if_known("name", name).end_object();
}

}  // namespace citiverse::api
