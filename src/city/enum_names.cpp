// One table an enum, in the order of the enum in feature.h.
#include "city/enum_names.h"

#include <array>

#include "base/check.h"

namespace citiverse::city {
namespace {

template <class Enum>
constexpr auto kWords = nullptr;
template <>
constexpr auto kWords<BuildingUse> = std::to_array<std::string_view>(
    {"unknown",    "residential", "apartments", "house",      "commercial", "office",      "retail",
     "industrial", "civic",       "school",     "health",     "culture",    "worship",     "transport",
     "hotel",      "garage",      "hut",        "greenhouse", "ruin",       "construction"});
template <>
constexpr auto kWords<RoofShape> =
    std::to_array<std::string_view>({"unknown", "flat", "gabled", "hipped", "half_hipped", "pyramidal", "skillion", "gambrel",
                                     "mansard", "dome", "onion", "round"});
template <>
constexpr auto kWords<RoofOrientation> = std::to_array<std::string_view>({"along", "across"});
template <>
constexpr auto kWords<StreetClass> = std::to_array<std::string_view>(
    {"motorway", "trunk", "primary", "secondary", "tertiary", "residential", "living_street", "service", "pedestrian", "track",
     "cycleway", "footway", "path", "steps", "busway", "corridor", "construction"});
template <>
constexpr auto kWords<Surface> = std::to_array<std::string_view>(
    {"unknown", "asphalt", "concrete", "paving", "sett", "gravel", "ground", "grass", "sand", "wood", "metal"});
template <>
constexpr auto kWords<Structure> = std::to_array<std::string_view>({"ground", "bridge", "tunnel", "covered"});
template <>
constexpr auto kWords<RailClass> = std::to_array<std::string_view>(
    {"rail", "light_rail", "tram", "subway", "funicular", "monorail", "narrow_gauge", "preserved"});
template <>
constexpr auto kWords<WaterClass> = std::to_array<std::string_view>(
    {"sea", "river", "stream", "canal", "lake", "pond", "basin", "pool", "fountain", "dock", "ditch"});
template <>
constexpr auto kWords<GreenClass> =
    std::to_array<std::string_view>({"park", "garden", "grass", "meadow", "forest", "scrub", "pitch", "playground", "cemetery",
                                     "allotments", "orchard", "vineyard", "farmland", "beach", "rock", "wetland", "golf"});
template <>
constexpr auto kWords<LandUseClass> = std::to_array<std::string_view>(
    {"residential", "commercial", "retail", "industrial", "education", "health", "railway", "harbour", "military",
     "construction", "quarry", "brownfield", "religious", "sport", "other"});
template <>
constexpr auto kWords<PavedClass> =
    std::to_array<std::string_view>({"square", "parking", "pier", "platform", "roadway", "footway"});
template <>
constexpr auto kWords<BarrierClass> =
    std::to_array<std::string_view>({"wall", "retaining_wall", "city_wall", "fence", "hedge", "guard_rail"});
template <>
constexpr auto kWords<LeafType> = std::to_array<std::string_view>({"unknown", "broadleaved", "needleleaved", "palm"});
template <>
constexpr auto kWords<PlaceClass> = std::to_array<std::string_view>(
    {"shop",      "food",    "school",  "childcare",   "university", "health",    "pharmacy", "culture", "city_office",
     "emergency", "worship", "lodging", "sport",       "park",       "transport", "parking",  "bicycle", "finance",
     "post",      "office",  "toilet",  "water_point", "waste",      "bench",     "sight",    "other"});
template <>
constexpr auto kWords<Wheelchair> = std::to_array<std::string_view>({"unknown", "yes", "limited", "no"});
template <>
constexpr auto kWords<TransitMode> =
    std::to_array<std::string_view>({"bus", "tram", "subway", "rail", "ferry", "funicular", "trolleybus", "cable_car"});
template <>
constexpr auto kWords<AreaClass> = std::to_array<std::string_view>(
    {"country", "region", "county", "municipality", "borough", "district", "neighbourhood", "block"});

// A table that is shorter or longer than its enum does not compile.
static_assert(kWords<BuildingUse>.size() == std::size_t{1} + static_cast<std::size_t>(BuildingUse::construction));
static_assert(kWords<RoofShape>.size() == std::size_t{1} + static_cast<std::size_t>(RoofShape::round));
static_assert(kWords<StreetClass>.size() == std::size_t{1} + static_cast<std::size_t>(StreetClass::construction));
static_assert(kWords<Surface>.size() == std::size_t{1} + static_cast<std::size_t>(Surface::metal));
static_assert(kWords<RailClass>.size() == std::size_t{1} + static_cast<std::size_t>(RailClass::preserved));
static_assert(kWords<WaterClass>.size() == std::size_t{1} + static_cast<std::size_t>(WaterClass::ditch));
static_assert(kWords<GreenClass>.size() == std::size_t{1} + static_cast<std::size_t>(GreenClass::golf));
static_assert(kWords<LandUseClass>.size() == std::size_t{1} + static_cast<std::size_t>(LandUseClass::other));
static_assert(kWords<BarrierClass>.size() == std::size_t{1} + static_cast<std::size_t>(BarrierClass::guard_rail));
static_assert(kWords<PlaceClass>.size() == std::size_t{1} + static_cast<std::size_t>(PlaceClass::other));
static_assert(kWords<TransitMode>.size() == std::size_t{1} + static_cast<std::size_t>(TransitMode::cable_car));
static_assert(kWords<AreaClass>.size() == std::size_t{1} + static_cast<std::size_t>(AreaClass::block));

constexpr auto kModes = std::to_array<std::string_view>({"walk", "cycle", "drive", "bus"});

}  // namespace

#define CITIVERSE_WORDS(Enum)                                                         \
  std::string_view word_for(Enum value) {                                             \
    const auto i = static_cast<std::size_t>(value);                                   \
    CITIVERSE_CHECK(i < kWords<Enum>.size(), "an enumerated field outside its enum"); \
    return kWords<Enum>[i];                                                           \
  }                                                                                   \
  template <>                                                                         \
  std::optional<Enum> value_for<Enum>(std::string_view word) {                        \
    for (std::size_t i = 0; i < kWords<Enum>.size(); ++i) {                           \
      if (kWords<Enum>[i] == word) return static_cast<Enum>(i);                       \
    }                                                                                 \
    return std::nullopt;                                                              \
  }                                                                                   \
  template <>                                                                         \
  std::span<const std::string_view> words_of<Enum>() {                                \
    return kWords<Enum>;                                                              \
  }
CITIVERSE_WORDS(BuildingUse)
CITIVERSE_WORDS(RoofShape)
CITIVERSE_WORDS(RoofOrientation)
CITIVERSE_WORDS(StreetClass)
CITIVERSE_WORDS(Surface)
CITIVERSE_WORDS(Structure)
CITIVERSE_WORDS(RailClass)
CITIVERSE_WORDS(WaterClass)
CITIVERSE_WORDS(GreenClass)
CITIVERSE_WORDS(LandUseClass)
CITIVERSE_WORDS(PavedClass)
CITIVERSE_WORDS(BarrierClass)
CITIVERSE_WORDS(LeafType)
CITIVERSE_WORDS(PlaceClass)
CITIVERSE_WORDS(Wheelchair)
CITIVERSE_WORDS(TransitMode)
CITIVERSE_WORDS(AreaClass)
#undef CITIVERSE_WORDS

std::string words_for_modes(std::uint8_t modes) {
  std::string words;
  for (std::size_t i = 0; i < kModes.size(); ++i) {
    if ((modes >> i & 1) == 0) continue;
    if (!words.empty()) words += ' ';
    words += kModes[i];
  }
  return words;
}

std::optional<std::uint8_t> modes_for(std::string_view words) {
  std::uint8_t modes = 0;
  while (!words.empty()) {
    const auto end = std::min(words.find(' '), words.size());
    bool known = false;
    for (std::size_t i = 0; i < kModes.size(); ++i) {
      if (kModes[i] != words.substr(0, end)) continue;
      modes |= static_cast<std::uint8_t>(1u << i);
      known = true;
    }
    if (!known) return std::nullopt;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return modes;
}

}  // namespace citiverse::city
