// Routing lines over the finished streets, spacing their stops, and writing their timetables.
#include "ingest/practice/transit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <queue>

namespace citiverse::ingest::practice {
namespace {

using city::TransitMode;

constexpr std::array<std::uint32_t, 12> kColours = {0xC8102E, 0x0057B8, 0x00843D, 0xF2A900, 0x7A3E9D, 0x00A3AD,
                                                    0xD45D00, 0x8C4799, 0x5B6F00, 0xB0006D, 0x3A5DAE, 0x6E4B2A};

/// The streets that carry lines, as a graph over shared vertices.
class LineStreets {
 public:
  explicit LineStreets(const std::vector<Way>& ways) {
    for (std::uint32_t w = 0; w < ways.size(); ++w) {
      const Way& way = ways[w];
      if (way.zone == Zone::rural && way.kind > LineKind::tertiary) continue;
      if (way.street.street_class > city::StreetClass::residential) continue;
      const double cost = way.kind <= LineKind::secondary ? 1 : way.kind <= LineKind::tertiary ? 1.15 : 2.4;
      for (std::size_t i = 0; i + 1 < way.path.size(); ++i) {
        const std::uint32_t a = node(way.path[i]), b = node(way.path[i + 1]);
        const double metres = distance(way.path[i], way.path[i + 1]) * cost;
        if (way.street.forward & city::kBus) links_[a].push_back({b, metres, w});
        if (way.street.backward & city::kBus) links_[b].push_back({a, metres, w});
      }
    }
  }

  std::uint32_t nearest(Vec2d p) const {
    std::uint32_t best = 0;
    for (std::uint32_t n = 0; n < points_.size(); ++n)
      if (links_[n].size() > 1 && distance(points_[n], p) < distance(points_[best], p)) best = n;
    return best;
  }

  /// Nodes of the cheapest route, empty when there is none.
  std::vector<std::uint32_t> route(std::uint32_t from, std::uint32_t to) const {
    std::vector<double> cost(points_.size(), 1e18);
    std::vector<std::uint32_t> before(points_.size(), 0xFFFFFFFFu);
    using Entry = std::pair<double, std::uint32_t>;
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
    cost[from] = 0;
    open.push({0, from});
    while (!open.empty()) {
      const auto [c, n] = open.top();
      open.pop();
      if (n == to) break;
      if (c > cost[n]) continue;
      for (const Link& link : links_[n])
        if (c + link.metres < cost[link.to]) {
          cost[link.to] = c + link.metres;
          before[link.to] = n;
          open.push({cost[link.to], link.to});
        }
    }
    if (cost[to] > 1e17) return {};
    std::vector<std::uint32_t> nodes;
    for (std::uint32_t n = to; n != 0xFFFFFFFFu; n = before[n]) nodes.push_back(n);
    std::reverse(nodes.begin(), nodes.end());
    return nodes;
  }
  Vec2d point(std::uint32_t n) const { return points_[n]; }
  std::size_t size() const { return points_.size(); }

 private:
  struct Link {
    std::uint32_t to;
    double metres;
    std::uint32_t way;
  };
  std::uint32_t node(Vec2d p) {
    const auto [at, is_new] = nodes_.try_emplace({p.x, p.y}, static_cast<std::uint32_t>(points_.size()));
    if (is_new) {
      points_.push_back(p);
      links_.emplace_back();
    }
    return at->second;
  }
  std::map<std::pair<double, double>, std::uint32_t> nodes_;
  std::vector<Vec2d> points_;
  std::vector<std::vector<Link>> links_;
};

/// Departures at an even headway, in minutes, between hours.
void depart(std::vector<city::Trip>& trips, double from_h, double to_h, double every_min, double shift_min, std::uint8_t days) {
  const auto first = static_cast<std::uint32_t>(from_h * 3600 + shift_min * 60), last = static_cast<std::uint32_t>(to_h * 3600);
  for (std::uint32_t t = first; t < last; t += static_cast<std::uint32_t>(every_min * 60)) trips.push_back({t, days, {}});
}

/// Monday to Friday with peaks, Saturday thinner, Sunday and holidays thinnest.
std::vector<city::Trip> timetable(double peak_min, double shift_min) {
  constexpr std::uint8_t kWorkdays = 0x1F, kSaturday = 0x20, kSunday = 0x40 | 0x80;
  const double day = peak_min * 1.5, evening = std::max(30.0, peak_min * 2);
  std::vector<city::Trip> trips;
  depart(trips, 5, 6, day, shift_min, kWorkdays);
  depart(trips, 6, 9, peak_min, shift_min, kWorkdays);
  depart(trips, 9, 15, day, shift_min, kWorkdays);
  depart(trips, 15, 19, peak_min, shift_min, kWorkdays);
  depart(trips, 19, 24, evening, shift_min, kWorkdays);
  depart(trips, 6, 19, day, shift_min, kSaturday);
  depart(trips, 19, 24.5, evening, shift_min, kSaturday);
  depart(trips, 7.5, 22.5, evening, shift_min, kSunday);
  std::stable_sort(trips.begin(), trips.end(),
                   [](const city::Trip& a, const city::Trip& b) { return a.departure_s < b.departure_s; });
  return trips;
}

class Planner {
 public:
  Planner(const Draft& draft, Names& names)
      : draft_(draft), names_(names), streets_(draft.ways), random_(draft.setting.seed(), 71) {}

