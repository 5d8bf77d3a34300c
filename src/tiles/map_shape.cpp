// Simplified first, cut after: a neighbour that draws the same line draws it through the same points.
#include "tiles/map_shape.h"

#include <algorithm>
#include <cmath>

namespace citiverse::tiles {
namespace {

constexpr double kLow = -MapShaper::kMvtBuffer;
constexpr double kHigh = formats::kMvtExtent + MapShaper::kMvtBuffer;

double squared_distance_to_segment(geo::Vec2d p, geo::Vec2d a, geo::Vec2d b) {
  const geo::Vec2d along = b - a;
  const double squared = geo::dot(along, along);
  const double t = squared > 0 ? std::clamp(geo::dot(p - a, along) / squared, 0.0, 1.0) : 0.0;
  const geo::Vec2d off = p - (a + along * t);
  return geo::dot(off, off);
}

// The part of a segment inside the buffered tile: Liang & Barsky 1984. False when there is none.
bool clip_segment(geo::Vec2d& a, geo::Vec2d& b) {
  double from = 0, to = 1;
  const geo::Vec2d d = b - a;
  const auto side = [&](double along, double room) {
    if (along == 0) return room >= 0;
    const double t = room / along;
    if (along < 0)
      from = std::max(from, t);
    else
      to = std::min(to, t);
    return from <= to;
  };
  if (!side(-d.x, a.x - kLow) || !side(d.x, kHigh - a.x) || !side(-d.y, a.y - kLow) || !side(d.y, kHigh - a.y)) return false;
  const geo::Vec2d start = a;
  if (to < 1) b = start + d * to;
  if (from > 0) a = start + d * from;
  return true;
}

geo::Box2d box_of(const std::vector<geo::Vec2d>& points) {
  geo::Box2d box;
  for (const geo::Vec2d& p : points) box.extend(p);
  return box;
}

bool is_outside(const geo::Box2d& box) {
  return box.high.x < kLow || box.low.x > kHigh || box.high.y < kLow || box.low.y > kHigh;
}
bool is_inside(const geo::Box2d& box) {
  return box.low.x >= kLow && box.high.x <= kHigh && box.low.y >= kLow && box.high.y <= kHigh;
}

double twice_area(const std::vector<geo::Vec2d>& ring) {
  double twice = 0;
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
    twice += geo::cross(ring[j] - ring[0], ring[i] - ring[0]);
  }
  return std::abs(twice);
}

}  // namespace

formats::MvtPoint to_grid(geo::Vec2d p) {
  return {static_cast<std::int32_t>(std::lround(p.x)), static_cast<std::int32_t>(std::lround(p.y))};
}

void MapShaper::simplify_line(std::vector<geo::Vec2d>& line, double tolerance, std::vector<std::uint32_t>& stack,
                              std::vector<bool>& keep) {
  if (line.size() < 3) return;
  keep.assign(line.size(), false);
  keep.front() = keep.back() = true;
  stack.assign({0, static_cast<std::uint32_t>(line.size() - 1)});
  while (!stack.empty()) {
    const std::uint32_t last = stack.back();
    const std::uint32_t first = stack[stack.size() - 2];
    stack.resize(stack.size() - 2);
    double worst = tolerance * tolerance;
    std::uint32_t at = first;
    for (std::uint32_t i = first + 1; i < last; ++i) {
      const double off = squared_distance_to_segment(line[i], line[first], line[last]);
      if (off <= worst) continue;
      worst = off;
      at = i;
    }
    if (at == first) continue;
    keep[at] = true;
    stack.insert(stack.end(), {first, at, at, last});
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (keep[i]) line[kept++] = line[i];
  }
  line.resize(kept);
}

void MapShaper::add_line(std::vector<geo::Vec2d>& line, double tolerance, formats::MvtLayer& layer) {
  if (line.size() < 2 || is_outside(box_of(line))) return;
  simplify_line(line, tolerance, stack_, keep_);
  points_.clear();
  for (std::size_t i = 1; i < line.size(); ++i) {
    geo::Vec2d a = line[i - 1];
    geo::Vec2d b = line[i];
    if (!clip_segment(a, b)) {
      layer.add_line(points_);
      points_.clear();
      continue;
    }
    const formats::MvtPoint start = to_grid(a);
    if (!points_.empty() && !(points_.back() == start)) {
      layer.add_line(points_);
      points_.clear();
    }
    if (points_.empty()) points_.push_back(start);
    points_.push_back(to_grid(b));
  }
  layer.add_line(points_);
}

// One side of Sutherland & Hodgman 1974, from from_ to to_.
void MapShaper::clip_side(int side) {
  const auto room = [side](geo::Vec2d p) {
    switch (side) {
      case 0: return p.x - kLow;
      case 1: return kHigh - p.x;
      case 2: return p.y - kLow;
      default: return kHigh - p.y;
    }
  };
  to_.clear();
  for (std::size_t i = 0, j = from_.size() - 1; i < from_.size(); j = i++) {
    const double here = room(from_[i]);
    const double before = room(from_[j]);
    if ((here >= 0) != (before >= 0)) to_.push_back(from_[j] + (from_[i] - from_[j]) * (before / (before - here)));
    if (here >= 0) to_.push_back(from_[i]);
  }
}

bool MapShaper::add_ring(std::vector<geo::Vec2d>& ring, bool is_hole, double tolerance, double area_min,
                         formats::MvtLayer& layer) {
  if (ring.size() < 3) return false;
  const geo::Box2d box = box_of(ring);
  if (is_outside(box) || twice_area(ring) < 2 * area_min) return false;
  // Closed, so that the stretch over its end is simplified too; the first point stays, and the one furthest from it.
  ring.push_back(ring.front());
  simplify_line(ring, tolerance, stack_, keep_);
  ring.pop_back();
  from_.swap(ring);
  if (!is_inside(box)) {
    for (int side = 0; side < 4 && !from_.empty(); ++side) {
      clip_side(side);
      from_.swap(to_);
    }
  }
  points_.clear();
  for (const geo::Vec2d& p : from_) points_.push_back(to_grid(p));
  return layer.add_ring(points_, is_hole);
}

}  // namespace citiverse::tiles
