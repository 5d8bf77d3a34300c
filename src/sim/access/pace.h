// How fast one gets along: every number that turns a street into minutes, with its source.
#pragma once

#include <cstdint>
#include <optional>

#include "city/city.h"

namespace citiverse::sim {

enum class AccessMode : std::uint8_t { walk, bicycle, wheelchair };

/// On foot on a slope (rise over run, up is positive), m/s. 1.40 m/s on the flat.
/// Source: Tobler 1993, "Three presentations on geographical analysis and modeling", NCGIA report 93-1.
double walking_speed(double slope);
/// Steps, along the street's line: city::Network::kStepsSpeedKmh.

/// By bicycle, m/s: kCycleFlatKmh, 1.44 km/h less for each percent uphill, 0.86 more for each downhill, between walking it and
/// kCycleFastestKmh. Source of the gradients: Parkin & Rotheram 2010, doi:10.1016/j.tranpol.2010.03.001; of the flat:
/// city::Network::kCycleSpeedKmh, which counts junctions in.
double cycling_speed(double slope);
inline constexpr double kCycleFlatKmh = 16.0;
inline constexpr double kCycleSlowestKmh = 4.0;
inline constexpr double kCycleFastestKmh = 30.0;

/// In a wheelchair that one drives by hand, m/s. Source: Boyce, Shields & Silcock 1999, doi:10.1023/A:1015339216366.
inline constexpr double kWheelchairMetresASecond = 0.69;
/// Steeper is a barrier: 1 in 12, the steepest ramp. Source: 2010 ADA Standards for Accessible Design, 405.2.
inline constexpr double kWheelchairSlopeMax = 1.0 / 12;
/// Slopes are taken over this length at least, and over two steps of the terrain's grid: what it shows of less is mostly its
/// error.
inline constexpr double kSlopeRunM = 20;

/// From a door to the street, in a straight line, m/s.
double door_speed(AccessMode mode);

/// Seconds along a street's vertices from `first` to `last` (of City::vertices; backwards when last < first). Slopes are those
/// of the terrain; bridges and tunnels run straight from end to end. Nothing where the mode cannot pass: steps and loose ground
/// by wheelchair, and slopes over kWheelchairSlopeMax.
std::optional<double> seconds_along(const city::City& city, const city::Street& street, std::uint32_t first, std::uint32_t last,
                                    AccessMode mode);

}  // namespace citiverse::sim
