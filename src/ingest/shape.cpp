// GEOS is only called for what is crooked or crosses the border: all else passes untouched.
#include "ingest/shape.h"

#include <geos_c.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

namespace citiverse::ingest {
namespace {

// One GEOS context a thread, with its messages dropped: findings say what happened.
GEOSContextHandle_t context() {
  struct Context {
    GEOSContextHandle_t handle = GEOS_init_r();
    ~Context() { GEOS_finish_r(handle); }
  };
  thread_local const Context mine;
  return mine.handle;
}

struct Destroy {
  void operator()(GEOSGeometry* geometry) const { GEOSGeom_destroy_r(context(), geometry); }
};
using GeosGeometry = std::unique_ptr<GEOSGeometry, Destroy>;

GEOSCoordSequence* sequence_of(std::span<const geo::Vec2d> points, bool close) {
  const auto count = static_cast<unsigned>(points.size() + (close ? 1 : 0));
  GEOSCoordSequence* sequence = GEOSCoordSeq_create_r(context(), count, 2);
  if (sequence == nullptr) return nullptr;
  for (unsigned i = 0; i < count; ++i) {
    const geo::Vec2d p = points[i % points.size()];
    GEOSCoordSeq_setXY_r(context(), sequence, i, p.x, p.y);
  }
  return sequence;
}

GeosGeometry polygon_of(std::span<const ShapePart> rings) {
  std::vector<GEOSGeometry*> made;
  for (const ShapePart& ring : rings) {
    if (ring.points.size() < 3) continue;
    if (GEOSGeometry* g = GEOSGeom_createLinearRing_r(context(), sequence_of(ring.points, true))) made.push_back(g);
  }
  if (made.empty()) return nullptr;
  return GeosGeometry(GEOSGeom_createPolygon_r(context(), made[0], made.data() + 1, static_cast<unsigned>(made.size() - 1)));
}

GeosGeometry geometry_of(const Shape& shape) {
  std::vector<GEOSGeometry*> members;
  const std::span parts(shape.parts);
  for (std::size_t i = 0; i < parts.size();) {
    std::size_t end = i + 1;
    if (shape.type == city::GeometryType::polygons) {
      while (end < parts.size() && parts[end].is_hole) ++end;
      if (auto polygon = polygon_of(parts.subspan(i, end - i))) members.push_back(polygon.release());
    } else if (parts[i].points.size() >= 2) {
      if (GEOSGeometry* line = GEOSGeom_createLineString_r(context(), sequence_of(parts[i].points, false)))
        members.push_back(line);
    }
    i = end;
  }
  const int type = shape.type == city::GeometryType::polygons ? GEOS_MULTIPOLYGON : GEOS_MULTILINESTRING;
  return GeosGeometry(GEOSGeom_createCollection_r(context(), type, members.data(), static_cast<unsigned>(members.size())));
}

std::vector<geo::Vec2d> points_of(const GEOSGeometry* line, bool ring) {
  const GEOSCoordSequence* sequence = GEOSGeom_getCoordSeq_r(context(), line);
  unsigned count = 0;
  GEOSCoordSeq_getSize_r(context(), sequence, &count);
  std::vector<geo::Vec2d> points(ring && count > 0 ? count - 1 : count);
  for (unsigned i = 0; i < points.size(); ++i) GEOSCoordSeq_getXY_r(context(), sequence, i, &points[i].x, &points[i].y);
  return points;
}

// Slivers that a repair or a cut leaves are no ground.
constexpr double kSliverM2 = 0.01;

void collect(const GEOSGeometry* geometry, Shape& into) {
  if (geometry == nullptr) return;
  const int type = GEOSGeomTypeId_r(context(), geometry);
  if (type == GEOS_POLYGON && into.type == city::GeometryType::polygons) {
    double area = 0;
    if (GEOSArea_r(context(), geometry, &area) != 1 || area < kSliverM2) return;
    into.parts.push_back({points_of(GEOSGetExteriorRing_r(context(), geometry), true), false});
    const int holes = GEOSGetNumInteriorRings_r(context(), geometry);
    for (int i = 0; i < holes; ++i)
      into.parts.push_back({points_of(GEOSGetInteriorRingN_r(context(), geometry, i), true), true});
  } else if (type == GEOS_LINESTRING && into.type == city::GeometryType::lines) {
    into.parts.push_back({points_of(geometry, false), false});
  } else if (type == GEOS_MULTIPOLYGON || type == GEOS_MULTILINESTRING || type == GEOS_GEOMETRYCOLLECTION) {
    const int members = GEOSGetNumGeometries_r(context(), geometry);
    for (int i = 0; i < members; ++i) collect(GEOSGetGeometryN_r(context(), geometry, i), into);
  }
}

double ring_area(std::span<const geo::Vec2d> ring) {
  double twice = 0;
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++)
    twice += geo::cross(ring[j] - ring[0], ring[i] - ring[0]);
  return std::abs(twice) / 2;
}

bool meet(geo::Vec2d a, geo::Vec2d b, geo::Vec2d c, geo::Vec2d d) {
  const double d1 = geo::cross(b - a, c - a);
  const double d2 = geo::cross(b - a, d - a);
  const double d3 = geo::cross(d - c, a - c);
  const double d4 = geo::cross(d - c, b - c);
  if (((d1 > 0 && d2 < 0) || (d1 < 0 && d2 > 0)) && ((d3 > 0 && d4 < 0) || (d3 < 0 && d4 > 0))) return true;
  const auto on = [](geo::Vec2d p, geo::Vec2d q, geo::Vec2d r) {
    return std::min(p.x, q.x) <= r.x && r.x <= std::max(p.x, q.x) && std::min(p.y, q.y) <= r.y && r.y <= std::max(p.y, q.y);
  };
  return (d1 == 0 && on(a, b, c)) || (d2 == 0 && on(a, b, d)) || (d3 == 0 && on(c, d, a)) || (d4 == 0 && on(c, d, b));
}

}  // namespace

