// Formulas of the sky as they were published.
#include "sim/sun/sky.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace citiverse::sim {
namespace {

constexpr double kSunOutsideAir = 1361;

struct PerezRow {
  double clearness_below;
  double f11, f12, f13, f21, f22, f23;
};
constexpr PerezRow kPerez[] = {{1.065, -0.008, 0.588, -0.062, -0.060, 0.072, -0.022},
                               {1.230, 0.130, 0.683, -0.151, -0.019, 0.066, -0.029},
                               {1.500, 0.330, 0.487, -0.221, 0.055, -0.064, -0.026},
                               {1.950, 0.568, 0.187, -0.295, 0.109, -0.152, -0.014},
                               {2.800, 0.873, -0.392, -0.362, 0.226, -0.462, 0.001},
                               {4.500, 1.132, -1.237, -0.412, 0.288, -0.823, 0.056},
                               {6.200, 1.060, -1.600, -0.359, 0.264, -1.127, 0.131},
                               {std::numeric_limits<double>::infinity(), 0.678, -0.327, -0.250, 0.156, -1.377, 0.251}};

double cosine_of(double angle_deg) { return std::cos(angle_deg * geo::kRadiansPerDegree); }

}  // namespace

double SkyLight::global_level(const SunPosition& sun) const {
  return diffuse_level + direct_normal * std::max(0.0, cosine_of(sun.zenith_deg));
}

double relative_air_mass(double zenith_deg) {
  if (zenith_deg >= 90) return std::numeric_limits<double>::infinity();
  return 1 / (cosine_of(zenith_deg) + 0.50572 * std::pow(96.07995 - zenith_deg, -1.6364));
}

double beam_outside_air(double distance_au) { return kSunOutsideAir / (distance_au * distance_au); }

SkyLight clear_sky(const SunPosition& sun, const ClearSky& air) {
  if (sun.zenith_deg >= 90) return {};
  const double cosine = cosine_of(sun.zenith_deg);
  const double outside = beam_outside_air(sun.distance_au);
  // Pressure by the barometric formula of the standard atmosphere.
  const double pressure_part = std::pow(1 - 2.25577e-5 * air.elevation_m, 5.25588);
  const double mass = relative_air_mass(sun.zenith_deg) * pressure_part;
  const double f1 = std::exp(-air.elevation_m / 8000);
  const double f2 = std::exp(-air.elevation_m / 1250);
  const double c1 = 5.09e-5 * air.elevation_m + 0.868;
  const double c2 = 3.92e-5 * air.elevation_m + 0.0387;
  const double turbid = air.linke_turbidity - 1;
  const double global = c1 * outside * cosine * std::exp(-c2 * mass * (f1 + f2 * turbid));
  const double b = 0.664 + 0.163 / f1;
  const double beam = b * outside * std::exp(-0.09 * mass * turbid);
  const double beam_of_global = global * (1 - (0.1 - 0.2 * std::exp(-air.linke_turbidity)) / (0.1 + 0.882 / f1)) / cosine;
  SkyLight light;
  light.direct_normal = std::max(0.0, std::min(beam, beam_of_global));
  light.diffuse_level = std::max(0.0, global - light.direct_normal * cosine);
  return light;
}

SlopeLight light_on_slope(const SkyLight& sky, const SunPosition& sun, double slope_deg, double facing_deg,
                          double ground_albedo) {
  SlopeLight light;
  const double slope_cosine = cosine_of(slope_deg);
  const double towards_sun = std::max(0.0, cosine_of(incidence_deg(sun, slope_deg, facing_deg)));
  const bool is_up = sun.zenith_deg < 90;
  if (is_up) light.direct = sky.direct_normal * towards_sun;
  light.ground = sky.global_level(sun) * ground_albedo * (1 - slope_cosine) / 2;
  if (sky.diffuse_level <= 0) return light;
  if (!is_up) {
    light.isotropic = sky.diffuse_level * (1 + slope_cosine) / 2;
    return light;
  }
  const double zenith = sun.zenith_deg * geo::kRadiansPerDegree;
  const double kz3 = 1.041 * zenith * zenith * zenith;
  const double clearness = ((sky.diffuse_level + sky.direct_normal) / sky.diffuse_level + kz3) / (1 + kz3);
  const double brightness = sky.diffuse_level * relative_air_mass(sun.zenith_deg) / beam_outside_air(sun.distance_au);
  const PerezRow& row =
      *std::find_if(std::begin(kPerez), std::end(kPerez) - 1, [&](const PerezRow& r) { return clearness < r.clearness_below; });
  const double f1 = std::max(0.0, row.f11 + row.f12 * brightness + row.f13 * zenith);
  const double f2 = row.f21 + row.f22 * brightness + row.f23 * zenith;
  light.isotropic = sky.diffuse_level * (1 - f1) * (1 + slope_cosine) / 2;
  light.circumsolar = sky.diffuse_level * f1 * towards_sun / std::max(cosine_of(85), cosine_of(sun.zenith_deg));
  light.horizon = sky.diffuse_level * f2 * std::sin(slope_deg * geo::kRadiansPerDegree);
  return light;
}

}  // namespace citiverse::sim
