// The colours of the model: warm paper, pale streets, sage greens, card; colour is kept for meaning, so all of it is quiet.
#pragma once

#include "city/feature.h"
#include "tiles/mesh.h"

namespace citiverse::tiles {

struct Palette {
  Rgb8 terrain{226, 219, 205};
  Rgb8 carriageway{203, 201, 197};
  Rgb8 crossing{219, 217, 213};
  Rgb8 pavement{222, 219, 212};
  Rgb8 pedestrian{219, 214, 204};
  Rgb8 path{233, 226, 212};
  Rgb8 track{218, 207, 186};
  Rgb8 steps{208, 203, 194};
  Rgb8 cycleway{213, 203, 195};
  Rgb8 square{221, 216, 206};
  Rgb8 parking{210, 207, 201};
  Rgb8 pier{214, 202, 183};
  Rgb8 platform{216, 212, 205};
  Rgb8 rail_bed{193, 187, 178};
  Rgb8 rail{142, 138, 134};
  Rgb8 bank{197, 190, 177};
  Rgb8 bridge_side{206, 201, 192};
  Rgb8 water{166, 195, 204};
  Rgb8 pool{180, 209, 214};
};
inline constexpr Palette kPalette;

constexpr Rgb8 colour_of(city::GreenClass green) {
  using enum city::GreenClass;
  switch (green) {
    case park: return {190, 202, 168};
    case garden: return {193, 203, 172};
    case grass: return {196, 206, 174};
    case meadow: return {202, 208, 176};
    case forest: return {168, 185, 152};
    case scrub: return {182, 192, 160};
    case pitch: return {180, 199, 166};
    case playground: return {214, 205, 178};
    case cemetery: return {186, 197, 171};
    case allotments: return {192, 199, 163};
    case orchard: return {187, 198, 158};
    case vineyard: return {194, 198, 155};
    case farmland: return {214, 210, 180};
    case beach: return {234, 222, 191};
    case rock: return {205, 199, 190};
    case wetland: return {178, 196, 178};
    case golf: return {187, 206, 165};
  }
  return {196, 206, 174};
}

/// Land use only tints the paper.
constexpr Rgb8 colour_of(city::LandUseClass land_use) {
  using enum city::LandUseClass;
  switch (land_use) {
    case residential: return {226, 219, 206};
    case commercial: return {224, 216, 205};
    case retail: return {225, 215, 203};
    case industrial: return {217, 212, 203};
    case education: return {224, 218, 200};
    case health: return {226, 216, 206};
    case railway: return {211, 205, 196};
    case harbour: return {216, 213, 207};
    case military: return {218, 212, 196};
    case construction: return {220, 208, 189};
    case quarry: return {212, 205, 193};
    case brownfield: return {215, 207, 190};
    case religious: return {224, 217, 205};
    case sport: return {211, 213, 190};
    case other: return {224, 217, 204};
  }
  return {224, 217, 204};
}

constexpr Rgb8 colour_of(city::StreetClass street) {
  using enum city::StreetClass;
  switch (street) {
    case pedestrian: return kPalette.pedestrian;
    case track: return kPalette.track;
    case cycleway: return kPalette.cycleway;
    case footway:
    case path:
    case corridor: return kPalette.path;
    case steps: return kPalette.steps;
    default: return kPalette.carriageway;
  }
}

constexpr Rgb8 colour_of(city::PavedClass paved) {
  using enum city::PavedClass;
  switch (paved) {
    case square: return kPalette.square;
    case parking: return kPalette.parking;
    case pier: return kPalette.pier;
    case platform: return kPalette.platform;
    case roadway: return kPalette.carriageway;
    case footway: return kPalette.path;
  }
  return kPalette.square;
}

/// `share` of the light, for sides that see less sky.
constexpr Rgb8 shaded(Rgb8 c, double share) {
  return {static_cast<std::uint8_t>(c.r * share), static_cast<std::uint8_t>(c.g * share),
          static_cast<std::uint8_t>(c.b * share)};
}

}  // namespace citiverse::tiles
