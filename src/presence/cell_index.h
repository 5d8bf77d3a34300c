// Who is in which cell of the ground, for cells of any size: one sorted array serves all of them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "presence/body.h"

namespace citiverse::presence {

/// Rows ordered along the Z-order curve of their cells, so that a square of any power of two is one run of the array.
/// Built anew, since sorting everybody costs less than keeping anything up to date: two or three passes of a radix sort.
/// Cost: no allocation once it has held as many. Source: Morton 1966; Samet 2006, section 1.4.
class CellIndex {
 public:
  /// Edge of the smallest cells, and how many sizes there are, each twice the last: 5.12 m to 655.36 m.
  static constexpr unsigned kLeastShift = 9;
  static constexpr unsigned kLevels = 8;
  static constexpr double size_cm(unsigned level) { return static_cast<double>(1u << (kLeastShift + level)); }

  struct Run {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t count() const { return end - begin; }
  };

  /// Everybody who is not away.
  void build(std::span<const Body> bodies);
  /// The 3 × 3 cells of a level around a place, in the order of rows from the south-west.
  std::array<Run, 9> around(Place place, unsigned level) const;
  /// Somebody of one cell's run (not empty), chosen by where they are: of each cell's quarters that hold anybody, each has the
  /// same chance, so that somebody who stands alone is found as often as a whole crowd. `draw`: random bits.
  Row somebody(Run run, unsigned level, std::uint64_t draw) const;
  Row row(std::uint32_t i) const { return static_cast<Row>(items_[i]); }
  std::size_t size() const { return items_.size(); }

 private:
  static constexpr unsigned kAxisBits = 16;
  static constexpr unsigned kTopBits = 12;

  std::uint32_t axis_cell(std::int32_t cm, std::uint32_t origin) const;
  std::uint32_t first_at_least(std::uint64_t key) const;
  void sort();

  std::vector<std::uint64_t> items_;  // Key in the upper half, row in the lower.
  std::vector<std::uint64_t> aside_;
  std::vector<std::uint32_t> top_;  // First item of each value of the keys' upper bits: a search begins next to its end.
  std::uint32_t origin_x_ = 0;
  std::uint32_t origin_y_ = 0;
  unsigned bits_ = 0;  // That keys use.
  unsigned top_shift_ = 0;
};

}  // namespace citiverse::presence
