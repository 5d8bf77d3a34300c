// Geometry on its way into a city: repaired where it crosses itself, cut where it leaves the data's box.
#pragma once

#include <span>
#include <vector>

#include "city/feature.h"
#include "geo/box.h"
#include "geo/vec.h"

namespace citiverse::ingest {

/// Metres in the city plane. Rings are open: the first point is not repeated. Holes follow their outer ring.
struct ShapePart {
  std::vector<geo::Vec2d> points;
  bool is_hole = false;
};
struct Shape {
  city::GeometryType type = city::GeometryType::point;
  std::vector<ShapePart> parts;

  geo::Box2d box() const;
  /// Of polygons, without their holes; 0 for others. Square metres.
  double area_m2() const;
  /// Of lines, or around the outer rings. Metres.
  double length_m() const;
};

Shape point_shape(geo::Vec2d point);
Shape line_shape(std::vector<geo::Vec2d> points);
Shape ring_shape(std::vector<geo::Vec2d> points);

/// True when the open ring neither crosses nor touches itself. Cost: n log n for rings as they occur, n² at worst.
bool is_simple_ring(std::span<const geo::Vec2d> ring);

/// The polygons as valid ones that cover the same ground (OGC Simple Features validity), by GEOS. Empty when nothing is left.
Shape repaired(const Shape& polygons);

/// What of lines or polygons lies in the box, by GEOS. Empty when nothing does.
Shape clipped(const Shape& shape, const geo::Box2d& box);

/// True when the point is inside the polygons, by the even-odd rule.
bool covers(const Shape& polygons, geo::Vec2d point);

/// A point that is surely inside the polygons, by GEOS ("point on surface"); the middle of the box where there is none.
geo::Vec2d point_inside(const Shape& polygons);

}  // namespace citiverse::ingest
