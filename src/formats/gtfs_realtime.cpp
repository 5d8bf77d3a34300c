// The schema is a table, and one function walks any message by it.
#include "formats/gtfs_realtime.h"

#include <cmath>
#include <cstdint>
#include <exception>
#include <optional>
#include <span>
#include <vector>

#include <fmt/format.h>
#include <protozero/pbf_reader.hpp>

#include "base/json_writer.h"

namespace citiverse::formats {
namespace {

using base::ErrorCode;
using protozero::pbf_wire_type;

enum class Kind : std::uint8_t {
  text,
  boolean,
  unsigned_number,
  signed_number,
  float_number,
  double_number,
  enumeration,
  message
};

struct Message;

struct FieldOf {
  std::uint32_t number;
  std::string_view name;
  Kind kind;
  const Message* message = nullptr;
  std::span<const std::string_view> names = {};  // Of an enumeration, by number; empty where there is none.
  bool is_repeated = false;
};

struct Message {
  std::span<const FieldOf> fields;
};

constexpr std::string_view kIncrementalities[] = {"FULL_DATASET", "DIFFERENTIAL"};
constexpr std::string_view kTripStates[] = {"SCHEDULED", "ADDED",       "UNSCHEDULED", "CANCELED",
                                            "",          "REPLACEMENT", "DUPLICATED",  "DELETED"};
constexpr std::string_view kStopStates[] = {"SCHEDULED", "SKIPPED", "NO_DATA", "UNSCHEDULED"};
constexpr std::string_view kVehicleStates[] = {"INCOMING_AT", "STOPPED_AT", "IN_TRANSIT_TO"};
constexpr std::string_view kCongestions[] = {"UNKNOWN_CONGESTION_LEVEL", "RUNNING_SMOOTHLY", "STOP_AND_GO", "CONGESTION",
                                             "SEVERE_CONGESTION"};
constexpr std::string_view kOccupancies[] = {
    "EMPTY", "MANY_SEATS_AVAILABLE",     "FEW_SEATS_AVAILABLE", "STANDING_ROOM_ONLY", "CRUSHED_STANDING_ROOM_ONLY",
    "FULL",  "NOT_ACCEPTING_PASSENGERS", "NO_DATA_AVAILABLE",   "NOT_BOARDABLE"};
constexpr std::string_view kCauses[] = {
    "",        "UNKNOWN_CAUSE", "OTHER_CAUSE", "TECHNICAL_PROBLEM", "STRIKE",          "DEMONSTRATION",    "ACCIDENT",
    "HOLIDAY", "WEATHER",       "MAINTENANCE", "CONSTRUCTION",      "POLICE_ACTIVITY", "MEDICAL_EMERGENCY"};
constexpr std::string_view kEffects[] = {"",
                                         "NO_SERVICE",
                                         "REDUCED_SERVICE",
                                         "SIGNIFICANT_DELAYS",
                                         "DETOUR",
                                         "ADDITIONAL_SERVICE",
                                         "MODIFIED_SERVICE",
                                         "OTHER_EFFECT",
                                         "UNKNOWN_EFFECT",
                                         "STOP_MOVED",
                                         "NO_EFFECT",
                                         "ACCESSIBILITY_ISSUE"};
constexpr std::string_view kSeverities[] = {"", "UNKNOWN_SEVERITY", "INFO", "WARNING", "SEVERE"};

constexpr FieldOf text(std::uint32_t number, std::string_view name) { return {number, name, Kind::text}; }
constexpr FieldOf whole(std::uint32_t number, std::string_view name) { return {number, name, Kind::unsigned_number}; }
constexpr FieldOf any_whole(std::uint32_t number, std::string_view name) { return {number, name, Kind::signed_number}; }
constexpr FieldOf small(std::uint32_t number, std::string_view name) { return {number, name, Kind::float_number}; }
constexpr FieldOf one_of(std::uint32_t number, std::string_view name, std::span<const std::string_view> names) {
  return {number, name, Kind::enumeration, nullptr, names};
}
constexpr FieldOf one(std::uint32_t number, std::string_view name, const Message& message) {
  return {number, name, Kind::message, &message};
}
constexpr FieldOf many(std::uint32_t number, std::string_view name, const Message& message) {
  return {number, name, Kind::message, &message, {}, true};
}

constexpr FieldOf kHeaderFields[] = {text(1, "gtfs_realtime_version"), one_of(2, "incrementality", kIncrementalities),
                                     whole(3, "timestamp"), text(4, "feed_version")};
constexpr Message kHeader{kHeaderFields};
constexpr FieldOf kTripFields[] = {text(1, "trip_id"),    text(2, "start_time"),
                                   text(3, "start_date"), one_of(4, "schedule_relationship", kTripStates),
                                   text(5, "route_id"),   whole(6, "direction_id")};
constexpr Message kTrip{kTripFields};
constexpr FieldOf kVehicleNameFields[] = {text(1, "id"), text(2, "label"), text(3, "license_plate")};
constexpr Message kVehicleName{kVehicleNameFields};
constexpr FieldOf kPositionFields[] = {
    small(1, "latitude"), small(2, "longitude"), small(3, "bearing"), {4, "odometer", Kind::double_number}, small(5, "speed")};
constexpr Message kPosition{kPositionFields};
constexpr FieldOf kVehicleFields[] = {one(1, "trip", kTrip),
                                      one(2, "position", kPosition),
                                      whole(3, "current_stop_sequence"),
                                      one_of(4, "current_status", kVehicleStates),
                                      whole(5, "timestamp"),
                                      one_of(6, "congestion_level", kCongestions),
                                      text(7, "stop_id"),
                                      one(8, "vehicle", kVehicleName),
                                      one_of(9, "occupancy_status", kOccupancies),
                                      whole(10, "occupancy_percentage")};
constexpr Message kVehicle{kVehicleFields};
constexpr FieldOf kStopEventFields[] = {any_whole(1, "delay"), any_whole(2, "time"), any_whole(3, "uncertainty")};
constexpr Message kStopEvent{kStopEventFields};
constexpr FieldOf kStopTimeFields[] = {whole(1, "stop_sequence"), one(2, "arrival", kStopEvent),
                                       one(3, "departure", kStopEvent), text(4, "stop_id"),
                                       one_of(5, "schedule_relationship", kStopStates)};
constexpr Message kStopTime{kStopTimeFields};
constexpr FieldOf kTripUpdateFields[] = {one(1, "trip", kTrip), many(2, "stop_time_update", kStopTime),
                                         one(3, "vehicle", kVehicleName), whole(4, "timestamp"), any_whole(5, "delay")};
constexpr Message kTripUpdate{kTripUpdateFields};
constexpr FieldOf kTimeRangeFields[] = {whole(1, "start"), whole(2, "end")};
constexpr Message kTimeRange{kTimeRangeFields};
constexpr FieldOf kSelectorFields[] = {text(1, "agency_id"), text(2, "route_id"), any_whole(3, "route_type"),
                                       one(4, "trip", kTrip), text(5, "stop_id")};
constexpr Message kSelector{kSelectorFields};
constexpr FieldOf kTranslationFields[] = {text(1, "text"), text(2, "language")};
constexpr Message kTranslation{kTranslationFields};
constexpr FieldOf kTranslatedFields[] = {many(1, "translation", kTranslation)};
constexpr Message kTranslated{kTranslatedFields};
constexpr FieldOf kAlertFields[] = {many(1, "active_period", kTimeRange),
                                    many(5, "informed_entity", kSelector),
                                    one_of(6, "cause", kCauses),
                                    one_of(7, "effect", kEffects),
                                    one(8, "url", kTranslated),
                                    one(10, "header_text", kTranslated),
                                    one(11, "description_text", kTranslated),
                                    one_of(14, "severity_level", kSeverities)};
constexpr Message kAlert{kAlertFields};
constexpr FieldOf kEntityFields[] = {text(1, "id"),
                                     {2, "is_deleted", Kind::boolean},
                                     one(3, "trip_update", kTripUpdate),
                                     one(4, "vehicle", kVehicle),
                                     one(5, "alert", kAlert)};
constexpr Message kEntity{kEntityFields};
constexpr FieldOf kFeedFields[] = {one(1, "header", kHeader), many(2, "entity", kEntity)};
constexpr Message kFeed{kFeedFields};

// One field as it stands in the bytes.
struct Met {
  std::uint32_t number;
  pbf_wire_type type;
  std::uint64_t bits = 0;
  std::string_view bytes;
};

struct TooMany {};

std::vector<Met> fields_met(std::string_view bytes) {
  std::vector<Met> all;
  protozero::pbf_reader reader(bytes.data(), bytes.size());
  while (reader.next()) {
    Met met{reader.tag(), reader.wire_type(), 0, {}};
    switch (met.type) {
      case pbf_wire_type::varint: met.bits = reader.get_uint64(); break;
      case pbf_wire_type::fixed64: met.bits = reader.get_fixed64(); break;
      case pbf_wire_type::fixed32: met.bits = reader.get_fixed32(); break;
      case pbf_wire_type::length_delimited: {
        const auto view = reader.get_view();
        met.bytes = {view.data(), view.size()};
        break;
      }
      default: reader.skip(); continue;
    }
    all.push_back(met);
  }
  return all;
}

bool is_of_kind(const Met& met, Kind kind) {
  switch (kind) {
    case Kind::text:
    case Kind::message: return met.type == pbf_wire_type::length_delimited;
    case Kind::float_number: return met.type == pbf_wire_type::fixed32;
    case Kind::double_number: return met.type == pbf_wire_type::fixed64;
    default: return met.type == pbf_wire_type::varint;
  }
}

template <class Number>
void write_number(base::JsonWriter& json, Number value) {
  json.raw(std::isfinite(value) ? fmt::format("{}", value) : "null");
}

void write_message(base::JsonWriter& json, const Message& message, std::string_view bytes);

void write_value(base::JsonWriter& json, const FieldOf& field, const Met& met) {
  switch (field.kind) {
    case Kind::text: json.text(met.bytes); break;
    case Kind::boolean: json.boolean(met.bits != 0); break;
    case Kind::unsigned_number: json.integer(static_cast<std::uint64_t>(met.bits & INT64_MAX)); break;
    case Kind::signed_number: json.integer(static_cast<std::int64_t>(met.bits)); break;
    case Kind::float_number: write_number(json, std::bit_cast<float>(static_cast<std::uint32_t>(met.bits))); break;
    case Kind::double_number: write_number(json, std::bit_cast<double>(met.bits)); break;
    case Kind::enumeration:
      if (met.bits < field.names.size() && !field.names[met.bits].empty())
        json.text(field.names[met.bits]);
      else
        json.integer(static_cast<std::int64_t>(met.bits));
      break;
    case Kind::message: write_message(json, *field.message, met.bytes); break;
  }
}

void write_message(base::JsonWriter& json, const Message& message, std::string_view bytes) {
  const std::vector<Met> all = fields_met(bytes);
  json.begin_object();
  for (const FieldOf& field : message.fields) {
    const Met* last = nullptr;  // Of a field that comes twice, the last one counts.
    std::size_t count = 0;
    for (const Met& met : all) {
      if (met.number != field.number || !is_of_kind(met, field.kind)) continue;
      last = &met;
      if (!field.is_repeated) continue;
      if (++count > (field.message == &kEntity ? kGtfsEntitiesMax : kGtfsRepeatsMax)) throw TooMany{};
      if (count == 1) json.key(field.name).begin_array();
      write_value(json, field, met);
    }
    if (count > 0)
      json.end_array();
    else if (last != nullptr)
      write_value(json.key(field.name), field, *last);
  }
  json.end_object();
}

}  // namespace

base::Result<std::string> gtfs_realtime_json(std::string_view bytes) {
  try {
    // Required in every version, so what lacks it is another format.
    bool has_header = false;
    for (const Met& met : fields_met(bytes)) has_header = has_header || (met.number == 1 && is_of_kind(met, Kind::message));
    if (!has_header) return base::fail(ErrorCode::bad_input, "not GTFS-Realtime: it has no header");
    std::string out;
    base::JsonWriter json(out);
    write_message(json, kFeed, bytes);
    return out;
  } catch (const TooMany&) {
    return base::fail(ErrorCode::limit,
                      fmt::format("GTFS-Realtime with more than {} entities, or {} of anything in one of them",
                                  kGtfsEntitiesMax, kGtfsRepeatsMax));
  } catch (const std::exception& error) {
    return base::fail(ErrorCode::bad_input, fmt::format("not GTFS-Realtime: {}", error.what()));
  }
}

}  // namespace citiverse::formats
