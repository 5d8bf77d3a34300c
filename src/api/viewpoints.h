// Where to begin: places worth standing, found in the data itself, so that every city opens on something good.
#pragma once

#include <string>
#include <vector>

#include "city/city.h"

namespace citiverse::api {

struct Viewpoint {
  city::FeatureIndex object = city::kNone;  ///< What is looked at; kNone for the overview.
  geo::Vec2d eye;
  double height_m = 0;  ///< Of the eye above the ground.
  double heading_deg = 0;
  double pitch_deg = 0;
};

inline constexpr std::size_t kViewpointsMax = 6;

/// First an overview of the part with most life, looking uphill where there is a hill, so that a harbour is seen from the
/// water; then the squares and sights that the data knows best, from a street nearby. Never empty. Deterministic.
std::vector<Viewpoint> find_viewpoints(const city::City& city);

}  // namespace citiverse::api
