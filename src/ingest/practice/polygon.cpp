// The plane operations of polygon.h; GEOS does the overlays, since a hand-made overlay is where cities break.
#include "ingest/practice/polygon.h"

#include <geos_c.h>

#include <algorithm>

#include "base/check.h"

namespace citiverse::ingest::practice {
namespace {

class Geos {
 public:
  Geos() : handle_(GEOS_init_r()) {}
  ~Geos() { GEOS_finish_r(handle_); }
  Geos(const Geos&) = delete;
  Geos& operator=(const Geos&) = delete;
  GEOSContextHandle_t handle() const { return handle_; }

 private:
  GEOSContextHandle_t handle_;
};

GEOSContextHandle_t geos() {
  thread_local const Geos context;
  return context.handle();
}

struct Destroy {
  void operator()(GEOSGeometry* g) const { GEOSGeom_destroy_r(geos(), g); }
};
using Shape = std::unique_ptr<GEOSGeometry, Destroy>;

GEOSCoordSequence* sequence(std::span<const Vec2d> points, bool closed) {
  const auto count = static_cast<unsigned>(points.size() + (closed ? 1 : 0));
  GEOSCoordSequence* s = GEOSCoordSeq_create_r(geos(), count, 2);
  for (unsigned i = 0; i < count; ++i) {
    const Vec2d p = points[i % points.size()];
    GEOSCoordSeq_setXY_r(geos(), s, i, p.x, p.y);
  }
  return s;
}

Shape shape(const Polygon& polygon) {
  GEOSGeometry* outer = GEOSGeom_createLinearRing_r(geos(), sequence(polygon.outer, true));
  std::vector<GEOSGeometry*> holes;
  for (const Path& hole : polygon.holes) holes.push_back(GEOSGeom_createLinearRing_r(geos(), sequence(hole, true)));
  return Shape(GEOSGeom_createPolygon_r(geos(), outer, holes.data(), static_cast<unsigned>(holes.size())));
}

Shape shape(const Strip& strip) {
  Shape line(GEOSGeom_createLineString_r(geos(), sequence(strip.line, false)));
  return Shape(GEOSBufferWithStyle_r(geos(), line.get(), strip.half_width_m, 3, GEOSBUF_CAP_ROUND, GEOSBUF_JOIN_ROUND, 5));
}

Shape collection(std::vector<Shape> shapes) {
  std::vector<GEOSGeometry*> raw;
  for (Shape& s : shapes) raw.push_back(s.release());
  return Shape(GEOSGeom_createCollection_r(geos(), GEOS_GEOMETRYCOLLECTION, raw.data(), static_cast<unsigned>(raw.size())));
}

Path ring_of(const GEOSGeometry* ring, bool counter_clockwise) {
  const GEOSCoordSequence* s = GEOSGeom_getCoordSeq_r(geos(), ring);
  unsigned count = 0;
  GEOSCoordSeq_getSize_r(geos(), s, &count);
  Path path;
  for (unsigned i = 0; i + 1 < count; ++i) {
    Vec2d p;
    GEOSCoordSeq_getXY_r(geos(), s, i, &p.x, &p.y);
    path.push_back(geo::snapped_to_mm(p));
  }
  path.erase(std::unique(path.begin(), path.end()), path.end());
  if (path.size() > 1 && path.front() == path.back()) path.pop_back();
  if ((signed_area(path) > 0) != counter_clockwise) std::reverse(path.begin(), path.end());
  return path;
}

void collect(const GEOSGeometry* g, double area_min_m2, std::vector<Polygon>& out) {
  const int type = GEOSGeomTypeId_r(geos(), g);
  if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) {
    for (int i = 0; i < GEOSGetNumGeometries_r(geos(), g); ++i) collect(GEOSGetGeometryN_r(geos(), g, i), area_min_m2, out);
    return;
  }
  if (type != GEOS_POLYGON || GEOSisEmpty_r(geos(), g)) return;
  Polygon p{ring_of(GEOSGetExteriorRing_r(geos(), g), true), {}};
  for (int i = 0; i < GEOSGetNumInteriorRings_r(geos(), g); ++i) {
    Path hole = ring_of(GEOSGetInteriorRingN_r(geos(), g, i), false);
    if (hole.size() >= 3) p.holes.push_back(std::move(hole));
  }
  if (p.outer.size() >= 3 && area_of(p) >= area_min_m2) out.push_back(std::move(p));
}

std::vector<Polygon> polygons_of(const Shape& g, double area_min_m2) {
  std::vector<Polygon> out;
  if (g) collect(g.get(), area_min_m2, out);
  std::stable_sort(out.begin(), out.end(), [](const Polygon& a, const Polygon& b) { return area_of(a) > area_of(b); });
  return out;
}

double segment_distance_squared(Vec2d a, Vec2d b, Vec2d p) {
  const Vec2d d = nearest_on_segment(a, b, p) - p;
  return dot(d, d);
}

}  // namespace

double path_length(std::span<const Vec2d> path) {
  double sum = 0;
  for (std::size_t i = 1; i < path.size(); ++i) sum += distance(path[i - 1], path[i]);
  return sum;
}

double signed_area(std::span<const Vec2d> ring) {
  double twice = 0;
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) twice += cross(ring[j] - ring[0], ring[i] - ring[0]);
  return twice / 2;
}

double area_of(const Polygon& polygon) {
  double area = std::abs(signed_area(polygon.outer));
  for (const Path& hole : polygon.holes) area -= std::abs(signed_area(hole));
  return area;
}

