// Krüger's series in Karney's arrangement: conformal latitude, then six harmonics each way.
#include "geo/city_plane.h"

#include <cmath>
#include <numbers>

#include <fmt/format.h>

namespace citiverse::geo {
namespace {

constexpr double kN = kWgs84Flattening / (2.0 - kWgs84Flattening);
constexpr double kN2 = kN * kN;
constexpr double kN3 = kN2 * kN;
constexpr double kN4 = kN3 * kN;
constexpr double kN5 = kN4 * kN;
constexpr double kN6 = kN5 * kN;
const double kEccentricity = std::sqrt(kWgs84Flattening * (2.0 - kWgs84Flattening));

// Karney (14): radius of the rectifying sphere.
constexpr double kRectifyingRadiusM = kWgs84SemiMajorM / (1.0 + kN) * (1.0 + kN2 / 4.0 + kN4 / 64.0 + kN6 / 256.0);

// Karney (35).
constexpr std::array<double, 6> kAlpha = {
    kN / 2 - 2 * kN2 / 3 + 5 * kN3 / 16 + 41 * kN4 / 180 - 127 * kN5 / 288 + 7891 * kN6 / 37800,
    13 * kN2 / 48 - 3 * kN3 / 5 + 557 * kN4 / 1440 + 281 * kN5 / 630 - 1983433 * kN6 / 1935360,
    61 * kN3 / 240 - 103 * kN4 / 140 + 15061 * kN5 / 26880 + 167603 * kN6 / 181440,
    49561 * kN4 / 161280 - 179 * kN5 / 168 + 6601661 * kN6 / 7257600,
    34729 * kN5 / 80640 - 3418889 * kN6 / 1995840,
    212378941 * kN6 / 319334400};

// Karney (36).
constexpr std::array<double, 6> kBeta = {
    kN / 2 - 2 * kN2 / 3 + 37 * kN3 / 96 - kN4 / 360 - 81 * kN5 / 512 + 96199 * kN6 / 604800,
    kN2 / 48 + kN3 / 15 - 437 * kN4 / 1440 + 46 * kN5 / 105 - 1118711 * kN6 / 3870720,
    17 * kN3 / 480 - 37 * kN4 / 840 - 209 * kN5 / 4480 + 5569 * kN6 / 90720,
    4397 * kN4 / 161280 - 11 * kN5 / 504 - 830251 * kN6 / 7257600,
    4583 * kN5 / 161280 - 108847 * kN6 / 3991680,
    20648693 * kN6 / 638668800};

// Karney (7)-(9): tangent of the conformal latitude from tangent of the geographic one.
double conformal_tangent(double tau) {
  const double sigma = std::sinh(kEccentricity * std::atanh(kEccentricity * tau / std::hypot(1.0, tau)));
  return tau * std::hypot(1.0, sigma) - sigma * std::hypot(1.0, tau);
}

// Karney (19)-(21): Newton's method; two steps reach machine precision, the third is for the poles.
double geographic_tangent(double tau_conformal) {
  const double e2 = kEccentricity * kEccentricity;
  double tau = tau_conformal / (1.0 - e2);
  for (int step = 0; step < 3; ++step) {
    const double now = conformal_tangent(tau);
    tau += (tau_conformal - now) / std::hypot(1.0, now) * (1.0 + (1.0 - e2) * tau * tau) / ((1.0 - e2) * std::hypot(1.0, tau));
  }
  return tau;
}

// xi northward and eta eastward on the rectifying sphere, for a longitude counted from the central meridian.
Vec2d forward(double lat_rad, double lon_rad) {
  const double tau = conformal_tangent(std::tan(lat_rad));
  const double xi_sphere = std::atan2(tau, std::cos(lon_rad));
  const double eta_sphere = std::asinh(std::sin(lon_rad) / std::hypot(tau, std::cos(lon_rad)));
  double xi = xi_sphere;
  double eta = eta_sphere;
  for (std::size_t j = 0; j < kAlpha.size(); ++j) {
    const double k = 2.0 * static_cast<double>(j + 1);
    xi += kAlpha[j] * std::sin(k * xi_sphere) * std::cosh(k * eta_sphere);
    eta += kAlpha[j] * std::cos(k * xi_sphere) * std::sinh(k * eta_sphere);
  }
  return {eta * kRectifyingRadiusM, xi * kRectifyingRadiusM};
}

}  // namespace

CityPlane::CityPlane(LatLon origin) : origin_(origin), origin_northing_m_(forward(origin.lat_deg * kRadiansPerDegree, 0.0).y) {}

Vec2d CityPlane::to_plane(LatLon place) const {
  const Vec2d p = forward(place.lat_deg * kRadiansPerDegree, (place.lon_deg - origin_.lon_deg) * kRadiansPerDegree);
  return {p.x, p.y - origin_northing_m_};
}

LatLon CityPlane::to_lat_lon(Vec2d point) const {
  const double xi = (point.y + origin_northing_m_) / kRectifyingRadiusM;
  const double eta = point.x / kRectifyingRadiusM;
  double xi_sphere = xi;
  double eta_sphere = eta;
  for (std::size_t j = 0; j < kBeta.size(); ++j) {
    const double k = 2.0 * static_cast<double>(j + 1);
    xi_sphere -= kBeta[j] * std::sin(k * xi) * std::cosh(k * eta);
    eta_sphere -= kBeta[j] * std::cos(k * xi) * std::sinh(k * eta);
  }
  const double tau_conformal = std::sin(xi_sphere) / std::hypot(std::sinh(eta_sphere), std::cos(xi_sphere));
  const double lon_rad = std::atan2(std::sinh(eta_sphere), std::cos(xi_sphere));
  return {std::atan(geographic_tangent(tau_conformal)) / kRadiansPerDegree, origin_.lon_deg + lon_rad / kRadiansPerDegree};
}

std::string CityPlane::proj_string() const {
  return fmt::format("+proj=tmerc +lat_0={:.17g} +lon_0={:.17g} +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs",
                     origin_.lat_deg, origin_.lon_deg);
}

}  // namespace citiverse::geo
