// The plane in which a city is kept: a transverse Mercator projection of its own, centred on the city.
#pragma once

#include <array>
#include <string>

#include "geo/lat_lon.h"
#include "geo/vec.h"

namespace citiverse::geo {

/// Transverse Mercator on WGS 84, scale 1 on the meridian of the origin, origin at (0, 0). Metres, x east, y north.
/// Scale is within 5e-6 of true up to 20 km from the origin and 1.3e-4 up to 100 km, so plane lengths are city lengths.
/// Error: kCityPlaneErrorM against PROJ's tmerc up to 300 km from the origin, both ways. Domain: places within 30° of
/// longitude. Cost: no allocation. Threads: safe. Source: Karney 2011, doi:10.1007/s00190-011-0445-3, series to n^6.
class CityPlane {
 public:
  explicit CityPlane(LatLon origin);

  LatLon origin() const { return origin_; }
  Vec2d to_plane(LatLon place) const;
  LatLon to_lat_lon(Vec2d point) const;

  /// The projection as PROJ writes it, for files that carry their reference system.
  std::string proj_string() const;

 private:
  LatLon origin_;
  double origin_northing_m_ = 0;
};

inline constexpr double kCityPlaneErrorM = 1e-6;

}  // namespace citiverse::geo
