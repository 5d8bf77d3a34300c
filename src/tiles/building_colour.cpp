// Tones from attributes and ids.
#include "tiles/building_colour.h"

#include <algorithm>

#include "base/random.h"

namespace citiverse::tiles {
namespace {

constexpr Tone kCard{244, 239, 230};
constexpr Tone kFlatRoof{221, 215, 205};
constexpr Tone kTileRoof{219, 196, 180};   // A breath of terracotta.
constexpr Tone kSlateRoof{203, 205, 207};  // A breath of slate.
// How much of the source's own colour is let through.
constexpr float kWallColourPart = 0.35f;
constexpr float kRoofColourPart = 0.45f;

Tone mix(const Tone& a, const Tone& b, float part) {
  return {a.r + (b.r - a.r) * part, a.g + (b.g - a.g) * part, a.b + (b.b - a.b) * part};
}

Tone tone_of(std::uint32_t rgb) {
  return {static_cast<float>((rgb >> 16) & 0xFF), static_cast<float>((rgb >> 8) & 0xFF), static_cast<float>(rgb & 0xFF)};
}

// Two small steps for each id: lighter or darker, warmer or cooler.
Tone shaded(const Tone& tone, city::FeatureId id) {
  const std::uint64_t hash = base::mix64(id.value);
  const float light = static_cast<float>(hash & 0xFF) / 255.0f * 9.0f - 6.0f;
  const float warmth = static_cast<float>((hash >> 8) & 0xFF) / 255.0f * 5.0f - 2.5f;
  return {tone.r + light + warmth, tone.g + light, tone.b + light - warmth};
}

}  // namespace

Tone wall_tone(const city::Building& building, city::FeatureId id) {
  const Tone card = shaded(kCard, id);
  return building.colour_rgb == city::kNone ? card : mix(card, tone_of(building.colour_rgb), kWallColourPart);
}

Tone roof_tone(const city::Building& building, city::FeatureId id, bool is_flat) {
  const bool is_slate = (base::mix64(id.value ^ 0x5A17E) & 7) == 0;
  const Tone usual = shaded(is_flat ? kFlatRoof : is_slate ? kSlateRoof : kTileRoof, id);
  return building.roof_colour_rgb == city::kNone ? usual : mix(usual, tone_of(building.roof_colour_rgb), kRoofColourPart);
}

Rgb8 lit(const Tone& tone, double light) {
  const auto channel = [&](float value) {
    return static_cast<std::uint8_t>(std::clamp(static_cast<double>(value) * light + 0.5, 0.0, 255.0));
  };
  return {channel(tone.r), channel(tone.g), channel(tone.b)};
}

}  // namespace citiverse::tiles
