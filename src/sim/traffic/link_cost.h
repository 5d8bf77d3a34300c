// How long a street takes when so many drive on it: the one formula of the traffic model.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace citiverse::sim {

/// A street in one direction, or a movement across a junction. Volumes and capacities are passenger-car units in the period.
struct RoadLink {
  std::uint32_t from = 0;  ///< Node, from 0.
  std::uint32_t to = 0;
  double capacity = 0;       ///< 0: see RoadNetwork::zero_capacity_is_closed.
  double free_flow_min = 0;  ///< Minutes on an empty street.
  double b = 0.15;           ///< BPR: minutes = free_flow_min · (1 + b · (volume / capacity)^power)
  double power = 4;
  double length = 0;             ///< In the unit of UserClass::min_a_length.
  double toll = 0;               ///< In the unit of UserClass::min_a_toll.
  double junction_min = 0;       ///< Minutes lost at the junction at its end when nobody else is there.
  double junction_b = 0;         ///< Further minutes there: junction_b · (volume / junction_capacity)^power.
  double junction_capacity = 0;  ///< Needed where junction_b is more than 0.
};

/// Minutes on each link by its volume, as flat arrays that the solver reads: base + factor · volume^power.
/// Source: Bureau of Public Roads 1964, Traffic Assignment Manual; junction delay added as a term of the same power, so that
/// the cost stays a function of the link's own volume, and equilibrium the minimum of a convex function (Beckmann 1956).
class LinkCosts {
 public:
  /// Where a link can carry nobody (capacity 0 and b above 0), its factor is 0: whoever builds this closes it.
  static LinkCosts of(std::span<const RoadLink> links);

  std::size_t size() const { return base_.size(); }
  double minutes(std::size_t link, double volume) const { return base_[link] + factor_[link] * power(link, volume); }
  /// Minutes a unit of volume more; 0 on a link whose time does not depend on it.
  double slope(std::size_t link, double volume) const;
  /// The integral of minutes from 0 to `volume`: the link's part of Beckmann's objective.
  double integral(std::size_t link, double volume) const;

  /// volume^power: by multiplications where the power is a whole number up to 16, so that it is the same on every machine.
  double power(std::size_t link, double volume) const { return raised(volume, whole_[link], power_[link]); }

 private:
  static double raised(double volume, std::uint8_t whole, double power);
  std::vector<double> base_;
  std::vector<double> factor_;
  std::vector<double> power_;
  std::vector<std::uint8_t> whole_;  ///< The power, or 0 where it is not a whole number up to 16.
};

}  // namespace citiverse::sim
