// What an equilibrium says of single trips: which ways they take, and whose trips use a street.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "sim/traffic/equilibrium.h"

namespace citiverse::sim {

inline constexpr std::size_t kTripWaysMax = 100;

struct TripWay {
  double vehicles = 0;
  double minutes = 0;                ///< Generalised: with what toll and length weigh to the class.
  std::vector<std::uint32_t> links;  ///< Places in RoadNetwork::links, in driving order.
};

/// The ways from one zone to another, the one of most vehicles first, at most kTripWaysMax. An equilibrium settles flows by
/// link and origin, not by way; of all sets of ways with these flows this is the one where all who meet divide alike. Empty
/// where nobody drives or no way leads there. Fails: not_found (class or zone).
base::Result<std::vector<TripWay>> trip_ways(const Equilibrium& traffic, std::size_t users, std::uint32_t from,
                                             std::uint32_t to);

/// Select-link analysis: the trips of a class that use a link, by origin and destination, in vehicles. Fails: not_found.
base::Result<std::vector<Trip>> trips_through(const Equilibrium& traffic, std::size_t users, std::uint32_t link);

}  // namespace citiverse::sim
