// Bridges: solid decks that carry streets and rails over what lies below.
#pragma once

#include <span>

#include "city/city.h"
#include "geo/box.h"
#include "tiles/ground.h"
#include "tiles/mesh.h"

namespace citiverse::tiles {

inline constexpr double kBridgeThicknessM = 0.7;
inline constexpr double kParapetHeightM = 1.0;
inline constexpr double kParapetWidthM = 0.25;
/// A deck rises no steeper than this to clear what it crosses.
inline constexpr double kBridgeSlopeMax = 0.12;
/// Ways of one bridge that are looked at together; more are taken as separate bridges.
inline constexpr std::size_t kBridgeWaysMax = 128;

/// Appends the decks of the bridges among `candidates` (street and rail features that meet the box) within the box. Consecutive
/// bridge ways that share ends are one bridge; its height runs straight from the terrain at one end to that at the other,
/// arched where that is too low over a crossing, and meets the ground at its ends without a step. Parapets and pavements only
/// in full.
void append_bridges(const city::City& city, const geo::Box2d& tile_box, GroundDetail detail,
                    std::span<const city::FeatureIndex> candidates, geo::Vec3d origin, TileContent& content);

}  // namespace citiverse::tiles
