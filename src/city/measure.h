// How far, how long, how large, inside or not: questions about one feature's geometry.
#pragma once

#include "city/city.h"

namespace citiverse::city {

struct NearestPoint {
  double distance_m = 0;
  geo::Vec2d point;
};

/// The point of a feature's geometry nearest to `from`; `from` itself, at 0 m, inside a polygon.
NearestPoint nearest_point(const City& city, const Feature& feature, geo::Vec2d from);

/// Whether a polygon feature holds the point (even-odd over all rings); false for points and lines.
bool contains(const City& city, const Feature& feature, geo::Vec2d point);

double length_m(const City& city, const Feature& feature);  ///< Of all lines; of all rings for polygons.
double area_m2(const City& city, const Feature& feature);   ///< Outer rings less holes; 0 for points and lines.

}  // namespace citiverse::city
