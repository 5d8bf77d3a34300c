// Square by square, the coarsest grain that is still right.
#include "sim/sun/terrain_mesh.h"

#include <algorithm>
#include <cmath>

namespace citiverse::sim {
namespace {

struct Square {
  std::uint32_t column, row, columns, rows;  // Cells.
};

// Of the surface that keeps every step-th sample of a square, at a sample: two triangles a cell, diagonal south-west to
// north-east.
double thinned_height(const city::Terrain& t, const Square& s, std::uint32_t step, std::uint32_t column, std::uint32_t row) {
  const auto kept = [](std::uint32_t at, std::uint32_t first, std::uint32_t count, std::uint32_t by) {
    const std::uint32_t low = first + (at - first) / by * by;
    return std::pair{low, std::min(low + by, first + count)};
  };
  const auto [west, east] = kept(std::min(column, s.column + s.columns - 1), s.column, s.columns, step);
  const auto [south, north] = kept(std::min(row, s.row + s.rows - 1), s.row, s.rows, step);
  const double u = static_cast<double>(column - west) / (east - west);
  const double v = static_cast<double>(row - south) / (north - south);
  const double low = t.sample(west, south);
  const double high = t.sample(east, north);
  if (u >= v) return low + u * (t.sample(east, south) - low) + v * (high - t.sample(east, south));
  return low + v * (t.sample(west, north) - low) + u * (high - t.sample(west, north));
}

bool is_good(const city::Terrain& t, const Square& s, std::uint32_t step, double error_m) {
  for (std::uint32_t r = s.row; r <= s.row + s.rows; ++r) {
    for (std::uint32_t c = s.column; c <= s.column + s.columns; ++c) {
      if (std::abs(thinned_height(t, s, step, c, r) - t.sample(c, r)) > error_m) return false;
    }
  }
  return true;
}

void append_square(const city::Terrain& t, const Square& s, std::uint32_t step, geo::Vec3d origin, TriangleMesh& mesh) {
  const auto first = static_cast<std::uint32_t>(mesh.corners.size());
  const std::uint32_t wide = (s.columns + step - 1) / step;
  const std::uint32_t high = (s.rows + step - 1) / step;
  for (std::uint32_t j = 0; j <= high; ++j) {
    for (std::uint32_t i = 0; i <= wide; ++i) {
      const std::uint32_t column = s.column + std::min(i * step, s.columns);
      const std::uint32_t row = s.row + std::min(j * step, s.rows);
      mesh.corners.push_back({static_cast<float>(t.origin().x + t.step_m() * column - origin.x),
                              static_cast<float>(t.origin().y + t.step_m() * row - origin.y),
                              static_cast<float>(t.sample(column, row) - origin.z)});
    }
  }
  for (std::uint32_t j = 0; j < high; ++j) {
    for (std::uint32_t i = 0; i < wide; ++i) {
      const std::uint32_t sw = first + j * (wide + 1) + i;
      const std::uint32_t nw = sw + wide + 1;
      for (const std::uint32_t corner : {sw, sw + 1, nw + 1, sw, nw + 1, nw}) mesh.indices.push_back(corner);
    }
  }
}

}  // namespace

void append_terrain(const city::Terrain& terrain, const geo::Box2d& box, geo::Vec3d origin, double error_slope,
                    TriangleMesh& mesh) {
  if (terrain.empty()) return;
  const double step_m = terrain.step_m();
  for (std::uint32_t row = 0; row + 1 < terrain.rows(); row += kTerrainSquareCells) {
    for (std::uint32_t column = 0; column + 1 < terrain.columns(); column += kTerrainSquareCells) {
      const Square s{column, row, std::min(kTerrainSquareCells, terrain.columns() - 1 - column),
                     std::min(kTerrainSquareCells, terrain.rows() - 1 - row)};
      const geo::Vec2d low = terrain.origin() + geo::Vec2d{step_m * column, step_m * row};
      const geo::Vec2d high = low + geo::Vec2d{step_m * s.columns, step_m * s.rows};
      const double dx = std::max({low.x - box.high.x, box.low.x - high.x, 0.0});
      const double dy = std::max({low.y - box.high.y, box.low.y - high.y, 0.0});
      const double error_m = std::hypot(dx, dy) * error_slope;
      std::uint32_t step = kTerrainSquareCells;
      while (step > 1 && (error_m <= 0 || !is_good(terrain, s, step, error_m))) step /= 2;
      append_square(terrain, s, step, origin, mesh);
    }
  }
}

}  // namespace citiverse::sim
