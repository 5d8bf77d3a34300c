// What an equilibrium is made of, for the files that find it and those that ask it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/traffic/bush.h"
#include "sim/traffic/road_network.h"
#include "sim/traffic/traffic_demand.h"
#include "sim/traffic/traffic_graph.h"

namespace citiverse::sim {

struct EquilibriumState {
  RoadNetwork network;
  std::vector<UserClass> classes;  ///< Without their trips, which are in `demand`.
  TrafficGraph graph;
  std::vector<LinkCost> costs;             ///< By link of the graph; those of closed links are infinite.
  std::vector<std::vector<double>> extra;  ///< By class and link: what tolls and lengths weigh; empty where `costs` holds it.
  LinkLoads loads;
  TrafficDemand demand;
  std::vector<Bush> bushes;          ///< By source.
  std::vector<std::uint8_t> begins;  ///< By source: its trips are on no way yet.
  std::size_t closed_links = 0;

  const double* extra_of(std::size_t source) const {
    const std::vector<double>& of_class = extra[demand.sources[source].users];
    return of_class.empty() ? nullptr : of_class.data();
  }
  /// From network and classes.
  void find_costs();
  /// Volumes as the bushes have them, free of the rounding of many small steps.
  void load_bushes();
  /// Beckmann's objective of the volumes now.
  double objective() const;
};

}  // namespace citiverse::sim