geo::Box2d Shape::box() const {
  geo::Box2d all;
  for (const ShapePart& part : parts) {
    for (const auto p : part.points) all.extend(p);
  }
  return all;
}

double Shape::area_m2() const {
  if (type != city::GeometryType::polygons) return 0;
  double area = 0;
  for (const ShapePart& part : parts) area += part.is_hole ? -ring_area(part.points) : ring_area(part.points);
  return std::max(area, 0.0);
}

double Shape::length_m() const {
  double length = 0;
  for (const ShapePart& part : parts) {
    if (part.is_hole) continue;
    for (std::size_t i = 1; i < part.points.size(); ++i) length += geo::distance(part.points[i - 1], part.points[i]);
    if (type == city::GeometryType::polygons && part.points.size() > 2)
      length += geo::distance(part.points.back(), part.points.front());
  }
  return length;
}

Shape point_shape(geo::Vec2d point) { return {city::GeometryType::point, {{{point}, false}}}; }

Shape line_shape(std::vector<geo::Vec2d> points) {
  Shape shape{city::GeometryType::lines, {}};
  shape.parts.push_back({std::move(points), false});
  return shape;
}

Shape ring_shape(std::vector<geo::Vec2d> points) {
  if (points.size() > 1 && points.front() == points.back()) points.pop_back();
  Shape shape{city::GeometryType::polygons, {}};
  shape.parts.push_back({std::move(points), false});
  return shape;
}

bool is_simple_ring(std::span<const geo::Vec2d> ring) {
  const std::size_t n = ring.size();
  if (n < 3) return false;
  if (n == 3) return ring_area(ring) > 0;
  std::vector<std::uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0u);
  const auto next = [&](std::uint32_t i) { return ring[i + 1 == n ? 0 : i + 1]; };
  const auto low_x = [&](std::uint32_t i) { return std::min(ring[i].x, next(i).x); };
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return low_x(a) < low_x(b) || (low_x(a) == low_x(b) && a < b); });
  for (std::size_t s = 0; s < n; ++s) {
    const std::uint32_t i = order[s];
    const geo::Vec2d a = ring[i];
    const geo::Vec2d b = next(i);
    if (a == b) return false;
    const double high_x = std::max(a.x, b.x);
    for (std::size_t t = s + 1; t < n && low_x(order[t]) <= high_x; ++t) {
      const std::uint32_t j = order[t];
      const geo::Vec2d c = ring[j];
      const geo::Vec2d d = next(j);
      if (std::max(c.y, d.y) < std::min(a.y, b.y) || std::min(c.y, d.y) > std::max(a.y, b.y)) continue;
      const bool i_before_j = (i + 1) % n == j;
      const bool j_before_i = (j + 1) % n == i;
      if (i_before_j || j_before_i) {
        // Neighbours share a point; they must not run back over each other.
        const geo::Vec2d shared = i_before_j ? b : a;
        const geo::Vec2d back = (i_before_j ? a : b) - shared;
        const geo::Vec2d on = (i_before_j ? d : c) - shared;
        if (geo::cross(back, on) == 0 && geo::dot(back, on) > 0) return false;
      } else if (meet(a, b, c, d)) {
        return false;
      }
    }
  }
  return true;
}

Shape repaired(const Shape& polygons) {
  Shape out{polygons.type, {}};
  const auto crooked = geometry_of(polygons);
  if (!crooked) return out;
  const GeosGeometry valid(GEOSMakeValid_r(context(), crooked.get()));
  collect(valid.get(), out);
  return out;
}

Shape clipped(const Shape& shape, const geo::Box2d& box) {
  Shape out{shape.type, {}};
  const auto whole = geometry_of(shape);
  if (!whole) return out;
  const GeosGeometry inside(GEOSClipByRect_r(context(), whole.get(), box.low.x, box.low.y, box.high.x, box.high.y));
  collect(inside.get(), out);
  return out;
}

bool covers(const Shape& polygons, geo::Vec2d point) {
  bool inside = false;
  for (const ShapePart& part : polygons.parts) {
    const auto& ring = part.points;
    for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
      if ((ring[i].y > point.y) == (ring[j].y > point.y)) continue;
      const double x = ring[j].x + (point.y - ring[j].y) / (ring[i].y - ring[j].y) * (ring[i].x - ring[j].x);
      if (x > point.x) inside = !inside;
    }
  }
  return inside;
}

geo::Vec2d point_inside(const Shape& polygons) {
  geo::Vec2d point = polygons.box().center();
  const auto geometry = geometry_of(polygons);
  if (!geometry) return point;
  const GeosGeometry on(GEOSPointOnSurface_r(context(), geometry.get()));
  if (on && GEOSisEmpty_r(context(), on.get()) == 0) {
    GEOSGeomGetX_r(context(), on.get(), &point.x);
    GEOSGeomGetY_r(context(), on.get(), &point.y);
  }
  return point;
}

}  // namespace citiverse::ingest
