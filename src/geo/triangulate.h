// Polygons with holes become triangles: water, green, roofs and every other surface is drawn through this.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "geo/vec.h"

namespace citiverse::geo {

/// Ear clipping with holes joined to the outer ring by bridges. `rings[0]` is the outer ring, the others are its holes; rings
/// are open (the first vertex is not repeated) and may run in either direction. `indices` is replaced: three a triangle,
/// counter-clockwise, counting the vertices of all rings in order.
///
/// For a simple polygon with disjoint holes inside it: exactly n − 2 + 2 × holes triangles, none of them empty, every vertex
/// used (also one in the middle of a straight side: neighbours along that side meet without T-joints), no overlap; the sum of
/// their areas is the polygon's within kTriangulationAreaError × the area of its box. Touching vertices, holes that touch the
/// ring, repeated vertices and spikes are fine. For other input (self-crossing rings, holes outside) it ends with some
/// triangles of positive area, and an index is always valid. Cost: close to n log n in practice, n² at worst; n × holes for the
/// bridges. No allocation once warm. Threads: safe. Source: Eberly, "Triangulation by Ear Clipping", 2002; Held 2001,
/// doi:10.1007/s00453-001-0028-4; sides by geo::orientation.
void triangulate(std::span<const std::span<const Vec2d>> rings, std::vector<std::uint32_t>& indices);

/// The same for a polygon without holes.
void triangulate(std::span<const Vec2d> ring, std::vector<std::uint32_t>& indices);

inline constexpr double kTriangulationAreaError = 1e-12;

/// Coordinates beyond this, or not finite, give no triangles.
inline constexpr double kTriangulateCoordinateMax = 1e9;

/// Vertices in all rings that one call accepts; a larger polygon gives no triangles. Far above the largest coastline of a city.
inline constexpr std::size_t kTriangulateVerticesMax = 4'000'000;

}  // namespace citiverse::geo
