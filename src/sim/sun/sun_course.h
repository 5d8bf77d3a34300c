// The sun's way over one place, cut into short stretches: what every count of sun hours steps through.
#pragma once

#include <chrono>
#include <vector>

#include "base/result.h"
#include "city/city.h"
#include "sim/sun/sun_position.h"

namespace citiverse::sim {

/// A stretch of a day during which the sun is taken to stand still, at its middle.
struct SunStretch {
  geo::Vec3d direction;  ///< Unit vector towards the sun, in the plane's axes.
  double seconds = 0;
  Moment middle;
};

/// A day that stands for `days` days around it.
struct SunCourseDay {
  std::uint32_t first = 0;  ///< Of SunCourse::stretches.
  std::uint32_t count = 0;
  double days = 1;
  std::chrono::sys_days date;
};

/// From sunrise to sunset of each day, in stretches of equal length, at most `stretch_s`.
struct SunCourse {
  std::vector<SunStretch> stretches;
  std::vector<SunCourseDay> days;
  double stretch_s = 0;
  bool empty() const { return stretches.empty(); }
  /// Hours from sunrise to sunset, of all days.
  double daylight_hours() const;
};

/// How finely. A shadow's edge that passes during a stretch is placed within half of it.
struct SunCourseOptions {
  double stretch_minutes = 5;
  double elevation_min_deg = 0;  ///< A lower sun is not counted; some rules leave out the lowest degrees.
  int days_apart = 10;           ///< Of a year: one day in so many is looked at.
};
inline constexpr double kStretchMinutesMin = 0.25;
inline constexpr double kStretchMinutesMax = 60;
inline constexpr int kDaysApartMax = 31;

/// The observer in the middle of a city's box, at its ground's height, in the air of the standard atmosphere.
SunObserver observer_in(const city::City& city, geo::Vec2d point);

/// One date: the solar day whose noon is nearest to twelve o'clock of local mean time. Fails: bad_input.
base::Result<SunCourse> course_of_day(const city::City& city, geo::Vec2d point, std::chrono::year_month_day date,
                                      const SunCourseOptions& options = {});

/// A year: the middle day of each run of `days_apart` days, standing for that run. Fails: bad_input.
base::Result<SunCourse> course_of_year(const city::City& city, geo::Vec2d point, std::chrono::year year,
                                       const SunCourseOptions& options = {});

}  // namespace citiverse::sim
