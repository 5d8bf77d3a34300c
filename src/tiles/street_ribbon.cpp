// Along the right side, around the end, back along the left side.
#include "tiles/street_ribbon.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace citiverse::tiles {
namespace {

using geo::Vec2d;

constexpr double kPointsApartM = 0.02;
constexpr double kArcStepRad = 35.0 * std::numbers::pi / 180.0;

Vec2d unit(Vec2d v) { return v * (1 / geo::length(v)); }

/// Points on the circle from angle of `from` counter-clockwise to that of `to`, ends included.
void add_arc(Vec2d centre, Vec2d from, Vec2d to, std::vector<Vec2d>& ring) {
  double turn = std::atan2(geo::cross(from, to), geo::dot(from, to));
  if (turn <= 0) turn += 2 * std::numbers::pi;
  const int steps = std::max(1, static_cast<int>(std::ceil(turn / kArcStepRad)));
  ring.push_back(centre + from);
  for (int i = 1; i < steps; ++i) {
    const double angle = turn * i / steps;
    const double c = std::cos(angle), s = std::sin(angle);
    ring.push_back(centre + Vec2d{c * from.x - s * from.y, s * from.x + c * from.y});
  }
  ring.push_back(centre + to);
}

/// The right side of the corner at `at` for one who comes along `in` and leaves along `out` (unit vectors).
void add_corner(Vec2d at, Vec2d in, Vec2d out, double room, double offset, std::vector<Vec2d>& ring) {
  const Vec2d right_in = left_of(in) * -offset, right_out = left_of(out) * -offset;
  const double sine = geo::cross(in, out), cosine = geo::dot(in, out);
  const double turn = std::atan2(sine, cosine);
  const double back = offset * std::fabs(std::tan(turn / 2));
  if (sine < 0) {  // Towards the right: the inner side.
    if (back < room) {
      ring.push_back(at + right_in + in * -back);
    } else {
      ring.insert(ring.end(), {at + right_in, at, at + right_out});
    }
  } else if (std::fabs(turn) < kMitreTurnDeg * std::numbers::pi / 180.0) {
    ring.push_back(at + right_in + in * back);
  } else {
    add_arc(at, right_in, right_out, ring);
  }
}

/// The right side of the line, or of the line backwards; `first_right` and `last_right` are where 1 m to the right of its ends
/// is.
void add_side(std::span<const Vec2d> line, bool backwards, double offset, Vec2d first_right, Vec2d last_right,
              std::vector<Vec2d>& ring) {
  const auto point = [&](std::size_t i) { return line[backwards ? line.size() - 1 - i : i]; };
  Vec2d in = unit(point(1) - point(0));
  double room = geo::distance(point(0), point(1));
  ring.push_back(point(0) + first_right * offset);
  for (std::size_t i = 1; i + 1 < line.size(); ++i) {
    const Vec2d out = unit(point(i + 1) - point(i));
    const double ahead = geo::distance(point(i), point(i + 1));
    add_corner(point(i), in, out, std::min(room, ahead) * 0.5, offset, ring);
    in = out;
    room = ahead;
  }
  ring.push_back(point(line.size() - 1) + last_right * offset);
}

}  // namespace

void ribbon_outline(std::span<const Vec2d> line, const RibbonShape& shape, std::vector<Vec2d>& ring) {
  ring.clear();
  thread_local std::vector<Vec2d> points;
  points.clear();
  for (const Vec2d p : line) {
    if (points.empty() || geo::distance(points.back(), p) > kPointsApartM) points.push_back(p);
  }
  if (points.size() < 2) return;
  if (points.size() > 3 && geo::distance(points.front(), points.back()) <= kPointsApartM) points.push_back(points[1]);
  const Vec2d first = unit(points[1] - points[0]);
  const Vec2d last = unit(points.back() - points[points.size() - 2]);
  const Vec2d first_left = shape.start_left == Vec2d{} ? left_of(first) : shape.start_left;
  const Vec2d last_left = shape.end_left == Vec2d{} ? left_of(last) : shape.end_left;
  add_side(points, false, shape.right_m, first_left * -1, last_left * -1, ring);
  if (shape.round_end) {
    ring.pop_back();
    add_arc(points.back(), left_of(last) * -shape.right_m, left_of(last) * shape.right_m, ring);
  }
  add_side(points, true, shape.left_m, last_left, first_left, ring);
  if (shape.round_start) {
    ring.pop_back();
    add_arc(points.front(), left_of(first) * shape.left_m, left_of(first) * -shape.left_m, ring);
  }
}

void simplify_line(std::span<const Vec2d> line, double tolerance_m, std::vector<Vec2d>& simple) {
  simple.clear();
  if (line.size() < 3 || tolerance_m <= 0) {
    simple.assign(line.begin(), line.end());
    return;
  }
  thread_local std::vector<std::size_t> ends;
  ends.assign(1, line.size() - 1);
  std::size_t from = 0;
  simple.push_back(line[0]);
  while (!ends.empty()) {
    const std::size_t to = ends.back();
    const Vec2d along = line[to] - line[from];
    const double size = geo::length(along);
    double farthest = tolerance_m;
    std::size_t split = 0;
    for (std::size_t i = from + 1; i < to; ++i) {
      const Vec2d v = line[i] - line[from];
      const double k = size > 0 ? std::clamp(geo::dot(v, along) / (size * size), 0.0, 1.0) : 0.0;
      const double off = geo::length(v - along * k);
      if (off > farthest) {
        farthest = off;
        split = i;
      }
    }
    if (split != 0) {
      ends.push_back(split);
      continue;
    }
    simple.push_back(line[to]);
    from = to;
    ends.pop_back();
  }
}

}  // namespace citiverse::tiles
