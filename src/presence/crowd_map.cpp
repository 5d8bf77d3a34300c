// Counting crowds.
#include "presence/crowd_map.h"

#include "presence/bytes.h"

namespace citiverse::presence {
namespace {

constexpr std::int32_t cell_of(std::int32_t cm) {
  return cm >= 0 ? cm / kDensityCellCm : -((-static_cast<std::int64_t>(cm) + kDensityCellCm - 1) / kDensityCellCm);
}

std::size_t write_corner(std::int32_t column, std::int32_t row, std::uint8_t* out) {
  put(out, static_cast<std::int16_t>(column));
  put(out + 2, static_cast<std::int16_t>(row));
  out[4] = 0;
  return 5;
}

}  // namespace

CrowdMap::CrowdMap(const Bounds& bounds)
    : column_(cell_of(bounds.low.x)),
      row_(cell_of(bounds.low.y)),
      columns_(cell_of(bounds.high.x) - column_ + 1),
      rows_(cell_of(bounds.high.y) - row_ + 1) {
  const auto cells = static_cast<std::uint64_t>(columns_) * static_cast<std::uint64_t>(rows_);
  if (cells <= kCellsMax) counts_.resize(cells);
}

void CrowdMap::build(std::span<const Body> bodies) {
  for (const std::uint32_t cell : filled_) counts_[cell] = 0;
  filled_.clear();
  if (counts_.empty()) return;
  for (const Body& body : bodies) {
    if (body.is_away) continue;
    const std::int32_t column = cell_of(body.at.x) - column_;
    const std::int32_t row = cell_of(body.at.y) - row_;
    if (column < 0 || row < 0 || column >= columns_ || row >= rows_) continue;
    const auto cell =
        static_cast<std::uint32_t>(row) * static_cast<std::uint32_t>(columns_) + static_cast<std::uint32_t>(column);
    if (counts_[cell] == 0) filled_.push_back(cell);
    if (counts_[cell] < 0xFFFF) ++counts_[cell];
  }
}

std::size_t CrowdMap::write_empty(Place place, std::uint8_t* out) {
  return write_corner(cell_of(place.x) - kDensityWindow / 2, cell_of(place.y) - kDensityWindow / 2, out);
}

std::size_t CrowdMap::write_window(Place place, std::uint8_t* out) const {
  if (counts_.empty()) return 0;
  const std::int32_t west = cell_of(place.x) - kDensityWindow / 2;
  const std::int32_t south = cell_of(place.y) - kDensityWindow / 2;
  std::size_t bytes = write_corner(west, south, out);
  for (int i = 0; i < kDensityWindow * kDensityWindow; ++i) {
    const std::int32_t column = west + i % kDensityWindow - column_;
    const std::int32_t row = south + i / kDensityWindow - row_;
    if (column < 0 || row < 0 || column >= columns_ || row >= rows_) continue;
    const std::uint16_t people =
        counts_[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(column)];
    if (people < kCrowdLeast) continue;
    out[bytes] = static_cast<std::uint8_t>(i);
    put(out + bytes + 1, people);
    bytes += kDensityCellBytes;
    ++out[4];
  }
  return out[4] == 0 ? 0 : bytes;
}

}  // namespace citiverse::presence
