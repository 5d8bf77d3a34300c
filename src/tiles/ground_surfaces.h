// Which features own the ground of a tile, in order of rank, as rings on the tile's grid.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "city/city.h"
#include "tiles/ground.h"
#include "tiles/ground_partition.h"
#include "tiles/mesh.h"

namespace citiverse::tiles {

/// The integer grid of a tile. Rounding is that of the whole city, so that all tiles round alike.
class GroundGrid {
 public:
  explicit GroundGrid(const geo::Box2d& box) : x_(units(box.low.x)), y_(units(box.low.y)), high_(to_grid(box.high)) {}
  GridPoint low() const { return {0, 0}; }
  GridPoint high() const { return high_; }
  GridPoint to_grid(geo::Vec2d p) const {
    return {static_cast<std::int32_t>(units(p.x) - x_), static_cast<std::int32_t>(units(p.y) - y_)};
  }
  geo::Vec2d to_plane(GridPoint p) const {
    return {static_cast<double>(p.x + x_) / kGroundGridPerM, static_cast<double>(p.y + y_) / kGroundGridPerM};
  }

 private:
  static std::int64_t units(double metres) {
    constexpr double kFarthestM = 4e6;  // Beyond any city; keeps the grid's integers from overflowing.
    return static_cast<std::int64_t>(std::floor(std::clamp(metres, -kFarthestM, kFarthestM) * kGroundGridPerM + 0.5));
  }
  std::int64_t x_, y_;
  GridPoint high_;
};

/// A piece of ground of one owner and one look.
struct GroundSurface {
  static constexpr float kFollowsTerrain = std::numeric_limits<float>::infinity();

  std::uint64_t rank = 0;  ///< The smaller covers the larger.
  city::FeatureIndex feature = city::kNone;
  std::uint32_t first_ring = 0;
  std::uint32_t end_ring = 0;
  float level_m = kFollowsTerrain;  ///< Height of what is flat.
  float raised_m = 0;               ///< Above the terrain.
  Rgb8 colour{};
  Rgb8 side{};  ///< Of the vertical faces at its edges.
  Material material = Material::ground;
  bool falls_back = false;  ///< Raised only where it meets what has a kerb: a pavement.
  bool has_kerb = false;    ///< A carriageway.
  bool is_minor = false;    ///< Small islands go to what surrounds them.
};

/// The level at which an area of water is flat, or kFollowsTerrain for water that runs downhill.
float water_level_m(const city::City& city, const city::Feature& water);

/// Working memory of one thread: collect() fills `surfaces`, ordered by rank.
class GroundSurfaces {
 public:
  void collect(const city::City& city, const geo::Box2d& box, GroundDetail detail, const GroundGrid& grid);

  std::span<const GroundSurface> surfaces() const { return surfaces_; }
  std::uint32_t rings_of(const GroundSurface& s) const { return s.end_ring - s.first_ring; }
  std::span<const GridPoint> ring(std::uint32_t i) const {
    return std::span(points_).subspan(ring_ends_[i], ring_ends_[i + 1] - ring_ends_[i]);
  }
  /// Features that meet the box and its margin, ascending.
  std::span<const city::FeatureIndex> candidates() const { return candidates_; }

 private:
  struct Arm {  // The end of a street, or its passing, at a place where streets meet.
    geo::Vec2d at;
    geo::Vec2d away;  // Unit vector.
    double width_m;
    city::FeatureIndex feature;
    bool is_end;
    bool is_path;
  };
  const Arm* continued_by(std::span<const Arm> place, const Arm& arm) const;

  void add_street(const city::Feature& f, city::FeatureIndex i);
  void add_pavement(const city::Feature& f, city::FeatureIndex i, const city::Street& street, double half_m);
  void add_crossing(const city::Feature& f, city::FeatureIndex i);
  double carriageway_half_m(geo::Vec2d at) const;
  void add_rail(const city::Feature& f, city::FeatureIndex i);
  void add_water(const city::Feature& f, city::FeatureIndex i);
  void add_paved(const city::Feature& f, city::FeatureIndex i);
  void add_green(const city::Feature& f, city::FeatureIndex i);
  void add_land_use(const city::Feature& f, city::FeatureIndex i);
  void gather_arms();
  struct Ending {
    bool is_round = false;
    double reach_m = 0;  ///< How far the ribbon goes on beyond the place, into the others.
    geo::Vec2d left;     ///< As RibbonShape::end_left for a ribbon that goes away from the place; zero: square.
  };
  Ending ending_of(geo::Vec2d at, geo::Vec2d next, city::FeatureIndex feature) const;
  bool is_shown(const city::Street& street) const;
  double area_of(const city::Feature& f) const;

  /// Ends the surface that the rings since `first_ring` belong to; nothing when there are none.
  void end_surface(GroundSurface surface);
  void add_areas(const city::Feature& f);
  void add_ribbons(const city::Feature& f, city::FeatureIndex i, double left_m, double right_m);
  void add_offset_ribbons(const city::Feature& f, double offset_m, double half_m);
  void push_ring(std::span<const geo::Vec2d> ring);

  const city::City* city_ = nullptr;
  const GroundGrid* grid_ = nullptr;
  geo::Box2d box_;
  GroundDetail detail_ = GroundDetail::full;
  double error_m_ = 0;
  std::vector<GroundSurface> surfaces_;
  std::vector<GridPoint> points_;
  std::vector<std::uint32_t> ring_ends_;
  std::uint32_t first_ring_ = 0;
  std::vector<city::FeatureIndex> candidates_;
  std::vector<Arm> arms_;
  std::vector<geo::Vec2d> line_, outline_;
};

}  // namespace citiverse::tiles
