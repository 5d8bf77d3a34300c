// The town's first decisions, all from the setting and its seed.
#include "ingest/practice/town_plan.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"

namespace citiverse::ingest::practice {
namespace {}

TownPlan::TownPlan(const Setting& setting) : setting_(setting) {
  place_bridges();
  place_ring();
  place_railway();
  place_squares();
  base::Random random(setting.seed(), 21);
  const double r = setting.town_radius_m();
  const int estates = 1 + static_cast<int>(setting.people() / 14'000);
  for (int i = 0; i < estates; ++i) {
    const double side = random.chance(0.5) ? 1 : -1;
    const Vec2d uv{side * random.uniform(0.45, 0.95) * r, random.uniform(-0.2, 0.55) * r};
    estates_.push_back({setting.from_valley(uv), r * random.uniform(0.12, 0.17) + 40});
  }
  // Works stand along the railway, on the side where the town reaches further.
  double middle = 0;
  for (std::size_t i = 1; i < railway_.size() && !(railway_[i - 1] == station_); ++i)
    middle += distance(railway_[i - 1], railway_[i]);
  const auto remoteness_at = [&](double away) { return setting.remoteness(point_along(railway_, middle + away).point); };
  const double side = remoteness_at(0.7 * r) < remoteness_at(-0.7 * r) ? 1 : -1;
  for (const double along : {0.5, 0.8}) {
    const double at = middle + side * along * r;
    const PathPoint place = point_along(railway_, at);
    industries_.push_back({place.point + left_of(place.direction) * (0.1 * r), r * 0.19 + 30});
  }
}

Vec2d TownPlan::quay_at(double u, bool left_bank) const {
  const double away = setting_.river_half_width_m(u) + kQuayM;
  return setting_.river_at(u) + left_of(setting_.river_direction_at(u)) * (left_bank ? away : -away);
}

void TownPlan::place_bridges() {
  base::Random random(setting_.seed(), 22);
  const double r = setting_.town_radius_m();
  const int count = std::clamp(3 + static_cast<int>(setting_.people() / 18'000), 3, 7);
  bridges_.push_back(setting_.old_radius_m() * random.uniform(-0.25, 0.25));
  // Alternately up and down the river, each about as far again.
  const double apart = 1.8 * r / count;
  for (int i = 1; i < count; ++i) {
    const double side = i % 2 == 1 ? 1 : -1;
    const int steps_away = (i + 1) / 2;
    bridges_.push_back(bridges_[0] + side * steps_away * apart * random.uniform(0.92, 1.08));
  }
}

void TownPlan::place_ring() {
  base::Random random(setting_.seed(), 23);
  const double phase = random.uniform(0, 10);
  Path all;
  for (int i = 0; i <= 72; ++i) {
    const double angle = 2 * std::numbers::pi * (i / 72.0 - 0.25);
    const Vec2d out{std::cos(angle), std::sin(angle)};
    const double radius =
        setting_.old_radius_m() * (1.0 + 0.13 * noise(setting_.seed() ^ 0x61, {out.x * 1.7 + phase, out.y * 1.7}));
    const Vec2d p = setting_.from_valley({out.x * radius * 1.08, out.y * radius * 0.94});
    const Setting::RiverPlace place = setting_.river_near(p);
    if (place.left_bank && place.from_edge_m > kQuayM + 30) all.push_back(p);
  }
  const auto quay_of = [&](Vec2d p) { return quay_at(setting_.river_near(p).u, true); };
  ring_.push_back(quay_of(all.front()));
  ring_.insert(ring_.end(), all.begin(), all.end());
  ring_.push_back(quay_of(all.back()));
  old_town_ = ring_;
  const double from = setting_.river_near(ring_.back()).u, to = setting_.river_near(ring_.front()).u;
  for (int i = 1; i < 12; ++i) old_town_.push_back(quay_at(from + (to - from) * i / 12.0, true));

  const double whole = path_length(ring_);
  const int count = setting_.people() < 6'000 ? 3 : setting_.people() < 40'000 ? 4 : 5;
  for (int i = 0; i < count; ++i)
    gates_.push_back(point_along(ring_, whole * (i + 0.5 + random.uniform(-0.12, 0.12)) / count).point);
}

bool TownPlan::is_in_old_town(Vec2d p) const { return contains(old_town_, p); }

void TownPlan::place_railway() {
  base::Random random(setting_.seed(), 24);
  const double reach = setting_.half_size_m() * 1.5;
  const double straight = setting_.old_radius_m() * random.uniform(1.55, 1.8) + 70;
  constexpr double kRailStepM = 25;
  const auto count = static_cast<std::size_t>(2 * reach / kRailStepM);
  std::vector<double> v(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double u = -reach + kRailStepM * static_cast<double>(i);
    const double bank = setting_.to_valley(setting_.river_at(u)).y + setting_.river_half_width_m(u);
    v[i] = std::max(straight, bank + 190);
  }
  // Wide curves: a mean over 300 m, three times.
  for (int pass = 0; pass < 3; ++pass) {
    std::vector<double> mean(count);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t from = i < 6 ? 0 : i - 6, to = std::min(count - 1, i + 6);
      for (std::size_t k = from; k <= to; ++k) mean[i] += v[k] / static_cast<double>(to - from + 1);
    }
    v = mean;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const Vec2d p = setting_.from_valley({-reach + kRailStepM * static_cast<double>(i), v[i]});
    if (setting_.is_inside(p, -kRailStepM)) railway_.push_back(p);
  }
  double best = std::numeric_limits<double>::infinity();
  for (std::size_t i = 1; i < railway_.size(); ++i) {
    const double d = std::abs(setting_.to_valley(railway_[i]).x - 0.15 * setting_.old_radius_m());
    if (d < best) best = d, station_ = railway_[i], station_direction_ = unit(railway_[i] - railway_[i - 1]);
  }
}

double TownPlan::railway_half_width_m(Vec2d p) const { return 9 + 17 * smooth_step(330, 170, distance(p, station_)); }

void TownPlan::place_squares() {
  base::Random random(setting_.seed(), 25);
  const double size = std::clamp(setting_.old_radius_m() / 270, 0.62, 1.45);
  const auto square = [&](Vec2d centre, double width, double depth, double turn) {
    Path corners;
    const Vec2d x = unit(setting_.from_valley({std::cos(turn), std::sin(turn)}));
    for (const Vec2d c : {Vec2d{-1, -1}, {1, -1}, {1, 1}, {-1, 1}}) {
      const double w = width / 2 * random.uniform(0.82, 1.12), d = depth / 2 * random.uniform(0.82, 1.12);
      corners.push_back(centre + x * (c.x * w) + left_of(x) * (c.y * d));
    }
    return corners;
  };
  market_ = square({0, 0}, 88 * size, 58 * size, random.uniform(-0.25, 0.25));
  const double side = random.chance(0.5) ? 1 : -1;
  const Vec2d minster = setting_.from_valley({side * setting_.old_radius_m() * 0.47, setting_.old_radius_m() * 0.12});
  minster_ = square(minster, 92 * size, 62 * size, random.uniform(-0.15, 0.15));
}

Zone TownPlan::zone_at(Vec2d p) const {
  if (is_in_old_town(p)) return Zone::old_town;
  const double remote = setting_.remoteness(p);
  const double wobble = 1 + 0.2 * noise(setting_.seed() ^ 0x62, p * (1 / 190.0));
  if (remote > 1) return Zone::rural;
  for (const Spot& s : industries_)
    if (distance(p, s.centre) < s.radius_m * wobble) return Zone::industry;
  for (const Spot& s : estates_)
    if (distance(p, s.centre) < s.radius_m * wobble) return Zone::estate;
  const double river = setting_.river_near(p).from_edge_m;
  const double pull = remote * wobble - (river < 150 ? 0.06 : 0.0) - 0.07 * smooth_step(500, 150, distance(p, station_));
  return pull < 0.47 ? Zone::inner : pull < 0.66 ? Zone::mixed : Zone::garden;
}

}  // namespace citiverse::ingest::practice
