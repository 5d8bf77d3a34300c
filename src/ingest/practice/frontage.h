// Cutting a block's border into fronts: each a piece of land that faces the street, as deep as a house or a garden.
#pragma once

#include "base/random.h"
#include "ingest/practice/polygon.h"

namespace citiverse::ingest::practice {

/// A plot on the border of a block. Its first side (or first two, at a corner) faces the street; counter-clockwise.
struct Front {
  Path outline;
  Vec2d middle;   ///< Of the street side.
  Vec2d inwards;  ///< Unit, away from the street.
  double width_m = 0;
  double depth_m = 0;
  bool corner = false;
};

struct FrontageRule {
  double depth_m = 12;
  double width_min_m = 7;
  double width_max_m = 12;
  bool corners = true;  ///< Corner plots turn the corner; without, they end in a mitre.
};

/// Fronts in order around the outer ring. Neighbours share their party walls exactly; fronts of narrow or pointed blocks may
/// overlap, so what is built on them is tested against the rest.
std::vector<Front> fronts_of(const Path& ring, const FrontageRule& rule, base::Random& random);

}  // namespace citiverse::ingest::practice
