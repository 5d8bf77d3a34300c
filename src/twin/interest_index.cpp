// Each interest stands under its most telling property: ids, else cells of its area by type, else types, else attributes. Keys
// are hashes: two that meet only cost a look at an interest in vain.
#include "twin/interest_index.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <string_view>

#include "twin/query/lon_lat.h"

namespace citiverse::twin {
namespace {

enum class Dimension : std::uint64_t { all, id, type, attribute, area, any_area };

// Cells an axis and degree; the finest that cuts a box into few cells is used.
constexpr std::array<double, 3> kCellsPerDegree{64, 4, 0.125};
constexpr std::size_t kCellsMax = 64;

std::uint64_t mixed(std::uint64_t value) {
  value ^= value >> 32;
  value *= 0xD6E8FEB86659FD93u;
  value ^= value >> 32;
  value *= 0xD6E8FEB86659FD93u;
  return value ^ value >> 32;
}

std::uint64_t key_of(Dimension dimension, std::uint64_t a = 0, std::uint64_t b = 0) {
  return mixed(mixed(mixed(static_cast<std::uint64_t>(dimension)) + a) + b);
}

std::uint64_t key_of_id(std::string_view id) { return key_of(Dimension::id, std::hash<std::string_view>{}(id)); }

std::uint64_t cell_of(std::size_t level, std::int64_t column, std::int64_t row) {
  return static_cast<std::uint64_t>(level) << 60 | static_cast<std::uint64_t>(column + (1 << 20)) << 30 |
         static_cast<std::uint64_t>(row + (1 << 20));
}

std::int64_t cell_at(std::size_t level, double degrees) {
  return static_cast<std::int64_t>(std::floor(degrees * kCellsPerDegree[level]));
}

// The cells of a part that does not cross the antimeridian; false when they are too many at this level.
bool add_cells(std::size_t level, double west_deg, double east_deg, const LonLatBox& box, std::vector<std::uint64_t>& cells) {
  const auto first_column = cell_at(level, west_deg);
  const auto last_column = cell_at(level, east_deg);
  const auto first_row = cell_at(level, box.south_deg);
  const auto last_row = cell_at(level, box.north_deg);
  if (static_cast<double>(last_column - first_column + 1) * static_cast<double>(last_row - first_row + 1) > kCellsMax)
    return false;
  for (auto column = first_column; column <= last_column; ++column)
    for (auto row = first_row; row <= last_row; ++row) cells.push_back(cell_of(level, column, row));
  return true;
}

// Empty: so large a box narrows nothing.
std::vector<std::uint64_t> cells_of(const LonLatBox& box) {
  for (std::size_t level = 0; level < kCellsPerDegree.size(); ++level) {
    std::vector<std::uint64_t> cells;
    const bool crosses = box.west_deg > box.east_deg;
    if (crosses ? add_cells(level, box.west_deg, 180, box, cells) && add_cells(level, -180, box.east_deg, box, cells)
                : add_cells(level, box.west_deg, box.east_deg, box, cells))
      return cells;
  }
  return {};
}

}  // namespace

std::vector<InterestIndex::Key> InterestIndex::keys_of_box(const Narrowing& narrowing) const {
  std::vector<Key> keys;
  const auto add_types = [&](Dimension dimension, std::uint64_t cell) {
    if (narrowing.types.empty()) keys.push_back(key_of(dimension, cell, kNoName));
    for (const NameId type : narrowing.types) keys.push_back(key_of(dimension, cell, type));
  };
  for (const std::uint64_t cell : cells_of(*narrowing.box)) add_types(Dimension::area, cell);
  // For entities whose place is not a point, and so not in one cell.
  if (!keys.empty()) add_types(Dimension::any_area, 0);
  return keys;
}

std::vector<InterestIndex::Key> InterestIndex::keys_of(const Narrowing& narrowing) const {
  std::vector<Key> keys;
  if (!narrowing.ids.empty()) {
    for (const std::string& id : narrowing.ids) keys.push_back(key_of_id(id));
    return keys;
  }
  if (narrowing.box && (narrowing.box_attribute == kNoName || narrowing.box_attribute == location_)) {
    keys = keys_of_box(narrowing);
    if (!keys.empty()) return keys;
  }
  for (const NameId type : narrowing.types) keys.push_back(key_of(Dimension::type, type));
  if (!keys.empty()) return keys;
  for (const NameId attribute : narrowing.attributes) keys.push_back(key_of(Dimension::attribute, attribute));
  if (keys.empty()) keys.push_back(key_of(Dimension::all));
  return keys;
}

void InterestIndex::add(InterestId id, const Narrowing& narrowing) {
  auto keys = keys_of(narrowing);
  std::ranges::sort(keys);
  keys.erase(std::ranges::unique(keys).begin(), keys.end());
  for (const Key key : keys) interests_[key].push_back(id);
  has_areas_ = has_areas_ || narrowing.box.has_value();
  keys_.emplace(id, std::move(keys));
}

void InterestIndex::remove(InterestId id) {
  const auto known = keys_.find(id);
  if (known == keys_.end()) return;
  for (const Key key : known->second) {
    const auto place = interests_.find(key);
    std::erase(place->second, id);
    if (place->second.empty()) interests_.erase(place);
  }
  keys_.erase(known);
}

void InterestIndex::collect(Key key, std::vector<InterestId>& found) const {
  const auto place = interests_.find(key);
  if (place != interests_.end()) found.insert(found.end(), place->second.begin(), place->second.end());
}

void InterestIndex::collect(const Entity& entity, std::vector<InterestId>& found) const {
  for (const NameId type : entity.types) collect(key_of(Dimension::type, type), found);
  if (!has_areas_) return;
  const auto collect_types = [&](Dimension dimension, std::uint64_t cell) {
    collect(key_of(dimension, cell, kNoName), found);
    for (const NameId type : entity.types) collect(key_of(dimension, cell, type), found);
  };
  for (const AttributePtr& place : entity.instances(location_)) {
    if (const auto point = point_of(place->value)) {
      for (std::size_t level = 0; level < kCellsPerDegree.size(); ++level)
        collect_types(Dimension::area, cell_of(level, cell_at(level, point->lon_deg), cell_at(level, point->lat_deg)));
    } else {
      collect_types(Dimension::any_area, 0);
    }
  }
}

void InterestIndex::find(const Change& change, std::vector<InterestId>& found) const {
  found.clear();
  const Entity* const before = change.before.get();
  const Entity* const after = change.after.get();
  collect(key_of(Dimension::all), found);
  if (before == nullptr && after == nullptr) return;
  collect(key_of_id(after != nullptr ? after->id : before->id), found);
  if (after != nullptr) collect(*after, found);
  // Those who lose sight of it are told, too.
  const bool may_differ =
      after == nullptr ||
      (before != nullptr && (before->types != after->types || before->find(location_) != after->find(location_)));
  if (before != nullptr && may_differ) collect(*before, found);
  const Entity* const there = after != nullptr ? after : before;
  for (const AttributePtr& attribute : there->attributes) collect(key_of(Dimension::attribute, attribute->name), found);
  for (const AttributeChange& attribute : change.attributes) collect(key_of(Dimension::attribute, attribute.name), found);
  std::ranges::sort(found);
  found.erase(std::ranges::unique(found).begin(), found.end());
}

}  // namespace citiverse::twin
