// Thinning the terrain's grid block by block.
#include "tiles/ground_terrain.h"

#include <algorithm>
#include <cmath>

namespace citiverse::tiles {

TerrainCreases::TerrainCreases(const city::Terrain& terrain, const geo::Box2d& box, double error_m) : terrain_(terrain) {
  if (terrain.empty() || !terrain.box().intersects(box)) return;
  empty_ = false;
  const auto cell = [&](double at, double origin, std::uint32_t samples) {
    return static_cast<std::uint32_t>(std::clamp(std::floor((at - origin) / terrain.step_m()), 0.0, samples - 2.0));
  };
  low_column_ = cell(box.low.x, terrain.origin().x, terrain.columns());
  high_column_ = cell(box.high.x, terrain.origin().x, terrain.columns());
  low_row_ = cell(box.low.y, terrain.origin().y, terrain.rows());
  high_row_ = cell(box.high.y, terrain.origin().y, terrain.rows());
  const auto one_before = [](std::uint32_t block) { return block > 0 ? block - 1 : 0; };
  low_bx_ = one_before(low_column_ / kTerrainBlockCells);
  low_by_ = one_before(low_row_ / kTerrainBlockCells);
  high_bx_ = high_column_ / kTerrainBlockCells;
  high_by_ = high_row_ / kTerrainBlockCells;
  for (std::uint32_t by = low_by_; by <= high_by_; ++by) {
    for (std::uint32_t bx = low_bx_; bx <= high_bx_; ++bx) steps_.push_back(coarsest_step(block_at(bx, by), error_m));
  }
}

TerrainCreases::Block TerrainCreases::block_at(std::uint32_t bx, std::uint32_t by) const {
  const std::uint32_t column = bx * kTerrainBlockCells, row = by * kTerrainBlockCells;
  return {column, row, std::min(column + kTerrainBlockCells, terrain_.columns() - 1),
          std::min(row + kTerrainBlockCells, terrain_.rows() - 1), 1};
}

std::uint32_t TerrainCreases::coarsest_step(const Block& block, double error_m) const {
  for (std::uint32_t step = kTerrainBlockCells; step > 1; step /= 2) {
    const bool fits = (block.end_column - block.first_column) % step == 0 && (block.end_row - block.first_row) % step == 0;
    if (fits && is_within(block, step, error_m)) return step;
  }
  return 1;
}

bool TerrainCreases::is_within(const Block& block, std::uint32_t step, double error_m) const {
  for (std::uint32_t row = block.first_row; row <= block.end_row; ++row) {
    const std::uint32_t low_row = std::min(row - (row - block.first_row) % step, block.end_row - step);
    const double fv = static_cast<double>(row - low_row) / step;
    for (std::uint32_t column = block.first_column; column <= block.end_column; ++column) {
      const std::uint32_t low_column = std::min(column - (column - block.first_column) % step, block.end_column - step);
      const double fu = static_cast<double>(column - low_column) / step;
      const double south_west = terrain_.sample(low_column, low_row);
      const double north_east = terrain_.sample(low_column + step, low_row + step);
      double height = 0;
      if (fu >= fv) {
        const double south_east = terrain_.sample(low_column + step, low_row);
        height = south_west + fu * (south_east - south_west) + fv * (north_east - south_east);
      } else {
        const double north_west = terrain_.sample(low_column, low_row + step);
        height = south_west + fv * (north_west - south_west) + fu * (north_east - north_west);
      }
      if (std::fabs(height - terrain_.sample(column, row)) > error_m) return false;
    }
  }
  return true;
}

geo::Vec3f terrain_normal(const city::Terrain& terrain, geo::Vec2d point) {
  if (terrain.empty()) return {0, 0, 1};
  const double u = std::clamp((point.x - terrain.origin().x) / terrain.step_m(), 0.0, terrain.columns() - 1.0);
  const double v = std::clamp((point.y - terrain.origin().y) / terrain.step_m(), 0.0, terrain.rows() - 1.0);
  const auto column = std::min(static_cast<std::uint32_t>(u), terrain.columns() - 2);
  const auto row = std::min(static_cast<std::uint32_t>(v), terrain.rows() - 2);
  const double fu = u - column, fv = v - row;
  // Slopes at the four samples around, as differences over two cells, blended.
  double east = 0, north = 0;
  for (std::uint32_t i = 0; i < 4; ++i) {
    const std::uint32_t c = column + (i & 1), r = row + (i >> 1);
    const double weight = ((i & 1) != 0 ? fu : 1 - fu) * ((i >> 1) != 0 ? fv : 1 - fv);
    const std::uint32_t west = c > 0 ? c - 1 : 0, past_east = std::min(c + 1, terrain.columns() - 1);
    const std::uint32_t south = r > 0 ? r - 1 : 0, past_north = std::min(r + 1, terrain.rows() - 1);
    east += weight * (terrain.sample(past_east, r) - terrain.sample(west, r)) / (past_east - west);
    north += weight * (terrain.sample(c, past_north) - terrain.sample(c, south)) / (past_north - south);
  }
  east /= terrain.step_m();
  north /= terrain.step_m();
  const double size = std::sqrt(east * east + north * north + 1);
  return {static_cast<float>(-east / size), static_cast<float>(-north / size), static_cast<float>(1 / size)};
}

}  // namespace citiverse::tiles
