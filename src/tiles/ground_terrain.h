// Where the ground bends: the edges of the terrain that a tile's triangles must keep, as few as an error bound allows.
#pragma once

#include <cstdint>
#include <vector>

#include "city/terrain.h"
#include "geo/box.h"
#include "geo/vec.h"

namespace citiverse::tiles {

/// Terrain is thinned in blocks of this many cells each way, counted from its origin, so that neighbouring tiles of one error
/// decide alike.
inline constexpr std::uint32_t kTerrainBlockCells = 16;

class TerrainCreases {
 public:
  /// Every block that meets `box` keeps a coarser grid of 1, 2, 4, 8 or 16 cells on which the surface stays within `error_m` of
  /// the terrain. Borders between blocks keep the finer of both grids. Cost: a visit of each sample near the box for each grid.
  TerrainCreases(const city::Terrain& terrain, const geo::Box2d& box, double error_m);

  /// Calls crease(a, b) for each edge of the kept grids that may meet the box; ends are samples of the terrain.
  template <class F>
  void for_each(F&& crease) const;

 private:
  struct Block {
    std::uint32_t first_column, first_row, end_column, end_row;  // Cells [first, end).
    std::uint32_t step;
  };
  Block block_at(std::uint32_t bx, std::uint32_t by) const;
  std::uint32_t coarsest_step(const Block& block, double error_m) const;
  bool is_within(const Block& block, std::uint32_t step, double error_m) const;
  std::uint32_t step_of(std::uint32_t bx, std::uint32_t by) const {
    return steps_[(by - low_by_) * (high_bx_ - low_bx_ + 1) + (bx - low_bx_)];
  }
  geo::Vec2d sample_at(std::uint32_t column, std::uint32_t row) const {
    return {terrain_.origin().x + terrain_.step_m() * column, terrain_.origin().y + terrain_.step_m() * row};
  }
  template <class F>
  void creases_of(std::uint32_t bx, std::uint32_t by, F&& crease) const;

  const city::Terrain& terrain_;
  bool empty_ = true;
  std::uint32_t low_column_ = 0, low_row_ = 0, high_column_ = 0, high_row_ = 0;  // Cells that meet the box.
  std::uint32_t low_bx_ = 0, low_by_ = 0, high_bx_ = 0, high_by_ = 0;            // Blocks, one more to the west and south.
  std::vector<std::uint32_t> steps_;
};

/// Unit normal of the ground at a point, of the samples' mean slopes, so that light does not show the triangles.
geo::Vec3f terrain_normal(const city::Terrain& terrain, geo::Vec2d point);

template <class F>
void TerrainCreases::for_each(F&& crease) const {
  if (empty_) return;
  for (std::uint32_t by = low_row_ / kTerrainBlockCells; by <= high_by_; ++by) {
    for (std::uint32_t bx = low_column_ / kTerrainBlockCells; bx <= high_bx_; ++bx) creases_of(bx, by, crease);
  }
}

template <class F>
void TerrainCreases::creases_of(std::uint32_t bx, std::uint32_t by, F&& crease) const {
  const Block block = block_at(bx, by);
  const std::uint32_t step = step_of(bx, by);
  const std::uint32_t west_step = bx > 0 ? std::min(step, step_of(bx - 1, by)) : step;
  const std::uint32_t south_step = by > 0 ? std::min(step, step_of(bx, by - 1)) : step;
  const auto near = [&](std::uint32_t column, std::uint32_t row, std::uint32_t size) {
    return column <= high_column_ + 1 && row <= high_row_ + 1 && column + size >= low_column_ && row + size >= low_row_;
  };
  const auto rising = [&](std::uint32_t column, std::uint32_t by_rows) {
    for (std::uint32_t row = block.first_row; row < block.end_row; row += by_rows) {
      if (near(column, row, by_rows)) crease(sample_at(column, row), sample_at(column, row + by_rows));
    }
  };
  const auto level = [&](std::uint32_t row, std::uint32_t by_columns) {
    for (std::uint32_t column = block.first_column; column < block.end_column; column += by_columns) {
      if (near(column, row, by_columns)) crease(sample_at(column, row), sample_at(column + by_columns, row));
    }
  };
  rising(block.first_column, west_step);
  level(block.first_row, south_step);
  for (std::uint32_t column = block.first_column + step; column < block.end_column; column += step) rising(column, step);
  for (std::uint32_t row = block.first_row + step; row < block.end_row; row += step) level(row, step);
  if (block.end_column == terrain_.columns() - 1) rising(block.end_column, step);
  if (block.end_row == terrain_.rows() - 1) level(block.end_row, step);
  for (std::uint32_t row = block.first_row; row < block.end_row; row += step) {
    for (std::uint32_t column = block.first_column; column < block.end_column; column += step) {
      if (near(column, row, step)) crease(sample_at(column, row), sample_at(column + step, row + step));
    }
  }
}

}  // namespace citiverse::tiles
