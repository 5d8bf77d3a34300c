// Absent means not known: nothing is written that the data does not say.
#include "api/summary_json.h"

#include <fmt/format.h>

#include "api/nearest.h"
#include "city/class_names.h"
#include "city/opening_hours.h"

namespace citiverse::api {

using city::FeatureKind;

void write_place(base::JsonWriter& json, const city::City& city, geo::Vec2d point) {
  const geo::LatLon place = city.plane().to_lat_lon(point);
  json.key("lat").number(place.lat_deg, kDegreeDecimals).key("lon").number(place.lon_deg, kDegreeDecimals);
}

void write_box(base::JsonWriter& json, const city::City& city, const geo::Box2d& box) {
  // The plane's axes turn slightly against the meridians, so all four corners count.
  geo::Box2d degrees;
  if (!box.empty()) {
    for (const geo::Vec2d corner : {box.low, box.high, geo::Vec2d{box.low.x, box.high.y}, geo::Vec2d{box.high.x, box.low.y}}) {
      const geo::LatLon place = city.plane().to_lat_lon(corner);
      degrees.extend(geo::Vec2d{place.lon_deg, place.lat_deg});
    }
  } else {
    degrees.extend(geo::Vec2d{city.plane().origin().lon_deg, city.plane().origin().lat_deg});
  }
  json.begin_object().key("south").number(degrees.low.y, kDegreeDecimals).key("west").number(degrees.low.x, kDegreeDecimals);
  json.key("north").number(degrees.high.y, kDegreeDecimals).key("east").number(degrees.high.x, kDegreeDecimals).end_object();
}

void write_source(base::JsonWriter& json, const city::City& city, const city::Source& source) {
  json.begin_object().member("title", city.text(source.title)).member_if_known("licence", city.text(source.licence));
  json.member_if_known("attribution", city.text(source.attribution)).member_if_known("date", city.text(source.date));
  json.end_object();
}

std::string address_line(const city::City& city, const city::Feature& feature) {
  if (feature.address == city::kNone) return {};
  const city::Address& address = city.columns().addresses[feature.address];
  std::string line(city.text(address.street));
  const auto append = [&](std::string_view separator, std::string_view text) {
    if (text.empty()) return;
    if (!line.empty()) line += separator;
    line += text;
  };
  append(" ", city.text(address.house_number));
  append(", ", city.text(address.postcode));
  append(address.postcode.empty() ? ", " : " ", city.text(address.city));
  return line;
}

std::string colour_text(std::uint32_t rgb) { return fmt::format("#{:06x}", rgb & 0xFFFFFF); }

std::optional<bool> open_at(const city::City& city, const city::Feature& feature, const Moment& time) {
  if (feature.id.kind() != FeatureKind::place) return std::nullopt;
  const std::string_view text = city.text(city.place(feature).opening_hours);
  if (text.empty()) return std::nullopt;
  const auto hours = city::OpeningHours::parse(text);
  if (!hours) return std::nullopt;
  return hours->is_open(time.local);
}

void write_summary(base::JsonWriter& json, const CityModel& model, city::FeatureIndex index, const SummaryView& view,
                   const city::NearestPoint* nearest) {
  const city::City& city = model.city();
  const city::Feature& feature = city.feature(index);
  const geo::Vec2d anchor = city.anchor(feature);
  json.begin_object().member("id", city::to_string(feature.id)).member("kind", city::name_of(feature.id.kind()));
  json.member("class", city::class_of(city, feature));
  json.member("name", city.name_in(feature, view.language));
  write_place(json, city, anchor);
  json.member_if_known("address", address_line(city, feature));
  if (view.from) {
    const city::NearestPoint measured = nearest != nullptr ? *nearest : city::nearest_point(city, feature, *view.from);
    const geo::Vec2d towards = measured.distance_m > 0 ? measured.point : anchor;
    json.key("distance_m").number(measured.distance_m, 1).key("bearing_deg").number(bearing_deg(*view.from, towards), 0);
  }
  auto wheelchair = city::Wheelchair::unknown;
  if (feature.id.kind() == FeatureKind::place) {
    const city::Place& place = city.place(feature);
    json.member_if_known("subtype", city.text(place.subtype));
    wheelchair = place.wheelchair;
    if (view.time) {
      if (const auto open = open_at(city, feature, *view.time)) json.key("open_now").boolean(*open);
    }
  } else if (feature.id.kind() == FeatureKind::stop) {
    wheelchair = city.stop(feature).wheelchair;
  } else if (feature.id.kind() == FeatureKind::line) {
    const city::Line& line = city.line(feature);
    json.member_if_known("reference", city.text(line.reference));
    if (line.colour_rgb != city::kNone) json.member("colour", colour_text(line.colour_rgb));
  }
  if (wheelchair != city::Wheelchair::unknown) json.member("wheelchair", city::name_of(wheelchair));
  json.end_object();
}

}  // namespace citiverse::api
