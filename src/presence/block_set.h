// Which two people of a space must not see each other, and from whom a minor is kept unseen. Few pairs exist, so a sorted
// array serves.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "presence/body.h"

namespace citiverse::presence {

class BlockSet {
 public:
  bool has(Row a, Row b) const { return std::ranges::binary_search(pairs_, pair(a, b)); }
  /// Whether a minor must not be shown to a viewer, who is a stranger to them.
  bool shelters(Row viewer, Row minor) const { return shelters_ && shelters_(viewer, minor); }
  /// Whether `other` must not be shown to `viewer`. Cost: two bits of Body for all but minors and those who are apart.
  bool hides(Row viewer, const Body& viewer_body, Row other, const Body& body) const {
    return (viewer_body.has_blocks && body.has_blocks && has(viewer, other)) || (body.is_minor && shelters(viewer, other));
  }
  void set_shelter(std::function<bool(Row viewer, Row minor)> shelters) { shelters_ = std::move(shelters); }
  void add(Row a, Row b) {
    const auto at = std::ranges::lower_bound(pairs_, pair(a, b));
    if (at == pairs_.end() || *at != pair(a, b)) pairs_.insert(at, pair(a, b));
  }
  void remove(Row a, Row b) { std::erase(pairs_, pair(a, b)); }
  void forget(Row row) {
    std::erase_if(pairs_, [&](std::uint64_t p) { return (p >> 32) == row || static_cast<Row>(p) == row; });
  }
  std::size_t size() const { return pairs_.size(); }

 private:
  static std::uint64_t pair(Row a, Row b) { return (std::uint64_t{std::min(a, b)} << 32) | std::max(a, b); }
  std::vector<std::uint64_t> pairs_;
  std::function<bool(Row, Row)> shelters_;
};

}  // namespace citiverse::presence
