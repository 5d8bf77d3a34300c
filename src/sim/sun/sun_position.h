// Where the sun stands: NREL's Solar Position Algorithm, on which every shadow and every hour of sun rests.
#pragma once

#include <chrono>
#include <optional>

#include "geo/city_plane.h"
#include "geo/lat_lon.h"
#include "geo/vec.h"

namespace citiverse::sim {

/// A moment in UTC, to the millisecond.
using Moment = std::chrono::sys_time<std::chrono::milliseconds>;

/// Who looks at the sun. The air is what bends its light: at 10° of elevation by 0.09°, at the horizon by half a degree.
struct SunObserver {
  geo::LatLon place;
  double elevation_m = 0;
  double pressure_hpa = 1013.25;  ///< Annual mean.
  double temperature_c = 15;      ///< Annual mean.
  double delta_t_s = 69.2;        ///< Terrestrial time less UT1: 69.2 s in 2020 to 2026 (IERS Bulletin A).
};

struct SunPosition {
  double zenith_deg = 0;   ///< Topocentric, with refraction.
  double azimuth_deg = 0;  ///< Clockwise from true north, 0 to 360.
  double distance_au = 1;
  double elevation_deg() const { return 90 - zenith_deg; }
};

/// Valid from the year −2000 to 6000. Error: kSunPositionErrorDeg, as published. Cost: about 5 µs. Threads: safe.
/// Source: Reda & Andreas 2004, "Solar position algorithm for solar radiation applications", doi:10.1016/j.solener.2003.12.003;
/// NREL/TP-560-34302, revised January 2008, sections 3.1 to 3.14.
SunPosition sun_position(Moment moment, const SunObserver& observer);
inline constexpr double kSunPositionErrorDeg = 0.0003;

/// Angle between the sun's light and a surface's normal, degrees. `slope_deg` from the horizontal; `facing_deg` the direction
/// in which it falls, clockwise from north. Same source, section 3.15.
double incidence_deg(const SunPosition& sun, double slope_deg, double facing_deg);

/// The day of one place around a solar noon. Times are when the sun's upper rim touches a level horizon (0.8333° below it).
struct SunDay {
  Moment noon;                    ///< Transit: the sun at its highest.
  std::optional<Moment> sunrise;  ///< Neither of both: the sun stays up or down.
  std::optional<Moment> sunset;
  bool is_polar_day = false;
};

/// The day whose noon is nearest to a moment, such as twelve o'clock of a date. Error: 1 s between 65° south and north against
/// sun_position; further towards the poles, where the sun grazes the horizon, more. Same source, appendix A.2.
SunDay sun_day(Moment about_noon, const SunObserver& observer);

/// Unit vector towards the sun in the axes of a city's plane (x east, y north, z up) at a place: the plane's north differs from
/// true north by its convergence.
geo::Vec3d direction_to_sun(const SunPosition& sun, double convergence_deg);

/// How far, clockwise, the plane's y axis points from true north at a place. 0 on the meridian of the plane's origin.
double convergence_deg(const geo::CityPlane& plane, geo::Vec2d point);

}  // namespace citiverse::sim
