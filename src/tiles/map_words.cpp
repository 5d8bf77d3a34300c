// Tables in the order of the enums of city/feature.h.
#include "tiles/map_words.h"

#include <array>

namespace citiverse::tiles {
namespace {

template <std::size_t N, class Enum>
std::string_view at(const std::array<std::string_view, N>& words, Enum value) {
  const auto i = static_cast<std::size_t>(value);
  return i < N ? words[i] : std::string_view();
}

constexpr auto kBuildingUseWords = std::to_array<std::string_view>(
    {"",           "residential", "apartments", "house",      "commercial", "office",      "retail",
     "industrial", "civic",       "school",     "health",     "culture",    "worship",     "transport",
     "hotel",      "garage",      "hut",        "greenhouse", "ruin",       "construction"});
static_assert(kBuildingUseWords.size() == static_cast<std::size_t>(city::BuildingUse::construction) + 1);

constexpr auto kStreetClassWords = std::to_array<std::string_view>(
    {"motorway", "trunk", "primary", "secondary", "tertiary", "residential", "living_street", "service", "pedestrian", "track",
     "cycleway", "footway", "path", "steps", "busway", "corridor", "construction"});
static_assert(kStreetClassWords.size() == static_cast<std::size_t>(city::StreetClass::construction) + 1);

constexpr auto kStructureWords = std::to_array<std::string_view>({"ground", "bridge", "tunnel", "covered"});
static_assert(kStructureWords.size() == static_cast<std::size_t>(city::Structure::covered) + 1);

constexpr auto kRailClassWords = std::to_array<std::string_view>(
    {"rail", "light_rail", "tram", "subway", "funicular", "monorail", "narrow_gauge", "preserved"});
static_assert(kRailClassWords.size() == static_cast<std::size_t>(city::RailClass::preserved) + 1);

constexpr auto kWaterClassWords = std::to_array<std::string_view>(
    {"sea", "river", "stream", "canal", "lake", "pond", "basin", "pool", "fountain", "dock", "ditch"});
static_assert(kWaterClassWords.size() == static_cast<std::size_t>(city::WaterClass::ditch) + 1);

constexpr auto kGreenClassWords =
    std::to_array<std::string_view>({"park", "garden", "grass", "meadow", "forest", "scrub", "pitch", "playground", "cemetery",
                                     "allotments", "orchard", "vineyard", "farmland", "beach", "rock", "wetland", "golf"});
static_assert(kGreenClassWords.size() == static_cast<std::size_t>(city::GreenClass::golf) + 1);

constexpr auto kLandUseClassWords = std::to_array<std::string_view>(
    {"residential", "commercial", "retail", "industrial", "education", "health", "railway", "harbour", "military",
     "construction", "quarry", "brownfield", "religious", "sport", "other"});
static_assert(kLandUseClassWords.size() == static_cast<std::size_t>(city::LandUseClass::other) + 1);

constexpr auto kPavedClassWords =
    std::to_array<std::string_view>({"square", "parking", "pier", "platform", "roadway", "footway"});
static_assert(kPavedClassWords.size() == static_cast<std::size_t>(city::PavedClass::footway) + 1);

constexpr auto kBarrierClassWords =
    std::to_array<std::string_view>({"wall", "retaining_wall", "city_wall", "fence", "hedge", "guard_rail"});
static_assert(kBarrierClassWords.size() == static_cast<std::size_t>(city::BarrierClass::guard_rail) + 1);

constexpr auto kLeafTypeWords = std::to_array<std::string_view>({"", "broadleaved", "needleleaved", "palm"});
static_assert(kLeafTypeWords.size() == static_cast<std::size_t>(city::LeafType::palm) + 1);

constexpr auto kPlaceClassWords = std::to_array<std::string_view>(
    {"shop",      "food",    "school",  "childcare",   "university", "health",    "pharmacy", "culture", "city_office",
     "emergency", "worship", "lodging", "sport",       "park",       "transport", "parking",  "bicycle", "finance",
     "post",      "office",  "toilet",  "water_point", "waste",      "bench",     "sight",    "other"});
static_assert(kPlaceClassWords.size() == static_cast<std::size_t>(city::PlaceClass::other) + 1);

constexpr auto kTransitModeWords =
    std::to_array<std::string_view>({"bus", "tram", "subway", "rail", "ferry", "funicular", "trolleybus", "cable_car"});
static_assert(kTransitModeWords.size() == static_cast<std::size_t>(city::TransitMode::cable_car) + 1);

constexpr auto kAreaClassWords = std::to_array<std::string_view>(
    {"country", "region", "county", "municipality", "borough", "district", "neighbourhood", "block"});
static_assert(kAreaClassWords.size() == static_cast<std::size_t>(city::AreaClass::block) + 1);

}  // namespace

std::string_view word_for(city::BuildingUse use) { return at(kBuildingUseWords, use); }
std::string_view word_for(city::StreetClass street_class) { return at(kStreetClassWords, street_class); }
std::string_view word_for(city::Structure structure) { return at(kStructureWords, structure); }
std::string_view word_for(city::RailClass rail_class) { return at(kRailClassWords, rail_class); }
std::string_view word_for(city::WaterClass water_class) { return at(kWaterClassWords, water_class); }
std::string_view word_for(city::GreenClass green_class) { return at(kGreenClassWords, green_class); }
std::string_view word_for(city::LandUseClass land_use_class) { return at(kLandUseClassWords, land_use_class); }
std::string_view word_for(city::PavedClass paved_class) { return at(kPavedClassWords, paved_class); }
std::string_view word_for(city::BarrierClass barrier_class) { return at(kBarrierClassWords, barrier_class); }
std::string_view word_for(city::LeafType leaf) { return at(kLeafTypeWords, leaf); }
std::string_view word_for(city::PlaceClass place_class) { return at(kPlaceClassWords, place_class); }
std::string_view word_for(city::TransitMode mode) { return at(kTransitModeWords, mode); }
std::string_view word_for(city::AreaClass area_class) { return at(kAreaClassWords, area_class); }

std::uint32_t zoom_min(const city::Street& street) {
  switch (street.street_class) {
    case city::StreetClass::motorway: return 5;
    case city::StreetClass::trunk: return 6;
    case city::StreetClass::primary: return 8;
    case city::StreetClass::secondary: return 9;
    case city::StreetClass::tertiary: return 11;
    case city::StreetClass::residential:
    case city::StreetClass::living_street:
    case city::StreetClass::busway: return 12;
    case city::StreetClass::service:
    case city::StreetClass::pedestrian:
    case city::StreetClass::track:
    case city::StreetClass::cycleway:
    case city::StreetClass::construction: return 13;
    case city::StreetClass::footway:
    case city::StreetClass::path:
    case city::StreetClass::steps:
    case city::StreetClass::corridor: return kMapZoomMax;
  }
  return kMapZoomMax;
}

std::uint32_t zoom_min(const city::Rail& rail) {
  if (rail.is_service) return 13;
  return rail.rail_class == city::RailClass::rail ? 8 : 11;
}

std::uint32_t zoom_min(city::WaterClass line) {
  switch (line) {
    case city::WaterClass::river: return 9;
    case city::WaterClass::canal: return 11;
    case city::WaterClass::stream: return 13;
    default: return kMapZoomMax;
  }
}

std::uint32_t zoom_min(const city::Place& place) {
  switch (place.place_class) {
    case city::PlaceClass::university:
    case city::PlaceClass::culture:
    case city::PlaceClass::city_office:
    case city::PlaceClass::sight: return 13;
    default: return kMapZoomMax;
  }
}

std::uint32_t zoom_min(const city::Stop& stop) {
  if (!stop.is_station) return kMapZoomMax;
  return stop.mode == city::TransitMode::rail ? 11 : 12;
}

std::uint32_t zoom_min(city::AreaClass area_class) {
  switch (area_class) {
    case city::AreaClass::country: return 0;
    case city::AreaClass::region: return 3;
    case city::AreaClass::county: return 6;
    case city::AreaClass::municipality: return 8;
    case city::AreaClass::borough: return 10;
    case city::AreaClass::district: return 11;
    case city::AreaClass::neighbourhood: return 12;
    case city::AreaClass::block: return 13;
  }
  return kMapZoomMax;
}

}  // namespace citiverse::tiles
