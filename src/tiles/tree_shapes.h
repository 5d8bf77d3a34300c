// The few crowns that all trees of all tiles share: quiet model trees of at most kTreeTrianglesMax triangles.
#pragma once

#include "tiles/mesh.h"

namespace citiverse::tiles {

inline constexpr std::size_t kTreeTrianglesMax = 60;

enum class TreeShape : std::uint8_t { broadleaved, needleleaved, palm };
inline constexpr std::size_t kTreeShapes = 3;

/// A tree of height 1 and crown diameter 1 whose foot is the origin; z up; shade baked into its colours.
/// `simple` has no trunk and a quarter of the triangles. Made once; the reference lasts.
const Mesh& tree_shape(TreeShape shape, bool simple);

}  // namespace citiverse::tiles
