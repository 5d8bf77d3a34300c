// The colours of an architect's model: warm white card, colour only as a breath of what the source says.
#pragma once

#include "city/feature.h"
#include "tiles/mesh.h"

namespace citiverse::tiles {

/// Linear mix of sRGB values, 0 to 255, before ambient occlusion.
struct Tone {
  float r = 255;
  float g = 255;
  float b = 255;
};

/// `id` gives each building its own slight shade, always the same.
Tone wall_tone(const city::Building& building, city::FeatureId id);
Tone roof_tone(const city::Building& building, city::FeatureId id, bool is_flat);

/// The tone under ambient light: 1 in the open, 0 in the dark.
Rgb8 lit(const Tone& tone, double light);

}  // namespace citiverse::tiles
