// Whether a drawn shape can be: inside the city, not crossing itself, large enough; and how two shapes share ground.
#pragma once

#include "base/result.h"
#include "geo/box.h"
#include "plan/value.h"

namespace citiverse::plan {

geo::Box2d box_of(const Shape& shape);
/// Outer rings less holes; 0 for points and lines.
double area_m2(const Shape& shape);
double length_m(const Shape& shape);

/// Snaps to the millimetre grid, drops equal neighbours and closing points, turns outer rings counter-clockwise and holes
/// clockwise, then checks: limits of limits.h, within `city_box`, no ring that crosses or touches itself or another.
/// Fails: bad_input with the number of the point or ring, counted from 1, and the figures.
base::Result<Shape> checked_shape(Shape shape, const geo::Box2d& city_box);

/// Whether an outline holds the point (even-odd over all rings).
bool holds(const Shape& outline, geo::Vec2d point);

/// Ground that two outlines share, m². Shapes that passed checked_shape(), or the city's own. Threads: safe.
double shared_area_m2(const Shape& a, const Shape& b);

/// The street-side walk along a line: points every `spacing_m`, `offset_m` to the right of it (negative: left), the first half
/// a spacing from its start.
std::vector<geo::Vec2d> points_beside(const std::vector<geo::Vec2d>& line, double offset_m, double spacing_m);

}  // namespace citiverse::plan
