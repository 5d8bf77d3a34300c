// How many people are in each square of the ground: what is told of those who are too many to be seen singly.
#pragma once

#include <span>
#include <vector>

#include "presence/authority.h"
#include "presence/body.h"

namespace citiverse::presence {

/// Counts over a space's bounds, in cells of kDensityCellCm. Where a space is larger than kCellsMax cells, there is no density.
class CrowdMap {
 public:
  static constexpr std::size_t kCellsMax = 4'000'000;

  explicit CrowdMap(const Bounds& bounds);
  void build(std::span<const Body> bodies);
  /// The section's bytes after its flag, at most 5 + 81 × kDensityCellBytes: the window around a place. Returns how many; 0
  /// when no cell of it is a crowd.
  std::size_t write_window(Place place, std::uint8_t* out) const;
  /// The same with no cells: the crowd has gone.
  static std::size_t write_empty(Place place, std::uint8_t* out);

 private:
  std::int32_t column_ = 0;
  std::int32_t row_ = 0;
  std::int32_t columns_ = 0;
  std::int32_t rows_ = 0;
  std::vector<std::uint16_t> counts_;
  std::vector<std::uint32_t> filled_;  // Cells that are not 0, to be emptied next time.
};

}  // namespace citiverse::presence
