// Geodetic coordinates on WGS 84 and their Earth-centred form.
#pragma once

#include <numbers>

#include "geo/vec.h"

namespace citiverse::geo {

/// WGS 84, degrees; latitude positive north, longitude positive east.
struct LatLon {
  double lat_deg = 0;
  double lon_deg = 0;
  friend bool operator==(const LatLon&, const LatLon&) = default;
};

/// True for finite coordinates with |latitude| ≤ 90 and |longitude| ≤ 180.
bool is_valid(LatLon place);

inline constexpr double kWgs84SemiMajorM = 6378137.0;
inline constexpr double kWgs84Flattening = 1.0 / 298.257223563;
inline constexpr double kRadiansPerDegree = std::numbers::pi / 180.0;

/// Earth-centred, Earth-fixed metres (EPSG:4978) of a geodetic place; height above the ellipsoid in metres.
/// Source: IOGP 373-7-2, 4.1.1 "Geographic/geocentric conversions".
Vec3d to_ecef(LatLon place, double height_m);

/// East, north and up unit vectors at a place, in Earth-centred axes.
struct EnuAxes {
  Vec3d east;
  Vec3d north;
  Vec3d up;
};
EnuAxes enu_axes(LatLon place);

}  // namespace citiverse::geo
