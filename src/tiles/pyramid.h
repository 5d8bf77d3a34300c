// How a city's square is divided: one root, each tile into four, down to tiles of a block or two; and where each tile stands.
#pragma once

#include <vector>

#include "city/city.h"
#include "formats/glb_writer.h"
#include "formats/subtree.h"
#include "formats/tileset_json.h"
#include "geo/box.h"

namespace citiverse::tiles {

/// Side of the smallest tiles: a block or two, so that what stands around a visitor is a handful of files of about 100 kB. A
/// power of two, so that the grids of neighbours meet exactly.
inline constexpr double kLeafTileM = 256;
/// Where little stands, a tile this wide at most is not divided further.
inline constexpr double kLeafTileMaxM = 1024;
/// "Little": vertices of the source in the tile, and samples of the terrain under it.
inline constexpr std::uint32_t kLeafVerticesMax = 1200;
inline constexpr double kLeafTerrainSamplesMax = 5000;
/// A root of 256 × 2^11 m is wider than any city.
inline constexpr unsigned kTileLevelsMax = 12;
/// Up to so many tiles are one subtree file (144 kB, mostly their boxes); of more, each file has half of the levels.
inline constexpr std::size_t kSubtreeTilesMax = 1500;

/// The box of all buildings, streets, rails, paved areas, bridges, barriers and trees, and a metre more; of everything in a
/// city that has none of them.
geo::Box2d drawn_extent(const city::City& city);

enum class TileDetail : std::uint8_t {
  full,    ///< A finest tile, which is not divided: everything once, roofs in shape.
  middle,  ///< One level above the deepest: bodies without roofs, simple trees.
  far,     ///< Everything above: ground in a coarse grid, the largest buildings as boxes, small ones together with their
           ///< neighbours.
};

/// Tile (level, x, y) is the square of side kLeafTileM × 2^(levels − 1 − level), x east and y north, of the root's square in
/// the city plane. Tiles hold their south and west edges, not the others. Threads: reading is safe.
class Pyramid {
 public:
  explicit Pyramid(const city::City& city);

  unsigned levels() const { return levels_; }
  unsigned subtree_levels() const { return subtree_levels_; }
  /// What tiles cover: all buildings, streets, rails, bridges, barriers and trees. Empty for an empty city.
  const geo::Box2d& extent() const { return extent_; }
  double tile_size_m(unsigned level) const;
  /// How far what a tile shows may be from the truth: 1/64 of its side, so 4 m at the finest level and twice as much with each
  /// level above. tile_content.h keeps to it.
  double geometric_error_m(unsigned level) const;
  TileDetail detail(formats::TileAddress at) const;
  /// True for a finest tile: at the deepest level, or above it where little stands (kLeafVerticesMax). Finest tiles cover the
  /// extent once.
  bool is_leaf(formats::TileAddress at) const;
  /// The whole square.
  geo::Box2d tile_box(formats::TileAddress at) const;
  /// The part of the square that is within the extent: what ground is made for.
  geo::Box2d ground_box(formats::TileAddress at) const;
  /// True when the tile has content: it shares area with the extent, and is not below a finest tile.
  bool exists(formats::TileAddress at) const;
  /// The tile of a level in which a point lies; points outside the square count to its border tiles.
  formats::TileAddress tile_at(unsigned level, geo::Vec2d point) const;

 private:
  void count_vertices(const city::City& city);
  bool is_light(formats::TileAddress at) const;
  std::size_t count_tiles(formats::TileAddress below) const;

  geo::Box2d extent_;
  double terrain_step_m_ = 0;                         // 0: no terrain.
  std::vector<std::vector<std::uint32_t>> vertices_;  // By level, row and column: the deepest and those up to kLeafTileMaxM.
  geo::Vec2d low_;
  unsigned levels_ = 1;
  unsigned subtree_levels_ = 1;
};

/// Where a tile's content has its origin: the middle of its square, at the height of the terrain there in whole metres.
geo::Vec3d tile_origin(const city::City& city, const Pyramid& pyramid, formats::TileAddress at);

/// The rotation, scale and place that put content around `origin` (city plane) into the frame east, north, up of the city's
/// origin. Exact at the origin itself.
/// Error: placement_error_m(distance) at a distance from it, since a tile is flat and the Earth is round.
formats::GlbPlacement place_in_tileset(const geo::CityPlane& plane, geo::Vec3d origin);
constexpr double placement_error_m(double distance_m) {
  // Fall of the ellipsoid below its tangent, with its smallest radius of curvature, and as much again for the plane's scale.
  return distance_m * distance_m / 6.3e6;
}

/// A point of a tile (metres from its origin) in the tileset's frame.
geo::Vec3d to_tileset(const formats::GlbPlacement& placement, geo::Vec3d local);

}  // namespace citiverse::tiles
