// What a plan takes from its neighbours: the same windows and lawns, counted in both versions of the city.
#pragma once

#include <vector>

#include "sim/sun/sun_hours.h"
#include "sim/sun/sun_samples.h"

namespace citiverse::sim {

/// Of one neighbour that the plan leaves as it is: a building (its façades) or a green area (its ground).
struct SunLoss {
  city::FeatureId feature;
  float area_m2 = 0;       ///< Of façade or ground.
  float before_hours = 0;  ///< Mean by area.
  float after_hours = 0;
  float error_hours = 0;      ///< Mean by area of the points' own, of both versions together; shared errors cancel.
  float most_lost_hours = 0;  ///< Of the point that loses most; 0 where none does.
  float share_before = 0;     ///< With at least kOpenSpaceHours.
  float share_after = 0;
};

struct SunLostOptions {
  SampleSpacing facades;
  double ground_m = 5;  ///< Grid of green areas.
};

/// Neighbours whose boxes meet `box`, in order of their index in `base`; both cities have the same plane. A building that the
/// plan changes or removes is no neighbour. Green areas are those on which people stay: parks, gardens, grass, playgrounds,
/// pitches. Fails: bad_input, when the planes differ; limit; conflict.
base::Result<std::vector<SunLoss>> sun_lost(const city::City& base, const city::City& plan, const geo::Box2d& box,
                                            const SunCourse& course, const SunLostOptions& options = {},
                                            const ModelRun& run = {});

}  // namespace citiverse::sim
