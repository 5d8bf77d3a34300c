// A hash of cells of some 200 m: points are in one, streets and areas in a few, and what is wider is looked at every time.
#include "twin/slot_index.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace citiverse::twin {
namespace {

constexpr double kCellsADegree = 500;
constexpr std::int64_t kCellsAnEntityMax = 16;
constexpr std::int32_t kNowhere_e7 = INT32_MIN;
constexpr double kStepsADegree = 1e7;

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

// Which of a cell's entities may lie in a box and be of one of the types.
class SlotIndex::Filter {
 public:
  Filter(const LonLatBox& box, const std::vector<NameId>& types)
      : types_(types),
        west_(step_at(box.west_deg) - 1),
        south_(step_at(box.south_deg) - 1),
        east_(step_at(box.east_deg) + 1),
        north_(step_at(box.north_deg) + 1) {}

  bool passes(const Brief& brief) const {
    if (brief.longitude_e7 != kNowhere_e7 &&
        (brief.longitude_e7 < west_ || brief.longitude_e7 > east_ || brief.latitude_e7 < south_ || brief.latitude_e7 > north_))
      return false;
    return types_.empty() || brief.type == kNoName || std::ranges::find(types_, brief.type) != types_.end();
  }
  static std::int64_t step_at(double degrees) { return std::llround(degrees * kStepsADegree); }

 private:
  const std::vector<NameId>& types_;
  std::int64_t west_, south_, east_, north_;
};

// Nothing: no place at all. What cannot be read may be anywhere.
std::optional<SlotIndex::Place> SlotIndex::place_of(const Entity* entity) const {
  if (entity == nullptr) return std::nullopt;
  std::optional<Place> all;
  for (const AttributePtr& each : entity->instances(location_)) {
    const auto* json = std::get_if<Json>(&each->value);
    const auto box = json == nullptr ? std::nullopt : extent_of_geometry(json->text);
    const bool is_point = box && !all && box->west_deg == box->east_deg && box->south_deg == box->north_deg;
    const Cells cells = cells_of(box.value_or(LonLatBox{}));
    if (!all) {
      all = is_point ? Place{cells, static_cast<std::int32_t>(Filter::step_at(box->west_deg)),
                             static_cast<std::int32_t>(Filter::step_at(box->south_deg))}
                     : Place{cells, kNowhere_e7, kNowhere_e7};
    } else {
      const Cells& before = all->cells;
      all = Place{{std::min(before.west, cells.west), std::min(before.south, cells.south), std::max(before.east, cells.east),
                   std::max(before.north, cells.north)},
                  kNowhere_e7,
                  kNowhere_e7};
    }
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
  const auto old_instances = before == nullptr ? std::span<const AttributePtr>() : before->instances(location_);
  const auto new_instances = after == nullptr ? std::span<const AttributePtr>() : after->instances(location_);
  const bool same_types = before != nullptr && after != nullptr && before->types == after->types;
  if (std::ranges::equal(old_instances, new_instances) && (same_types || new_instances.empty())) return;
  const auto old_place = place_of(before);
  const auto new_place = place_of(after);
  if (old_place == new_place && same_types) return;
  if (old_place) {
    each_list(old_place->cells, [&](std::vector<Brief>& list) {
      const auto found = std::ranges::find(list, slot, &Brief::slot);
      if (found == list.end()) return;
      *found = list.back();
      list.pop_back();
    });
  }
  if (!new_place) return;
  const NameId type = after->types.size() == 1 ? after->types.front() : kNoName;
  const Brief brief{slot, new_place->longitude_e7, new_place->latitude_e7, type};
  each_list(new_place->cells, [&](std::vector<Brief>& list) { list.push_back(brief); });
}

void SlotIndex::collect(const LonLatBox& box, const std::vector<NameId>& types, std::vector<Slot>& slots) const {
  const Cells cells = cells_of(box);
  const Filter filter(box, types);
  const auto take = [&](const std::vector<Brief>& list) {
    for (const Brief& brief : list)
      if (filter.passes(brief)) slots.push_back(brief.slot);
  };
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
      places.emplace();
      for (const Brief& brief : wide_) places->push_back(brief.slot);
      LonLatBox west = *narrowing.box, east = *narrowing.box;
      if (west.west_deg > west.east_deg) {  // Across the antimeridian.
        west.east_deg = 180;
        east.west_deg = -180;
        collect(east, narrowing.types, *places);
      }
      collect(west, narrowing.types, *places);
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
