// The entry to a city's 3D tiles: tileset.json of 3D Tiles 1.1 over one implicit quadtree.
#pragma once

#include <array>
#include <string>

#include "formats/subtree.h"
#include "geo/lat_lon.h"

namespace citiverse::formats {

/// Everything that tileset.json says of a city.
struct Tileset {
  geo::LatLon origin;             ///< Where the frame's origin lies, on the ellipsoid.
  BoxVolume root_box{};           ///< Metres east, north, up of the origin. The quadtree halves it in east and north.
  double root_error_m = 0;        ///< Geometric error of the root tile; each level has half of the level above.
  unsigned levels = 1;            ///< Of the whole tree.
  unsigned subtree_levels = 1;    ///< Of one subtree.
  double content_overhang_m = 0;  ///< How far content may reach beyond the implicit box of its tile, sideways.
};

/// JSON, with the URI templates `content/{level}/{x}/{y}.glb` and `subtrees/{level}/{x}/{y}.subtree`, refinement REPLACE, and
/// the metadata schema of the subtrees' TILE_BOUNDING_BOX. The overhang is in the root's `extras.content_overhang_m`, for
/// renderers that do not read that metadata.
/// Source: 3D Tiles 1.1 (OGC 22-025r4), 8 "Tileset JSON" and 11.3 "Implicit root tile".
std::string write_tileset_json(const Tileset& tileset);

/// Column-major east-north-up → Earth-centred transform at a place on the ellipsoid.
std::array<double, 16> east_north_up_transform(geo::LatLon origin);

}  // namespace citiverse::formats
