// One table an enum, in the order of feature.h; a value outside a table is a broken invariant.
#include "city/class_names.h"

#include <array>

#include "base/check.h"

namespace citiverse::city {
namespace {

template <std::size_t N, class Enum>
std::string_view entry(const std::array<std::string_view, N>& names, Enum value) {
  const auto at = static_cast<std::size_t>(value);
  CITIVERSE_CHECK(at < N, "an enum holds one of its enumerators");
  return names[at];
}

}  // namespace

std::string_view name_of(BuildingUse value) {
  static constexpr std::array<std::string_view, 20> names = {
      "unknown",    "residential", "apartments", "house",      "commercial", "office",      "retail",
      "industrial", "civic",       "school",     "health",     "culture",    "worship",     "transport",
      "hotel",      "garage",      "hut",        "greenhouse", "ruin",       "construction"};
  return entry(names, value);
}

std::string_view name_of(RoofShape value) {
  static constexpr std::array<std::string_view, 12> names = {"unknown",     "flat",      "gabled",   "hipped",
                                                             "half_hipped", "pyramidal", "skillion", "gambrel",
                                                             "mansard",     "dome",      "onion",    "round"};
  return entry(names, value);
}

std::string_view name_of(RoofOrientation value) {
  static constexpr std::array<std::string_view, 2> names = {"along", "across"};
  return entry(names, value);
}

std::string_view name_of(StreetClass value) {
  static constexpr std::array<std::string_view, 17> names = {
      "motorway", "trunk",    "primary", "secondary", "tertiary", "residential", "living_street", "service",     "pedestrian",
      "track",    "cycleway", "footway", "path",      "steps",    "busway",      "corridor",      "construction"};
  return entry(names, value);
}

std::string_view name_of(Surface value) {
  static constexpr std::array<std::string_view, 11> names = {"unknown", "asphalt", "concrete", "paving", "sett", "gravel",
                                                             "ground",  "grass",   "sand",     "wood",   "metal"};
  return entry(names, value);
}

std::string_view name_of(Structure value) {
  static constexpr std::array<std::string_view, 4> names = {"ground", "bridge", "tunnel", "covered"};
  return entry(names, value);
}

std::string_view name_of(RailClass value) {
  static constexpr std::array<std::string_view, 8> names = {"rail",      "light_rail", "tram",         "subway",
                                                            "funicular", "monorail",   "narrow_gauge", "preserved"};
  return entry(names, value);
}

std::string_view name_of(WaterClass value) {
  static constexpr std::array<std::string_view, 11> names = {"sea",   "river", "stream",   "canal", "lake", "pond",
                                                             "basin", "pool",  "fountain", "dock",  "ditch"};
  return entry(names, value);
}

std::string_view name_of(GreenClass value) {
  static constexpr std::array<std::string_view, 17> names = {
      "park",       "garden",  "grass",    "meadow",   "forest", "scrub", "pitch",   "playground", "cemetery",
      "allotments", "orchard", "vineyard", "farmland", "beach",  "rock",  "wetland", "golf"};
  return entry(names, value);
}

std::string_view name_of(LandUseClass value) {
  static constexpr std::array<std::string_view, 15> names = {
      "residential", "commercial",   "retail", "industrial", "education", "health", "railway", "harbour",
      "military",    "construction", "quarry", "brownfield", "religious", "sport",  "other"};
  return entry(names, value);
}

std::string_view name_of(PavedClass value) {
  static constexpr std::array<std::string_view, 6> names = {"square", "parking", "pier", "platform", "roadway", "footway"};
  return entry(names, value);
}

std::string_view name_of(BarrierClass value) {
  static constexpr std::array<std::string_view, 6> names = {"wall",  "retaining_wall", "city_wall",
                                                            "fence", "hedge",          "guard_rail"};
  return entry(names, value);
}

std::string_view name_of(LeafType value) {
  static constexpr std::array<std::string_view, 4> names = {"unknown", "broadleaved", "needleleaved", "palm"};
  return entry(names, value);
}

std::string_view name_of(PlaceClass value) {
  static constexpr std::array<std::string_view, 26> names = {
      "shop",      "food",    "school",  "childcare",   "university", "health",    "pharmacy", "culture", "city_office",
      "emergency", "worship", "lodging", "sport",       "park",       "transport", "parking",  "bicycle", "finance",
      "post",      "office",  "toilet",  "water_point", "waste",      "bench",     "sight",    "other"};
  return entry(names, value);
}

std::string_view name_of(Wheelchair value) {
  static constexpr std::array<std::string_view, 4> names = {"unknown", "yes", "limited", "no"};
  return entry(names, value);
}

std::string_view name_of(TransitMode value) {
  static constexpr std::array<std::string_view, 8> names = {"bus",   "tram",      "subway",     "rail",
                                                            "ferry", "funicular", "trolleybus", "cable_car"};
  return entry(names, value);
}

std::string_view name_of(AreaClass value) {
  static constexpr std::array<std::string_view, 8> names = {"country", "region",   "county",        "municipality",
                                                            "borough", "district", "neighbourhood", "block"};
  return entry(names, value);
}

std::string_view class_of(const City& city, const Feature& feature) {
  switch (feature.id.kind()) {
    case FeatureKind::building:
    case FeatureKind::building_part: return name_of(city.building(feature).use);
    case FeatureKind::street: return name_of(city.street(feature).street_class);
    case FeatureKind::rail: return name_of(city.rail(feature).rail_class);
    case FeatureKind::water: return name_of(city.water(feature).water_class);
    case FeatureKind::green: return name_of(city.green(feature).green_class);
    case FeatureKind::land_use: return name_of(city.land_use(feature).land_use_class);
    case FeatureKind::paved: return name_of(city.paved(feature).paved_class);
    case FeatureKind::bridge: return "bridge";
    case FeatureKind::barrier: return name_of(city.barrier(feature).barrier_class);
    case FeatureKind::tree: return "tree";
    case FeatureKind::place: return name_of(city.place(feature).place_class);
    case FeatureKind::stop: return city.stop(feature).is_station ? "station" : name_of(city.stop(feature).mode);
    case FeatureKind::area: return name_of(city.area(feature).area_class);
    case FeatureKind::line: return name_of(city.line(feature).mode);
    case FeatureKind::address: return "point";
  }
  return {};
}

}  // namespace citiverse::city
