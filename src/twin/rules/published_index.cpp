// The constants stand as they were printed, so that they can be held against their sources.
#include "twin/rules/published_index.h"

#include <algorithm>
#include <cmath>

namespace citiverse::twin::rules {
namespace {

constexpr std::array<std::string_view, kPollutants> kPollutantNames{"pm25", "pm10", "no2", "o3", "so2"};
constexpr std::array<std::array<double, kAirBands - 1>, kPollutants> kAirBandEnds{{
    {5, 15, 50, 90, 140},
    {15, 45, 120, 195, 270},
    {10, 25, 60, 100, 150},
    {60, 100, 120, 160, 180},
    {20, 40, 125, 190, 275},
}};

double rothfusz_f(double t, double rh) {
  double index = -42.379 + 2.04901523 * t + 10.14333127 * rh - .22475541 * t * rh - .00683783 * t * t - .05481717 * rh * rh +
                 .00122874 * t * t * rh + .00085282 * t * rh * rh - .00000199 * t * t * rh * rh;
  if (rh < 13 && t >= 80 && t <= 112) index -= (13 - rh) / 4 * std::sqrt((17 - std::abs(t - 95)) / 17);
  if (rh > 85 && t >= 80 && t <= 87) index += (rh - 85) / 10 * ((87 - t) / 5);
  return index;
}

}  // namespace

std::optional<double> heat_index_c(double temperature_c, double humidity_percent) {
  const bool is_known = temperature_c >= kHeatIndexFromC && temperature_c <= kHeatIndexToC;
  if (!is_known || !(humidity_percent >= 0 && humidity_percent <= 100)) return std::nullopt;
  const double t = temperature_c * 1.8 + 32;
  const double simple = 0.5 * (t + 61.0 + (t - 68.0) * 1.2 + humidity_percent * 0.094);
  const double index = simple < 80 ? simple : rothfusz_f(t, humidity_percent);
  return (index - 32) / 1.8;
}

std::string_view name_of(Pollutant pollutant) { return kPollutantNames[static_cast<std::size_t>(pollutant)]; }

const std::array<double, kAirBands - 1>& air_band_ends(Pollutant pollutant) {
  return kAirBandEnds[static_cast<std::size_t>(pollutant)];
}

std::optional<int> air_band(Pollutant pollutant, double concentration_ug_m3) {
  if (!(concentration_ug_m3 >= 0) || !std::isfinite(concentration_ug_m3)) return std::nullopt;
  const auto& ends = air_band_ends(pollutant);
  return 1 + static_cast<int>(std::ranges::lower_bound(ends, std::round(concentration_ug_m3)) - ends.begin());
}

}  // namespace citiverse::twin::rules
