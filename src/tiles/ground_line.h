// Where a building meets the ground.
#pragma once

#include "city/city.h"
#include "tiles/outline.h"

namespace citiverse::tiles {

struct GroundRange {
  double low_m = 0;
  double high_m = 0;
};

/// Lowest and highest ground on the border of the outer rings, sampled at vertices and along sides every half terrain step (at
/// most kGroundSamplesMax a side). Between samples the ground can be lower by at most a quarter step × its slope.
GroundRange ground_along(const city::City& city, const city::Feature& feature);
inline constexpr int kGroundSamplesMax = 64;

/// The height from which a building's height_m counts: see append_building. For a part, its building's.
double ground_line_m(const city::City& city, const city::Feature& feature);

}  // namespace citiverse::tiles
