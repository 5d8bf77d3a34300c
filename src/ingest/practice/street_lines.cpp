// Finding lines by place: a plain grid, since streets are spread evenly.
#include "ingest/practice/street_lines.h"

#include <algorithm>

namespace citiverse::ingest::practice {
namespace {
constexpr double kLineCellM = 40;
}

StreetLines::StreetLines(double half_size_m)
    : half_size_m_(half_size_m + kLineCellM),
      cells_(static_cast<std::size_t>(2 * half_size_m_ / kLineCellM) + 1),
      grid_(cells_ * cells_) {}

std::size_t StreetLines::cell(double coordinate) const {
  return static_cast<std::size_t>(std::clamp((coordinate + half_size_m_) / kLineCellM, 0.0, static_cast<double>(cells_) - 1));
}

template <class Visit>
void StreetLines::visit(const geo::Box2d& box, Visit&& visit) const {
  for (std::size_t y = cell(box.low.y); y <= cell(box.high.y); ++y)
    for (std::size_t x = cell(box.low.x); x <= cell(box.high.x); ++x)
      for (const Segment s : grid_[y * cells_ + x]) visit(s);
}

std::uint32_t StreetLines::add(StreetLine line) {
  const auto id = static_cast<std::uint32_t>(lines_.size());
  lines_.push_back(std::move(line));
  const Path& path = lines_.back().path;
  for (std::uint32_t i = 0; i + 1 < path.size(); ++i) {
    const geo::Box2d box = box_of(std::span(path).subspan(i, 2));
    for (std::size_t y = cell(box.low.y); y <= cell(box.high.y); ++y)
      for (std::size_t x = cell(box.low.x); x <= cell(box.high.x); ++x) grid_[y * cells_ + x].push_back({id, i});
  }
  return id;
}

StreetLines::Crossing StreetLines::first_crossing(Vec2d a, Vec2d b) const {
  Crossing best;
  const Vec2d step = b - a;
  visit(box_of(std::vector<Vec2d>{a, b}), [&](Segment s) {
    const Vec2d c = from(s), d = to(s) - c;
    const double turn = cross(step, d);
    if (turn == 0) return;
    const double t = cross(c - a, d) / turn, along = cross(c - a, step) / turn;
    // A step that starts on a line has not crossed it.
    if (t * length(step) > 0.3 && t <= 1 && along >= 0 && along <= 1 && t < best.at) best = {s, a + step * t, t};
  });
  return best;
}

double StreetLines::distance_to_parallel(Vec2d p, Vec2d direction, double reach_m) const {
  double best = reach_m;
  visit(geo::Box2d{p, p}.grown_by(reach_m), [&](Segment s) {
    if (!is_street(kind(s))) return;
    if (std::abs(dot(unit(to(s) - from(s)), direction)) < 0.77) return;
    const Vec2d away = nearest_on_segment(from(s), to(s), p) - p;
    const double d = length(away);
    // A street that this one continues, or runs into, is not beside it.
    if (std::abs(cross(direction, away)) > 0.55 * d || d < 1) best = std::min(best, d);
  });
  return best;
}

StreetLines::Nearest StreetLines::nearest_ahead(Vec2d p, Vec2d direction, double reach_m) const {
  Nearest nearest;
  double best = reach_m;
  visit(geo::Box2d{p, p}.grown_by(reach_m), [&](Segment s) {
    if (!is_street(kind(s)) || kind(s) == LineKind::bridge || kind(s) == LineKind::foot_bridge) return;
    const Vec2d q = nearest_on_segment(from(s), to(s), p);
    const double d = distance(p, q);
    if (d < best && d > 0.01 && dot(q - p, direction) > 0.35 * d) best = d, nearest = {q, true, s};
  });
  return nearest;
}

StreetLines::Nearest StreetLines::nearest(Vec2d p, double reach_m) const {
  Nearest nearest;
  double best = reach_m;
  visit(geo::Box2d{p, p}.grown_by(reach_m), [&](Segment s) {
    const Vec2d q = nearest_on_segment(from(s), to(s), p);
    if (distance(p, q) < best) best = distance(p, q), nearest = {q, true, s};
  });
  return nearest;
}

bool StreetLines::is_near(Vec2d p, double distance_m) const {
  bool near = false;
  visit(geo::Box2d{p, p}.grown_by(distance_m),
        [&](Segment s) { near = near || distance(nearest_on_segment(from(s), to(s), p), p) < distance_m; });
  return near;
}

bool StreetLines::crossing_near(Vec2d p, Vec2d direction, double distance_m) const {
  bool near = false;
  visit(geo::Box2d{p, p}.grown_by(distance_m), [&](Segment s) {
    near = near || (std::abs(dot(unit(to(s) - from(s)), direction)) < 0.8 &&
                    distance(nearest_on_segment(from(s), to(s), p), p) < distance_m);
  });
  return near;
}

}  // namespace citiverse::ingest::practice