geo::Box2d box_of(std::span<const Vec2d> points) {
  geo::Box2d box;
  for (const Vec2d p : points) box.extend(p);
  return box;
}

bool contains(std::span<const Vec2d> ring, Vec2d p) {
  bool inside = false;
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
    const Vec2d a = ring[i], b = ring[j];
    if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}

bool contains(const Polygon& polygon, Vec2d p) {
  if (!contains(polygon.outer, p)) return false;
  return std::none_of(polygon.holes.begin(), polygon.holes.end(), [&](const Path& hole) { return contains(hole, p); });
}

Vec2d nearest_on_segment(Vec2d a, Vec2d b, Vec2d p) {
  const Vec2d d = b - a;
  const double square = dot(d, d);
  const double t = square > 0 ? std::clamp(dot(p - a, d) / square, 0.0, 1.0) : 0.0;
  return a + d * t;
}

double distance_to_path(std::span<const Vec2d> path, Vec2d p) {
  double best = std::numeric_limits<double>::infinity();
  for (std::size_t i = 1; i < path.size(); ++i) best = std::min(best, segment_distance_squared(path[i - 1], path[i], p));
  return std::sqrt(best);
}

double distance_to_ring(std::span<const Vec2d> ring, Vec2d p) {
  const double closing = segment_distance_squared(ring.back(), ring.front(), p);
  return std::min(std::sqrt(closing), distance_to_path(ring, p));
}

Vec2d unit(Vec2d v) {
  const double l = length(v);
  return l > 0 ? v * (1 / l) : Vec2d{1, 0};
}

PathPoint point_along(std::span<const Vec2d> path, double distance_m) {
  for (std::size_t i = 1; i < path.size(); ++i) {
    const double l = distance(path[i - 1], path[i]);
    if (distance_m <= l || i + 1 == path.size()) {
      const Vec2d d = unit(path[i] - path[i - 1]);
      return {path[i - 1] + d * std::min(distance_m, l), d};
    }
    distance_m -= l;
  }
  return {path.front(), {1, 0}};
}

Path simplified(std::span<const Vec2d> path, double tolerance_m) {
  if (path.size() < 3) return Path(path.begin(), path.end());
  std::vector<bool> keep(path.size(), false);
  keep.front() = keep.back() = true;
  std::vector<std::pair<std::size_t, std::size_t>> open = {{0, path.size() - 1}};
  while (!open.empty()) {
    const auto [first, last] = open.back();
    open.pop_back();
    double worst = tolerance_m * tolerance_m;
    std::size_t at = first;
    for (std::size_t i = first + 1; i < last; ++i) {
      const double d = segment_distance_squared(path[first], path[last], path[i]);
      if (d > worst) worst = d, at = i;
    }
    if (at == first) continue;
    keep[at] = true;
    open.push_back({first, at});
    open.push_back({at, last});
  }
  Path out;
  for (std::size_t i = 0; i < path.size(); ++i)
    if (keep[i]) out.push_back(path[i]);
  return out;
}

std::vector<Polygon> inset(const Polygon& polygon, double distance_m) {
  const Shape s = shape(polygon);
  return polygons_of(Shape(GEOSBufferWithStyle_r(geos(), s.get(), -distance_m, 2, GEOSBUF_CAP_FLAT, GEOSBUF_JOIN_MITRE, 3)), 1);
}

std::vector<Polygon> minus(const Polygon& polygon, std::span<const Strip> strips, std::span<const Polygon> others,
                           double area_min_m2) {
  std::vector<Shape> taken;
  for (const Strip& strip : strips) taken.push_back(shape(strip));
  for (const Polygon& other : others) taken.push_back(shape(other));
  const Shape from = shape(polygon);
  if (taken.empty()) return {polygon};
  const Shape all = collection(std::move(taken));
  const Shape one(GEOSUnaryUnion_r(geos(), all.get()));
  if (!one) return {};
  return polygons_of(Shape(GEOSDifference_r(geos(), from.get(), one.get())), area_min_m2);
}

std::vector<Polygon> intersection(const Polygon& a, const Polygon& b, double area_min_m2) {
  return polygons_of(Shape(GEOSIntersection_r(geos(), shape(a).get(), shape(b).get())), area_min_m2);
}

std::vector<Polygon> merged(std::span<const Polygon> polygons) {
  std::vector<Shape> shapes;
  for (const Polygon& p : polygons) shapes.push_back(shape(p));
  const Shape all = collection(std::move(shapes));
  return polygons_of(Shape(GEOSUnaryUnion_r(geos(), all.get())), 1);
}

double overlap_area(const Polygon& a, const Polygon& b) {
  double sum = 0;
  for (const Polygon& p : intersection(a, b, 0)) sum += area_of(p);
  return sum;
}

Circle largest_circle(const Polygon& polygon) {
  const Shape s = shape(polygon);
  const Shape radius(GEOSMaximumInscribedCircle_r(geos(), s.get(), 1.0));
  if (!radius) return {};
  const GEOSCoordSequence* c = GEOSGeom_getCoordSeq_r(geos(), radius.get());
  Circle circle;
  GEOSCoordSeq_getXY_r(geos(), c, 0, &circle.centre.x, &circle.centre.y);
  GEOSLength_r(geos(), radius.get(), &circle.radius_m);
  return circle;
}

bool is_valid(const Polygon& polygon) {
  if (polygon.outer.size() < 3) return false;
  const Shape s = shape(polygon);
  return s && GEOSisValid_r(geos(), s.get()) == 1;
}

}  // namespace citiverse::ingest::practice
