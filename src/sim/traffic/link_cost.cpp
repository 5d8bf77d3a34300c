// The formula and its slope and integral, without a call to the mathematical library for the usual powers.
#include "sim/traffic/link_cost.h"

#include <cmath>

namespace citiverse::sim {

LinkCosts LinkCosts::of(std::span<const RoadLink> links) {
  LinkCosts costs;
  for (const RoadLink& link : links) {
    const bool is_whole = link.power >= 1 && link.power <= 16 && link.power == std::floor(link.power);
    const std::uint8_t whole = is_whole ? static_cast<std::uint8_t>(link.power) : 0;
    double factor = 0;
    if (link.capacity > 0) factor += link.free_flow_min * link.b / raised(link.capacity, whole, link.power);
    if (link.junction_capacity > 0) factor += link.junction_b / raised(link.junction_capacity, whole, link.power);
    double base = link.free_flow_min + link.junction_min;
    if (link.power == 0) {  // A constant, whatever the volume.
      base += factor;
      factor = 0;
    }
    costs.base_.push_back(base);
    costs.factor_.push_back(factor);
    costs.power_.push_back(link.power);
    costs.whole_.push_back(whole);
  }
  return costs;
}

double LinkCosts::raised(double volume, std::uint8_t whole, double power) {
  if (whole == 4) {
    const double square = volume * volume;
    return square * square;
  }
  if (whole == 0) return std::pow(volume, power);
  double result = volume;
  for (std::uint8_t i = 1; i < whole; i++) result *= volume;
  return result;
}

double LinkCosts::slope(std::size_t link, double volume) const {
  if (factor_[link] == 0) return 0;
  if (whole_[link] == 1) return factor_[link];
  if (volume <= 0) return 0;
  return factor_[link] * power_[link] * (power(link, volume) / volume);
}

double LinkCosts::integral(std::size_t link, double volume) const {
  if (volume <= 0) return 0;
  return volume * (base_[link] + factor_[link] * power(link, volume) / (power_[link] + 1));
}

}  // namespace citiverse::sim
