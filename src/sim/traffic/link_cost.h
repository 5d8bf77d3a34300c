// How long a street takes when so many drive on it: the one formula of the traffic model.
#pragma once

#include <cstdint>

namespace citiverse::sim {

/// A street in one direction, or a movement across a junction. Volumes and capacities are passenger-car units in the period.
struct RoadLink {
  std::uint32_t from = 0;  ///< Node, from 0.
  std::uint32_t to = 0;
  double capacity = 0;
  double free_flow_min = 0;  ///< Minutes on an empty street.
  double b = 0.15;           ///< BPR: minutes = free_flow_min · (1 + b · (volume / capacity)^power)
  double power = 4;
  double length = 0;             ///< In the unit of UserClass::min_a_length.
  double toll = 0;               ///< In the unit of UserClass::min_a_toll.
  double junction_min = 0;       ///< Minutes lost at the junction at its end when nobody else is there.
  double junction_b = 0;         ///< Further minutes there: junction_b · (volume / junction_capacity)^power.
  double junction_capacity = 0;  ///< Needed where junction_b is more than 0.

  bool operator==(const RoadLink&) const = default;
};

/// Minutes by volume: base + factor · volume^power.
/// Source: Bureau of Public Roads 1964, Traffic Assignment Manual; junction delay is a term of the same power, so that the cost
/// stays a function of the link's own volume, and equilibrium the minimum of a convex function (Beckmann 1956).
struct LinkCost {
  double base = 0;
  double factor = 0;
  double power = 4;
  std::uint32_t whole = 4;  ///< The power where it is a whole number up to 16, else 0.

  /// Of a link with capacities above 0 wherever they matter. What can carry nobody is for the caller to close.
  static LinkCost of(const RoadLink& link);

  double minutes(double volume) const { return base + factor * raised(volume); }
  /// Minutes a unit of volume more.
  double slope(double volume) const;
  /// The integral of minutes from 0 to `volume`: the link's part of Beckmann's objective.
  double integral(double volume) const;

 private:
  /// volume^power: by multiplications where that is possible, so that it is fast, and the same on every machine.
  double raised(double volume) const;
  double raised_otherwise(double volume) const;
  double slope_otherwise(double volume) const;
};

inline double LinkCost::raised(double volume) const {
  if (whole == 4) [[likely]] {
    const double square = volume * volume;
    return square * square;
  }
  return raised_otherwise(volume);
}

inline double LinkCost::slope(double volume) const {
  if (whole == 4) [[likely]]
    return 4 * factor * (volume * volume) * volume;
  return slope_otherwise(volume);
}

inline double LinkCost::integral(double volume) const { return volume * (base + factor * raised(volume) / (power + 1)); }

}  // namespace citiverse::sim
