// Buildings as OSM "Simple 3D Buildings" and "Key:building" define them.
#include <algorithm>
#include <cmath>

#include "ingest/osm_mapping.h"
#include "ingest/osm_values.h"

namespace citiverse::ingest {
namespace {

using city::BuildingUse;
using city::RoofShape;

BuildingUse use_from_value(std::string_view v) {
  if (is_any(v, "apartments", "dormitory", "barracks", "residential;retail")) return BuildingUse::apartments;
  if (is_any(v, "house", "detached", "semidetached_house", "semi", "terrace", "bungalow", "villa", "farm", "cabin",
             "static_caravan", "houseboat"))
    return BuildingUse::house;
  if (is_any(v, "residential", "allotment_house")) return BuildingUse::residential;
  if (is_any(v, "commercial", "kiosk", "mixed_use", "mixed")) return BuildingUse::commercial;
  if (v == "office") return BuildingUse::office;
  if (is_any(v, "retail", "supermarket", "shop", "mall")) return BuildingUse::retail;
  if (is_any(v, "industrial", "warehouse", "factory", "manufacture", "storage_tank", "silo", "power", "transformer_tower",
             "barn", "farm_auxiliary", "stable", "cowshed", "sty", "tank", "digester", "hangar", "service", "water_tower",
             "chimney"))
    return BuildingUse::industrial;
  if (is_any(v, "civic", "public", "government", "fire_station", "police", "townhall", "prison", "military", "castle", "palace",
             "embassy", "courthouse"))
    return BuildingUse::civic;
  if (is_any(v, "school", "kindergarten", "university", "college", "education")) return BuildingUse::school;
  if (is_any(v, "hospital", "clinic", "healthcare")) return BuildingUse::health;
  if (is_any(v, "museum", "theatre", "cinema", "library", "stadium", "sports_hall", "sports_centre", "grandstand", "pavilion",
             "monument", "tower", "gatehouse", "riding_hall"))
    return BuildingUse::culture;
  if (is_any(v, "church", "cathedral", "chapel", "mosque", "synagogue", "temple", "shrine", "monastery", "religious",
             "basilica", "presbytery", "bell_tower"))
    return BuildingUse::worship;
  if (is_any(v, "train_station", "transportation", "parking", "station", "bus_station", "ferry_terminal", "terminal"))
    return BuildingUse::transport;
  if (v == "hotel") return BuildingUse::hotel;
  if (is_any(v, "garage", "garages", "carport")) return BuildingUse::garage;
  if (is_any(v, "hut", "shed", "roof", "toilets", "bunker", "container", "tent", "canopy", "boathouse", "gazebo"))
    return BuildingUse::hut;
  if (v == "greenhouse") return BuildingUse::greenhouse;
  if (is_any(v, "ruins", "ruin", "collapsed", "damaged")) return BuildingUse::ruin;
  if (v == "construction") return BuildingUse::construction;
  return BuildingUse::unknown;
}

// What stands in the building says its use where building=yes does not.
BuildingUse use_from(const OsmTags& tags, bool is_part) {
  for (const auto value : {tags["building:use"], is_part ? tags["building:part"] : tags["building"], tags["building"]}) {
    if (const auto use = use_from_value(value); use != BuildingUse::unknown) return use;
  }
  const auto amenity = tags["amenity"];
  if (is_any(amenity, "school", "kindergarten", "university", "college", "music_school")) return BuildingUse::school;
  if (is_any(amenity, "hospital", "clinic", "doctors")) return BuildingUse::health;
  if (is_any(amenity, "place_of_worship", "monastery")) return BuildingUse::worship;
  if (is_any(amenity, "theatre", "cinema", "library", "arts_centre", "casino", "community_centre")) return BuildingUse::culture;
  if (is_any(amenity, "townhall", "police", "fire_station", "courthouse", "post_office", "embassy")) return BuildingUse::civic;
  if (is_any(amenity, "parking", "bus_station", "ferry_terminal")) return BuildingUse::transport;
  if (is_any(amenity, "restaurant", "cafe", "bar", "pub", "bank", "fast_food", "nightclub", "marketplace"))
    return BuildingUse::commercial;
  if (is_any(tags["tourism"], "hotel", "hostel", "guest_house", "motel")) return BuildingUse::hotel;
  if (is_any(tags["tourism"], "museum", "gallery", "aquarium")) return BuildingUse::culture;
  if (tags.has("shop")) return BuildingUse::retail;
  if (tags.has("office")) return tags.is("office", "government") ? BuildingUse::civic : BuildingUse::office;
  if (is_any(tags["leisure"], "stadium", "sports_centre", "sports_hall")) return BuildingUse::culture;
  if (is_any(tags["railway"], "station")) return BuildingUse::transport;
  return BuildingUse::unknown;
}

RoofShape roof_shape_from(std::string_view v) {
  if (v == "flat") return RoofShape::flat;
  if (is_any(v, "gabled", "pitched", "saltbox", "double_saltbox", "gabled_row", "cross_gabled")) return RoofShape::gabled;
  if (is_any(v, "hipped", "side_hipped", "hip")) return RoofShape::hipped;
  if (is_any(v, "half-hipped", "half_hipped", "side_half-hipped")) return RoofShape::half_hipped;
  if (is_any(v, "pyramidal", "cone", "conical")) return RoofShape::pyramidal;
  if (is_any(v, "skillion", "lean_to")) return RoofShape::skillion;
  if (v == "gambrel") return RoofShape::gambrel;
  if (v == "mansard") return RoofShape::mansard;
  if (v == "dome") return RoofShape::dome;
  if (v == "onion") return RoofShape::onion;
  if (is_any(v, "round", "barrel")) return RoofShape::round;
  return RoofShape::unknown;
}

// Usual storeys, by use and size of the footprint: a house has two, a city block's apartments five.
double usual_levels(BuildingUse use, double footprint_m2) {
  switch (use) {
    case BuildingUse::apartments: return 5;
    case BuildingUse::hotel:
    case BuildingUse::office: return 4;
    case BuildingUse::civic:
    case BuildingUse::school:
    case BuildingUse::health:
    case BuildingUse::commercial: return 3;
    case BuildingUse::garage:
    case BuildingUse::hut:
    case BuildingUse::greenhouse:
    case BuildingUse::ruin: return 1;
    case BuildingUse::retail:
    case BuildingUse::industrial:
    case BuildingUse::transport:
    case BuildingUse::culture:
    case BuildingUse::worship:
    case BuildingUse::construction:
    case BuildingUse::house: return 2;
    case BuildingUse::residential:
    case BuildingUse::unknown: break;
  }
  return footprint_m2 < 30 ? 1 : footprint_m2 < 180 ? 2 : footprint_m2 < 400 ? 3 : 4;
}

double level_height_m(BuildingUse use) {
  switch (use) {
    case BuildingUse::office:
    case BuildingUse::commercial:
    case BuildingUse::hotel:
    case BuildingUse::civic:
    case BuildingUse::school:
    case BuildingUse::health: return 3.5;
    case BuildingUse::retail:
    case BuildingUse::industrial:
    case BuildingUse::transport: return 4;
    case BuildingUse::culture: return 5;
    case BuildingUse::worship: return 6;
    case BuildingUse::garage:
    case BuildingUse::hut:
    case BuildingUse::greenhouse: return 2.6;
    default: return 3;
  }
}

// Part of the height that a roof of this shape usually takes, for a body as wide as the footprint's square root.
double usual_roof_height_m(RoofShape roof, double footprint_m2) {
  const double width_m = std::sqrt(std::max(footprint_m2, 1.0));
  switch (roof) {
    case RoofShape::unknown:
    case RoofShape::flat: return 0;
    case RoofShape::skillion: return std::clamp(width_m * 0.15, 0.5, 4.0);
    case RoofShape::dome:
    case RoofShape::round: return width_m / 2;
    case RoofShape::onion: return width_m;
    case RoofShape::pyramidal: return std::clamp(width_m * 0.45, 1.0, 12.0);
    default: return std::clamp(width_m * 0.3, 1.0, 6.0);
  }
}

std::optional<double> height_of(std::string_view value, ValueFaults& faults) {
  if (value.empty()) return std::nullopt;
  const auto height = length_m_from(value);
  if (!height) {
    faults.push_back({"height that is no length", "estimated instead", value});
    return std::nullopt;
  }
  if (*height < 0 || *height > kBuildingHeightMaxM) {
    faults.push_back({"height below 0 m or above 1000 m", "estimated instead", value});
    return std::nullopt;
  }
  return height;
}

std::optional<double> levels_of(std::string_view value, ValueFaults& faults) {
  if (value.empty()) return std::nullopt;
  const auto levels = number_from(value);
  if (!levels || *levels < 0 || *levels > kLevelsMax) {
    faults.push_back({"levels that are no count from 0 to 200", "estimated instead", value});
    return std::nullopt;
  }
  return levels;
}

// The roof that a building most likely has where nobody tagged one: low houses and churches are pitched, the rest is flat.
// Small plain buildings count as houses: most of the world's `building=yes` are.
RoofShape likely_roof(BuildingUse use, double footprint_m2, std::optional<double> height_m, std::optional<double> levels) {
  const bool is_low = height_m.value_or(0) <= kPitchedHeightMaxM && levels.value_or(0) <= kPitchedLevelsMax;
  const bool is_home = use == BuildingUse::house || use == BuildingUse::residential || use == BuildingUse::unknown;
  if (is_home && is_low && footprint_m2 >= 30 && footprint_m2 < 400) return RoofShape::gabled;
  if (use == BuildingUse::worship && footprint_m2 >= 30 && footprint_m2 < 2500) return RoofShape::gabled;
  return RoofShape::flat;
}

void read_roof(const OsmTags& tags, double footprint_m2, bool is_part, city::Building& b, ValueFaults& faults) {
  auto shape = tags["roof:shape"];
  if (shape.empty()) shape = tags["building:roof:shape"];
  b.roof = roof_shape_from(shape);
  if (b.roof == RoofShape::unknown) {
    if (!shape.empty()) faults.push_back({"roof shape that is not drawn", "estimated instead", shape});
    b.estimated |= city::kRoofEstimated;
    // A part without a roof is a piece of a body that was modelled with care: its top is what was meant.
    b.roof = is_part ? RoofShape::flat
                     : likely_roof(b.use, footprint_m2, length_m_from(tags["height"]), number_from(tags["building:levels"]));
  }
  b.roof_orientation = tags.is("roof:orientation", "across") ? city::RoofOrientation::across : city::RoofOrientation::along;
  auto direction = tags["roof:direction"];
  if (direction.empty()) direction = tags["roof:slope:direction"];
  if (const auto degrees = direction_deg_from(direction); degrees && !direction.empty())
    b.roof_direction_deg = static_cast<float>(*degrees);
  auto colour = tags["roof:colour"];
  if (colour.empty()) colour = tags["roof:color"];
  b.roof_colour_rgb = colour_from(colour).value_or(city::kNone);
}

}  // namespace

std::optional<city::Building> building_from(const OsmTags& tags, bool is_part, double footprint_m2, ValueFaults& faults) {
  if (!(is_part ? tags.says_yes("building:part") : tags.says_yes("building"))) return std::nullopt;
  if (tags.is("building", "entrance") || tags.is("location", "underground")) return std::nullopt;
  city::Building b;
  b.use = use_from(tags, is_part);
  auto colour = tags["building:colour"];
  if (colour.empty()) colour = tags["building:color"];
  b.colour_rgb = colour_from(colour).value_or(city::kNone);
  b.year_built = year_from(tags["start_date"]).value_or(0);
  read_roof(tags, footprint_m2, is_part, b, faults);

  auto height_text = tags["height"];
  if (height_text.empty()) height_text = tags["building:height"];
  const auto height = height_of(height_text, faults);
  const auto levels = levels_of(tags["building:levels"], faults);
  const auto roof_levels = levels_of(tags["roof:levels"], faults);
  const auto min_levels = levels_of(tags["building:min_level"], faults);
  auto min_text = tags["min_height"];
  if (min_text.empty()) min_text = tags["building:min_height"];
  const auto min_height = height_of(min_text, faults);
  const auto roof_height = height_of(tags["roof:height"], faults);
  const double storey_m = level_height_m(b.use);

  double roof_m = roof_height                                ? *roof_height
                  : roof_levels && b.roof != RoofShape::flat ? *roof_levels * storey_m
                                                             : usual_roof_height_m(b.roof, footprint_m2);
  if (!levels) b.estimated |= city::kLevelsEstimated;
  double storeys = levels.value_or(usual_levels(b.use, footprint_m2));
  if (height) {
    if (!levels) storeys = std::max(1.0, std::round((*height - (b.roof == RoofShape::flat ? 0 : roof_m)) / storey_m));
    b.height_m = static_cast<float>(*height);
  } else {
    b.estimated |= city::kHeightEstimated;
    b.height_m = static_cast<float>(std::max(storeys * storey_m, levels ? 0.0 : 2.5) + roof_m);
  }
  if (b.height_m <= 0) {
    faults.push_back({"height of 0 m", "estimated from use", height_text});
    b.estimated |= city::kHeightEstimated;
    b.height_m = static_cast<float>(usual_levels(b.use, footprint_m2) * storey_m);
  }
  b.min_height_m = static_cast<float>(min_height.value_or(min_levels.value_or(0) * storey_m));
  if (b.min_height_m >= b.height_m) {
    if (height || levels) {
      faults.push_back(
          {"underside at or above the top", "set on the ground", min_text.empty() ? tags["building:min_level"] : min_text});
      b.min_height_m = 0;
    } else {
      b.height_m = b.min_height_m + static_cast<float>(storey_m);
    }
  }
  const double body_m = b.height_m - b.min_height_m;
  if (roof_m > body_m) {
    if (roof_height) faults.push_back({"roof higher than its building", "cut to the building", tags["roof:height"]});
    roof_m = body_m;
  }
  // An estimated roof must leave walls standing; a dome or a spire that is tagged so may be all roof.
  if (!roof_height && b.roof != RoofShape::dome && b.roof != RoofShape::onion && b.roof != RoofShape::pyramidal)
    roof_m = std::min(roof_m, body_m * 0.5);
  b.roof_height_m = static_cast<float>(roof_m);
  b.levels = static_cast<std::uint16_t>(std::clamp(std::round(storeys), 0.0, kLevelsMax));
  return b;
}

}  // namespace citiverse::ingest
