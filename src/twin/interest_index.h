// Who may want to know of a change: found by what changed, so that interests in other things cost nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "twin/change.h"
#include "twin/store.h"

namespace citiverse::twin {

/// The number under which its owner knows an interest.
using InterestId = std::uint32_t;

/// What an interest is in, as far as an index can tell; members that are empty narrow nothing, and all that are set hold.
/// Narrowing::attributes are those of which one changed, or is there, as the owner sees it: they are not looked at here where
/// the interest has ids, a box or types.
class InterestIndex {
 public:
  /// `location`: the number of the geometry by which boxes are asked.
  explicit InterestIndex(NameId location) : location_(location) {}

  /// The same id may come once, until it is removed. Cost: as many entries as ids, or types × cells of the box.
  void add(InterestId id, const Narrowing& narrowing);
  void remove(InterestId id);
  std::size_t size() const { return keys_.size(); }

  /// The interests that may be in a change of this entity, each once, in the order of their ids; some of them may turn out not
  /// to be. Cost: a few look-ups and what is found, whatever the number of other interests.
  void find(const Change& change, std::vector<InterestId>& found) const;

 private:
  using Key = std::uint64_t;
  void collect(const Entity& entity, std::vector<InterestId>& found) const;
  void collect(Key key, std::vector<InterestId>& found) const;
  std::vector<Key> keys_of(const Narrowing& narrowing) const;
  std::vector<Key> keys_of_box(const Narrowing& narrowing) const;

  NameId location_;
  std::unordered_map<Key, std::vector<InterestId>> interests_;
  std::unordered_map<InterestId, std::vector<Key>> keys_;
  bool has_areas_ = false;
};

}  // namespace citiverse::twin
