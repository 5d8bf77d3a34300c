// Each text is a mapping; NAME and SOURCE are put in, and a URL that nobody asks, since the feed's own is asked.
#include "api/feeds/built_in_rules.h"

#include "base/check.h"
#include "base/json_writer.h"

namespace citiverse::api::feeds {
namespace {

// Source: gtfs.org/documentation/realtime/reference, version 2.0. Where vehicles are is measured; when they come is derived.
constexpr std::string_view kGtfsRules = R"json({"rules":[
{ "rule":"NAME-vehicles", "url":"https://feed.invalid/", "complete":true, "each":"$.entity[*]", "only_if":"$.vehicle.position",
  "id":["urn:ngsi-ld:Vehicle:NAME:{$.vehicle.vehicle.id}", "urn:ngsi-ld:Vehicle:NAME:trip:{$.vehicle.trip.trip_id}",
        "urn:ngsi-ld:Vehicle:NAME:entity:{$.id}"],
  "type":"Vehicle", "name":["$.vehicle.vehicle.label", "$.vehicle.vehicle.id"],
  "location":{"lat":"$.vehicle.position.latitude", "lon":"$.vehicle.position.longitude", "moves":true},
  "anchor":{"line":"$.vehicle.trip.route_id", "stop":"$.vehicle.stop_id"},
  "observed_at":["$.vehicle.timestamp", "^.header.timestamp"], "source":SOURCE, "expires_after_s":600,
  "attributes":{
    "heading":{"value":"$.vehicle.position.bearing", "unit":"DD"},
    "speed":{"value":"$.vehicle.position.speed", "unit":"KMH", "scale":3.6},
    "lineName":"$.vehicle.trip.route_id", "trip":"$.vehicle.trip.trip_id",
    "tripStatus":"$.vehicle.trip.schedule_relationship", "nextStopCode":"$.vehicle.stop_id",
    "vehicleStatus":"$.vehicle.current_status", "occupancy":"$.vehicle.occupancy_status",
    "occupancyLevel":{"value":"$.vehicle.occupancy_percentage", "unit":"P1"}, "congestion":"$.vehicle.congestion_level" } },
{ "rule":"NAME-trips", "url":"https://feed.invalid/", "complete":true, "each":"$.entity[*]", "only_if":"$.trip_update.trip",
  "id":["urn:ngsi-ld:TripUpdate:NAME:{$.trip_update.trip.trip_id}:{$.trip_update.trip.start_date}",
        "urn:ngsi-ld:TripUpdate:NAME:{$.trip_update.trip.trip_id}", "urn:ngsi-ld:TripUpdate:NAME:entity:{$.id}"],
  "type":"TripUpdate", "name":"$.trip_update.trip.route_id",
  "anchor":{"line":"$.trip_update.trip.route_id", "stop":"$.trip_update.stop_time_update[0].stop_id"},
  "observed_at":["$.trip_update.timestamp", "^.header.timestamp"], "source":SOURCE, "status":"derived", "expires_after_s":3600,
  "attributes":{
    "delay":{"value":["$.trip_update.delay", "$.trip_update.stop_time_update[0].arrival.delay",
                      "$.trip_update.stop_time_update[0].departure.delay"], "unit":"SEC"},
    "lineName":"$.trip_update.trip.route_id", "trip":"$.trip_update.trip.trip_id",
    "tripStatus":["$.trip_update.trip.schedule_relationship", "SCHEDULED"], "vehicle":"$.trip_update.vehicle.id",
    "stopTimes":"$.trip_update.stop_time_update" } },
{ "rule":"NAME-alerts", "url":"https://feed.invalid/", "complete":true, "each":"$.entity[*]", "only_if":"$.alert",
  "id":"urn:ngsi-ld:TransitAlert:NAME:{$.id}", "type":"TransitAlert", "name":"$.alert.header_text.translation[0].text",
  "anchor":{"line":"$.alert.informed_entity[0].route_id", "stop":"$.alert.informed_entity[0].stop_id"},
  "observed_at":"^.header.timestamp", "source":SOURCE,
  "attributes":{
    "title":"$.alert.header_text.translation[0].text", "titles":"$.alert.header_text.translation",
    "description":"$.alert.description_text.translation[0].text", "descriptions":"$.alert.description_text.translation",
    "cause":"$.alert.cause", "effect":"$.alert.effect", "severity":"$.alert.severity_level",
    "url":"$.alert.url.translation[0].text", "activePeriods":"$.alert.active_period", "affected":"$.alert.informed_entity" } }
]})json";

