// One entity after the other into one text.
#include "load/practice_entities.h"

#include <utility>

#include <fmt/format.h>

#include "base/json_writer.h"

namespace citiverse::load {
namespace {

using base::JsonWriter;

// Full names need no context on the wire (JSON-LD 1.1, 3.2).
constexpr std::string_view kAnchor = "https://citiverse.org/ns#anchor";
constexpr std::string_view kStatus = "https://citiverse.org/ns#status";
constexpr std::string_view kSource = "https://citiverse.org/ns#source";

// What an attribute has besides its value.
struct About {
  std::string_view observed_at;
  std::string_view source;
};

void begin_attribute(JsonWriter& json, std::string_view name, std::string_view kind) {
  json.key(name).begin_object().member("type", kind);
}

void end_measured(JsonWriter& json, const About& about) {
  json.member("observedAt", about.observed_at);
  begin_attribute(json, kStatus, "Property");
  json.member("value", "simulated").end_object();
  begin_attribute(json, kSource, "Property");
  json.member("value", about.source).end_object();
  json.end_object();
}

void measured(JsonWriter& json, const Reading& reading, const About& about) {
  begin_attribute(json, reading.attribute, "Property");
  json.key("value").number(reading.value, 3).member("unitCode", reading.unit);
  end_measured(json, about);
}

void begin_point(JsonWriter& json, geo::LatLon place) {
  begin_attribute(json, "location", "GeoProperty");
  json.key("value").begin_object().member("type", "Point").key("coordinates").begin_array();
  json.number(place.lon_deg, 7).number(place.lat_deg, 7).end_array().end_object();
}

void text_property(JsonWriter& json, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  begin_attribute(json, name, "Property");
  json.member("value", value).end_object();
}

std::string_view vehicle_type(city::TransitMode mode) {
  switch (mode) {
    case city::TransitMode::bus: return "bus";
    case city::TransitMode::tram: return "tram";
    case city::TransitMode::subway: return "subway";
    case city::TransitMode::rail: return "train";
    case city::TransitMode::ferry: return "ferry";
    case city::TransitMode::funicular: return "funicular";
    case city::TransitMode::trolleybus: return "trolleybus";
    case city::TransitMode::cable_car: return "cableCar";
  }
  return "bus";
}

}  // namespace

std::string utc_text(std::chrono::sys_seconds moment) {
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(moment - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), time.hours().count(), time.minutes().count(), time.seconds().count());
}

EntityArray::EntityArray(const city::City& city, std::string_view source) : city_(city), source_(source) {}

void EntityArray::add(const PracticeSensor& sensor, const std::vector<Reading>& readings, std::chrono::sys_seconds moment) {
  const std::string observed_at = utc_text(moment);
  text_ += size_++ == 0 ? '[' : ',';
  JsonWriter json(text_);
  json.begin_object().member("id", sensor.id).member("type", facts_of(sensor.kind).type);
  begin_point(json, sensor.place);
  json.end_object();
  text_property(json, "name", sensor.name);
  text_property(json, kAnchor, to_string(sensor.anchor));
  for (const Reading& reading : readings) measured(json, reading, {observed_at, source_});
  json.end_object();
}

void EntityArray::add(const VehicleNow& vehicle, std::chrono::sys_seconds moment) {
  const std::string observed_at = utc_text(moment);
  const About about{observed_at, source_};
  const city::Feature& feature = city_.feature(vehicle.line);
  const city::Line& line = city_.line(feature);
  text_ += size_++ == 0 ? '[' : ',';
  JsonWriter json(text_);
  json.begin_object().member("id", vehicle.id).member("type", "Vehicle");
  begin_point(json, city_.plane().to_lat_lon(vehicle.at));
  end_measured(json, about);
  text_property(json, "vehicleType", vehicle_type(line.mode));
  text_property(json, "lineName", city_.text(line.reference));
  text_property(json, kAnchor, to_string(feature.id));
  text_property(json, "nextStop", to_string(city_.feature(vehicle.next_stop).id));
  text_property(json, "nextStopName", city_.text(city_.feature(vehicle.next_stop).name));
  measured(json, {"heading", vehicle.heading_deg, "DD"}, about);
  measured(json, {"speed", vehicle.speed_kmh, "KMH"}, about);
  measured(json, {"delay", static_cast<double>(vehicle.delay_s), "SEC"}, about);
  json.end_object();
}

std::string EntityArray::take() {
  if (size_ == 0) return "[]";
  text_ += ']';
  size_ = 0;
  return std::exchange(text_, {});
}

}  // namespace citiverse::load
