// The ground of one tile: terrain, streets, kerbs, paths, squares, water, green and rails as one surface, and bridges over it.
#pragma once

#include "city/city.h"
#include "geo/box.h"
#include "tiles/mesh.h"

namespace citiverse::tiles {

enum class GroundDetail : std::uint8_t {
  full,    ///< Everything, with kerbs and rails. Terrain within 2 cm.
  middle,  ///< No kerbs: pavements are part of the street; no narrow paths, no rails on their beds.
  far,     ///< Terrain, water, larger green, main streets, as coloured pieces.
};

inline constexpr double kGroundErrorFullM = 0.25;
inline constexpr double kGroundErrorMiddleM = 2.0;
/// Far tiles are as coarse as their size allows: this share of their longer side, but no less than kGroundErrorFarMinM.
inline constexpr double kGroundErrorFarShare = 1.0 / 128;
inline constexpr double kGroundErrorFarMinM = 4.0;

/// How far, in metres, the made ground may lie from the city's own, in height and in plan. (Pieces smaller than this squared,
/// pavements and narrow ways that a detail leaves out are not counted.)
double ground_error_m(GroundDetail detail, const geo::Box2d& tile_box);

/// Pavements stand this much above the carriageway at full detail, and fall to the ground behind them.
inline constexpr double kKerbHeightM = 0.12;
/// Rails above their bed at full detail; those of trams lie flush.
inline constexpr double kRailHeightM = 0.10;
/// Bridges keep this much above what they cross, for each of their layers, as far as kBridgeSlopeMax lets them rise.
inline constexpr double kBridgeClearanceM = 4.5;

/// Appends the ground within `tile_box` to the ground and water meshes; positions are relative to `origin`.
/// Up-facing faces (bridges apart) cover the box exactly once, seen from above, and meet edge to edge; where neighbours differ
/// in height (kerbs, banks) vertical faces close the step. Vertices lie on Terrain::height_at (pavements and rails raised);
/// lakes, seas and nearly level rivers are flat at the level of their shore, other running water follows the terrain. The sides
/// of the tile have a skirt downwards of ground_skirt_m. Bridges are solid decks on their own; tunnels are not drawn. The box
/// is rounded to the ground's grid of 1/64 m. Tiles of one detail and size meet without gaps. Cost: grows with what meets the
/// box, not with the city. Threads: safe; working memory is kept by each thread.
void append_ground(const city::City& city, const geo::Box2d& tile_box, GroundDetail detail, geo::Vec3d origin,
                   TileContent& content);

/// Depth of the skirt, metres: covers the step to a neighbour that is one level coarser.
double ground_skirt_m(GroundDetail detail, const geo::Box2d& tile_box);

}  // namespace citiverse::tiles
