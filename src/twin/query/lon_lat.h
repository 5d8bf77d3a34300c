// Points of GeoJSON as queries meet them most: read without a document, measured on the sphere.
#pragma once

#include <optional>
#include <string_view>

#include "twin/attribute.h"
#include "twin/store.h"

namespace citiverse::twin {

inline constexpr double kEarthRadiusM = 6'371'008.8;  ///< Mean radius of GRS 80 (Moritz 2000, doi:10.1007/s001900050278).

/// Degrees, in GeoJSON's order.
struct LonLat {
  double lon_deg = 0, lat_deg = 0;
  friend bool operator==(const LonLat&, const LonLat&) = default;
};

/// The position of a GeoJSON Point (RFC 7946, 3.1.2); nothing for other geometries. Heights are left out.
std::optional<LonLat> point_of(std::string_view geo_json);
/// The point of a GeoProperty's value, or nothing.
std::optional<LonLat> point_of(const Value& value);

/// Along a great circle, by the haversine formula.
double distance_m(LonLat a, LonLat b);

bool is_inside(const LonLatBox& box, LonLat point);
/// A box that holds everything within a distance of another, and a little more; the whole parallel where a pole is near.
LonLatBox widened(const LonLatBox& box, double metres);
inline LonLatBox box_around(LonLat point, double metres) {
  return widened({point.lon_deg, point.lat_deg, point.lon_deg, point.lat_deg}, metres);
}

}  // namespace citiverse::twin
