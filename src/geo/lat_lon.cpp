// Closed forms; no iteration is needed in this direction.
#include "geo/lat_lon.h"

#include <cmath>
#include <numbers>

namespace citiverse::geo {
namespace {}

bool is_valid(LatLon place) {
  return std::isfinite(place.lat_deg) && std::isfinite(place.lon_deg) && std::abs(place.lat_deg) <= 90.0 &&
         std::abs(place.lon_deg) <= 180.0;
}

Vec3d to_ecef(LatLon place, double height_m) {
  const double e2 = kWgs84Flattening * (2.0 - kWgs84Flattening);
  const double lat = place.lat_deg * kRadiansPerDegree;
  const double lon = place.lon_deg * kRadiansPerDegree;
  const double prime_vertical_m = kWgs84SemiMajorM / std::sqrt(1.0 - e2 * std::sin(lat) * std::sin(lat));
  return {(prime_vertical_m + height_m) * std::cos(lat) * std::cos(lon),
          (prime_vertical_m + height_m) * std::cos(lat) * std::sin(lon),
          (prime_vertical_m * (1.0 - e2) + height_m) * std::sin(lat)};
}

EnuAxes enu_axes(LatLon place) {
  const double lat = place.lat_deg * kRadiansPerDegree;
  const double lon = place.lon_deg * kRadiansPerDegree;
  return {{-std::sin(lon), std::cos(lon), 0.0},
          {-std::sin(lat) * std::cos(lon), -std::sin(lat) * std::sin(lon), std::cos(lat)},
          {std::cos(lat) * std::cos(lon), std::cos(lat) * std::sin(lon), std::sin(lat)}};
}

}  // namespace citiverse::geo
