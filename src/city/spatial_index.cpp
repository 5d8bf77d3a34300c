// Building the tree bottom-up, and best-first search.
#include "city/spatial_index.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>

#include "city/hilbert.h"

namespace citiverse::city {
namespace {

float rounded_down(double v) {
  const float f = static_cast<float>(v);
  return static_cast<double>(f) <= v ? f : std::nextafter(f, -std::numeric_limits<float>::infinity());
}
float rounded_up(double v) {
  const float f = static_cast<float>(v);
  return static_cast<double>(f) >= v ? f : std::nextafter(f, std::numeric_limits<float>::infinity());
}

double squared_distance(const SpatialIndex::Node& n, geo::Vec2d p) {
  return geo::Box2d{{n.low_x, n.low_y}, {n.high_x, n.high_y}}.squared_distance(p);
}

}  // namespace

SpatialIndex::SpatialIndex(std::span<const geo::Box2d> boxes) {
  geo::Box2d all;
  for (const auto& box : boxes) all.extend(box);
  struct Leaf {
    std::uint32_t order;
    std::uint32_t item;
  };
  std::vector<Leaf> leaves;
  leaves.reserve(boxes.size());
  for (std::uint32_t i = 0; i < boxes.size(); ++i) {
    if (!boxes[i].empty()) leaves.push_back({hilbert_order(boxes[i].center(), all), i});
  }
  if (leaves.empty()) return;
  std::sort(leaves.begin(), leaves.end(),
            [](const Leaf& a, const Leaf& b) { return a.order != b.order ? a.order < b.order : a.item < b.item; });

  std::vector<Node> nodes;
  std::vector<std::uint32_t> ends;
  nodes.reserve(leaves.size() + leaves.size() / (kNodeItems - 1) + 8);
  for (const Leaf& leaf : leaves) {
    const geo::Box2d& b = boxes[leaf.item];
    nodes.push_back({rounded_down(b.low.x), rounded_down(b.low.y), rounded_up(b.high.x), rounded_up(b.high.y), leaf.item});
  }
  ends.push_back(static_cast<std::uint32_t>(nodes.size()));
  std::size_t level_first = 0;
  while (nodes.size() - level_first > 1 || ends.size() == 1) {
    const std::size_t level_end = nodes.size();
    for (std::size_t first = level_first; first < level_end; first += kNodeItems) {
      Node parent = nodes[first];
      parent.item = static_cast<std::uint32_t>(first);
      for (std::size_t i = first + 1; i < std::min(first + kNodeItems, level_end); ++i) {
        parent.low_x = std::min(parent.low_x, nodes[i].low_x);
        parent.low_y = std::min(parent.low_y, nodes[i].low_y);
        parent.high_x = std::max(parent.high_x, nodes[i].high_x);
        parent.high_y = std::max(parent.high_y, nodes[i].high_y);
      }
      nodes.push_back(parent);
    }
    ends.push_back(static_cast<std::uint32_t>(nodes.size()));
    level_first = level_end;
  }
  nodes_ = Column<Node>(std::move(nodes));
  level_ends_ = Column<std::uint32_t>(std::move(ends));
}

SpatialIndex::SpatialIndex(Column<Node> nodes, Column<std::uint32_t> level_ends)
    : nodes_(std::move(nodes)), level_ends_(std::move(level_ends)) {}

void SpatialIndex::visit_nearest(geo::Vec2d point, double distance_max,
                                 const std::function<bool(std::uint32_t, double)>& visit) const {
  if (nodes_.empty()) return;
  struct Waiting {
    double squared_distance;
    std::uint32_t node;
    std::uint8_t level;
    bool operator<(const Waiting& other) const {  // The queue's top is its greatest.
      if (squared_distance != other.squared_distance) return squared_distance > other.squared_distance;
      if (level != other.level) return level < other.level;
      return node > other.node;
    }
  };
  std::priority_queue<Waiting> queue;
  const auto root = static_cast<std::uint32_t>(nodes_.size() - 1);
  queue.push({squared_distance(nodes_[root], point), root, static_cast<std::uint8_t>(level_ends_.size() - 1)});
  while (!queue.empty()) {
    const Waiting nearest = queue.top();
    queue.pop();
    if (nearest.squared_distance > distance_max * distance_max) return;
    const Node& node = nodes_[nearest.node];
    if (nearest.level == 0) {
      if (!visit(node.item, nearest.squared_distance)) return;
      continue;
    }
    const std::uint32_t end = std::min<std::uint32_t>(node.item + kNodeItems, level_ends_[nearest.level - 1u]);
    for (std::uint32_t child = node.item; child < end; ++child) {
      queue.push({squared_distance(nodes_[child], point), child, static_cast<std::uint8_t>(nearest.level - 1)});
    }
  }
}

}  // namespace citiverse::city
