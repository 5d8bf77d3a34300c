// What one 3D tile shows: which features belong to it, and how much of each at its level.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "formats/subtree.h"
#include "tiles/ground.h"
#include "tiles/mesh.h"
#include "tiles/pyramid.h"

namespace citiverse::tiles {

/// Buildings and trees of one tile above the finest level: the largest stay, so that a tile of a whole metropolis is as light
/// as one of a village.
inline constexpr std::size_t kCoarseBuildingsMax = 2000;
inline constexpr std::size_t kCoarseTreesMax = 2000;

/// Meshes and trees of a tile. Buildings, parts, barriers and trees belong to the tile in which their anchor lies, whole;
/// surfaces are cut at the tile's edges. Above the finest level a building keeps its roof where that is taller than the level's
/// geometric error; what is neither higher nor wider than half of it is drawn with its neighbours, one box for each square of
/// that side, where they fill a seventh of it. Cost: memory and, at the finest level, time bounded by the tile. Threads: safe.
/// The same city gives the same arrays.
TileContent make_tile_content(const city::City& city, const Pyramid& pyramid, formats::TileAddress at);

/// The file of a tile.
base::Result<std::string> write_tile_content(const city::City& city, const Pyramid& pyramid, formats::TileAddress at,
                                             const TileContent& content);

/// How much of the ground a tile shows.
GroundDetail ground_detail(TileDetail detail);

/// True for a feature that belongs to a tile whole, by its anchor.
bool belongs_to_tile(const city::City& city, const Pyramid& pyramid, formats::TileAddress at, const city::Feature& feature);

}  // namespace citiverse::tiles
