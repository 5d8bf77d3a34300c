// How far the content of tiles reaches, known without making it: what tileset.json and subtree files say of tiles.
#pragma once

#include "city/city.h"
#include "formats/subtree.h"
#include "formats/tileset_json.h"
#include "tiles/pyramid.h"

namespace citiverse::tiles {

/// Room below and above the terrain for what the ground is made of: banks, kerbs, bridges. Skirts come on top.
inline constexpr double kGroundBelowM = 5;
inline constexpr double kGroundAboveM = 30;

/// Decks of bridges end square to their course, so they may reach this far beyond the tile that they are cut for.
inline constexpr double kBridgeOverhangM = 12;

/// Above the finest level a building may be drawn as its oriented box, which reaches beyond the box of its outline by up to
/// this share of that box's shorter side.
inline constexpr double kBlockOverhangShare = 0.25;

/// A box in the city plane with heights.
struct TileBounds {
  geo::Box2d box;
  double low_m = 0;
  double high_m = 0;
  geo::Box2d blocks;        ///< Holds the buildings when they are drawn as blocks.
  bool has_bridge = false;  ///< Then `box` has room for kBridgeOverhangM.
};

/// Holds all content of a tile and of the tiles below it: its ground, and the buildings, barriers and trees that belong to it,
/// which may overhang its square. Cost: one pass over the features of its square.
TileBounds bounds_of_tile(const city::City& city, const Pyramid& pyramid, formats::TileAddress at);

/// Bounds as a box of the tileset's frame.
formats::BoxVolume volume_of(const city::City& city, const Pyramid& pyramid, formats::TileAddress at, const TileBounds& bounds);

/// The subtree whose root tile is `at`; its level is a multiple of subtree_levels().
formats::Subtree make_subtree(const city::City& city, const Pyramid& pyramid, formats::TileAddress at);

/// What tileset.json says. Cost: one pass over the buildings.
formats::Tileset make_tileset(const city::City& city, const Pyramid& pyramid);

}  // namespace citiverse::tiles
