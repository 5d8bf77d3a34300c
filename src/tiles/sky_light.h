// How much sky a wall sees: gaps and courtyards between buildings are dim.
#pragma once

#include <vector>

#include "city/city.h"

namespace citiverse::tiles {

/// Looks outwards from walls for what stands before them. Made once a building; neighbours come from the city's index.
class SkyLight {
 public:
  /// Everything within reach_m of the feature, but itself and the building that it is part of.
  void gather(const city::City& city, const city::Feature& feature, double reach_m);

  /// How closed the view from the middle of a wall is, from 0 (nothing within reach) to 1 (touching). `from` to `to` is a side
  /// with the building on its left; `own` are the building's rings, which close its courtyards.
  double closeness(geo::Vec2d from, geo::Vec2d to, const std::vector<std::span<const geo::Vec2d>>& own) const;

 private:
  struct Neighbour {
    std::span<const geo::Vec2d> ring;
    geo::Box2d box;
  };
  std::vector<Neighbour> neighbours_;
  double reach_m_ = 0;
};

/// Rings that one building looks at; the rest of a denser crowd changes nothing that one sees.
inline constexpr std::size_t kNeighboursMax = 64;

}  // namespace citiverse::tiles
