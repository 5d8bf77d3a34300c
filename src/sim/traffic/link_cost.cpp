// The formula's rarer powers, and how a street's values become its numbers.
#include "sim/traffic/link_cost.h"

#include <cmath>

namespace citiverse::sim {

LinkCost LinkCost::of(const RoadLink& link) {
  LinkCost cost{.base = link.free_flow_min + link.junction_min, .power = link.power};
  const bool is_whole = link.power >= 1 && link.power <= 16 && link.power == std::floor(link.power);
  cost.whole = is_whole ? static_cast<std::uint32_t>(link.power) : 0;
  if (link.capacity > 0) cost.factor += link.free_flow_min * link.b / cost.raised(link.capacity);
  if (link.junction_b > 0) cost.factor += link.junction_b / cost.raised(link.junction_capacity);
  if (link.power == 0) {  // A constant, whatever the volume.
    cost.base += cost.factor;
    cost.factor = 0;
    cost.whole = 4;
  }
  return cost;
}

double LinkCost::raised_otherwise(double volume) const {
  if (whole == 0) return volume <= 0 ? 0 : std::pow(volume, power);
  double result = volume;
  for (std::uint32_t i = 1; i < whole; i++) result *= volume;
  return result;
}

double LinkCost::slope_otherwise(double volume) const {
  if (whole == 1) return factor;
  return volume <= 0 ? 0 : factor * power * (raised_otherwise(volume) / volume);
}

}  // namespace citiverse::sim
