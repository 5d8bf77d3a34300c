// Streets are walked in short stretches, each with its slope.
#include "sim/access/pace.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "city/network.h"

namespace citiverse::sim {
namespace {

bool is_loose(city::Surface s) {
  using enum city::Surface;
  return s == gravel || s == ground || s == grass || s == sand;
}

double speed_on(const city::Street& street, double slope, AccessMode mode) {
  if (street.street_class == city::StreetClass::steps) return city::Network::kStepsSpeedKmh / 3.6;
  switch (mode) {
    case AccessMode::walk: return walking_speed(slope);
    case AccessMode::bicycle: return cycling_speed(slope);
    case AccessMode::wheelchair: return kWheelchairMetresASecond;
  }
  return walking_speed(slope);
}

}  // namespace

double walking_speed(double slope) { return 6 * std::exp(-3.5 * std::abs(slope + 0.05)) / 3.6; }

double cycling_speed(double slope) {
  const double percent = slope * 100;
  const double kmh = kCycleFlatKmh - (percent > 0 ? 1.44 : 0.86) * percent;
  return std::clamp(kmh, kCycleSlowestKmh, kCycleFastestKmh) / 3.6;
}

double door_speed(AccessMode mode) { return mode == AccessMode::wheelchair ? kWheelchairMetresASecond : walking_speed(0); }

std::optional<double> seconds_along(const city::City& city, const city::Street& street, std::uint32_t first, std::uint32_t last,
                                    AccessMode mode) {
  if (mode == AccessMode::wheelchair && (street.street_class == city::StreetClass::steps || is_loose(street.surface))) {
    return std::nullopt;
  }
  const auto& vertices = city.columns().vertices;
  const std::uint32_t low = std::min(first, last);
  const std::uint32_t high = std::max(first, last);
  const auto vertex = [&](std::uint32_t i) { return vertices[first <= last ? first + i : first - i]; };
  double whole_m = 0;
  for (std::uint32_t i = 0; i < high - low; ++i) whole_m += distance(vertex(i), vertex(i + 1));
  const city::Terrain& terrain = city.terrain();
  const double least_run_m = std::max(kSlopeRunM, 2 * terrain.step_m());
  const bool is_straight = street.structure != city::Structure::ground || whole_m <= least_run_m || terrain.empty();
  const auto stretches = static_cast<std::uint32_t>(is_straight ? 1 : std::max(1.0, std::floor(whole_m / least_run_m)));

  double seconds = 0;
  double walked_m = 0;  // Until vertex `at`.
  std::uint32_t at = 0;
  double from_height_m = terrain.height_at(vertex(0));
  for (std::uint32_t s = 1; s <= stretches; ++s) {
    const double end_m = whole_m * s / stretches;
    while (at + 1 < high - low && walked_m + distance(vertex(at), vertex(at + 1)) < end_m) {
      walked_m += distance(vertex(at), vertex(at + 1));
      ++at;
    }
    const double side_m = distance(vertex(at), vertex(at + 1));
    const double part = side_m > 0 ? std::clamp((end_m - walked_m) / side_m, 0.0, 1.0) : 1;
    const double to_height_m = terrain.height_at(vertex(at) + (vertex(at + 1) - vertex(at)) * part);
    const double run_m = whole_m / stretches;
    // A piece shorter than the run rises no steeper than the terrain's grid can tell.
    const double slope = (to_height_m - from_height_m) / std::max(run_m, least_run_m);
    if (mode == AccessMode::wheelchair && std::abs(slope) > kWheelchairSlopeMax) return std::nullopt;
    seconds += run_m / speed_on(street, slope, mode);
    from_height_m = to_height_m;
  }
  return seconds;
}

}  // namespace citiverse::sim
