// The ground: a regular grid of heights in the city plane, read as one piecewise-linear surface.
#pragma once

#include <cstdint>
#include <vector>

#include "city/column.h"
#include "geo/box.h"

namespace citiverse::city {

/// Heights above the reference of the elevation source (taken as the ellipsoid for display), metres. Sample (column, row) lies
/// at origin + step × (column, row): rows go north. Between samples each cell is two triangles that share the diagonal from its
/// south-west to its north-east corner; every room that meshes or drapes uses this surface, so that nothing floats.
class Terrain {
 public:
  Terrain() = default;
  /// Needs columns × rows = heights.size(), both 2 or more, step > 0, all heights finite.
  Terrain(geo::Vec2d origin, double step_m, std::uint32_t columns, std::uint32_t rows, Column<float> heights_m);

  bool empty() const { return heights_m_.empty(); }
  geo::Vec2d origin() const { return origin_; }
  double step_m() const { return step_m_; }
  std::uint32_t columns() const { return columns_; }
  std::uint32_t rows() const { return rows_; }
  const Column<float>& heights_m() const { return heights_m_; }
  geo::Box2d box() const;
  float sample(std::uint32_t column, std::uint32_t row) const { return heights_m_[row * columns_ + column]; }

  /// Height of the surface at a point; outside the grid that of the nearest border point; 0 without a grid.
  double height_at(geo::Vec2d point) const;

 private:
  geo::Vec2d origin_;
  double step_m_ = 0;
  std::uint32_t columns_ = 0;
  std::uint32_t rows_ = 0;
  Column<float> heights_m_;
};

}  // namespace citiverse::city
