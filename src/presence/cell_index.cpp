// Sorting people by the cells they stand in.
#include "presence/cell_index.h"

#include <algorithm>
#include <array>

namespace citiverse::presence {
namespace {

// The 16 bits of a number, each followed by a zero.
constexpr std::uint32_t spread(std::uint32_t x) {
  x = (x | (x << 8)) & 0x00FF00FFu;
  x = (x | (x << 4)) & 0x0F0F0F0Fu;
  x = (x | (x << 2)) & 0x33333333u;
  return (x | (x << 1)) & 0x55555555u;
}

constexpr std::uint32_t biased(std::int32_t cm) { return static_cast<std::uint32_t>(cm) ^ 0x80000000u; }

}  // namespace

std::uint32_t CellIndex::axis_cell(std::int32_t cm, std::uint32_t origin) const {
  const std::uint32_t cell = biased(cm) >> kLeastShift;
  return std::min(cell < origin ? 0u : cell - origin, (1u << kAxisBits) - 1);
}

void CellIndex::build(std::span<const Body> bodies) {
  items_.clear();
  std::uint32_t low_x = ~0u, low_y = ~0u, high_x = 0, high_y = 0;
  for (const Body& body : bodies) {
    if (body.is_away) continue;
    low_x = std::min(low_x, biased(body.at.x) >> kLeastShift);
    low_y = std::min(low_y, biased(body.at.y) >> kLeastShift);
    high_x = std::max(high_x, biased(body.at.x) >> kLeastShift);
    high_y = std::max(high_y, biased(body.at.y) >> kLeastShift);
  }
  // An origin that is a corner of the largest cells keeps every level's cells where they are between builds.
  constexpr std::uint32_t kWhole = (1u << (kLevels - 1)) - 1;
  origin_x_ = low_x == ~0u ? 0 : low_x & ~kWhole;
  origin_y_ = low_y == ~0u ? 0 : low_y & ~kWhole;
  const std::uint32_t extent = low_x == ~0u ? 0 : std::max(high_x - origin_x_, high_y - origin_y_);
  bits_ = 2 * std::clamp<unsigned>(static_cast<unsigned>(std::bit_width(extent)), kLevels, kAxisBits);
  for (Row row = 0; row < bodies.size(); ++row) {
    const Body& body = bodies[row];
    if (body.is_away) continue;
    const std::uint32_t key = spread(axis_cell(body.at.x, origin_x_)) | (spread(axis_cell(body.at.y, origin_y_)) << 1);
    items_.push_back((std::uint64_t{key} << 32) | row);
  }
  sort();
}

void CellIndex::sort() {
  constexpr unsigned kDigitBits = 11;
  aside_.resize(items_.size());
  for (unsigned shift = 0; shift < bits_; shift += kDigitBits) {
    std::array<std::uint32_t, 1u << kDigitBits> firsts{};
    const auto digit = [&](std::uint64_t item) { return (item >> (32 + shift)) & ((1u << kDigitBits) - 1); };
    for (const std::uint64_t item : items_) ++firsts[digit(item)];
    std::uint32_t sum = 0;
    for (std::uint32_t& first : firsts) sum += std::exchange(first, sum);
    for (const std::uint64_t item : items_) aside_[firsts[digit(item)]++] = item;
    items_.swap(aside_);
  }
  top_shift_ = bits_ > kTopBits ? bits_ - kTopBits : 0;
  top_.assign((std::size_t{1} << (bits_ - top_shift_)) + 1, static_cast<std::uint32_t>(items_.size()));
  for (std::size_t i = items_.size(); i-- > 0;) top_[items_[i] >> (32 + top_shift_)] = static_cast<std::uint32_t>(i);
  for (std::size_t i = top_.size() - 1; i-- > 0;) top_[i] = std::min(top_[i], top_[i + 1]);
}

std::uint32_t CellIndex::first_at_least(std::uint64_t key) const {
  if (key >> bits_) return static_cast<std::uint32_t>(items_.size());
  const std::size_t top = key >> top_shift_;
  const auto begin = items_.begin();
  return static_cast<std::uint32_t>(std::lower_bound(begin + top_[top], begin + top_[top + 1], key << 32) - begin);
}

Row CellIndex::somebody(Run run, unsigned level, std::uint64_t draw) const {
  while (level-- > 0 && run.count() > 1) {
    const std::uint64_t first = (items_[run.begin] >> (32 + 2 * (level + 1))) << 2;
    std::array<Run, 4> filled{};
    unsigned count = 0;
    for (std::uint64_t quarter = 0; quarter < 4 && run.begin < run.end; ++quarter) {
      const auto begin = items_.begin() + run.begin;
      const auto last = items_.begin() + run.end;
      const auto end = quarter == 3 ? last : std::lower_bound(begin, last, ((first + quarter + 1) << (2 * level)) << 32);
      if (end == begin) continue;
      const auto split = static_cast<std::uint32_t>(end - items_.begin());
      filled[count++] = {run.begin, split};
      run.begin = split;
    }
    run = filled[draw % count];
    draw /= count;
  }
  return row(run.begin + static_cast<std::uint32_t>(draw % run.count()));
}

std::array<CellIndex::Run, 9> CellIndex::around(Place place, unsigned level) const {
  std::array<Run, 9> runs{};
  if (items_.empty()) return runs;
  const auto cell_x = static_cast<std::int64_t>(biased(place.x) >> kLeastShift) - origin_x_;
  const auto cell_y = static_cast<std::int64_t>(biased(place.y) >> kLeastShift) - origin_y_;
  const std::int64_t end = std::int64_t{1} << (bits_ / 2);
  for (int i = 0; i < 9; ++i) {
    const std::int64_t x = (cell_x >> level) + i % 3 - 1;
    const std::int64_t y = (cell_y >> level) + i / 3 - 1;
    if (x < 0 || y < 0 || (x << level) >= end || (y << level) >= end) continue;
    const std::uint64_t cell =
        spread(static_cast<std::uint32_t>(x)) | (std::uint64_t{spread(static_cast<std::uint32_t>(y))} << 1);
    runs[static_cast<std::size_t>(i)] = {first_at_least(cell << (2 * level)), first_at_least((cell + 1) << (2 * level))};
  }
  return runs;
}

}  // namespace citiverse::presence
