// Sweeps are not needed: outlines have a few hundred points at most, and every pair is looked at exactly.
#include "plan/shapes.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "geo/orientation.h"
#include "plan/limits.h"

namespace citiverse::plan {
namespace {

using base::ErrorCode;
using base::fail;
using geo::Vec2d;

double twice_area(const std::vector<Vec2d>& ring) {
  double twice = 0;
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++)
    twice += geo::cross(ring[j] - ring[0], ring[i] - ring[0]);
  return twice;
}

bool lies_between(Vec2d a, Vec2d b, Vec2d p) {
  return std::min(a.x, b.x) <= p.x && p.x <= std::max(a.x, b.x) && std::min(a.y, b.y) <= p.y && p.y <= std::max(a.y, b.y);
}

bool segments_meet(Vec2d a, Vec2d b, Vec2d c, Vec2d d) {
  const int abc = geo::orientation(a, b, c);
  const int abd = geo::orientation(a, b, d);
  const int cda = geo::orientation(c, d, a);
  const int cdb = geo::orientation(c, d, b);
  if (abc * abd < 0 && cda * cdb < 0) return true;
  return (abc == 0 && lies_between(a, b, c)) || (abd == 0 && lies_between(a, b, d)) || (cda == 0 && lies_between(c, d, a)) ||
         (cdb == 0 && lies_between(c, d, b));
}

bool ring_holds(const std::vector<Vec2d>& ring, Vec2d p) {
  bool inside = false;
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
    if ((ring[i].y > p.y) == (ring[j].y > p.y)) continue;
    const int side = geo::orientation(ring[j], ring[i], p);
    if ((side > 0) == (ring[i].y > ring[j].y)) inside = !inside;
  }
  return inside;
}

base::Result<void> check_crossing(const Shape& shape) {
  for (std::size_t r = 0; r < shape.parts.size(); ++r) {
    const auto& a = shape.parts[r].points;
    for (std::size_t s = r; s < shape.parts.size(); ++s) {
      const auto& b = shape.parts[s].points;
      for (std::size_t i = 0; i < a.size(); ++i) {
        const Vec2d a0 = a[i];
        const Vec2d a1 = a[(i + 1) % a.size()];
        for (std::size_t j = r == s ? i + 1 : 0; j < b.size(); ++j) {
          const bool follows = r == s && (j == i + 1 || (i == 0 && j + 1 == a.size()));
          const Vec2d b0 = b[j];
          const Vec2d b1 = b[(j + 1) % b.size()];
          // Neighbours share a point; they may not fold back onto each other.
          const bool bad = follows ? (j == i + 1 ? geo::orientation(a0, a1, b1) == 0 && geo::dot(a0 - a1, b1 - a1) > 0
                                                 : geo::orientation(b0, a0, a1) == 0 && geo::dot(b0 - a0, a1 - a0) > 0)
                                   : segments_meet(a0, a1, b0, b1);
          if (!bad) continue;
          if (r == s)
            return fail(
                ErrorCode::bad_input,
                fmt::format("the outline crosses itself: its side from point {} meets that from point {}", i + 1, j + 1));
          return fail(ErrorCode::bad_input, fmt::format("ring {} and ring {} of the outline meet", r + 1, s + 1));
        }
      }
    }
  }
  return {};
}

base::Result<void> check_holes(const Shape& shape) {
  const Ring* outer = nullptr;
  for (std::size_t r = 0; r < shape.parts.size(); ++r) {
    const Ring& ring = shape.parts[r];
    if (ring.is_hole && (outer == nullptr || !ring_holds(outer->points, ring.points[0])))
      return fail(ErrorCode::bad_input, fmt::format("ring {} is a hole that does not lie in the ring before it", r + 1));
    if (ring.is_hole) continue;
    for (std::size_t s = 0; s < shape.parts.size(); ++s) {
      if (s != r && !shape.parts[s].is_hole && ring_holds(shape.parts[s].points, ring.points[0]))
        return fail(ErrorCode::bad_input, fmt::format("ring {} lies in ring {}; a hole is marked as one", r + 1, s + 1));
    }
    outer = &ring;
  }
  return {};
}

