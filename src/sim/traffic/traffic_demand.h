// Who wants to go where, sorted by where they start, as the solver reads it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/traffic/bush.h"
#include "sim/traffic/equilibrium.h"
#include "sim/traffic/road_network.h"

namespace citiverse::sim {

/// Trips of all classes as passenger-car units. `sources` point into the arrays here, so this moves and is never copied.
struct TrafficDemand {
  struct Range {
    std::size_t begin;
    std::size_t end;
  };
  std::vector<std::uint32_t> destinations;
  std::vector<double> units;
  std::vector<Range> ranges;        ///< By source: all its destinations; those that can be reached stand first.
  std::vector<TripSource> sources;  ///< With the destinations that can be reached.
  double wanted = 0;                ///< Vehicles.
  double within_zones = 0;          ///< Vehicles; they are in no source.

  TrafficDemand() = default;
  TrafficDemand(TrafficDemand&&) = default;
  TrafficDemand& operator=(TrafficDemand&&) = default;
  TrafficDemand(const TrafficDemand&) = delete;
  TrafficDemand& operator=(const TrafficDemand&) = delete;

  /// Of classes that passed check_classes.
  static TrafficDemand of(std::uint32_t zones, std::span<const UserClass> classes);
  /// Puts first what `work` reaches after a search from the source's origin.
  void part_by_reach(std::size_t source, const BushWork& work);
  TripCounts counts(std::span<const UserClass> classes) const;
};

}  // namespace citiverse::sim
