// Areas in which things are counted, and who is in them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "twin/query/lon_lat.h"

namespace citiverse::twin::rules {

/// Rings in degrees, open or closed; what an odd number of them holds is inside.
struct CountedArea {
  std::string id;  ///< Of the entity that bears the count: a URI.
  std::string name;
  std::string anchor;  ///< The city object that it is; empty for none.
  LonLat middle;
  std::vector<std::vector<LonLat>> rings;
  LonLatBox box;  ///< Set by bound().

  void bound();
  bool holds(LonLat place) const;
};

/// Who is where, for one rule. Cost of a move: the boxes of all areas, and the rings of those that hold the place.
class AreaCounts {
 public:
  using AreaIndex = std::uint32_t;
  explicit AreaCounts(std::vector<CountedArea> areas) : areas_(std::move(areas)), counts_(areas_.size()) {}

  const std::vector<CountedArea>& areas() const { return areas_; }
  /// A thing is at a place, or nowhere any more; gives the areas whose counts changed. False when no more can be counted.
  bool move(const std::string& id, std::optional<LonLat> place, bool is_simulated, std::vector<AreaIndex>& changed,
            std::size_t things_max);
  std::size_t count(AreaIndex area) const { return counts_[area].things; }
  bool has_simulated(AreaIndex area) const { return counts_[area].simulated > 0; }
  std::size_t size() const { return things_.size(); }
  void clear();

 private:
  struct Thing {
    std::vector<AreaIndex> areas;
    bool is_simulated = false;
  };
  struct Sum {
    std::size_t things = 0, simulated = 0;
  };
  std::vector<CountedArea> areas_;
  std::vector<Sum> counts_;
  std::unordered_map<std::string, Thing> things_;
};

}  // namespace citiverse::twin::rules
