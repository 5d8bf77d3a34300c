// Cleaning rings and measuring them.
#include "tiles/outline.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace citiverse::tiles {
namespace {

using geo::Vec2d;

// Distance of b from the stretch between a and c, so that a spike, whose tip lies beyond, is as near as its neighbours are.
bool is_needless(Vec2d a, Vec2d b, Vec2d c, double tolerance_m) {
  const Vec2d ac = c - a;
  const double length_squared = dot(ac, ac);
  if (length_squared < 1e-6) return true;  // A spike: out and back to one place.
  const double off_line = std::abs(cross(ac, b - a)) / std::sqrt(length_squared);
  if (off_line > tolerance_m) return false;
  const double along = dot(b - a, ac) / length_squared;
  // A vertex that overshoots turns back: a spike unless it has a width worth keeping.
  return (along >= 0 && along <= 1) || off_line < 1e-6 || distance(a, b) < tolerance_m || distance(b, c) < tolerance_m;
}

}  // namespace

void Outline::clear() {
  points_.clear();
  ends_.clear();
}

bool Outline::add_ring(std::span<const Vec2d> ring, double tolerance_m) {
  const std::size_t first = points_.size();
  const auto count = [&] { return points_.size() - first; };
  for (const Vec2d p : ring) {
    points_.push_back(p);
    while (count() >= 3) {
      const std::size_t n = points_.size();
      if (!is_needless(points_[n - 3], points_[n - 2], points_[n - 1], tolerance_m)) break;
      points_[n - 2] = points_[n - 1];
      points_.pop_back();
    }
    if (count() == 2 && distance(points_[first], points_[first + 1]) < tolerance_m) points_.pop_back();
  }
  // The same around the place where the ring closes.
  for (bool changed = true; changed && count() >= 3;) {
    changed = false;
    const std::size_t n = points_.size();
    if (is_needless(points_[n - 2], points_[n - 1], points_[first], tolerance_m)) {
      points_.pop_back();
      changed = true;
    } else if (is_needless(points_[n - 1], points_[first], points_[first + 1], tolerance_m)) {
      points_.erase(points_.begin() + static_cast<std::ptrdiff_t>(first));
      changed = true;
    }
  }
  if (count() < 3) {
    points_.resize(first);
    return false;
  }
  ends_.push_back(static_cast<std::uint32_t>(points_.size()));
  return true;
}

void Outline::keep_outer_ring_only() {
  ends_.resize(1);
  points_.resize(ends_[0]);
}

void Outline::become_hull() {
  keep_outer_ring_only();
  // Andrew 1979: lower and upper chain of the points in order of x.
  std::sort(points_.begin(), points_.end(), [](Vec2d a, Vec2d b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
  std::vector<Vec2d> hull;
  const auto add = [&](Vec2d p, std::size_t floor) {
    while (hull.size() >= floor + 2 && cross(hull.back() - hull[hull.size() - 2], p - hull.back()) <= 0) hull.pop_back();
    hull.push_back(p);
  };
  for (const Vec2d p : points_) add(p, 0);
  const std::size_t floor = hull.size() - 1;
  for (std::size_t i = points_.size() - 1; i-- > 0;) add(points_[i], floor);
  hull.pop_back();
  points_ = std::move(hull);
  ends_[0] = static_cast<std::uint32_t>(points_.size());
}

const std::vector<std::span<const Vec2d>>& Outline::rings() const {
  rings_.clear();
  for (std::size_t r = 0; r < ring_count(); ++r) rings_.push_back(ring(r));
  return rings_;
}

double Outline::area_m2() const {
  double sum = 0;
  for (std::size_t r = 0; r < ring_count(); ++r) sum += signed_area_m2(ring(r));
  return sum;
}

double signed_area_m2(std::span<const Vec2d> ring) {
  double doubled = 0;
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) doubled += cross(ring[j] - ring[0], ring[i] - ring[0]);
  return doubled / 2;
}

OrientedBox oriented_box(std::span<const Vec2d> ring) {
  OrientedBox best;
  double best_area = std::numeric_limits<double>::infinity();
  const std::size_t stride = (ring.size() + kBoxSidesMax - 1) / kBoxSidesMax;
  for (std::size_t i = 0; i < ring.size(); i += stride) {
    const Vec2d side = ring[(i + 1) % ring.size()] - ring[i];
    const double side_length = length(side);
    if (!(side_length > 0)) continue;
    const Vec2d u = side * (1 / side_length);
    const Vec2d v = left_of(u);
    Vec2d low{1e300, 1e300};
    Vec2d high{-1e300, -1e300};
    for (const Vec2d p : ring) {
      const Vec2d q{dot(p - ring[0], u), dot(p - ring[0], v)};
      low = {std::min(low.x, q.x), std::min(low.y, q.y)};
      high = {std::max(high.x, q.x), std::max(high.y, q.y)};
    }
    const double area = (high.x - low.x) * (high.y - low.y);
    if (area >= best_area * (1 - 1e-9)) continue;  // Of equal boxes the first, whatever rounding says.
    best_area = area;
    const Vec2d middle = (low + high) * 0.5;
    const bool is_long = high.x - low.x >= high.y - low.y;
    best.center = ring[0] + u * middle.x + v * middle.y;
    best.along = is_long ? u : v;
    best.half_length_m = (is_long ? high.x - low.x : high.y - low.y) / 2;
    best.half_width_m = (is_long ? high.y - low.y : high.x - low.x) / 2;
  }
  return best;
}

}  // namespace citiverse::tiles
