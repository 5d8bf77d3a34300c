// One sorted array; a day's service may run past midnight, so yesterday's trips are looked at too.
#include "api/timetable.h"

#include <algorithm>

namespace citiverse::api {

using city::FeatureIndex;
using city::FeatureKind;

Timetable::Timetable(const city::City& city) : city_(city) {
  const city::Run lines = city.of_kind(FeatureKind::line);
  const auto& columns = city.columns();
  for (FeatureIndex line = lines.first; line < lines.first + lines.count; ++line) {
    const city::Run patterns = city.line(city.feature(line)).patterns;
    for (std::uint32_t p = patterns.first; p < patterns.first + patterns.count; ++p) {
      const city::Run stops = columns.patterns[p].stops;
      for (std::uint32_t s = 0; s < stops.count; ++s) {
        const FeatureIndex stop = columns.pattern_stops[stops.first + s].stop;
        if (stop != city::kNone) calls_.push_back({stop, line, p, s});
      }
    }
  }
  std::stable_sort(calls_.begin(), calls_.end(), [](const Call& a, const Call& b) { return a.stop < b.stop; });
}

std::span<const Timetable::Call> Timetable::calls_at(FeatureIndex stop) const {
  const auto first =
      std::lower_bound(calls_.begin(), calls_.end(), stop, [](const Call& c, FeatureIndex s) { return c.stop < s; });
  auto last = first;
  while (last != calls_.end() && last->stop == stop) ++last;
  return {first, last};
}

std::vector<FeatureIndex> Timetable::lines_at(FeatureIndex stop) const {
  std::vector<FeatureIndex> lines;
  for (const Call& call : calls_at(stop)) {
    if (std::find(lines.begin(), lines.end(), call.line) == lines.end()) lines.push_back(call.line);
  }
  const auto reference = [&](FeatureIndex line) { return city_.text(city_.line(city_.feature(line)).reference); };
  std::stable_sort(lines.begin(), lines.end(), [&](FeatureIndex a, FeatureIndex b) {
    // Numbers by value: "2" stands before "10".
    if (reference(a).size() != reference(b).size()) return reference(a).size() < reference(b).size();
    return reference(a) < reference(b);
  });
  return lines;
}

std::vector<Departure> Timetable::departures(FeatureIndex stop, city::LocalTime time, std::size_t limit) const {
  constexpr std::int64_t kDayS = 86'400;
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::int64_t now_s = std::chrono::duration_cast<std::chrono::seconds>(time - day).count();
  const auto& columns = city_.columns();
  std::vector<Departure> found;
  for (const Call& call : calls_at(stop)) {
    const city::Pattern& pattern = columns.patterns[call.pattern];
    if (call.position + 1 == pattern.stops.count) continue;
    const std::int64_t travel_s = columns.pattern_stops[pattern.stops.first + call.position].departure_s;
    const FeatureIndex last = columns.pattern_stops[pattern.stops.first + pattern.stops.count - 1].stop;
    for (std::uint32_t t = pattern.trips.first; t < pattern.trips.first + pattern.trips.count; ++t) {
      const city::Trip& trip = columns.trips[t];
      for (int offset = -1; offset <= 1; ++offset) {
        const auto weekday = std::chrono::weekday(day + std::chrono::days(offset)).iso_encoding() - 1;
        if ((trip.days >> weekday & 1) == 0) continue;
        const std::int64_t in_s = trip.departure_s + travel_s + offset * kDayS - now_s;
        if (in_s >= 0 && in_s < kDayS) found.push_back({call.line, last, in_s});
      }
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const Departure& a, const Departure& b) { return a.in_s < b.in_s; });
  if (found.size() > limit) found.resize(limit);
  return found;
}

}  // namespace citiverse::api
