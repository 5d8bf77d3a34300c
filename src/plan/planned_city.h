// The city as a plan makes it: a City like any other, what is decided beside it, and which ground was touched.
#pragma once

#include <cstdint>
#include <vector>

#include "city/city.h"
#include "geo/box.h"
#include "plan/rules.h"
#include "plan/state.h"

namespace citiverse::plan {

/// Ground on which something looks different from the base, because of one object. `print` changes with what is said of the
/// object: two states in which the touches of a place have the same prints show the same there.
struct Touch {
  geo::Box2d box;
  std::uint64_t print = 0;
};

struct PlannedCity {
  city::City city;
  std::vector<JunctionControl> junctions;
  std::vector<Policy> policies;
  std::vector<Touch> touches;
  std::uint64_t print = 0;  ///< Of everything that the plan says.
};

/// Walls see each other over this distance (sky light), and streets carry their junctions, kerbs and bridges this far.
inline constexpr double kTouchReachM = 30;

/// The base with all that a state says put into it. New streets meet old ones: ends and corners within kMeetDistanceM are
/// joined, and where lines on the ground cross they share a vertex. Speed limits of an area are in its streets. `base` must
/// outlive the city. The same base and the same state give the same bytes, whatever way led to the state.
/// Cost: a copy of the columns that grow and one spatial index (city_patch.h), and the touched features.
PlannedCity planned_city(const city::City& base, const PlanState& state);

}  // namespace citiverse::plan