// Source: gbfs.org/documentation/reference, versions 2.3 and 3.0, where names became arrays of languages, bikes vehicles, and
// times texts.
constexpr std::string_view kGbfsRules = R"json({"rules":[
{ "rule":"station_information", "url":"https://feed.invalid/", "complete":true, "each":"$.data.stations[*]",
  "id":"urn:ngsi-ld:BikeHireDockingStation:NAME:{$.station_id}", "type":"BikeHireDockingStation",
  "name":["$.name[0].text", "$.name"], "location":{"lat":"$.lat", "lon":"$.lon"},
  "observed_at":"^.last_updated", "source":SOURCE,
  "attributes":{"totalSlotNumber":{"value":"$.capacity", "unit":"C62"}, "address":"$.address"} },
{ "rule":"station_status", "url":"https://feed.invalid/", "each":"$.data.stations[*]",
  "id":"urn:ngsi-ld:BikeHireDockingStation:NAME:{$.station_id}", "type":"BikeHireDockingStation",
  "observed_at":["$.last_reported", "^.last_updated"], "source":SOURCE,
  "attributes":{
    "availableBikeNumber":{"value":["$.num_vehicles_available", "$.num_bikes_available"], "unit":"C62"},
    "freeSlotNumber":{"value":"$.num_docks_available", "unit":"C62"},
    "outOfServiceSlotNumber":{"value":"$.num_docks_disabled", "unit":"C62"},
    "isInstalled":"$.is_installed", "isRenting":"$.is_renting", "isReturning":"$.is_returning"} },
{ "rule":"free_bike_status", "url":"https://feed.invalid/", "complete":true, "each":"$.data.bikes[*]", "only_if":"$.lat",
  "id":"urn:ngsi-ld:SharedVehicle:NAME:{$.bike_id}", "type":"SharedVehicle",
  "location":{"lat":"$.lat", "lon":"$.lon", "moves":true}, "observed_at":["$.last_reported", "^.last_updated"], "source":SOURCE,
  "expires_after_s":3600,
  "attributes":{"isReserved":"$.is_reserved", "isDisabled":"$.is_disabled", "vehicleTypeId":"$.vehicle_type_id",
    "range":{"value":"$.current_range_meters", "unit":"MTR"}, "fuelLevel":{"value":"$.current_fuel_percent", "unit":"C62"}} },
{ "rule":"vehicle_status", "url":"https://feed.invalid/", "complete":true, "each":"$.data.vehicles[*]", "only_if":"$.lat",
  "id":"urn:ngsi-ld:SharedVehicle:NAME:{$.vehicle_id}", "type":"SharedVehicle",
  "location":{"lat":"$.lat", "lon":"$.lon", "moves":true}, "observed_at":["$.last_reported", "^.last_updated"], "source":SOURCE,
  "expires_after_s":3600,
  "attributes":{"isReserved":"$.is_reserved", "isDisabled":"$.is_disabled", "vehicleTypeId":"$.vehicle_type_id",
    "range":{"value":"$.current_range_meters", "unit":"MTR"}, "fuelLevel":{"value":"$.current_fuel_percent", "unit":"C62"}} }
]})json";

void replace_all(std::string& text, std::string_view word, std::string_view by) {
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + by.size()))
    text.replace(at, word.size(), by);
}

std::vector<Rule> rules_of(std::string_view text, const std::string& name, std::string_view source, twin::Names& names) {
  std::string doubled(source);  // Braces in a source are no references.
  replace_all(doubled, "{", "{{");
  replace_all(doubled, "}", "}}");
  std::string quoted;
  base::JsonWriter(quoted).text(doubled);
  std::string filled(text);
  replace_all(filled, "NAME", name);
  replace_all(filled, "SOURCE", quoted);
  auto mapping = read_mapping(filled, "built-in rules", names);
  CITIVERSE_CHECK(mapping.has_value(), "the built-in rules are right");
  return std::move(mapping->rules);
}

}  // namespace

std::vector<Rule> gtfs_rules(const GtfsFeed& feed, twin::Names& names) {
  return rules_of(kGtfsRules, feed.name, feed.source, names);
}

std::vector<GbfsRule> gbfs_rules(const GbfsFeed& feed, twin::Names& names) {
  std::vector<GbfsRule> rules;
  constexpr std::string_view kParts[] = {"station_information", "station_status", "free_bike_status", "vehicle_status"};
  std::vector<Rule> read = rules_of(kGbfsRules, feed.name, feed.source, names);
  for (std::size_t i = 0; i < read.size(); ++i) {
    rules.push_back({kParts[i], std::move(read[i])});
    rules.back().rule.name = feed.name + "-" + std::string(kParts[i]);
  }
  return rules;
}

}  // namespace citiverse::api::feeds
