// Where the practice city lies before anybody builds: its size, its valley, its river and its hills.
#pragma once

#include <cstdint>

#include "city/terrain.h"
#include "ingest/practice/polygon.h"

namespace citiverse::ingest::practice {

inline constexpr std::uint32_t kPeopleMin = 2'000;
inline constexpr std::uint32_t kPeopleMax = 200'000;

/// Smooth noise in [−1, 1] on a lattice of hashed gradients; the same on every machine.
/// Source: Perlin 2002, doi:10.1145/566654.566636.
double noise(std::uint64_t seed, Vec2d p);
/// Sum of `octaves` of noise, each of twice the frequency and half the height; about [−1, 1].
double layered_noise(std::uint64_t seed, Vec2d p, int octaves);
/// 0 below `low`, 1 above `high`, smooth between.
double smooth_step(double low, double high, double x);

/// The valley frame: u runs along the valley with the stream, v across it to the left; the market square is at (0, 0), on the
/// left bank.
class Setting {
 public:
  Setting(std::uint64_t seed, std::uint32_t people);

  std::uint64_t seed() const { return seed_; }
  std::uint32_t people() const { return people_; }
  /// Half the side of the square that is drawn, and the radius inside which the town is built.
  double half_size_m() const { return half_size_m_; }
  double town_radius_m() const { return town_radius_m_; }
  /// Radius of the old town, where its walls stood.
  double old_radius_m() const { return old_radius_m_; }
  bool is_inside(Vec2d p, double margin_m = 0) const;
  /// Below 1 inside the built town; grows outwards, less along the valley than across it.
  double remoteness(Vec2d p) const;

  Vec2d to_valley(Vec2d p) const { return {dot(p, axis_), dot(p, left_of(axis_))}; }
  Vec2d from_valley(Vec2d uv) const { return axis_ * uv.x + left_of(axis_) * uv.y; }

  Vec2d river_at(double u) const;
  Vec2d river_direction_at(double u) const;
  double river_half_width_m(double u) const;
  /// The u of the nearest point of the river, the distance from the river's edge (negative in the river), and the bank.
  struct RiverPlace {
    double u = 0;
    double from_edge_m = 0;
    bool left_bank = true;
  };
  RiverPlace river_near(Vec2d p) const;
  /// The river's surface as areas, and its island as a ring (empty in the smallest towns).
  const Polygon& river() const { return river_; }
  const Path& island() const { return island_; }
  bool is_water(Vec2d p) const;
  double water_level_m(double u) const;

  /// Height of the ground by formula, metres; the terrain is its sampling.
  double height_at(Vec2d p) const;
  Vec2d gradient_at(Vec2d p) const;
  city::Terrain terrain() const;
  /// The hill over the town on which its castle stands.
  Vec2d castle() const { return castle_; }

 private:
  void lay_river();
  double hills_at(Vec2d p, const RiverPlace& place) const;

  std::uint64_t seed_;
  std::uint32_t people_;
  Vec2d axis_;
  double half_size_m_ = 0;
  double town_radius_m_ = 0;
  double old_radius_m_ = 0;
  double river_half_width_m_ = 0;
  double meander_m_ = 0;
  double meander_length_m_ = 0;
  double island_u_ = 0;
  double island_length_m_ = 0;
  double first_u_ = 0;
  Path river_line_;  // A point every kRiverStepM of u.
  Polygon river_;
  Path island_;
  Vec2d castle_;
};

}  // namespace citiverse::ingest::practice
