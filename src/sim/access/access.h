// Who gets where in how many minutes: access of every home to everything that people go to.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "base/result.h"
#include "geo/box.h"
#include "sim/access/opportunities.h"
#include "sim/access/street_graph.h"
#include "sim/model_run.h"

namespace citiverse::sim {

struct AccessOptions {
  AccessMode mode = AccessMode::walk;
  /// Homes and destinations are moved along the street, and their doors to or from it, by at most half of this way each: times
  /// are right within twice this, and mostly within it.
  double step_seconds = 15;
  /// Within how many minutes opportunities are counted, and weighed by gravity.
  double reach_minutes = 15;
  /// Gravity's weight of an opportunity t minutes away is exp(−t × this). 0.1 a minute halves it every 7 minutes.
  double gravity_per_minute = 0.1;
  /// Two-step floating catchment's reach, and its three zones' weights: 1, 1, 1 is Luo & Wang 2003's step function.
  double catchment_minutes = 15;
  std::array<double, 3> zone_weights{1, 0.68, 0.22};
};
inline constexpr double kReachMinutesMax = 60;
inline constexpr double kStepSecondsMin = 0.1;
inline constexpr double kStepSecondsMax = 120;

/// Access of one home (a building in which people live).
struct HomeAccess {
  /// To the nearest of each kind; infinity where none can be reached within four hours.
  std::array<float, kDestinations> minutes;
  /// Opportunities within reach_minutes (cumulative), and weighed by distance (gravity) of those.
  std::array<float, kDestinations> within;
  std::array<float, kDestinations> gravity;
  /// Capacity a person, by two-step floating catchment. Source: Luo & Wang 2003, doi:10.1068/b29120; zones: Luo & Qi 2009,
  /// doi:10.1016/j.healthplace.2009.06.002 (E2SFCA).
  std::array<float, kDestinations> supply;
  /// Share, 0 to 1, of the kinds of kFifteenMinuteKinds within 15 minutes.
  float fifteen_minute_index;
};
/// Everyday functions of the 15-minute city besides living: supplying, caring, learning, enjoying, working and going further.
/// Source: Moreno, Allam, Chabaud, Gall & Pratlong 2021, doi:10.3390/smartcities4010006; the choice of kinds is ours.
inline constexpr std::array kFifteenMinuteKinds{
    Destination::groceries, Destination::pharmacy, Destination::doctor, Destination::school,  Destination::childcare,
    Destination::green,     Destination::culture,  Destination::food,   Destination::transit, Destination::work};

/// What searches need of one version of the city.
struct AccessGround;

struct AccessReport {
  struct Home {
    city::FeatureId building;
    float people = 0;
    bool is_estimated = false;  ///< The number of people is.
    bool is_on_street = false;  ///< Else no street is near, and nothing can be reached.
  };
  std::vector<Home> homes;  ///< In order of feature.
  std::vector<HomeAccess> access;
  AccessOptions options;
  double people = 0;
  double people_off_street = 0;
  /// People who reach none of a kind: counted, not left out.
  std::array<double, kDestinations> people_unserved{};
  double people_estimated = 0;
  std::size_t homes_computed = 0;              ///< The others were taken over from the report before.
  std::shared_ptr<const AccessGround> ground;  ///< For find_access_after.
};

/// Access of every home. The same input gives the same numbers with any number of threads. Fails: bad_input, options out of
/// range; conflict, when the run is stopped.
base::Result<AccessReport> find_access(const city::City& city, const AccessOptions& options, const ModelRun& run = {});

/// The same after an edit: `changed` holds all that differs from the city of `before`. Homes from which nothing in it, or
/// within StreetGraph::kDoorReachM of it, can be reached within reach_minutes, neither before nor now, keep their counts. The
/// numbers are those of find_access, but for a gravity's last digit.
base::Result<AccessReport> find_access_after(const city::City& city, const AccessReport& before, const geo::Box2d& changed,
                                             const ModelRun& run = {});

}  // namespace citiverse::sim
