// Tracing one street through the field, and filling quarters with streets.
#include "ingest/practice/street_growth.h"

#include <algorithm>
#include <queue>

namespace citiverse::ingest::practice {
namespace {

constexpr double kStepM = 8;
constexpr double kBesideWaterM = 22;

}  // namespace

StreetGrowth::StreetGrowth(const Setting& setting, const TownPlan& plan, const StreetField& field)
    : setting_(setting), plan_(plan), field_(field), random_(setting.seed(), 31), lines_(setting.half_size_m()) {}

bool StreetGrowth::step_allowed(Vec2d from, Vec2d to, const Rule& rule) const {
  if (!setting_.is_inside(to, 6) || setting_.remoteness(to) > rule.remoteness_max) return false;
  if (setting_.river_near(to).from_edge_m < kBesideWaterM) return false;
  const Vec2d direction = unit(to - from);
  return std::abs(dot(field_.gradient(to), direction)) <= rule.slope_max && field_.slope(to) <= rule.slope_max * 1.6;
}

StreetGrowth::Traced StreetGrowth::trace(Vec2d from, Vec2d towards, const Rule& rule) {
  Traced traced{{from}, 0, false};
  std::size_t last_junction = 0;
  Vec2d p = from, heading = unit(towards);
  const bool is_across =
      std::abs(dot(field_.direction(from, true), heading)) > std::abs(dot(field_.direction(from, false), heading));
  const auto flow = [&](Vec2d at) {
    const Vec2d d = field_.direction(at, is_across);
    return dot(d, heading) < 0 ? d * -1 : d;
  };
  for (double gone = 0; gone < rule.length_max_m; gone += kStepM) {
    const Vec2d direction = flow(p + flow(p) * (kStepM / 2));
    if (dot(direction, heading) < 0.8 && gone > 0) break;
    const Vec2d q = p + direction * kStepM;
    if (!step_allowed(p, q, rule)) break;
    const StreetLines::Crossing crossing = lines_.first_crossing(p, q);
    if (crossing.at <= 1) {
      const LineKind met = lines_.kind(crossing.segment);
      if (met == LineKind::rail_edge && rule.crosses_railway) {
        traced.path.push_back(crossing.point);
      } else if (!is_street(met) || met == LineKind::bridge) {
        break;
      } else {
        traced.path.push_back(crossing.point);
        last_junction = traced.path.size() - 1;
        ++traced.junctions;
        const Vec2d along = unit(lines_.to(crossing.segment) - lines_.from(crossing.segment));
        const bool glancing = std::abs(dot(along, direction)) > 0.75;
        const bool grander = met < rule.kind && rule.kind >= LineKind::minor;
        if (glancing || random_.chance(grander ? std::max(rule.stop_share, 0.4) : rule.stop_share)) {
          traced.joined = true;
          return traced;
        }
      }
    } else if (lines_.distance_to_parallel(q, direction, rule.apart_m) < rule.apart_m) {
      break;
    }
    traced.path.push_back(q);
    heading = direction;
    p = q;
  }
  end(traced, last_junction, rule);
  return traced;
}

void StreetGrowth::end(Traced& traced, std::size_t last_junction, const Rule& rule) {
  Path& path = traced.path;
  if (path.size() < 2) return;
  const Vec2d heading = unit(path.back() - path[path.size() - 2]);
  const StreetLines::Nearest nearest = lines_.nearest_ahead(path.back(), heading, rule.join_m);
  if (nearest.found) {
    const StreetLines::Crossing crossing = lines_.first_crossing(path.back(), nearest.point);
    const double gap = distance(path.back(), nearest.point);
    if (crossing.at > 1 || crossing.at * gap > gap - 0.5) {
      path.push_back(nearest.point);
      ++traced.junctions;
      traced.joined = true;
      return;
    }
  }
  // A short dead end stays as a close, a long one is cut back to where it last met a street.
  const double tail = path_length(std::span(path).subspan(last_junction));
  const bool may_stay = rule.kind == LineKind::minor ? tail > 45 && tail < 130 && random_.chance(0.35) : tail > 120;
  if (!may_stay) path.resize(last_junction + 1);
}

bool StreetGrowth::draw_through(Vec2d from, bool across, const Rule& rule) {
  const Vec2d direction = field_.direction(from, across);
  if (!step_allowed(from, from + direction, rule)) return false;
  if (lines_.distance_to_parallel(from, direction, rule.apart_m * 1.35) < rule.apart_m * 1.35) return false;
  const Traced ahead = trace(from, direction, rule);
  const Traced behind = trace(from, direction * -1, rule);
  if (ahead.junctions + behind.junctions == 0) return false;
  Path path(behind.path.rbegin(), behind.path.rend());
  path.insert(path.end(), ahead.path.begin() + 1, ahead.path.end());
  if (path.size() < 3 || path_length(path) < 30) return false;
  lines_.add({simplified(path, 0.7), rule.kind});
  return true;
}

void StreetGrowth::draw_out(Vec2d from, Vec2d towards, const Rule& rule) {
  const Traced traced = trace(from, towards, rule);
  if (traced.path.size() >= 4) lines_.add({simplified(traced.path, 0.7), rule.kind});
}

template <class Rules>
void StreetGrowth::fill(double remoteness_max, const Rules& rules) {
  struct Seed {
    double remoteness;
    std::uint32_t order;
    Vec2d point;
    bool across;
    bool operator<(const Seed& other) const {
      return remoteness != other.remoteness ? remoteness > other.remoteness : order > other.order;
    }
  };
  std::priority_queue<Seed> seeds;
  std::uint32_t order = 0;
  const auto sow = [&](Vec2d p, bool across) {
    if (!setting_.is_inside(p, 10)) return;
    const double remoteness = setting_.remoteness(p);
    if (remoteness <= remoteness_max) seeds.push({remoteness, order++, p, across});
  };
  const auto sow_beside = [&](const StreetLine& line) {
    const double whole = path_length(line.path);
    for (double at = random_.uniform(4, 30); at < whole;) {
      const PathPoint place = point_along(line.path, at);
      const bool across = std::abs(dot(field_.direction(place.point, true), place.direction)) <
                          std::abs(dot(field_.direction(place.point, false), place.direction));
      const double beside = rules(place.point, !across).apart_m * 1.45;
      sow(place.point, across);
      sow(place.point + left_of(place.direction) * beside, !across);
      sow(place.point - left_of(place.direction) * beside, !across);
      at += std::max(20.0, rules(place.point, across).apart_m * random_.uniform(1.3, 1.9));
    }
  };
  std::size_t sown = 0;
  const auto sow_new = [&] {
    for (; sown < lines_.all().size(); ++sown)
      if (is_street(lines_.all()[sown].kind) && lines_.all()[sown].kind != LineKind::bridge)
        sow_beside(StreetLine(lines_.all()[sown]));
  };
  sow_new();
  while (!seeds.empty()) {
    const Seed seed = seeds.top();
    seeds.pop();
    if (draw_through(seed.point, seed.across, rules(seed.point, seed.across))) sow_new();
  }
}

StreetLines StreetGrowth::grow() && {
  lay_edges();
  lay_quays();
  lay_bridges();
  lay_old_town();
  lay_arterials();
  fill(0.92, [&](Vec2d p, bool across) {
    const bool near = setting_.remoteness(p) < 0.5;
    Rule rule{LineKind::tertiary, across ? 260.0 : 210.0, 0.075, 2'500, 0.12, 220, across, 0.95};
    if (near && across) rule.kind = LineKind::secondary;
    if (plan_.is_in_old_town(p)) rule.apart_m = 1e4;
    return rule;
  });
  fill(1.0, [&](Vec2d p, bool across) {
    Rule rule{LineKind::minor, across ? 76.0 : 50.0, 0.17, 620, 0.25, 75, false, 1.0};
    switch (plan_.zone_at(p)) {
      case Zone::old_town:
        rule.apart_m = across ? 36 : 31, rule.length_max_m = 240, rule.stop_share = 0.5, rule.join_m = 60;
        break;
      case Zone::inner: rule.apart_m = across ? 74 : 60, rule.length_max_m = 900, rule.stop_share = 0.12; break;
      case Zone::mixed: rule.apart_m = across ? 78 : 52; break;
      case Zone::estate: rule.apart_m = across ? 120 : 92, rule.join_m = 110; break;
      case Zone::industry: rule.apart_m = across ? 150 : 105, rule.join_m = 120; break;
      default: break;
    }
    return rule;
  });
  lay_promenades();
  fill(2.6,
       [&](Vec2d, bool across) { return Rule{LineKind::track, across ? 300.0 : 220.0, 0.2, 1'500, 0.3, 240, false, 2.6}; });
  return std::move(lines_);
}

}  // namespace citiverse::ingest::practice
