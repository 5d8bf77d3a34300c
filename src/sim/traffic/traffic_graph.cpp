// Links counted and placed by the node that they leave: one pass each.
#include "sim/traffic/traffic_graph.h"

#include <utility>

namespace citiverse::sim {

TrafficGraph TrafficGraph::of(const RoadNetwork& network) {
  TrafficGraph graph{.zones = network.zones, .nodes = network.nodes, .first_through_node = network.first_through_node};
  graph.out_start.assign(network.nodes + 1, 0);
  for (const RoadLink& link : network.links) graph.out_start[link.from + 1]++;
  for (std::size_t i = 0; i < network.nodes; i++) graph.out_start[i + 1] += graph.out_start[i];
  const std::size_t count = network.links.size();
  graph.tail.resize(count);
  graph.head.resize(count);
  graph.given.resize(count);
  std::vector<std::uint32_t> next(graph.out_start.begin(), graph.out_start.end() - 1);
  for (std::size_t i = 0; i < count; i++) {
    const std::uint32_t at = next[network.links[i].from]++;
    graph.tail[at] = network.links[i].from;
    graph.head[at] = network.links[i].to;
    graph.given[at] = static_cast<std::uint32_t>(i);
  }
  return graph;
}

LinkLoads::LinkLoads(std::span<const LinkCost> costs) : costs_(costs) {
  minutes_.resize(costs.size());
  slopes_.resize(costs.size());
  volumes_.resize(costs.size());
  noted_.assign(costs.size(), 0);
  for (std::uint32_t i = 0; i < costs.size(); i++) set(i, 0);
}

void LinkLoads::set_all(std::span<const double> volumes) {
  for (std::uint32_t i = 0; i < costs_.size(); i++) set(i, volumes[i]);
}

void LinkLoads::note() {
  is_noting_ = true;
  note_++;
  before_.clear();
}

void LinkLoads::take_back(std::vector<LoadChange>& changes) {
  changes.clear();
  for (const auto& [link, volume] : before_) {
    changes.push_back({link, volumes_[link] - volume});
    set(link, volume);
  }
  is_noting_ = false;
}

}  // namespace citiverse::sim
