// The data model of SensorThings: eight entity sets, their properties, and what leads from one to another.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/sensor_things/datum.h"
#include "twin/entity.h"

namespace citiverse::api::sensor_things {

/// OGC 18-088, 8.2.
enum class Kind : std::uint8_t {
  thing,
  location,
  historical_location,
  datastream,
  sensor,
  observed_property,
  observation,
  feature_of_interest,
};
inline constexpr std::size_t kKinds = 8;

/// What leads from an entity to others (8.2, "relation").
struct Navigation {
  std::string_view name;
  Kind target;
  bool is_many;
};

std::string_view set_name(Kind kind);
std::optional<Kind> kind_of_set(std::string_view name);
/// In the standard's order, without "id".
std::span<const std::string_view> properties_of(Kind kind);
std::span<const Navigation> navigations_of(Kind kind);
const Navigation* find_navigation(Kind kind, std::string_view name);
bool has_property(Kind kind, std::string_view name);
/// "id" and "@iot.id" are the same (8.1).
bool is_id_name(std::string_view name);

/// One entity of the model as it was read from the twin, and where in the twin it is.
struct Item {
  Kind kind = Kind::thing;
  std::string id;                                              ///< As text: every id is one.
  std::vector<std::pair<std::string_view, Datum>> properties;  ///< Names of properties_of(kind); null ones may be missing.
  twin::EntityPtr entity;                                      ///< The twin's, or that of the Thing it belongs to.
  twin::NameId attribute = twin::kNoName;                      ///< Datastreams and their Observations.
  twin::NameId dataset = twin::kNoName;
  std::uint32_t series = 0;  ///< Of what history holds: Observations, HistoricalLocations, Locations that were.
  twin::TimeUs time_us = 0;  ///< As well.
  bool is_past = false;      ///< A Location that was.
  std::string sensor_id;     ///< Of a Datastream.
  std::string observed_property_id;
  std::vector<std::string> links;  ///< Locations of a HistoricalLocation, FeatureOfInterest of an Observation, if said.
  bool has_times = false;          ///< A Datastream's phenomenonTime and resultTime have been looked for.

  const Datum* find(std::string_view property) const;
  void put(std::string_view property, Datum value);
};

}  // namespace citiverse::api::sensor_things