base::Result<void> check_size(const Shape& shape) {
  if (shape.type == city::GeometryType::polygons) {
    const double area = area_m2(shape);
    if (area < kOutlineAreaMinM2)
      return fail(ErrorCode::bad_input,
                  fmt::format("the outline would hold {:.1f} m²; {:.0f} m² is the least here", area, kOutlineAreaMinM2));
  }
  if (shape.type == city::GeometryType::lines) {
    const double length = length_m(shape);
    if (length < kLineLengthMinM || length > kLineLengthMaxM)
      return fail(ErrorCode::bad_input, fmt::format("the line would be {:.1f} m long; {:.0f} m to {:.0f} m are possible",
                                                    length, kLineLengthMinM, kLineLengthMaxM));
  }
  return {};
}

}  // namespace

geo::Box2d box_of(const Shape& shape) {
  geo::Box2d box;
  for (const Ring& ring : shape.parts)
    for (const Vec2d& p : ring.points) box.extend(p);
  return box;
}

double area_m2(const Shape& shape) {
  if (shape.type != city::GeometryType::polygons) return 0;
  double twice = 0;
  for (const Ring& ring : shape.parts) twice += (ring.is_hole ? -1 : 1) * std::abs(twice_area(ring.points));
  return twice / 2;
}

double length_m(const Shape& shape) {
  double length = 0;
  for (const Ring& ring : shape.parts)
    for (std::size_t i = 1; i < ring.points.size(); ++i) length += geo::distance(ring.points[i - 1], ring.points[i]);
  return length;
}

bool holds(const Shape& outline, Vec2d point) {
  bool inside = false;
  for (const Ring& ring : outline.parts) inside ^= ring_holds(ring.points, point);
  return inside;
}

base::Result<Shape> checked_shape(Shape shape, const geo::Box2d& city_box) {
  const bool is_ring = shape.type == city::GeometryType::polygons;
  const std::size_t least = is_ring ? 3 : shape.type == city::GeometryType::lines ? 2 : 1;
  if (shape.parts.empty()) return fail(ErrorCode::bad_input, "it has no points");
  if (shape.parts.size() > (is_ring ? kRingsMax : 1))
    return fail(ErrorCode::bad_input,
                fmt::format("it has {} parts; {} is the most here", shape.parts.size(), is_ring ? kRingsMax : 1));
  std::size_t points = 0;
  for (Ring& ring : shape.parts) {
    for (std::size_t i = 0; i < ring.points.size(); ++i) {
      const Vec2d p = ring.points[i];
      if (!std::isfinite(p.x) || !std::isfinite(p.y) || !city_box.contains(p))
        return fail(
            ErrorCode::bad_input,
            fmt::format("point {} lies {} outside the city", i + 1,
                        std::isfinite(p.x + p.y) ? fmt::format("{:.0f} m", std::sqrt(city_box.squared_distance(p))) : "far"));
      ring.points[i] = geo::snapped_to_mm(p);
    }
    ring.points.erase(std::unique(ring.points.begin(), ring.points.end()), ring.points.end());
    while (is_ring && ring.points.size() > 1 && ring.points.back() == ring.points.front()) ring.points.pop_back();
    if (ring.points.size() < least)
      return fail(ErrorCode::bad_input, fmt::format("it has {} different points; {} is the least", ring.points.size(), least));
    points += ring.points.size();
    if (points > kOutlinePointsMax)
      return fail(ErrorCode::bad_input, fmt::format("it has more than {} points", kOutlinePointsMax));
    if (is_ring && (twice_area(ring.points) > 0) == ring.is_hole) std::reverse(ring.points.begin(), ring.points.end());
  }
  if (is_ring) {
    if (auto good = check_crossing(shape); !good) return std::unexpected(good.error());
    if (auto good = check_holes(shape); !good) return std::unexpected(good.error());
  }
  if (auto good = check_size(shape); !good) return std::unexpected(good.error());
  return shape;
}

std::vector<Vec2d> points_beside(const std::vector<Vec2d>& line, double offset_m, double spacing_m) {
  std::vector<Vec2d> points;
  double next = spacing_m / 2;
  for (std::size_t i = 1; i < line.size(); ++i) {
    const Vec2d step = line[i] - line[i - 1];
    const double length = geo::length(step);
    if (length <= 0) continue;
    const Vec2d ahead = step * (1 / length);
    for (; next <= length; next += spacing_m) points.push_back(line[i - 1] + ahead * next - geo::left_of(ahead) * offset_m);
    next -= length;
  }
  return points;
}

}  // namespace citiverse::plan
