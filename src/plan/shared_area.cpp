// The only file of plans that knows GEOS: outlines that touch and nearly touch are what it is made for.
#include <geos_c.h>

#include <memory>

#include "plan/shapes.h"

namespace citiverse::plan {
namespace {

struct FinishGeos {
  void operator()(GEOSContextHandle_HS* handle) const { GEOS_finish_r(handle); }
};
using Handle = std::unique_ptr<GEOSContextHandle_HS, FinishGeos>;

struct DestroyGeometry {
  GEOSContextHandle_t handle;
  void operator()(GEOSGeometry* g) const { GEOSGeom_destroy_r(handle, g); }
};
using Geometry = std::unique_ptr<GEOSGeometry, DestroyGeometry>;

GEOSGeometry* ring_of(GEOSContextHandle_t handle, const Ring& ring) {
  const auto count = static_cast<unsigned>(ring.points.size());
  GEOSCoordSequence* points = GEOSCoordSeq_create_r(handle, count + 1, 2);
  for (unsigned i = 0; i <= count; ++i)
    GEOSCoordSeq_setXY_r(handle, points, i, ring.points[i % count].x, ring.points[i % count].y);
  return GEOSGeom_createLinearRing_r(handle, points);
}

Geometry polygons_of(GEOSContextHandle_t handle, const Shape& shape) {
  std::vector<GEOSGeometry*> polygons;
  for (std::size_t i = 0; i < shape.parts.size();) {
    GEOSGeometry* outer = ring_of(handle, shape.parts[i++]);
    std::vector<GEOSGeometry*> holes;
    while (i < shape.parts.size() && shape.parts[i].is_hole) holes.push_back(ring_of(handle, shape.parts[i++]));
    polygons.push_back(GEOSGeom_createPolygon_r(handle, outer, holes.data(), static_cast<unsigned>(holes.size())));
  }
  GEOSGeometry* all =
      GEOSGeom_createCollection_r(handle, GEOS_MULTIPOLYGON, polygons.data(), static_cast<unsigned>(polygons.size()));
  // A source's own outline may cross itself.
  Geometry valid(GEOSMakeValid_r(handle, all), {handle});
  GEOSGeom_destroy_r(handle, all);
  return valid;
}

}  // namespace

double shared_area_m2(const Shape& a, const Shape& b) {
  if (a.parts.empty() || b.parts.empty() || !box_of(a).intersects(box_of(b))) return 0;
  const Handle handle(GEOS_init_r());
  const Geometry first = polygons_of(handle.get(), a);
  const Geometry second = polygons_of(handle.get(), b);
  if (!first || !second) return 0;
  const Geometry both(GEOSIntersection_r(handle.get(), first.get(), second.get()), {handle.get()});
  double area = 0;
  if (!both || GEOSArea_r(handle.get(), both.get(), &area) == 0) return 0;
  return area;
}

}  // namespace citiverse::plan
