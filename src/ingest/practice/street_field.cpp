// The blend of direction fields; directions are kept as doubled angles, so that opposite directions are the same.
#include "ingest/practice/street_field.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"

namespace citiverse::ingest::practice {
namespace {

Vec2d doubled(Vec2d d) { return {d.x * d.x - d.y * d.y, 2 * d.x * d.y}; }

Vec2d halved(Vec2d t) {
  t = unit(t);
  return t.x > -0.5 ? unit({1 + t.x, t.y}) : unit({t.y, 1 - t.x});
}

double falloff(double distance_m, double reach_m) {
  const double x = distance_m / reach_m;
  return 1 / (1 + x * x * x * x);
}

}  // namespace

StreetField::StreetField(const Setting& setting, const city::Terrain& terrain) : setting_(setting), terrain_(terrain) {
  base::Random random(setting.seed(), 11);
  const double r = setting.town_radius_m();
  const auto count = 7 + setting.people() / 6'000;
  for (std::uint32_t i = 0; i < count; ++i) {
    const Vec2d place = setting.from_valley({random.uniform(-1.25, 1.25) * r, random.uniform(-0.95, 0.85) * r});
    const double turn = random.uniform(-0.6, 0.6);
    const Vec2d along = setting.river_direction_at(setting.to_valley(place).x);
    quarters_.push_back({place, unit(along + left_of(along) * turn)});
  }
}

Vec2d StreetField::gradient(Vec2d p) const {
  constexpr double kStep = 15;
  return {(terrain_.height_at({p.x + kStep, p.y}) - terrain_.height_at({p.x - kStep, p.y})) / (2 * kStep),
          (terrain_.height_at({p.x, p.y + kStep}) - terrain_.height_at({p.x, p.y - kStep})) / (2 * kStep)};
}

Vec2d StreetField::direction(Vec2d p, bool across) const {
  const Setting::RiverPlace place = setting_.river_near(p);
  const Vec2d stream = setting_.river_direction_at(place.u);
  const double old_radius = setting_.old_radius_m();
  const double from_market = length(p);
  Vec2d sum = doubled(stream) * (0.12 + 1.3 * falloff(std::max(place.from_edge_m - 25, 0.0), 140));
  if (from_market > 1) sum = sum + doubled(left_of(p * (1 / from_market))) * (0.9 * falloff(from_market, old_radius * 1.7));
  for (const Quarter& q : quarters_)
    sum = sum + doubled(q.axis) * (0.8 * falloff(distance(p, q.centre), setting_.town_radius_m() * 0.34));
  // Near the water the gradient is the quay's own, not the lie of the land.
  const Vec2d up = gradient(p);
  const double slope = length(up);
  if (slope > 0.01 && place.from_edge_m > 45)
    sum = sum + doubled(left_of(up * (1 / slope))) * std::min(3.0, (slope - 0.01) / 0.04);
  const double old = falloff(from_market, old_radius * 0.95);
  const double turn = 2 * (0.16 * layered_noise(setting_.seed() ^ 0x71, p * (1 / 230.0), 2) +
                           old * 0.75 * layered_noise(setting_.seed() ^ 0x72, p * (1 / 85.0), 2));
  const double c = std::cos(turn), s = std::sin(turn);
  const Vec2d along = halved({sum.x * c - sum.y * s, sum.x * s + sum.y * c});
  return across ? left_of(along) : along;
}

}  // namespace citiverse::ingest::practice
