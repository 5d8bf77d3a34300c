// Buildings while the town is being built: outlines that keep clear of each other and inside their block, and what they hold.
#pragma once

#include <string>

#include "city/feature.h"
#include "ingest/practice/blocks.h"

namespace citiverse::ingest::practice {

inline constexpr double kLevelM = 3.1;

/// A volume of a building that is drawn on its own, such as a church's tower.
struct HousePart {
  Path outline;
  double bottom_m = 0;
  double eaves_m = 0;
  double roof_m = 0;
  city::RoofShape roof = city::RoofShape::flat;
  city::RoofOrientation orientation = city::RoofOrientation::along;
};

struct House {
  Path outline;  ///< Counter-clockwise, no holes.
  Vec2d door;    ///< Where it faces its street.
  std::uint32_t block = 0;
  city::BuildingUse use = city::BuildingUse::residential;
  city::RoofShape roof = city::RoofShape::gabled;
  city::RoofOrientation orientation = city::RoofOrientation::along;
  double roof_direction_deg = -1;
  std::uint32_t levels = 2;
  double eaves_m = 6;
  double roof_m = 3;
  std::uint32_t year = 1900;
  double home_area_m2 = 0;  ///< Floor area that is lived in, and worked in.
  double work_area_m2 = 0;
  std::uint32_t homes = 0;
  std::uint32_t people = 0;
  std::uint32_t jobs = 0;
  std::vector<HousePart> parts;
  std::string name;
  std::uint32_t street = 0xFFFFFFFFu;  ///< The way it is numbered along.
  std::string number;
};

/// The buildings so far, findable by place.
class Houses {
 public:
  explicit Houses(double half_size_m);

  /// Adds the house when its outline is a simple ring inside `land`, touching or clear of every other; says whether it did.
  bool add(House house, const Polygon& land);
  /// True when the outline, less a few centimetres, meets no other building.
  bool is_free(std::span<const Vec2d> outline) const;
  bool is_near(Vec2d p, double distance_m) const;
  const std::vector<House>& all() const { return houses_; }
  std::vector<House>& all() { return houses_; }

 private:
  std::size_t cell(double coordinate) const;

  double half_size_m_;
  std::size_t cells_;
  std::vector<std::vector<std::uint32_t>> grid_;
  std::vector<House> houses_;
};

/// Inside the land with all of its border, less a few centimetres.
bool fits(std::span<const Vec2d> outline, const Polygon& land);
/// A rectangle about `centre`, `along` × `across` metres, its first side towards −left_of(axis).
Path rectangle(Vec2d centre, Vec2d axis, double along_m, double across_m);

}  // namespace citiverse::ingest::practice
