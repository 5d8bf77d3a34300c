// Axis-parallel boxes in the city plane, in metres.
#pragma once

#include <algorithm>
#include <limits>

#include "geo/vec.h"

namespace citiverse::geo {

/// Closed box. A default box is empty: it holds nothing, and extending it by a point gives that point.
struct Box2d {
  Vec2d low{std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
  Vec2d high{-std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};

  bool empty() const { return low.x > high.x || low.y > high.y; }
  double width() const { return high.x - low.x; }
  double height() const { return high.y - low.y; }
  Vec2d center() const { return {(low.x + high.x) / 2, (low.y + high.y) / 2}; }
  void extend(Vec2d p) {
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  void extend(const Box2d& b) {
    if (b.empty()) return;
    extend(b.low);
    extend(b.high);
  }
  Box2d grown_by(double margin) const { return {{low.x - margin, low.y - margin}, {high.x + margin, high.y + margin}}; }
  bool contains(Vec2d p) const { return p.x >= low.x && p.x <= high.x && p.y >= low.y && p.y <= high.y; }
  bool intersects(const Box2d& b) const {
    return low.x <= b.high.x && high.x >= b.low.x && low.y <= b.high.y && high.y >= b.low.y;
  }
  /// Squared distance from p to the box, 0 inside.
  double squared_distance(Vec2d p) const {
    const double dx = std::max({low.x - p.x, 0.0, p.x - high.x});
    const double dy = std::max({low.y - p.y, 0.0, p.y - high.y});
    return dx * dx + dy * dy;
  }
  friend bool operator==(const Box2d&, const Box2d&) = default;
};

}  // namespace citiverse::geo
