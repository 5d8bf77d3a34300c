// The ground as triangles: whole where one stands, thinner where it is only a skyline.
#pragma once

#include <cstdint>
#include <vector>

#include "city/terrain.h"
#include "geo/box.h"

namespace citiverse::sim {

/// Triangles over shared corners, floats from an origin.
struct TriangleMesh {
  std::vector<geo::Vec3f> corners;
  std::vector<std::uint32_t> indices;
};

/// Appends the whole terrain, with its own triangles within the box. Outside it, squares of kTerrainSquareCells keep every 2nd,
/// 4th, 8th or 16th sample, where the surface stays within distance × `error_slope` of the terrain. Squares of different grain
/// meet with gaps no higher than that. Cost: a visit of each sample for each grain.
void append_terrain(const city::Terrain& terrain, const geo::Box2d& box, geo::Vec3d origin, double error_slope,
                    TriangleMesh& mesh);
inline constexpr std::uint32_t kTerrainSquareCells = 16;

}  // namespace citiverse::sim
