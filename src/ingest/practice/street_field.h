// Which way streets run at a place: along the river, around the market, along the slope, or in the grid of a quarter.
#pragma once

#include "ingest/practice/setting.h"

namespace citiverse::ingest::practice {

/// A blend of direction fields without sign, as tensors. Source: Chen, Esch, Wonka, Müller & Zhang 2008, "Interactive
/// procedural street modeling", doi:10.1145/1360612.1360702.
class StreetField {
 public:
  /// Keeps references to both.
  StreetField(const Setting& setting, const city::Terrain& terrain);

  /// Unit direction of a street, or of those that cross it. The sign has no meaning.
  Vec2d direction(Vec2d p, bool across) const;
  /// Metres up per metre east and north, of the terrain.
  Vec2d gradient(Vec2d p) const;
  double slope(Vec2d p) const { return length(gradient(p)); }

 private:
  struct Quarter {
    Vec2d centre;
    Vec2d axis;
  };
  const Setting& setting_;
  const city::Terrain& terrain_;
  std::vector<Quarter> quarters_;
};

}  // namespace citiverse::ingest::practice
