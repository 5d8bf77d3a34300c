// Which boxes meet this box, which are nearest: a packed Hilbert R-tree, built once, flat in memory.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "city/column.h"
#include "geo/box.h"

namespace citiverse::city {

/// Static R-tree of kNodeItems boxes a node, leaves in Hilbert order of their centres, rounded outwards to float.
/// Cost: 24 bytes an item; a query allocates nothing. Threads: reading is safe.
/// Source: Kamel & Faloutsos 1993, "On packing R-trees", doi:10.1145/170088.170403.
class SpatialIndex {
 public:
  static constexpr std::size_t kNodeItems = 16;

  struct Node {
    float low_x, low_y, high_x, high_y;
    std::uint32_t item;  ///< A leaf's item, or the first child of an inner node.
  };

  SpatialIndex() = default;
  /// Empty boxes are left out. Item i is boxes[i].
  explicit SpatialIndex(std::span<const geo::Box2d> boxes);
  SpatialIndex(Column<Node> nodes, Column<std::uint32_t> level_ends);

  /// Calls visit(item) for every box that meets `box`, or might by under a float's rounding; callers test exactly.
  template <class Visit>
  void visit_box(const geo::Box2d& box, Visit&& visit) const;

  /// Calls visit(item, squared box distance) in order of growing distance from `point` until visit returns false or
  /// `distance_max` is passed. Allocates a queue.
  void visit_nearest(geo::Vec2d point, double distance_max,
                     const std::function<bool(std::uint32_t item, double squared_distance)>& visit) const;

  const Column<Node>& nodes() const { return nodes_; }
  const Column<std::uint32_t>& level_ends() const { return level_ends_; }

 private:
  Column<Node> nodes_;                // Leaves first, the root last.
  Column<std::uint32_t> level_ends_;  // End of each level in nodes_.
};

template <class Visit>
void SpatialIndex::visit_box(const geo::Box2d& box, Visit&& visit) const {
  if (nodes_.empty()) return;
  const auto meets = [&](const Node& n) {
    return n.low_x <= box.high.x && n.high_x >= box.low.x && n.low_y <= box.high.y && n.high_y >= box.low.y;
  };
  // Depth is at most 8 for 2^32 items of 16 a node, and at most 15 siblings wait on each level.
  std::uint32_t waiting[8 * kNodeItems];
  std::uint8_t levels[8 * kNodeItems];
  std::size_t count = 0;
  const auto top = static_cast<std::uint8_t>(level_ends_.size() - 1);
  waiting[count] = static_cast<std::uint32_t>(nodes_.size() - 1);
  levels[count++] = top;
  while (count > 0) {
    const std::uint32_t at = waiting[--count];
    const std::uint8_t level = levels[count];
    const Node& node = nodes_[at];
    if (!meets(node)) continue;
    if (level == 0) {
      visit(node.item);
      continue;
    }
    const std::uint32_t end = std::min<std::uint32_t>(node.item + kNodeItems, level_ends_[level - 1u]);
    for (std::uint32_t child = end; child-- > node.item;) {
      if (!meets(nodes_[child])) continue;
      waiting[count] = child;
      levels[count++] = static_cast<std::uint8_t>(level - 1);
    }
  }
}

}  // namespace citiverse::city
