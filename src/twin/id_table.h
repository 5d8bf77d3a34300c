// Slots by the ids of their entities, in flat memory: the ids themselves are in the entities.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "twin/store.h"

namespace citiverse::twin {

/// Each id once, each slot 1 or more. Cost: 18 to 36 bytes an id; a question compares one id, seldom more. Threads: one writes,
/// or many read.
class IdTable {
 public:
  std::size_t size() const { return size_; }
  /// 0 when there is none; `has_id(slot)` says whether that is the slot's id.
  template <class HasId>
  Slot find(std::string_view id, HasId&& has_id) const {
    if (slots_.empty()) return 0;
    const std::uint32_t hash = hash_of(id);
    for (std::size_t at = hash & mask(); slots_[at] != 0; at = (at + 1) & mask())
      if (hashes_[at] == hash && has_id(slots_[at])) return slots_[at];
    return 0;
  }
  void insert(std::string_view id, Slot slot);
  void erase(std::string_view id, Slot slot);

 private:
  static std::uint32_t hash_of(std::string_view id);
  std::size_t mask() const { return slots_.size() - 1; }
  void put(std::uint32_t hash, Slot slot);
  void grow();

  // Linear probing; a power of two, at most two thirds full.
  std::vector<Slot> slots_;  // 0: nothing.
  std::vector<std::uint32_t> hashes_;
  std::size_t size_ = 0;
};

}  // namespace citiverse::twin
