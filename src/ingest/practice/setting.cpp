// Relief and river of the practice city: a valley between hills that look worn by water.
#include "ingest/practice/setting.h"

#include <algorithm>
#include <cmath>

#include <tbb/parallel_for.h>

#include "base/random.h"

namespace citiverse::ingest::practice {
namespace {

constexpr double kRiverStepM = 20;
constexpr double kTwoPi = 6.283185307179586;
constexpr double kTerrainStepM = 10;
constexpr double kFootOfBankM = 7;  // Flat beside the water.
constexpr double kTopOfBankM = 20;  // Where the quay's level is reached.
constexpr double kQuayHeightM = 4.5;
constexpr double kValleyFloorM = 212;

std::uint64_t lattice(std::uint64_t seed, std::int64_t x, std::int64_t y) {
  return base::mix64(
      seed ^ base::mix64(static_cast<std::uint64_t>(x) * 0x9E3779B97F4A7C15ull ^ base::mix64(static_cast<std::uint64_t>(y))));
}

double corner(std::uint64_t seed, std::int64_t x, std::int64_t y, double dx, double dy) {
  // Eight gradients of nearly equal length.
  static constexpr double kX[8] = {1, -1, 0, 0, 0.7071, -0.7071, 0.7071, -0.7071};
  static constexpr double kY[8] = {0, 0, 1, -1, 0.7071, 0.7071, -0.7071, -0.7071};
  const auto h = lattice(seed, x, y) & 7;
  return kX[h] * dx + kY[h] * dy;
}

}  // namespace

double noise(std::uint64_t seed, Vec2d p) {
  const double fx = std::floor(p.x), fy = std::floor(p.y);
  const auto x = static_cast<std::int64_t>(fx), y = static_cast<std::int64_t>(fy);
  const double dx = p.x - fx, dy = p.y - fy;
  const auto fade = [](double t) { return t * t * t * (t * (t * 6 - 15) + 10); };
  const double sx = fade(dx), sy = fade(dy);
  const double low = corner(seed, x, y, dx, dy) * (1 - sx) + corner(seed, x + 1, y, dx - 1, dy) * sx;
  const double high = corner(seed, x, y + 1, dx, dy - 1) * (1 - sx) + corner(seed, x + 1, y + 1, dx - 1, dy - 1) * sx;
  return std::clamp((low * (1 - sy) + high * sy) * 1.5, -1.0, 1.0);
}

double layered_noise(std::uint64_t seed, Vec2d p, int octaves) {
  double sum = 0, height = 0.5;
  for (int i = 0; i < octaves; ++i) {
    sum += height * noise(seed + static_cast<std::uint64_t>(i), p);
    p = Vec2d{p.x * 1.6 + p.y * 1.2, -p.x * 1.2 + p.y * 1.6};  // Twice the frequency, turned.
    height /= 2;
  }
  return sum;
}

double smooth_step(double low, double high, double x) {
  const double t = std::clamp((x - low) / (high - low), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

Setting::Setting(std::uint64_t seed, std::uint32_t people) : seed_(seed), people_(people) {
  base::Random random(seed, 1);
  const double turn = random.uniform(0, kTwoPi);
  axis_ = {std::cos(turn), std::sin(turn)};
  // Squares, churches and the river take the same room in a small town: it needs more ground for each of its people.
  town_radius_m_ = 8.5 * std::sqrt(static_cast<double>(people)) * (1 + 0.5 * smooth_step(10'000, 2'000, people));
  old_radius_m_ = std::clamp(0.27 * town_radius_m_, 140.0, 520.0);
  half_size_m_ = std::ceil((town_radius_m_ * 1.45 + 700) / 50) * 50;
  river_half_width_m_ = std::clamp(11 * std::pow(people / 1000.0, 0.36), 12.0, 70.0);
  meander_length_m_ = std::max(town_radius_m_ * random.uniform(2.3, 2.8), 900.0);
  meander_m_ = meander_length_m_ * random.uniform(0.075, 0.105);
  if (people >= 5'000) {
    island_u_ = town_radius_m_ * random.uniform(0.38, 0.5) * (random.chance(0.5) ? 1 : -1);
    island_length_m_ = std::clamp(0.3 * town_radius_m_, 160.0, 520.0);
  }
  lay_river();
  const double bearing = random.uniform(-0.5, 0.5);
  castle_ =
      from_valley({old_radius_m_ * 2.2 * bearing, -old_radius_m_ * 0.92 - river_half_width_m_ * 2 - town_radius_m_ * 0.3});
}

void Setting::lay_river() {
  base::Random random(seed_, 2);
  const double phase = random.uniform(-0.5, 0.5), phase_2 = random.uniform(0, kTwoPi);
  const double reach = half_size_m_ * 1.5 + 200;
  first_u_ = -std::ceil(reach / kRiverStepM) * kRiverStepM;
  const auto bend = [&](double u) {
    return -meander_m_ * std::cos(u / meander_length_m_ * kTwoPi + phase) +
           meander_m_ * 0.28 * std::sin(u / meander_length_m_ * kTwoPi * 2.3 + phase_2);
  };
  // The square stands one old town's radius, less a little, from the water.
  const double at_square = bend(0) + old_radius_m_ * 0.72 + river_half_width_m_;
  for (double u = first_u_; u <= -first_u_; u += kRiverStepM) river_line_.push_back({u, bend(u) - at_square});

  Path left, right;
  for (double u = first_u_ + kRiverStepM; u < -first_u_ - kRiverStepM; u += kRiverStepM) {
    const Vec2d across = left_of(river_direction_at(u)) * river_half_width_m(u);
    left.push_back(geo::snapped_to_mm(river_at(u) + across));
    right.push_back(geo::snapped_to_mm(river_at(u) - across));
  }
  Polygon water{right, {}};
  water.outer.insert(water.outer.end(), left.rbegin(), left.rend());
  const double h = half_size_m_;
  const Polygon frame{{{-h, -h}, {h, -h}, {h, h}, {-h, h}}, {}};
  river_ = intersection(frame, water, 1).front();
  if (island_length_m_ <= 0) return;
  for (int i = 0; i < 48; ++i) {
    const double angle = kTwoPi * i / 48;
    const double along = std::cos(angle), across = std::sin(angle);
    const double u = island_u_ + along * island_length_m_ / 2;
    // Pointed at both ends, as the stream leaves it.
    const double half = river_half_width_m_ * 0.62 * across * (1 - 0.35 * along * along);
    island_.push_back(geo::snapped_to_mm(river_at(u) + left_of(river_direction_at(u)) * half));
  }
  river_.holes.push_back(Path(island_.rbegin(), island_.rend()));
}

bool Setting::is_inside(Vec2d p, double margin_m) const {
  return std::abs(p.x) <= half_size_m_ - margin_m && std::abs(p.y) <= half_size_m_ - margin_m;
}

double Setting::remoteness(Vec2d p) const {
  const Vec2d uv = to_valley(p);
  const double along = uv.x / (1.22 * town_radius_m_);
  const double across = (uv.y + 0.25 * old_radius_m_) / (0.86 * town_radius_m_);
  return std::sqrt(along * along + across * across) * (1 + 0.16 * layered_noise(seed_ ^ 0x51, p * (1.6 / town_radius_m_), 2));
}

Vec2d Setting::river_at(double u) const {
  const double at = std::clamp((u - first_u_) / kRiverStepM, 0.0, static_cast<double>(river_line_.size()) - 1.001);
  const auto i = static_cast<std::size_t>(at);
  const double t = at - static_cast<double>(i);
  return from_valley(river_line_[i] * (1 - t) + river_line_[i + 1] * t);
}

Vec2d Setting::river_direction_at(double u) const { return unit(river_at(u + 25) - river_at(u - 25)); }

double Setting::river_half_width_m(double u) const {
  const double wander = 1 + 0.12 * noise(seed_ ^ 0x52, {u / (river_half_width_m_ * 9), 0.5});
  const double beside = island_length_m_ > 0 ? std::abs(u - island_u_) / island_length_m_ : 2;
  return river_half_width_m_ * (wander + 0.62 * smooth_step(1.0, 0.35, beside));
}

Setting::RiverPlace Setting::river_near(Vec2d p) const {
  const Vec2d uv = to_valley(p);
  const auto last = static_cast<std::ptrdiff_t>(river_line_.size()) - 2;
  const auto middle = std::clamp(static_cast<std::ptrdiff_t>((uv.x - first_u_) / kRiverStepM), std::ptrdiff_t{0}, last);
  double best = std::numeric_limits<double>::infinity();
  Vec2d nearest;
  const auto look = [&](std::ptrdiff_t i) {
    if (i < 0 || i > last) return;
    const auto at = static_cast<std::size_t>(i);
    const Vec2d q = nearest_on_segment(river_line_[at], river_line_[at + 1], uv);
    const double d = distance(q, uv);
    if (d < best) best = d, nearest = q;
  };
  // The line is a function of u, so nothing further along than the best distance can be nearer.
  for (std::ptrdiff_t away = 0; static_cast<double>(away - 1) * kRiverStepM <= best && away <= last; ++away) {
    look(middle + away);
    look(middle - away);
  }
  // Far away the nearest bend changes suddenly; the plain width keeps the hills from showing it.
  const double near = smooth_step(420, 120, best);
  const double half = near * river_half_width_m(nearest.x) + (1 - near) * river_half_width_m_;
  return {near * nearest.x + (1 - near) * uv.x, best - half, uv.y > nearest.y};
}

bool Setting::is_water(Vec2d p) const { return river_near(p).from_edge_m < 0 && !(island_.size() > 2 && contains(island_, p)); }

double Setting::water_level_m(double u) const { return kValleyFloorM - 0.00035 * u; }

double Setting::hills_at(Vec2d p, const RiverPlace& place) const {
  const double r = town_radius_m_;
  const Vec2d uv = to_valley(p);
  // The foot of the hills wanders, and is nearer on the right bank.
  const double foot = r * (place.left_bank ? 0.72 : 0.4) *
                      (1 + 0.45 * layered_noise(seed_ ^ 0x53, {uv.x / (r * 0.9), place.left_bank ? 1.3 : 7.9}, 2));
  const double rise = smooth_step(foot, foot + r * 0.95 + 250, place.from_edge_m);
  const double high = 70 + std::min(190.0, r * 0.11);
  // Rounded backs between valleys that meet, as water leaves them: the noise folded at 0, its creases the valleys.
  const Vec2d bent = p + Vec2d{noise(seed_ ^ 0x54, p * (1 / 640.0)), noise(seed_ ^ 0x55, p * (1 / 640.0))} * 170;
  const auto back = [&](std::uint64_t key, double long_m) {
    const double fold = 1 - std::min(1.0, std::abs(noise(seed_ ^ key, bent * (1 / long_m))) * 1.25);
    return 1 - fold * fold;
  };
  const double backs = back(0x56, 1500) * (0.72 + 0.38 * back(0x57, 620)) + 0.12 * back(0x5A, 300);
  const double swell = 0.75 + 0.35 * noise(seed_ ^ 0x5B, p * (1 / 2600.0));
  return high * rise * swell * (0.16 + 0.84 * backs) + rise * 2.5 * layered_noise(seed_ ^ 0x58, p * (1 / 110.0), 2);
}

double Setting::height_at(Vec2d p) const {
  const RiverPlace place = river_near(p);
  const double water = water_level_m(place.u);
  const double terrace = kQuayHeightM + 5 * smooth_step(40, 700, place.from_edge_m);
  const double swell = 1.6 * layered_noise(seed_ ^ 0x59, p * (1 / 350.0), 2) * smooth_step(40, 200, place.from_edge_m);
  const double from_castle = distance(p, castle_);
  const double knoll_radius = std::clamp(0.24 * town_radius_m_, 120.0, 300.0);
  const double knoll =
      (24 + knoll_radius * 0.12) * smooth_step(knoll_radius, 45, from_castle) * smooth_step(45, 140, place.from_edge_m);
  const double land = terrace + swell + std::max(hills_at(p, place), 0.0) + knoll;
  const double dry = smooth_step(kFootOfBankM, kTopOfBankM, place.from_edge_m);
  if (island_.size() > 2 && place.from_edge_m < 0 && contains(island_, p))
    return water + 2.4 * smooth_step(2, 16, distance_to_ring(island_, p));
  return water + land * dry;
}

Vec2d Setting::gradient_at(Vec2d p) const {
  constexpr double kStep = 12;
  return {(height_at({p.x + kStep, p.y}) - height_at({p.x - kStep, p.y})) / (2 * kStep),
          (height_at({p.x, p.y + kStep}) - height_at({p.x, p.y - kStep})) / (2 * kStep)};
}

city::Terrain Setting::terrain() const {
  const auto count = static_cast<std::uint32_t>(2 * half_size_m_ / kTerrainStepM) + 1;
  std::vector<float> heights(std::size_t{count} * count);
  tbb::parallel_for(std::uint32_t{0}, count, [&](std::uint32_t row) {
    for (std::uint32_t column = 0; column < count; ++column) {
      const Vec2d p = Vec2d{-half_size_m_, -half_size_m_} + Vec2d{kTerrainStepM * column, kTerrainStepM * row};
      // Centimetres: a centimetre is finer than any survey, and the file packs better.
      heights[std::size_t{row} * count + column] = static_cast<float>(std::round(height_at(p) * 100) / 100);
    }
  });
  return city::Terrain({-half_size_m_, -half_size_m_}, kTerrainStepM, count, count, city::Column(std::move(heights)));
}

}  // namespace citiverse::ingest::practice
