// The city plane in the map's square: exact geodesy at a few points, polynomials between them, so that a vertex costs
// nanoseconds.
#pragma once

#include <array>

#include "geo/box.h"
#include "geo/city_plane.h"

namespace citiverse::tiles {

/// Web Mercator on the unit square: x 0 at 180° west to 1 at 180° east, y 0 at the north edge to 1 at the south edge.
/// Domain: latitudes are clamped to ±kMercatorLatMaxDeg. Source: OGC 17-083r4 (Two Dimensional Tile Matrix Set),
/// WebMercatorQuad.
geo::Vec2d mercator_of(geo::LatLon place);
geo::LatLon lat_lon_of(geo::Vec2d mercator);
inline constexpr double kMercatorLatMaxDeg = 85.051128779806604;

/// Plane → unit square by a polynomial of degree 5 in x and y, fitted at Chebyshev nodes of a box; outside of the box by the
/// exact way, at 20 times the cost. Error: kMapProjectionErrorM on the ground for boxes up to 200 km wide below 70° of
/// latitude. Threads: safe.
class MapProjection {
 public:
  MapProjection(const geo::CityPlane& plane, const geo::Box2d& box);
  geo::Vec2d operator()(geo::Vec2d point) const;

 private:
  static constexpr std::size_t kTerms = 6;

  geo::CityPlane plane_;
  geo::Vec2d centre_;
  double half_m_ = 1;
  std::array<std::array<geo::Vec2d, kTerms>, kTerms> factors_;  // [power of y][power of x]
};

inline constexpr double kMapProjectionErrorM = 0.01;

}  // namespace citiverse::tiles
