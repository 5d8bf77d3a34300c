// Areas, lines and what is cut out of them: the few plane operations the practice city needs, GEOS kept behind them.
#pragma once

#include <span>
#include <vector>

#include "geo/box.h"
#include "geo/vec.h"

namespace citiverse::ingest::practice {

using geo::Vec2d;
/// Vertices of an open line, or of a ring whose first vertex is not repeated. Metres.
using Path = std::vector<Vec2d>;

/// An outer ring, counter-clockwise, and holes, clockwise.
struct Polygon {
  Path outer;
  std::vector<Path> holes;
};

/// A line with a width: what is taken away from a block for a street.
struct Strip {
  Path line;
  double half_width_m = 0;
};

double path_length(std::span<const Vec2d> path);
/// Positive for a counter-clockwise ring. Square metres.
double signed_area(std::span<const Vec2d> ring);
/// Of the outer ring less the holes. Square metres.
double area_of(const Polygon& polygon);
geo::Box2d box_of(std::span<const Vec2d> points);
bool contains(std::span<const Vec2d> ring, Vec2d p);
bool contains(const Polygon& polygon, Vec2d p);
Vec2d nearest_on_segment(Vec2d a, Vec2d b, Vec2d p);
double distance_to_path(std::span<const Vec2d> path, Vec2d p);
double distance_to_ring(std::span<const Vec2d> ring, Vec2d p);
/// The point at a distance along the path, and the unit direction there.
struct PathPoint {
  Vec2d point;
  Vec2d direction;
};
PathPoint point_along(std::span<const Vec2d> path, double distance_m);
Vec2d unit(Vec2d v);
/// Douglas and Peucker 1973, doi:10.3138/FM57-6770-U75U-7727; ends stay.
Path simplified(std::span<const Vec2d> path, double tolerance_m);

/// Left over when the ring is moved inwards (positive) or outwards (negative), with sharp corners. Largest first.
std::vector<Polygon> inset(const Polygon& polygon, double distance_m);
/// Left over when strips and other areas are taken away. Largest first; pieces under `area_min_m2` are dropped.
std::vector<Polygon> minus(const Polygon& polygon, std::span<const Strip> strips, std::span<const Polygon> others,
                           double area_min_m2);
std::vector<Polygon> intersection(const Polygon& a, const Polygon& b, double area_min_m2);
/// The common outline of overlapping and touching areas.
std::vector<Polygon> merged(std::span<const Polygon> polygons);
double overlap_area(const Polygon& a, const Polygon& b);
/// Centre and radius of the largest circle inside, within 1 m.
struct Circle {
  Vec2d centre;
  double radius_m = 0;
};
Circle largest_circle(const Polygon& polygon);
/// Simple, closed, not crossing itself, of positive area.
bool is_valid(const Polygon& polygon);

}  // namespace citiverse::ingest::practice
