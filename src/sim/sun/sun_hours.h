// How long the sun shines: on any point of a façade, a window, a park, on one day or through a year.
#pragma once

#include <span>
#include <vector>

#include "sim/sun/sun_course.h"
#include "sim/sun/sun_scene.h"

namespace citiverse::sim {

/// Of one point. With a course of one day, hours of that day; of a year, hours of the year.
struct SunHours {
  float hours = 0;
  /// The true value lies within this of `hours`: half a stretch for each time that its sun begins or ends, and for a year half
  /// a run of days for each change from one looked-at day to the next (which holds where the hours rise or fall evenly between
  /// them). A gleam or a shadow shorter than a stretch may be missed.
  float error_hours = 0;
};

inline constexpr std::size_t kSunPointsMax = 2'000'000;
inline constexpr double kSunRaysMax = 2e10;

/// Hours of sun of each point, in order. The same input gives the same numbers with any number of threads. Cost: one ray a
/// point and stretch for which the point's surface faces the sun. Fails: limit, above kSunPointsMax or kSunRaysMax; conflict,
/// when the run is stopped.
base::Result<std::vector<SunHours>> sun_hours(const SunScene& scene, std::span<const SunPoint> points, const SunCourse& course,
                                              const ModelRun& run = {});

/// Share of points, 0 to 1, that have at least `hours`; each counts as its area, or equally without areas.
double share_with(std::span<const SunHours> hours, std::span<const float> areas_m2, double least_hours);
/// The mean, weighted alike.
double mean_hours(std::span<const SunHours> hours, std::span<const float> areas_m2);

/// A park or garden has enough sun where half of it has two hours on 21 March.
/// Source: BRE 209, "Site layout planning for daylight and sunlight", 3rd edition 2022, 3.3.17.
inline constexpr double kOpenSpaceHours = 2;
inline constexpr double kOpenSpaceShare = 0.5;

}  // namespace citiverse::sim
