// A thing is remembered with the areas that it was counted in, so that it leaves exactly those.
#include "twin/rules/counted_area.h"

#include <algorithm>

namespace citiverse::twin::rules {

void CountedArea::bound() {
  box = {180, 90, -180, -90};
  for (const auto& ring : rings)
    for (const LonLat& at : ring) {
      box.west_deg = std::min(box.west_deg, at.lon_deg);
      box.east_deg = std::max(box.east_deg, at.lon_deg);
      box.south_deg = std::min(box.south_deg, at.lat_deg);
      box.north_deg = std::max(box.north_deg, at.lat_deg);
    }
}

// Crossings of a ray to the east, each edge with its lower end and without its upper one.
bool CountedArea::holds(LonLat place) const {
  if (place.lon_deg < box.west_deg || place.lon_deg > box.east_deg) return false;
  if (place.lat_deg < box.south_deg || place.lat_deg > box.north_deg) return false;
  bool is_inside = false;
  for (const auto& ring : rings)
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const LonLat a = ring[i];
      const LonLat b = ring[(i + 1) % ring.size()];
      if ((a.lat_deg > place.lat_deg) == (b.lat_deg > place.lat_deg)) continue;
      const double part = (place.lat_deg - a.lat_deg) / (b.lat_deg - a.lat_deg);
      if (place.lon_deg < a.lon_deg + part * (b.lon_deg - a.lon_deg)) is_inside = !is_inside;
    }
  return is_inside;
}

bool AreaCounts::move(const std::string& id, std::optional<LonLat> place, bool is_simulated, std::vector<AreaIndex>& changed,
                      std::size_t things_max) {
  const auto known = things_.find(id);
  Thing now{{}, is_simulated};
  if (place)
    for (AreaIndex area = 0; area < areas_.size(); ++area)
      if (areas_[area].holds(*place)) now.areas.push_back(area);
  const Thing was = known == things_.end() ? Thing{} : known->second;
  if (was.areas == now.areas && (was.is_simulated == is_simulated || now.areas.empty())) return true;
  if (known == things_.end() && things_.size() >= things_max) return false;
  const auto add = [&](const Thing& thing, std::size_t step) {
    for (const AreaIndex area : thing.areas) {
      counts_[area].things += step;
      if (thing.is_simulated) counts_[area].simulated += step;
      changed.push_back(area);
    }
  };
  add(was, static_cast<std::size_t>(-1));  // Unsigned numbers wrap around.
  add(now, 1);
  if (now.areas.empty())
    things_.erase(id);
  else
    things_[id] = std::move(now);
  return true;
}

void AreaCounts::clear() {
  things_.clear();
  counts_.assign(areas_.size(), {});
}

}  // namespace citiverse::twin::rules
