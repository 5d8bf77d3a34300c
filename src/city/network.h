// Who can get where: the streets as a graph for one way of moving, ready for shortest paths.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "city/city.h"

namespace citiverse::city {

/// A directed graph in compressed rows. Nodes are the ends of streets and the vertices that streets share; an edge is the piece
/// of one street between two nodes, in one direction that the mode may use. Streets on different layers that cross without
/// sharing a vertex do not meet. Costs: length in metres; time in seconds at the street's speed for kDrive and kBus (at least
/// kDriveSpeedLeastKmh), kCycleSpeedKmh, kWalkSpeedKmh and kStepsSpeedKmh otherwise.
/// Cost of building: one pass with a hash of vertices. Threads: reading is safe.
class Network {
 public:
  static constexpr double kWalkSpeedKmh = 4.8;
  static constexpr double kStepsSpeedKmh = 2.4;
  static constexpr double kCycleSpeedKmh = 16.0;
  static constexpr double kDriveSpeedLeastKmh = 5.0;

  using Node = std::uint32_t;
  struct Edge {
    Node to;
    float length_m;
    float time_s;
    FeatureIndex street;
    std::uint32_t
        first_vertex;  ///< In City::vertices; the piece runs to last_vertex, downwards when it goes against the street.
    std::uint32_t last_vertex;
  };

  Network(const City& city, Mode mode);

  Mode mode() const { return mode_; }
  std::size_t node_count() const { return positions_.size(); }
  std::size_t edge_count() const { return edges_.size(); }
  geo::Vec2d position(Node n) const { return positions_[n]; }
  std::span<const Edge> edges_from(Node n) const {
    return std::span(edges_).subspan(first_edges_[n], first_edges_[n + 1] - first_edges_[n]);
  }
  /// The node nearest to a point within `distance_max_m`.
  std::optional<Node> nearest_node(geo::Vec2d point, double distance_max_m) const;
  /// Node counts of the strongly connected components, greatest first: a sound network is nearly all in the first.
  std::vector<std::uint32_t> component_sizes() const;

 private:
  Mode mode_;
  std::vector<geo::Vec2d> positions_;
  std::vector<std::uint32_t> first_edges_;
  std::vector<Edge> edges_;
  SpatialIndex index_;
};

struct Path {
  double time_s = 0;
  double length_m = 0;
  std::vector<const Network::Edge*> edges;  ///< In order of travel.
};

/// The quickest path, by Dijkstra's algorithm with a binary heap; nothing when `to` cannot be reached.
std::optional<Path> quickest_path(const Network& network, Network::Node from, Network::Node to);

}  // namespace citiverse::city
