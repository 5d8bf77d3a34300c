// A point is what nearly every entity has, so it does not wait for a geometry library.
#include "twin/query/lon_lat.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>

#include "twin/json_view.h"

namespace citiverse::twin {
namespace {

constexpr double kMetresPerDegree = kEarthRadiusM * std::numbers::pi / 180;

}  // namespace

std::optional<LonLat> point_of(std::string_view geo_json) {
  if (json_member(geo_json, "type") != "\"Point\"") return std::nullopt;
  const std::string_view position = json_member(geo_json, "coordinates");
  if (position.size() < 5 || position.front() != '[') return std::nullopt;
  const char* const end = position.data() + position.size();
  LonLat point;
  const auto lon = std::from_chars(position.data() + 1, end, point.lon_deg);
  if (lon.ec != std::errc() || lon.ptr == end || *lon.ptr != ',') return std::nullopt;
  const auto lat = std::from_chars(lon.ptr + 1, end, point.lat_deg);
  if (lat.ec != std::errc() || lat.ptr == end || (*lat.ptr != ',' && *lat.ptr != ']')) return std::nullopt;
  if (!(std::abs(point.lon_deg) <= 180 && std::abs(point.lat_deg) <= 90)) return std::nullopt;
  return point;
}

std::optional<LonLat> point_of(const Value& value) {
  const auto* json = std::get_if<Json>(&value);
  return json == nullptr ? std::nullopt : point_of(std::string_view(json->text));
}

double distance_m(LonLat a, LonLat b) {
  constexpr double kRadians = std::numbers::pi / 180;
  const double lat = std::sin((b.lat_deg - a.lat_deg) * kRadians / 2);
  const double lon = std::sin((b.lon_deg - a.lon_deg) * kRadians / 2);
  const double h = lat * lat + std::cos(a.lat_deg * kRadians) * std::cos(b.lat_deg * kRadians) * lon * lon;
  return 2 * kEarthRadiusM * std::asin(std::sqrt(std::min(1.0, h)));
}

LonLatBox widened(const LonLatBox& box, double metres) {
  const double lat_deg = metres * 1.01 / kMetresPerDegree;
  LonLatBox wide;
  wide.south_deg = std::max(-90.0, box.south_deg - lat_deg);
  wide.north_deg = std::min(90.0, box.north_deg + lat_deg);
  const double highest_deg = std::max(std::abs(wide.south_deg), std::abs(wide.north_deg));
  const double shrink = std::cos(highest_deg * std::numbers::pi / 180);
  const double lon_deg = shrink < 1e-6 ? 360 : lat_deg / shrink;
  if (box.east_deg - box.west_deg + 2 * lon_deg >= 360) return wide;
  wide.west_deg = std::remainder(box.west_deg - lon_deg, 360);
  wide.east_deg = std::remainder(box.east_deg + lon_deg, 360);
  return wide;
}

bool is_inside(const LonLatBox& box, LonLat point) {
  if (point.lat_deg < box.south_deg || point.lat_deg > box.north_deg) return false;
  if (box.west_deg <= box.east_deg) return point.lon_deg >= box.west_deg && point.lon_deg <= box.east_deg;
  return point.lon_deg >= box.west_deg || point.lon_deg <= box.east_deg;
}

}  // namespace citiverse::twin
