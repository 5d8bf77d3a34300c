// The steps of the algorithm in the order in which it was published.
#include "sim/sun/sun_position.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "sim/sun/sun_terms.h"

namespace citiverse::sim {
namespace {

using std::chrono::milliseconds;

constexpr double kRadians = geo::kRadiansPerDegree;
constexpr double kMsPerDay = 86'400'000.0;
constexpr double kJulianDayOf1970 = 2440587.5;
// Sun's half diameter and the refraction at the horizon: A.2's h0'.
constexpr double kRimAtHorizonDeg = -0.8333;
constexpr double kSunRadiusDeg = 0.26667;
constexpr double kHorizonRefractionDeg = 0.5667;
// A time of sunrise moves by no more than this in one step.
constexpr double kStepMaxDays = 0.05;

double sin_deg(double a) { return std::sin(a * kRadians); }
double cos_deg(double a) { return std::cos(a * kRadians); }
double tan_deg(double a) { return std::tan(a * kRadians); }

double to_full_circle(double angle_deg) {
  const double rest = std::fmod(angle_deg, 360.0);
  return rest < 0 ? rest + 360 : rest;
}
double to_half_circle(double angle_deg) {
  const double rest = to_full_circle(angle_deg);
  return rest > 180 ? rest - 360 : rest;
}

double sum_of(std::span<const PeriodicTerm> terms, double millennia) {
  double sum = 0;
  for (const PeriodicTerm& t : terms) sum += t.a * std::cos(t.b + t.c * millennia);
  return sum;
}

template <std::size_t N>
double series(const std::array<std::span<const PeriodicTerm>, N>& powers, double millennia) {
  double value = 0;
  for (std::size_t n = N; n-- > 0;) value = value * millennia + sum_of(powers[n], millennia);
  return value * 1e-8;
}

// The sun as seen from the centre of the earth, and how far the earth has turned.
struct Geocentric {
  double right_ascension_deg;
  double declination_deg;
  double sidereal_deg;  // Apparent, at Greenwich.
  double distance_au;
};

// Sections 3.1 to 3.10: julian_day counts in UT, ephemeris_day in terrestrial time.
Geocentric geocentric_sun(double julian_day, double ephemeris_day) {
  const double century = (ephemeris_day - 2451545.0) / 36525.0;
  const double millennium = century / 10;
  const double longitude_deg = series<6>({kL0, kL1, kL2, kL3, kL4, kL5}, millennium) / kRadians;
  const double latitude_deg = series<2>({kB0, kB1}, millennium) / kRadians;
  const double radius_au = series<5>({kR0, kR1, kR2, kR3, kR4}, millennium);
  const double seen_longitude_deg = longitude_deg + 180;
  const double seen_latitude_deg = -latitude_deg;

  const double t = century;
  const double arguments[5] = {297.85036 + t * (445267.111480 + t * (-0.0019142 + t / 189474)),
                               357.52772 + t * (35999.050340 + t * (-0.0001603 - t / 300000)),
                               134.96298 + t * (477198.867398 + t * (0.0086972 + t / 56250)),
                               93.27191 + t * (483202.017538 + t * (-0.0036825 + t / 327270)),
                               125.04452 + t * (-1934.136261 + t * (0.0020708 + t / 450000))};
  double in_longitude = 0;
  double in_obliquity = 0;
  for (const NutationTerm& term : kNutation) {
    double angle_deg = 0;
    for (std::size_t i = 0; i < 5; ++i) angle_deg += term.y[i] * arguments[i];
    in_longitude += (term.a + term.b * t) * sin_deg(angle_deg);
    in_obliquity += (term.c + term.d * t) * cos_deg(angle_deg);
  }
  const double nutation_deg = in_longitude / 36e6;
  const double u = millennium / 10;
  constexpr double kObliquity[] = {84381.448, -4680.93, -1.55, 1999.25, -51.38, -249.67, -39.05, 7.12, 27.87, 5.79, 2.45};
  double mean_obliquity_s = 0;
  for (std::size_t n = std::size(kObliquity); n-- > 0;) mean_obliquity_s = mean_obliquity_s * u + kObliquity[n];
  const double obliquity_deg = mean_obliquity_s / 3600 + in_obliquity / 36e6;
  const double aberration_deg = -20.4898 / (3600 * radius_au);
  const double apparent_deg = seen_longitude_deg + nutation_deg + aberration_deg;

  const double days = julian_day - 2451545.0;
  const double ut_century = days / 36525.0;
  const double mean_sidereal_deg =
      280.46061837 + 360.98564736629 * days + ut_century * ut_century * (0.000387933 - ut_century / 38710000);
  Geocentric sun;
  sun.sidereal_deg = to_full_circle(mean_sidereal_deg) + nutation_deg * cos_deg(obliquity_deg);
  sun.right_ascension_deg = to_full_circle(
      std::atan2(sin_deg(apparent_deg) * cos_deg(obliquity_deg) - tan_deg(seen_latitude_deg) * sin_deg(obliquity_deg),
                 cos_deg(apparent_deg)) /
      kRadians);
  sun.declination_deg = std::asin(sin_deg(seen_latitude_deg) * cos_deg(obliquity_deg) +
                                  cos_deg(seen_latitude_deg) * sin_deg(obliquity_deg) * sin_deg(apparent_deg)) /
                        kRadians;
  sun.distance_au = radius_au;
  return sun;
}

double julian_day_of(Moment moment) {
  return static_cast<double>(moment.time_since_epoch().count()) / kMsPerDay + kJulianDayOf1970;
}

// Section 3.14.2, for an elevation without air.
double refraction_deg(double elevation_deg, const SunObserver& observer) {
  if (elevation_deg < -(kSunRadiusDeg + kHorizonRefractionDeg)) return 0;
  return observer.pressure_hpa / 1010 * 283 / (273 + observer.temperature_c) * 1.02 /
         (60 * tan_deg(elevation_deg + 10.3 / (elevation_deg + 5.11)));
}

}  // namespace

SunPosition sun_position(Moment moment, const SunObserver& observer) {
  const double julian_day = julian_day_of(moment);
  const Geocentric sun = geocentric_sun(julian_day, julian_day + observer.delta_t_s / 86400);
  const double latitude_deg = observer.place.lat_deg;
  const double hour_angle_deg = to_full_circle(sun.sidereal_deg + observer.place.lon_deg - sun.right_ascension_deg);

  // 3.12: the place is not the centre of the earth.
  const double parallax_deg = 8.794 / (3600 * sun.distance_au);
  const double flat = std::atan(0.99664719 * tan_deg(latitude_deg));
  const double x = std::cos(flat) + observer.elevation_m / 6378140 * cos_deg(latitude_deg);
  const double y = 0.99664719 * std::sin(flat) + observer.elevation_m / 6378140 * sin_deg(latitude_deg);
  const double across = cos_deg(sun.declination_deg) - x * sin_deg(parallax_deg) * cos_deg(hour_angle_deg);
  const double shift_deg = std::atan2(-x * sin_deg(parallax_deg) * sin_deg(hour_angle_deg), across) / kRadians;
  const double declination_deg =
      std::atan2((sin_deg(sun.declination_deg) - y * sin_deg(parallax_deg)) * cos_deg(shift_deg), across) / kRadians;
  const double hour_deg = hour_angle_deg - shift_deg;

  const double bare_elevation_deg =
      std::asin(std::clamp(sin_deg(latitude_deg) * sin_deg(declination_deg) +
                               cos_deg(latitude_deg) * cos_deg(declination_deg) * cos_deg(hour_deg),
                           -1.0, 1.0)) /
      kRadians;
  const double from_south_deg = std::atan2(sin_deg(hour_deg), cos_deg(hour_deg) * sin_deg(latitude_deg) -
                                                                  tan_deg(declination_deg) * cos_deg(latitude_deg)) /
                                kRadians;
  SunPosition position;
  position.zenith_deg = 90 - bare_elevation_deg - refraction_deg(bare_elevation_deg, observer);
  position.azimuth_deg = to_full_circle(from_south_deg + 180);
  position.distance_au = sun.distance_au;
  return position;
}

double incidence_deg(const SunPosition& sun, double slope_deg, double facing_deg) {
  const double cosine = cos_deg(sun.zenith_deg) * cos_deg(slope_deg) +
                        sin_deg(slope_deg) * sin_deg(sun.zenith_deg) * cos_deg(sun.azimuth_deg - facing_deg);
  return std::acos(std::clamp(cosine, -1.0, 1.0)) / kRadians;
}

SunDay sun_day(Moment about_noon, const SunObserver& observer) {
  // A.2 with fractions of a day that are not cut to [0, 1): east and west of Greenwich a day begins before or ends after UT's.
  const auto midnight = std::chrono::floor<std::chrono::days>(about_noon);
  const double day = julian_day_of(midnight);
  const double wished = static_cast<double>((about_noon - midnight).count()) / kMsPerDay;
  const Geocentric before = geocentric_sun(day - 1, day - 1);
  const Geocentric now = geocentric_sun(day, day);
  const Geocentric after = geocentric_sun(day + 1, day + 1);
  const double sidereal_deg = now.sidereal_deg;
  const double latitude_deg = observer.place.lat_deg;

  const auto between = [&](double a, double b, double c, double n, bool is_circle) {
    double first = b - a;
    double second = c - b;
    if (is_circle) {
      first = to_half_circle(first);
      second = to_half_circle(second);
    }
    return b + n * (first + second + (second - first) * n) / 2;
  };
  const auto hour_angle = [&](double part, double n) {
    const double right_ascension =
        between(before.right_ascension_deg, now.right_ascension_deg, after.right_ascension_deg, n, true);
    return to_half_circle(sidereal_deg + 360.985647 * part + observer.place.lon_deg - right_ascension);
  };
  const auto moment_of = [&](double part) {
    return std::chrono::time_point_cast<milliseconds>(midnight) +
           milliseconds(static_cast<std::int64_t>(std::llround(part * kMsPerDay)));
  };
  const auto with_delta_t = [&](double part) { return part + observer.delta_t_s / 86400; };

  double noon = (now.right_ascension_deg - observer.place.lon_deg - sidereal_deg) / 360;
  noon += std::round(wished - noon);
  // One step of the publication, and one more, because a day's end may lie far from UT's midnight.
  for (int step = 0; step < 2; ++step) noon -= hour_angle(noon, with_delta_t(noon)) / 360;
  SunDay result;
  result.noon = moment_of(noon);

  const double cosine = (sin_deg(kRimAtHorizonDeg) - sin_deg(latitude_deg) * sin_deg(now.declination_deg)) /
                        (cos_deg(latitude_deg) * cos_deg(now.declination_deg));
  if (!(std::abs(cosine) <= 1)) {
    result.is_polar_day = cosine < -1;
    return result;
  }
  const double half_day = std::acos(cosine) / kRadians / 360;
  const auto touches_horizon = [&](double part) {
    for (int step = 0; step < 3; ++step) {
      const double n = with_delta_t(part);
      const double declination_deg = between(before.declination_deg, now.declination_deg, after.declination_deg, n, false);
      const double hour_deg = hour_angle(part, n);
      const double elevation_deg = std::asin(sin_deg(latitude_deg) * sin_deg(declination_deg) +
                                             cos_deg(latitude_deg) * cos_deg(declination_deg) * cos_deg(hour_deg)) /
                                   kRadians;
      const double fall = 360 * cos_deg(declination_deg) * cos_deg(latitude_deg) * sin_deg(hour_deg);
      // Where the sun only grazes the horizon, a step would run away.
      if (fall != 0) part += std::clamp((elevation_deg - kRimAtHorizonDeg) / fall, -kStepMaxDays, kStepMaxDays);
    }
    return part;
  };
  result.sunrise = moment_of(touches_horizon(noon - half_day));
  result.sunset = moment_of(touches_horizon(noon + half_day));
  return result;
}

geo::Vec3d direction_to_sun(const SunPosition& sun, double convergence_deg) {
  const double azimuth_deg = sun.azimuth_deg - convergence_deg;
  const double level = sin_deg(sun.zenith_deg);
  return {level * sin_deg(azimuth_deg), level * cos_deg(azimuth_deg), cos_deg(sun.zenith_deg)};
}

double convergence_deg(const geo::CityPlane& plane, geo::Vec2d point) {
  constexpr double kStepDeg = 1e-4;
  const geo::LatLon at = plane.to_lat_lon(point);
  const geo::Vec2d south = plane.to_plane({at.lat_deg - kStepDeg, at.lon_deg});
  const geo::Vec2d north = plane.to_plane({at.lat_deg + kStepDeg, at.lon_deg});
  // True north in the plane's axes, clockwise from y; the plane's y lies as far on the other side of it.
  return -std::atan2(north.x - south.x, north.y - south.y) / kRadians;
}

}  // namespace citiverse::sim
