// From OpenStreetMap tags to the fields of a city: one function a kind, each nothing when the tags do not say that kind.
// Tags are read as the OSM wiki's "Map features" defines them. What a tag does not say is estimated where the city needs it,
// and marked so; it is never passed off as data.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "city/feature.h"
#include "ingest/osm_tags.h"

namespace citiverse::ingest {

/// What was wrong with a value, and what was done instead.
struct ValueFault {
  std::string_view reason;
  std::string_view action;
  std::string_view value;
};
using ValueFaults = std::vector<ValueFault>;

inline constexpr double kBuildingHeightMaxM = 1000;  ///< The tallest building there is has 828 m.
inline constexpr double kLevelsMax = 200;
inline constexpr double kPitchedHeightMaxM = 15;  ///< Houses up to this height are taken to have pitched roofs.
inline constexpr double kPitchedLevelsMax = 4;

/// True when a closed way with these tags is meant as an area, by the usual reading of each key.
bool means_area(const OsmTags& tags);

/// A building or building part of `footprint_m2`. Height, levels and roof are estimated where missing (set in `estimated`).
/// People, homes and jobs are left to people.h.
std::optional<city::Building> building_from(const OsmTags& tags, bool is_part, double footprint_m2, ValueFaults& faults);
std::optional<city::Street> street_from(const OsmTags& tags, ValueFaults& faults);
std::optional<city::Rail> rail_from(const OsmTags& tags, ValueFaults& faults);

/// Water, green, land use, paved ground and bridges of an area; waterways also of a line.
std::optional<city::Water> water_from(const OsmTags& tags, bool is_area, ValueFaults& faults);
std::optional<city::Green> green_from(const OsmTags& tags);
std::optional<city::LandUse> land_use_from(const OsmTags& tags);
std::optional<city::Paved> paved_from(const OsmTags& tags);
std::optional<city::Bridge> bridge_from(const OsmTags& tags);
std::optional<city::Barrier> barrier_from(const OsmTags& tags, ValueFaults& faults);
/// A tree, or one of a row.
city::Tree tree_from(const OsmTags& tags, ValueFaults& faults);

/// A place without its texts; `subtype` is the tag value that made it one.
struct PlaceTags {
  city::PlaceClass place_class = city::PlaceClass::other;
  std::string_view subtype;
};
std::optional<PlaceTags> place_from(const OsmTags& tags);
city::Wheelchair wheelchair_from(const OsmTags& tags);
std::optional<city::Stop> stop_from(const OsmTags& tags);
/// An area of administration or a named part of the city, from a boundary or a place node.
std::optional<city::Area> area_from(const OsmTags& tags);
/// The mode of a route or route_master relation.
std::optional<city::TransitMode> route_mode_from(const OsmTags& tags);

// Shared by several kinds.
city::Surface surface_from(std::string_view value);
city::Structure structure_from(const OsmTags& tags);
/// The layer tag, or 1 for bridges and −1 for tunnels without one; between −10 and 10.
std::int8_t layer_from(const OsmTags& tags);

}  // namespace citiverse::ingest
