// Walls, fences and hedges as thin solids that follow the ground.
#pragma once

#include "city/city.h"
#include "tiles/mesh.h"

namespace citiverse::tiles {

/// Appends one barrier. A line becomes a closed solid of its class's thickness, mitred at its corners, closed to a ring where
/// its ends meet, cut so that it follows the terrain (a cut every terrain step, at most kBarrierCutsMax a side). An area, such
/// as a broad hedge, is filled. Solids begin kBarrierFootingM under the ground. Drawn as `roof`: the client lights windows on
/// `wall`. Cost: a few µs a side. Threads: safe on different contents.
void append_barrier(const city::City& city, city::FeatureIndex feature, geo::Vec3d origin, TileContent& content);

inline constexpr double kBarrierFootingM = 0.3;
inline constexpr int kBarrierCutsMax = 256;
/// Lower barriers are left out: they are kerbs.
inline constexpr double kBarrierHeightMinM = 0.2;

}  // namespace citiverse::tiles
