// Reading the grid between its samples.
#include "city/terrain.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace citiverse::city {

Terrain::Terrain(geo::Vec2d origin, double step_m, std::uint32_t columns, std::uint32_t rows, Column<float> heights_m)
    : origin_(origin), step_m_(step_m), columns_(columns), rows_(rows), heights_m_(std::move(heights_m)) {
  CITIVERSE_CHECK(columns >= 2 && rows >= 2 && step_m > 0, "a terrain has cells of a size");
  CITIVERSE_CHECK(std::size_t{columns} * rows == heights_m_.size(), "one height a sample");
}

geo::Box2d Terrain::box() const {
  if (empty()) return {};
  return {origin_, {origin_.x + step_m_ * (columns_ - 1), origin_.y + step_m_ * (rows_ - 1)}};
}

double Terrain::height_at(geo::Vec2d point) const {
  if (empty()) return 0.0;
  const double u = std::clamp((point.x - origin_.x) / step_m_, 0.0, static_cast<double>(columns_ - 1));
  const double v = std::clamp((point.y - origin_.y) / step_m_, 0.0, static_cast<double>(rows_ - 1));
  const auto column = std::min(static_cast<std::uint32_t>(u), columns_ - 2);
  const auto row = std::min(static_cast<std::uint32_t>(v), rows_ - 2);
  const double fu = u - column;
  const double fv = v - row;
  const double south_west = sample(column, row);
  const double north_east = sample(column + 1, row + 1);
  if (fu >= fv) {
    const double south_east = sample(column + 1, row);
    return south_west + fu * (south_east - south_west) + fv * (north_east - south_east);
  }
  const double north_west = sample(column, row + 1);
  return south_west + fv * (north_west - south_west) + fu * (north_east - north_west);
}

}  // namespace citiverse::city
