// A hash of cells of some 200 m: points are in one, streets and areas in a few, and what is wider is looked at every time.
#include "twin/slot_index.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace citiverse::twin {
namespace {

constexpr double kCellsADegree = 500;
constexpr std::int64_t kCellsAnEntityMax = 16;

std::int32_t cell_at(double degrees) { return static_cast<std::int32_t>(std::floor(degrees * kCellsADegree)); }
std::uint64_t key_of(std::int32_t column, std::int32_t row) {
  return (std::uint64_t{static_cast<std::uint32_t>(column)} << 32) | static_cast<std::uint32_t>(row);
}

void put_sorted(std::vector<Slot>& list, Slot slot) {
  if (list.empty() || list.back() < slot) return list.push_back(slot);
  const auto at = std::ranges::lower_bound(list, slot);
  if (*at != slot) list.insert(at, slot);
}

}  // namespace

std::optional<LonLatBox> extent_of_geometry(std::string_view json) {
  LonLatBox box{INFINITY, INFINITY, -INFINITY, -INFINITY};
  int place = 0;  // In the innermost array: 0 is a longitude, 1 a latitude.
  const char* at = json.data();
  const char* const end = at + json.size();
  while (at < end) {
    const char c = *at;
    if (c == '"') {
      for (++at; at < end && *at != '"'; ++at)
        if (*at == '\\') ++at;
      if (at < end) ++at;
    } else if (c == '[') {
      place = 0;
      ++at;
    } else if (c == '-' || (c >= '0' && c <= '9')) {
      double number = 0;
      const auto read = std::from_chars(at, end, number);
      at = std::max(read.ptr, at + 1);
      if (place == 0) {
        box.west_deg = std::min(box.west_deg, number);
        box.east_deg = std::max(box.east_deg, number);
      } else if (place == 1) {
        box.south_deg = std::min(box.south_deg, number);
        box.north_deg = std::max(box.north_deg, number);
      }
      ++place;
    } else {
      ++at;
    }
  }
  const bool is_on_earth = box.west_deg <= box.east_deg && box.south_deg <= box.north_deg && box.west_deg >= -180 &&
                           box.east_deg <= 180 && box.south_deg >= -90 && box.north_deg <= 90;
  return is_on_earth ? std::optional(box) : std::nullopt;
}

SlotIndex::Cells SlotIndex::cells_of(const LonLatBox& box) {
  return {cell_at(box.west_deg), cell_at(box.south_deg), cell_at(box.east_deg), cell_at(box.north_deg)};
}

// Nothing: no place at all. What cannot be read may be anywhere.
std::optional<SlotIndex::Cells> SlotIndex::cells_of(const Entity* entity) const {
  if (entity == nullptr) return std::nullopt;
  const auto instances = entity->instances(location_);
  std::optional<Cells> all;
  for (const AttributePtr& each : instances) {
    const auto* json = std::get_if<Json>(&each->value);
    const auto box = json == nullptr ? std::nullopt : extent_of_geometry(json->text);
    const Cells cells = cells_of(box.value_or(LonLatBox{}));
    all = !all ? cells
               : Cells{std::min(all->west, cells.west), std::min(all->south, cells.south), std::max(all->east, cells.east),
                       std::max(all->north, cells.north)};
  }
  return all;
}

template <class OnList>
void SlotIndex::each_list(const Cells& cells, OnList&& on_list) {
  if (cells.count() > kCellsAnEntityMax) return on_list(wide_);
  for (std::int32_t column = cells.west; column <= cells.east; ++column)
    for (std::int32_t row = cells.south; row <= cells.north; ++row) on_list(by_cell_[key_of(column, row)]);
}

void SlotIndex::change(Slot slot, const Entity* before, const Entity* after) {
  if (after != nullptr && (before == nullptr || before->types != after->types))
    for (const NameId type : after->types) put_sorted(by_type_[type], slot);
  const auto old_place = before == nullptr ? std::span<const AttributePtr>() : before->instances(location_);
  const auto new_place = after == nullptr ? std::span<const AttributePtr>() : after->instances(location_);
  if (std::ranges::equal(old_place, new_place)) return;
  const auto old_cells = cells_of(before);
  const auto new_cells = cells_of(after);
  if (old_cells == new_cells) return;
  if (old_cells) {
    each_list(*old_cells, [&](std::vector<Slot>& list) {
      const auto found = std::ranges::find(list, slot);
      if (found == list.end()) return;
      *found = list.back();
      list.pop_back();
    });
  }
  if (new_cells) each_list(*new_cells, [&](std::vector<Slot>& list) { list.push_back(slot); });
}

void SlotIndex::collect(const LonLatBox& box, std::vector<Slot>& slots) const {
  const Cells cells = cells_of(box);
  const auto take = [&](const std::vector<Slot>& list) { slots.insert(slots.end(), list.begin(), list.end()); };
  if (cells.count() < static_cast<std::int64_t>(by_cell_.size())) {
    for (std::int32_t column = cells.west; column <= cells.east; ++column)
      for (std::int32_t row = cells.south; row <= cells.north; ++row)
        if (const auto found = by_cell_.find(key_of(column, row)); found != by_cell_.end()) take(found->second);
  } else {
    for (const auto& [key, list] : by_cell_) {
      const auto column = static_cast<std::int32_t>(key >> 32);
      const auto row = static_cast<std::int32_t>(key & 0xFFFFFFFFu);
      if (column >= cells.west && column <= cells.east && row >= cells.south && row <= cells.north) take(list);
    }
  }
}

void SlotIndex::find(const Narrowing& narrowing, Slot after, std::size_t count, std::optional<std::vector<Slot>>& places,
                     std::vector<Slot>& slots) const {
  slots.clear();
  if (is_place(narrowing)) {
    if (!places) {
      places.emplace(wide_);
      LonLatBox west = *narrowing.box, east = *narrowing.box;
      if (west.west_deg > west.east_deg) {  // Across the antimeridian.
        west.east_deg = 180;
        east.west_deg = -180;
        collect(east, *places);
      }
      collect(west, *places);
      std::ranges::sort(*places);
      places->erase(std::ranges::unique(*places).begin(), places->end());
    }
    const auto first = std::ranges::upper_bound(*places, after);
    const auto left = static_cast<std::size_t>(places->end() - first);
    slots.assign(first, first + static_cast<std::ptrdiff_t>(std::min(count, left)));
    return;
  }
  // The first `count` of each type hold the first `count` of all.
  for (const NameId type : narrowing.types) {
    const auto found = by_type_.find(type);
    if (found == by_type_.end()) continue;
    const auto first = std::ranges::upper_bound(found->second, after);
    const auto left = static_cast<std::size_t>(found->second.end() - first);
    slots.insert(slots.end(), first, first + static_cast<std::ptrdiff_t>(std::min(count, left)));
  }
  if (narrowing.types.size() == 1) return;
  std::ranges::sort(slots);
  slots.erase(std::ranges::unique(slots).begin(), slots.end());
  if (slots.size() > count) slots.resize(count);
}

}  // namespace citiverse::twin
