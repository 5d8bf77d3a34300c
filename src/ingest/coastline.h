// The sea of a city: OpenStreetMap draws only the coastline, with the land on its left; the water is what the data's box
// leaves.
#pragma once

#include <span>
#include <vector>

#include "ingest/shape.h"

namespace citiverse::ingest {

struct Sea {
  std::vector<Shape> areas;    ///< Polygons with islands as holes.
  std::size_t loose_ends = 0;  ///< Ends of the coastline inside the box, which were led on, straight, out of it.
};

/// `ways` are pieces of coastline in metres, in any order, each with land on its left (OSM wiki "Tag:natural=coastline").
/// No sea when no piece reaches the box.
Sea sea_from(std::span<const std::vector<geo::Vec2d>> ways, const geo::Box2d& box);

}  // namespace citiverse::ingest
