// From timetable to place: each pattern's stops are laid on the line's course once; a vehicle is between two of them.
#include "load/practice_vehicles.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include <fmt/format.h>

#include "base/random.h"
#include "load/practice_sensors.h"

namespace citiverse::load {
namespace {

constexpr double kOffCourseM = 60;  // Stops that are farther from the course than this on average do not belong to it.
constexpr double kSameTurnM = 5;    // A later pass that is nearer by less than this is the way back.

std::vector<double> lengths_along(const std::vector<geo::Vec2d>& points) {
  std::vector<double> along(points.size(), 0.0);
  for (std::size_t i = 1; i < points.size(); ++i) along[i] = along[i - 1] + geo::distance(points[i - 1], points[i]);
  return along;
}

struct Laid {
  std::vector<double> stop_along_m;
  double off_m = 0;  // Mean distance of the stops from the course.
};

// Stops in order along a course, each not before the one that precedes it; of passes that are about as near, the first.
Laid lay_stops(const std::vector<geo::Vec2d>& points, const std::vector<double>& along, const std::vector<geo::Vec2d>& stops) {
  Laid laid;
  double least = 0;
  for (const geo::Vec2d stop : stops) {
    double best_off = 1e30;
    double best_along = least;
    for (std::size_t i = 1; i < points.size(); ++i) {
      if (along[i] < least) continue;
      const double length = along[i] - along[i - 1];
      const geo::Vec2d a = points[i - 1];
      const geo::Vec2d b = points[i];
      double part = length <= 0 ? 0 : ((stop.x - a.x) * (b.x - a.x) + (stop.y - a.y) * (b.y - a.y)) / (length * length);
      part = std::clamp(part, 0.0, 1.0);
      if (along[i - 1] + part * length < least) part = length <= 0 ? 0 : (least - along[i - 1]) / length;
      const double off = geo::distance(stop, {a.x + (b.x - a.x) * part, a.y + (b.y - a.y) * part});
      if (off < best_off - kSameTurnM) {
        best_off = off;
        best_along = along[i - 1] + part * length;
      } else if (off < best_off && along[i - 1] + part * length - best_along < 2 * kOffCourseM) {
        best_off = off;
        best_along = along[i - 1] + part * length;
      }
    }
    least = best_along;
    laid.stop_along_m.push_back(best_along);
    laid.off_m += best_off / static_cast<double>(stops.size());
  }
  return laid;
}

}  // namespace

PracticeVehicles::PracticeVehicles(const city::City& city, std::uint64_t seed) : city_(city), seed_(seed) {
  const city::Run lines = city.of_kind(city::FeatureKind::line);
  for (city::FeatureIndex i = lines.first; i < lines.first + lines.count; ++i) {
    const city::Line& line = city.line(city.feature(i));
    for (std::uint32_t p = 0; p < line.patterns.count; ++p) {
      const city::Pattern& pattern = city.columns().patterns[line.patterns.first + p];
      if (pattern.stops.count >= 2 && pattern.trips.count > 0) courses_.push_back(course_of(city, i, line.patterns.first + p));
    }
  }
}

PracticeVehicles::Course PracticeVehicles::course_of(const city::City& city, city::FeatureIndex line, std::uint32_t pattern) {
  const city::Run run = city.columns().patterns[pattern].stops;
  std::vector<geo::Vec2d> stops;
  for (std::uint32_t s = 0; s < run.count; ++s)
    stops.push_back(city.anchor(city.feature(city.columns().pattern_stops[run.first + s].stop)));

  std::optional<Laid> best;
  Course course;
  for (const city::Part& part : city.parts(city.feature(line).geometry)) {
    const auto vertices = city.vertices(part);
    if (vertices.size() < 2) continue;
    std::vector<geo::Vec2d> points(vertices.begin(), vertices.end());
    for (int direction = 0; direction < 2; ++direction, std::ranges::reverse(points)) {
      const std::vector<double> along = lengths_along(points);
      Laid laid = lay_stops(points, along, stops);
      if (laid.off_m > kOffCourseM || (best && laid.off_m >= best->off_m)) continue;
      best = std::move(laid);
      course.points = points;
      course.along_m = along;
    }
  }
  if (!best) {  // A line without a course of its own, or with another one: straight from stop to stop.
    course.points = stops;
    course.along_m = lengths_along(stops);
    best = Laid{course.along_m, 0};
  }
  course.stop_along_m = std::move(best->stop_along_m);
  course.line = line;
  course.pattern = pattern;
  return course;
}

void PracticeVehicles::under_way(std::chrono::sys_seconds moment, std::chrono::local_seconds local,
                                 std::vector<VehicleNow>& vehicles) const {
  const auto today = std::chrono::floor<std::chrono::days>(local);
  // Trips of yesterday may run past midnight.
  for (const std::chrono::local_days day : {today - std::chrono::days(1), today}) {
    const auto since_midnight_s = static_cast<double>((local - day).count());
    const unsigned weekday = std::chrono::weekday(day).iso_encoding() - 1;
    for (const Course& course : courses_) {
      const city::Run trips = city_.columns().patterns[course.pattern].trips;
      for (std::uint32_t t = 0; t < trips.count; ++t) {
        const city::Trip& trip = city_.columns().trips[trips.first + t];
        if ((trip.days >> weekday & 1) != 0) add_trip(course, trip, since_midnight_s, day, moment, vehicles);
      }
    }
  }
}

void PracticeVehicles::add_trip(const Course& course, const city::Trip& trip, double since_midnight_s,
                                std::chrono::local_days day, std::chrono::sys_seconds moment,
                                std::vector<VehicleNow>& vehicles) const {
  const city::Run run = city_.columns().patterns[course.pattern].stops;
  const city::PatternStop* stops = &city_.columns().pattern_stops[run.first];
  const std::uint64_t key = base::mix64(seed_ ^ (static_cast<std::uint64_t>(course.pattern) << 20) ^ trip.departure_s);
  const double latest_s = static_cast<double>(trip.departure_s + stops[run.count - 1].arrival_s) + 150;
  if (since_midnight_s < trip.departure_s || since_midnight_s > latest_s) return;
  const double delay_s = std::max(0.0, 30 + 110 * smooth_noise(key, moment, std::chrono::seconds(900)));
  const double elapsed_s = since_midnight_s - trip.departure_s - delay_s;
  if (elapsed_s < 0 || elapsed_s > stops[run.count - 1].arrival_s) return;

  std::uint32_t next = 1;
  while (next + 1 < run.count && elapsed_s > stops[next].departure_s) ++next;
  const double leaves_s = stops[next - 1].departure_s;
  const double arrives_s = stops[next].arrival_s;
  const double from_m = course.stop_along_m[next - 1];
  const double to_m = course.stop_along_m[next];
  const double part = arrives_s <= leaves_s ? 1 : std::clamp((elapsed_s - leaves_s) / (arrives_s - leaves_s), 0.0, 1.0);
  const double along_m = from_m + (to_m - from_m) * part;

  const auto after = std::ranges::upper_bound(course.along_m, along_m);
  const auto piece = std::clamp<std::ptrdiff_t>(after - course.along_m.begin(), 1, std::ssize(course.points) - 1);
  const geo::Vec2d a = course.points[static_cast<std::size_t>(piece - 1)];
  const geo::Vec2d b = course.points[static_cast<std::size_t>(piece)];
  const double length = course.along_m[static_cast<std::size_t>(piece)] - course.along_m[static_cast<std::size_t>(piece - 1)];
  const double on =
      length <= 0 ? 0 : std::clamp((along_m - course.along_m[static_cast<std::size_t>(piece - 1)]) / length, 0.0, 1.0);

  VehicleNow& vehicle = vehicles.emplace_back();
  const auto date = std::chrono::year_month_day(day);
  vehicle.id =
      fmt::format("urn:ngsi-ld:Vehicle:practice-{}-{}-{:04}{:02}{:02}", course.pattern, trip.departure_s,
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  vehicle.line = course.line;
  vehicle.next_stop = stops[next].stop;
  vehicle.at = {a.x + (b.x - a.x) * on, a.y + (b.y - a.y) * on};
  const double heading = std::atan2(b.x - a.x, b.y - a.y) * 180 / std::numbers::pi;
  vehicle.heading_deg = heading < 0 ? heading + 360 : heading;
  const bool is_moving = part > 0 && part < 1;
  vehicle.speed_kmh = is_moving ? (to_m - from_m) / (arrives_s - leaves_s) * 3.6 : 0;
  vehicle.delay_s = static_cast<std::int32_t>(delay_s);
}

}  // namespace citiverse::load
