// The streets as the solver reads them: flat arrays, links in the order of the node that they leave.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "sim/traffic/road_network.h"

namespace citiverse::sim {

inline constexpr std::uint32_t kNoRoadLink = std::numeric_limits<std::uint32_t>::max();
inline constexpr double kUnreachable = std::numeric_limits<double>::infinity();

/// Links have numbers of their own here; `given` leads back. Never changes once built.
struct TrafficGraph {
  std::uint32_t zones = 0;
  std::uint32_t nodes = 0;
  std::uint32_t first_through_node = 0;
  std::vector<std::uint32_t>
      out_start;  ///< nodes + 1: the links that leave a node are out_start[node] up to out_start[node + 1].
  std::vector<std::uint32_t> tail;
  std::vector<std::uint32_t> head;
  std::vector<std::uint32_t> given;  ///< The link's place in RoadNetwork::links.

  /// Of a network that passed check_network.
  static TrafficGraph of(const RoadNetwork& network);
  std::size_t links() const { return head.size(); }
  /// Whether a trip from `origin` may leave `node`.
  bool may_leave(std::uint32_t node, std::uint32_t origin) const { return node >= first_through_node || node == origin; }
};

/// What the solver reads at every step, by link.
struct LinkStates {
  const double* cost;   ///< Minutes at the volume now; infinite on a closed link.
  const double* slope;  ///< Minutes a unit more.
};

/// A link's volume grows by so much.
struct LoadChange {
  std::uint32_t link;
  double units;
};

/// Volumes on all links, and the costs that follow from them at once. Copies share the formulas.
class LinkLoads {
 public:
  LinkLoads() = default;
  /// `costs` outlives this.
  explicit LinkLoads(std::span<const LinkCost> costs);

  LinkStates states() const { return {minutes_.data(), slopes_.data()}; }
  double volume(std::size_t link) const { return volumes_[link]; }

  void add(std::uint32_t link, double units) {
    if (is_noting_ && noted_[link] != note_) {
      noted_[link] = note_;
      before_.push_back({link, volumes_[link]});
    }
    set(link, volumes_[link] + units);
  }
  void set(std::uint32_t link, double volume) {
    volumes_[link] = volume;
    minutes_[link] = costs_[link].minutes(volume);
    slopes_[link] = costs_[link].slope(volume);
  }
  /// To what the formulas say now.
  void set_all(std::span<const double> volumes);

  /// From here on, what add changes is noted.
  void note();
  /// What was added since, into `changes`; every volume is again, to the bit, what it was.
  void take_back(std::vector<LoadChange>& changes);

 private:
  std::span<const LinkCost> costs_;
  std::vector<double> minutes_;
  std::vector<double> slopes_;
  std::vector<double> volumes_;
  bool is_noting_ = false;
  std::uint32_t note_ = 0;
  std::vector<std::uint32_t> noted_;  // by link: the last note in which it stands
  std::vector<LoadChange> before_;    // volumes
};

}  // namespace citiverse::sim