  Transit plan() {
    plan_railway();
    const double people = draft_.setting.people();
    const int trams = people < kTramPeopleMin ? 0 : std::clamp(static_cast<int>(people / 30'000), 1, 4);
    const int buses = std::clamp(static_cast<int>(people / 6'000) + 1, 1, 16);
    std::vector<Vec2d> ends = outskirts(2 * (trams + buses));
    // Opposite ends make a line.
    const std::size_t half = ends.size() / 2;
    int bus = 1 + trams;
    for (std::size_t i = 0; i < half; ++i) {
      const bool tram = static_cast<int>(i) < trams;
      run_line(ends[i], ends[i + half], tram ? TransitMode::tram : TransitMode::bus,
               tram ? std::to_string(i + 1) : std::to_string(bus++));
    }
    return std::move(transit_);
  }

 private:
  /// Places at the town's edge, in order around it.
  std::vector<Vec2d> outskirts(int count) {
    std::vector<std::pair<double, Vec2d>> around;
    const double shift = random_.uniform(0, 1);
    for (int i = 0; i < count; ++i) {
      const double angle = 6.283185307179586 * (i + shift) / count;
      const Vec2d out{std::cos(angle), std::sin(angle)};
      Vec2d last;
      for (double away = 100; away < draft_.setting.half_size_m(); away += 40)
        if (draft_.setting.remoteness(out * away) < 0.86) last = out * away;
      around.push_back({angle, last});
    }
    std::vector<Vec2d> ends;
    for (const auto& [angle, p] : around) ends.push_back(p);
    return ends;
  }

  Name name_at(Vec2d p, const std::string& own_street) {
    for (const PlannedStop& s : transit_.stops)
      if (distance(s.point, p) < 130) return s.name;
    double best = 150;
    const Way* cross_street = nullptr;
    for (const Way& way : draft_.ways) {
      if (way.name.local.empty() || way.name.local == own_street || way.kind == LineKind::promenade) continue;
      const double away = std::min(distance(way.path.front(), p), distance(way.path.back(), p));
      if (away < best) best = away, cross_street = &way;
    }
    Name name = cross_street != nullptr ? cross_street->name : names_.fresh(NameKind::district);
    const bool used = std::any_of(transit_.stops.begin(), transit_.stops.end(),
                                  [&](const PlannedStop& s) { return s.name.local == name.local; });
    return used ? names_.fresh(NameKind::district) : name;
  }

  std::uint32_t stop_at(Vec2d on_street, Vec2d direction, TransitMode mode) {
    const Vec2d pole = geo::snapped_to_mm(on_street - left_of(direction) * 7);
    for (std::uint32_t s = 0; s < transit_.stops.size(); ++s)
      if (transit_.stops[s].mode == mode && distance(transit_.stops[s].point, pole) < 40 &&
          dot(left_of(direction), on_street - transit_.stops[s].point) > 2)
        return s;
    const bool at_station = distance(on_street, draft_.plan.station()) < 160;
    const Name name = at_station ? Name{"Garna", "Station", "Gare", "Estación", "المحطة"} : name_at(pole, {});
    transit_.stops.push_back({pole, name, mode, false, random_.chance(0.6)});
    return static_cast<std::uint32_t>(transit_.stops.size() - 1);
  }

  PlannedCourse course_along(const Path& path, TransitMode mode, double headway_min, double shift_min) {
    PlannedCourse course;
    const double whole = path_length(path), apart = mode == TransitMode::tram ? 430 : 360;
    const int gaps = std::max(3, static_cast<int>(whole / apart + 0.5));
    const double metres_a_second = mode == TransitMode::tram ? 6.4 : 5.8;
    double clock = 0;
    for (int i = 0; i <= gaps; ++i) {
      const PathPoint at = point_along(path, std::clamp(whole * i / gaps, 12.0, whole - 12.0));
      const std::uint32_t stop = stop_at(at.point, at.direction, mode);
      if (!course.stops.empty() && course.stops.back() == stop) continue;
      if (i > 0) clock += whole / gaps / metres_a_second;
      const auto arrival = static_cast<std::uint32_t>(clock);
      const std::uint32_t dwell = i == 0 || i == gaps ? 0 : 18;
      course.stops.push_back(stop);
      course.times.push_back({0, arrival, arrival + dwell});
      clock += dwell;
    }
    course.trips = timetable(headway_min, shift_min);
    return course;
  }

  void run_line(Vec2d from, Vec2d to, TransitMode mode, const std::string& reference) {
    const std::uint32_t a = streets_.nearest(from), b = streets_.nearest(to);
    const std::uint32_t middle = streets_.nearest(draft_.plan.station() - left_of(draft_.plan.station_direction()) * 60);
    PlannedLine line;
    line.reference = reference;
    line.mode = mode;
    line.colour_rgb = kColours[transit_.lines.size() % kColours.size()];
    const double small = draft_.setting.people() < 20'000 ? 2 : 1;
    const double headway = mode == TransitMode::tram ? 7.5 : (10 + 2.5 * random_.below(3)) * small;
    for (const auto& [start, end] : {std::pair(a, b), std::pair(b, a)}) {
      std::vector<std::uint32_t> nodes = streets_.route(start, middle);
      const std::vector<std::uint32_t> rest = streets_.route(middle, end);
      if (nodes.size() < 2 || rest.size() < 2) return;
      nodes.insert(nodes.end(), rest.begin() + 1, rest.end());
      Path path;
      for (const std::uint32_t n : nodes) path.push_back(streets_.point(n));
      PlannedCourse course = course_along(path, mode, headway, random_.below(10));
      if (course.stops.size() < 2) return;
      if (line.course.empty()) {
        line.course = path;
        line.from = transit_.stops[course.stops.front()].name.local;
        line.to = transit_.stops[course.stops.back()].name.local;
      }
      line.courses.push_back(std::move(course));
    }
    transit_.lines.push_back(std::move(line));
  }

  void plan_railway() {
    const Vec2d along = draft_.plan.station_direction();
    transit_.stops.push_back({geo::snapped_to_mm(draft_.plan.station() - left_of(along) * 6.6),
                              {"Garna", "Railway Station", "Gare", "Estación de tren", "محطة القطار"},
                              TransitMode::rail,
                              true,
                              true});
    // A halt in the suburbs, so that trains carry people within the town too.
    const Path& course = draft_.plan.railway();
    double best = 1e12, at = 0, gone = 0;
    for (std::size_t i = 1; i < course.size(); ++i) {
      gone += distance(course[i - 1], course[i]);
      const double off = std::abs(distance(course[i], draft_.plan.station()) - draft_.setting.town_radius_m() * 0.72);
      if (off < best) best = off, at = gone;
    }
    const PathPoint halt = point_along(course, at);
    transit_.stops.push_back({geo::snapped_to_mm(halt.point - left_of(halt.direction) * 5),
                              {"Garna Suburba", "Suburban Halt", "Halte suburbaine", "Apeadero suburbano", "محطة الضاحية"},
                              TransitMode::rail,
                              true,
                              false});
    PlannedLine line;
    line.reference = "R1";
    line.mode = TransitMode::rail;
    line.colour_rgb = 0x404A54;
    line.course = course;
    line.from = "Garna";
    line.to = "Garna Suburba";
    const auto seconds = static_cast<std::uint32_t>(std::abs(distance(halt.point, draft_.plan.station())) / 13 + 60);
    for (const bool back : {false, true}) {
      PlannedCourse c;
      c.stops = back ? std::vector<std::uint32_t>{1, 0} : std::vector<std::uint32_t>{0, 1};
      c.times = {{0, 0, 0}, {0, seconds, seconds}};
      c.trips = timetable(30, back ? 18 : 4);
      line.courses.push_back(std::move(c));
    }
    transit_.lines.push_back(std::move(line));
  }

  const Draft& draft_;
  Names& names_;
  LineStreets streets_;
  base::Random random_;
  Transit transit_;
};

}  // namespace

Transit plan_transit(const Draft& draft, Names& names) { return Planner(draft, names).plan(); }

}  // namespace citiverse::ingest::practice
