// The city as a map: Mapbox Vector Tiles from the whole world (z0) to the street (z14).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "city/city.h"
#include "formats/subtree.h"
#include "tiles/map_projection.h"
#include "tiles/map_words.h"

namespace citiverse::tiles {

/// Tile (z, x, y) of the WebMercatorQuad tile matrix set, y to the south. Layers and their properties (all have id, kind, and
/// where known name, name:en, name:fr, name:es, name:ar):
///   building   use, height, min_height (whole metres)      z13 where large, z14 all; those with parts are their parts
///   street     class, structure, oneway, layer             by class from z5; z14 all
///   rail       class, structure, layer                     z8, z11, z13
///   water      class                                       areas by size, lines by class
///   green, land_use, paved   class                         by size; paved from z13
///   barrier, tree            class, height; leaf           z14
///   place      class, subtype                              z13 for what a city is known by, z14 all
///   stop       mode, station                               stations from z11, z14 all
///   area       class, population                           borders as lines and one point each for the label, by class
///   line       ref, mode, colour                           z10
///   address    housenumber, street                         z14
/// Areas that cover less than a few pixels are left out below z14. Everything of the source is in z14.
/// Threads: safe. Cost: bounded by the tile's features.
class VectorTiles {
 public:
  explicit VectorTiles(const city::City& city);
  /// The tiles of `base` with the features of a city that was changed.
  VectorTiles(const city::City& changed, const VectorTiles& base);

  /// True for tiles that meet the city's extent.
  bool exists(formats::TileAddress at) const;
  /// All tiles that exist, the coarse ones first.
  std::vector<formats::TileAddress> all() const;
  /// The tile; no bytes when nothing of the city is drawn there. Fails: not_found.
  base::Result<std::string> make(formats::TileAddress at) const;
  /// TileJSON 3.0.0, with the relative URL template {z}/{x}/{y}.mvt.
  std::string tilejson() const;
  /// What a tile and its buffer may show, in the city plane.
  geo::Box2d plane_box_of(formats::TileAddress at) const;

 private:
  const city::City& city_;
  geo::Box2d extent_;  // City plane.
  MapProjection projection_;
  geo::Box2d mercator_extent_;  // Unit square.
};

}  // namespace citiverse::tiles
