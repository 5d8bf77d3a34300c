// How high a bridge runs: one height for each place along each of its ways, the same in every tile that sees a part of it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "city/city.h"

namespace citiverse::tiles {

/// One connected bridge: ways that share ends.
class BridgeProfile {
 public:
  struct Way {
    city::FeatureIndex feature;
    std::uint32_t part;  ///< Of the feature's geometry.
    std::uint32_t nodes[2];
    double length_m;
  };

  /// The bridge that one part of a street or rail feature belongs to. Looks up what it shares ends with and what it crosses:
  /// the cost is that of the bridge. At most kBridgeWaysMax ways.
  void find(const city::City& city, city::FeatureIndex feature, std::uint32_t part);

  std::span<const Way> ways() const { return ways_; }  ///< Ordered by feature and part.
  /// Height of the deck at `along_m` from the start of a way.
  double height_at(const Way& way, double along_m) const;
  bool is_arched() const { return rise_m_ > 0; }

 private:
  struct Node {
    geo::Vec2d at;
    double height_m = 0;
    double to_ground_m = 0;  ///< Along the bridge to its nearest end on the ground.
    bool is_ground = false;
  };

  void add_way(const city::City& city, city::FeatureIndex feature, std::uint32_t part);
  std::uint32_t node_at(geo::Vec2d at);
  void find_ground(const city::City& city);
  void level();
  void clear_below(const city::City& city, const Way& way);
  double base_at(const Way& way, double along_m) const;

  std::vector<Way> ways_;
  std::vector<Node> nodes_;
  double rise_m_ = 0;
};

/// Length of a line, metres.
double line_length(std::span<const geo::Vec2d> line);
/// True for a street or rail that is drawn as a bridge.
bool is_bridge(const city::City& city, const city::Feature& feature);

}  // namespace citiverse::tiles
