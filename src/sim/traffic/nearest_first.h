// The queue of the search for shortest ways: nodes by distance, in few and cheap steps.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace citiverse::sim {

/// A heap of four children, of distances rounded to single precision beside their nodes: one comparison of whole numbers each.
/// Of nodes that are nearly as near the wrong one may come first; whoever finds a shorter way to a node pushes it again.
class NearestFirst {
 public:
  struct Item {
    std::uint32_t key;
    std::uint32_t node;
  };

  /// Of a distance, 0 or more: grows with it.
  static std::uint32_t key_of(double distance) { return std::bit_cast<std::uint32_t>(static_cast<float>(distance)); }

  bool empty() const { return items_.empty(); }
  void clear() { items_.clear(); }

  void push(double distance, std::uint32_t node) {
    const std::uint64_t item = (std::uint64_t{key_of(distance)} << 32) | node;
    std::size_t at = items_.size();
    items_.push_back(item);
    while (at > 0) {
      const std::size_t parent = (at - 1) / 4;
      if (items_[parent] <= item) break;
      items_[at] = items_[parent];
      at = parent;
    }
    items_[at] = item;
  }

  Item pop() {
    const std::uint64_t first = items_.front();
    const std::uint64_t last = items_.back();
    items_.pop_back();
    const std::size_t size = items_.size();
    std::size_t at = 0;
    while (size > 0) {
      const std::size_t child = 4 * at + 1;
      if (child >= size) break;
      std::size_t least = child;
      const std::size_t end = std::min(child + 4, size);
      for (std::size_t other = child + 1; other < end; other++) least = items_[other] < items_[least] ? other : least;
      if (items_[least] >= last) break;
      items_[at] = items_[least];
      at = least;
    }
    if (size > 0) items_[at] = last;
    return {static_cast<std::uint32_t>(first >> 32), static_cast<std::uint32_t>(first)};
  }

 private:
  std::vector<std::uint64_t> items_;
};

}  // namespace citiverse::sim
