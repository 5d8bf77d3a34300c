// Public transport: stops, and lines with their stops, headway and hours of service.
#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "plan/all_families.h"
#include "plan/limits.h"
#include "plan/shapes.h"

namespace citiverse::plan {
namespace {

using city::CityPatch;
using city::FeatureId;

enum StopProperty : std::size_t { kStopName, kStopAt, kStopMode, kStopShelter, kStopWheelchair };

constexpr PropertyRule kStopRules[] = {
    {"name", ValueType::text},
    {.name = "at", .type = ValueType::point, .is_needed = true},
    {.name = "mode", .type = ValueType::word, .words = city::words_of<city::TransitMode>},
    {"shelter", ValueType::boolean},
    {.name = "wheelchair", .type = ValueType::word, .words = city::words_of<city::Wheelchair>},
};

Value stop_value(const city::City& city, const city::Feature& feature, std::size_t property) {
  const city::Stop& s = city.stop(feature);
  switch (property) {
    case kStopName: return text_value(city.text(feature.name));
    case kStopAt: return feature.geometry.type == city::GeometryType::point ? shape_value(city, feature) : Value{};
    case kStopMode: return std::string(city::word_for(s.mode));
    case kStopShelter: return s.has_shelter;
    case kStopWheelchair: return std::string(city::word_for(s.wheelchair));
    default: return {};
  }
}

base::Result<void> check_stop(const ObjectView&) { return {}; }

void put_stop(const ObjectView& object, CityPatch& patch) {
  city::Stop s = object.feature() == nullptr ? city::Stop{} : object.base().stop(*object.feature());
  write_word(object, kStopMode, s.mode);
  write_bool(object, kStopShelter, s.has_shelter);
  write_word(object, kStopWheelchair, s.wheelchair);
  patch.put(object.id().feature(), geometry_for(object, kStopAt, patch), name_for(object, kStopName, patch), s,
            attributes_for(object, {}, patch));
}

enum LineProperty : std::size_t {
  kLineName,
  kLineReference,
  kLineMode,
  kLineStops,
  kLineCourse,
  kLineHeadway,
  kLineFirst,
  kLineLast,
  kLineSpeed
};

constexpr double kDayMinutes = 24 * 60;
constexpr PropertyRule kLineRules[] = {
    {"name", ValueType::text},
    {.name = "reference", .type = ValueType::text, .is_needed = true},
    {.name = "mode", .type = ValueType::word, .words = city::words_of<city::TransitMode>},
    {.name = "stops", .type = ValueType::stops, .is_needed = true},
    {.name = "course", .type = ValueType::line, .is_needed = true},
    {.name = "headway_min",
     .type = ValueType::number,
     .least = kHeadwayMinMin,
     .most = kHeadwayMaxMin,
     .unit = "min",
     .is_needed = true},
    {"first_departure_min", ValueType::whole_number, 0, kDayMinutes, "min after midnight"},
    {"last_departure_min", ValueType::whole_number, 0, 2 * kDayMinutes, "min after midnight"},
    {"speed_kmh", ValueType::number, 3, kLineSpeedMaxKmh, "km/h"},
};
constexpr double kFirstDepartureMin = 6 * 60;
constexpr double kLastDepartureMin = 22 * 60;

std::vector<FeatureId> stops_of(const city::City& city, const city::Line& line) {
  std::vector<FeatureId> stops;
  city::Run longest;
  for (std::uint32_t p = line.patterns.first; p < line.patterns.first + line.patterns.count; ++p)
    if (city.columns().patterns[p].stops.count > longest.count) longest = city.columns().patterns[p].stops;
  for (std::uint32_t i = longest.first; i < longest.first + longest.count; ++i)
    if (const auto stop = city.columns().pattern_stops[i].stop; stop != city::kNone) stops.push_back(city.feature(stop).id);
  return stops;
}

// The middle of the waits between departures of the course with most of them.
Value headway_of(const city::City& city, const city::Line& line) {
  city::Run trips;
  for (std::uint32_t p = line.patterns.first; p < line.patterns.first + line.patterns.count; ++p)
    if (city.columns().patterns[p].trips.count > trips.count) trips = city.columns().patterns[p].trips;
  std::vector<std::uint32_t> waits;
  for (std::uint32_t t = trips.first + 1; t < trips.first + trips.count; ++t) {
    const std::uint32_t wait = city.columns().trips[t].departure_s - city.columns().trips[t - 1].departure_s;
    if (wait > 0) waits.push_back(wait);
  }
  if (waits.empty()) return {};
  std::nth_element(waits.begin(), waits.begin() + static_cast<std::ptrdiff_t>(waits.size() / 2), waits.end());
  return waits[waits.size() / 2] / 60.0;
}

Value line_value(const city::City& city, const city::Feature& feature, std::size_t property) {
  const city::Line& line = city.line(feature);
  switch (property) {
    case kLineName: return text_value(city.text(feature.name));
    case kLineReference: return text_value(city.text(line.reference));
    case kLineMode: return std::string(city::word_for(line.mode));
    case kLineStops: return stops_of(city, line);
    case kLineCourse: return feature.geometry.type == city::GeometryType::lines ? shape_value(city, feature) : Value{};
    case kLineHeadway: return headway_of(city, line);
    default: return {};
  }
}

base::Result<void> check_line(const ObjectView& object) {
  const double first = object.get<double>(kLineFirst).value_or(kFirstDepartureMin);
  const double last = object.get<double>(kLineLast).value_or(kLastDepartureMin);
  if (last < first)
    return base::fail(base::ErrorCode::bad_input,
                      fmt::format("last_departure_min: {:.0f} is before the first departure at {:.0f}", last, first));
  return {};
}

std::vector<city::Trip> trips_every(double headway_min, double first_min, double last_min) {
  std::vector<city::Trip> trips;
  for (double at = first_min; at <= last_min + 1e-9; at += headway_min)
    trips.push_back({.departure_s = static_cast<std::uint32_t>(std::llround(at * 60)), .days = 0xFF});
  return trips;
}

// Where along the course each stop is passed: the nearest point behind the stop before.
std::vector<double> metres_at_stops(const std::vector<geo::Vec2d>& course, const std::vector<geo::Vec2d>& stops) {
  std::vector<double> at;
  double passed = 0;
  for (const geo::Vec2d stop : stops) {
    double along = 0;
    double best = std::numeric_limits<double>::infinity();
    double best_at = passed;
    for (std::size_t i = 1; i < course.size(); ++i) {
      const geo::Vec2d step = course[i] - course[i - 1];
      const double length = geo::length(step);
      const double t = length > 0 ? std::clamp(geo::dot(stop - course[i - 1], step) / (length * length), 0.0, 1.0) : 0;
      const double here = along + t * length;
      const double away = geo::distance(stop, course[i - 1] + step * t);
      if (here >= passed && away < best) {
        best = away;
        best_at = here;
      }
      along += length;
    }
    passed = std::max(passed, best_at);
    at.push_back(passed);
  }
  return at;
}

}  // namespace

constinit const Family kStopFamily{
    static_cast<std::uint8_t>(city::FeatureKind::stop), "stop", kStopRules, stop_value, check_stop, put_stop};

namespace {

std::vector<CityPatch::Call> calls_of(const std::vector<FeatureId>& stops, const std::vector<double>& metres,
                                      double speed_kmh) {
  std::vector<CityPatch::Call> calls;
  double time_s = 0;
  for (std::size_t i = 0; i < stops.size(); ++i) {
    if (i > 0) time_s += std::max(1.0, (metres[i] - metres[i - 1]) * 3.6 / speed_kmh);
    const auto arrival = static_cast<std::uint32_t>(std::llround(time_s));
    // The speed is that of the whole way, stops included: a stop takes its share of the time before it.
    const double dwell = i == 0 || i + 1 == stops.size() ? 0 : std::min(kStopDwellS, time_s / 4);
    calls.push_back({stops[i], static_cast<std::uint32_t>(std::llround(std::max(0.0, arrival - dwell))), arrival});
  }
  return calls;
}

void put_new_patterns(const ObjectView& object, CityPatch& patch, city::Line& line, const std::vector<city::Trip>& trips) {
  const auto stops = object.get<std::vector<FeatureId>>(kLineStops).value_or(std::vector<FeatureId>{});
  const auto course = object.get<Shape>(kLineCourse);
  if (stops.size() < 2 || !course) return;
  std::vector<geo::Vec2d> places;
  const auto& points = course->parts[0].points;
  for (const FeatureId stop : stops) {
    const auto box = patch.box_of(stop);  // Stops come before lines, those of the plan too.
    places.push_back(box ? box->center() : points.front());
  }
  const double speed = object.get<double>(kLineSpeed).value_or(kLineSpeedKmh);
  const std::vector<double> metres = metres_at_stops(points, places);
  const std::uint32_t first = patch.add_pattern(calls_of(stops, metres, speed), trips);
  const std::vector<FeatureId> back(stops.rbegin(), stops.rend());
  std::vector<double> metres_back;
  for (auto m = metres.rbegin(); m != metres.rend(); ++m) metres_back.push_back(metres.back() - *m);
  patch.add_pattern(calls_of(back, metres_back, speed), trips);
  line.patterns = {first, 2};
}

void put_line(const ObjectView& object, CityPatch& patch) {
  const city::City& base = object.base();
  city::Line line = object.feature() == nullptr ? city::Line{} : base.line(*object.feature());
  if (const auto* reference = object.get_written<std::string>(kLineReference)) line.reference = patch.text(*reference);
  write_word(object, kLineMode, line.mode);
  const bool has_new_course =
      object.written(kLineStops) != nullptr || object.written(kLineSpeed) != nullptr || object.feature() == nullptr;
  const bool has_new_trips =
      object.written(kLineHeadway) != nullptr || object.written(kLineFirst) != nullptr || object.written(kLineLast) != nullptr;
  const auto headway = object.get<double>(kLineHeadway);
  if (headway && (has_new_course || has_new_trips)) {
    const auto trips = trips_every(*headway, object.get<double>(kLineFirst).value_or(kFirstDepartureMin),
                                   object.get<double>(kLineLast).value_or(kLastDepartureMin));
    if (has_new_course) {
      put_new_patterns(object, patch, line, trips);
    } else {
      const city::Run before = line.patterns;
      std::uint32_t first = before.first;
      for (std::uint32_t p = before.first; p < before.first + before.count; ++p) {
        std::vector<CityPatch::Call> calls;
        const city::Run run = base.columns().patterns[p].stops;
        for (std::uint32_t i = run.first; i < run.first + run.count; ++i) {
          const city::PatternStop& s = base.columns().pattern_stops[i];
          if (s.stop != city::kNone) calls.push_back({base.feature(s.stop).id, s.arrival_s, s.departure_s});
        }
        const std::uint32_t made = patch.add_pattern(calls, trips);
        if (p == before.first) first = made;
      }
      line.patterns.first = first;
    }
  }
  patch.put(object.id().feature(), geometry_for(object, kLineCourse, patch), name_for(object, kLineName, patch), line,
            attributes_for(object, {}, patch));
}

}  // namespace

constinit const Family kLineFamily{
    static_cast<std::uint8_t>(city::FeatureKind::line), "line", kLineRules, line_value, check_line, put_line};

}  // namespace citiverse::plan
