// Days become stretches; sunrise and sunset are met exactly.
#include "sim/sun/sun_course.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace citiverse::sim {
namespace {

using std::chrono::milliseconds;

base::Result<void> check_course(const SunCourseOptions& options) {
  if (!(options.stretch_minutes >= kStretchMinutesMin && options.stretch_minutes <= kStretchMinutesMax)) {
    return base::fail(base::ErrorCode::bad_input, fmt::format("stretch_minutes {}: {} to {}", options.stretch_minutes,
                                                              kStretchMinutesMin, kStretchMinutesMax));
  }
  if (!(options.elevation_min_deg >= 0 && options.elevation_min_deg < 90)) {
    return base::fail(base::ErrorCode::bad_input, fmt::format("elevation_min_deg {}: 0 to 90", options.elevation_min_deg));
  }
  if (options.days_apart < 1 || options.days_apart > kDaysApartMax) {
    return base::fail(base::ErrorCode::bad_input, fmt::format("days_apart {}: 1 to {}", options.days_apart, kDaysApartMax));
  }
  return {};
}

void add_day(std::chrono::sys_days date, double days, const SunObserver& observer, double convergence,
             const SunCourseOptions& options, SunCourse& course) {
  const auto local_noon = milliseconds(static_cast<std::int64_t>((12 - observer.place.lon_deg / 15) * 3'600'000));
  const SunDay day = sun_day(date + local_noon, observer);
  SunCourseDay entry{static_cast<std::uint32_t>(course.stretches.size()), 0, days, date};
  const auto half_day = milliseconds(std::chrono::hours(12));
  const bool is_up = day.sunrise || day.is_polar_day;
  const Moment from = day.sunrise.value_or(day.noon - half_day);
  const Moment to = day.sunset.value_or(day.noon + half_day);
  if (is_up && to > from) {
    const double length_ms = static_cast<double>((to - from).count());
    const double count = std::max(1.0, std::ceil(length_ms / (options.stretch_minutes * 60'000) - 1e-9));
    for (double i = 0; i < count; ++i) {
      const Moment middle = from + milliseconds(std::llround((i + 0.5) * length_ms / count));
      const SunPosition sun = sun_position(middle, observer);
      if (sun.elevation_deg() < options.elevation_min_deg && options.elevation_min_deg > 0) continue;
      course.stretches.push_back({direction_to_sun(sun, convergence), length_ms / count / 1000, middle});
    }
  }
  entry.count = static_cast<std::uint32_t>(course.stretches.size()) - entry.first;
  course.days.push_back(entry);
}

}  // namespace

double SunCourse::daylight_hours() const {
  double hours = 0;
  for (const SunCourseDay& day : days) {
    for (std::uint32_t s = day.first; s < day.first + day.count; ++s) hours += stretches[s].seconds * day.days / 3600;
  }
  return hours;
}

SunObserver observer_in(const city::City& city, geo::Vec2d point) {
  SunObserver observer;
  observer.place = city.plane().to_lat_lon(point);
  observer.elevation_m = city.terrain().height_at(point);
  observer.pressure_hpa = 1013.25 * std::pow(1 - 2.25577e-5 * observer.elevation_m, 5.25588);
  return observer;
}

base::Result<SunCourse> course_of_day(const city::City& city, geo::Vec2d point, std::chrono::year_month_day date,
                                      const SunCourseOptions& options) {
  if (auto checked = check_course(options); !checked) return std::unexpected(checked.error());
  if (!date.ok()) return base::fail(base::ErrorCode::bad_input, "date: not a day of the calendar");
  SunCourse course;
  course.stretch_s = options.stretch_minutes * 60;
  add_day(date, 1, observer_in(city, point), convergence_deg(city.plane(), point), options, course);
  return course;
}

base::Result<SunCourse> course_of_year(const city::City& city, geo::Vec2d point, std::chrono::year year,
                                       const SunCourseOptions& options) {
  if (auto checked = check_course(options); !checked) return std::unexpected(checked.error());
  if (!year.ok() || year < std::chrono::year(-1999) || year > std::chrono::year(5999)) {
    return base::fail(base::ErrorCode::bad_input, "year: −1999 to 5999");
  }
  SunCourse course;
  course.stretch_s = options.stretch_minutes * 60;
  const SunObserver observer = observer_in(city, point);
  const double convergence = convergence_deg(city.plane(), point);
  const std::chrono::sys_days first = year / 1 / 1;
  const int length = static_cast<int>((std::chrono::sys_days{(year + std::chrono::years(1)) / 1 / 1} - first).count());
  for (int day = 0; day < length; day += options.days_apart) {
    const int run = std::min(options.days_apart, length - day);
    add_day(first + std::chrono::days(day + run / 2), run, observer, convergence, options, course);
  }
  return course;
}

}  // namespace citiverse::sim
