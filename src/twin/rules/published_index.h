// Indices that somebody else has published, by their formulas and tables: nothing here is ours.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace citiverse::twin::rules {

/// The range of Steadman's table, beyond which a heat index means nothing.
inline constexpr double kHeatIndexFromC = 20, kHeatIndexToC = 50;
/// Against the printed chart of the National Weather Service, in whole °F and before the adjustment for moist warmth.
inline constexpr double kHeatIndexChartErrorF = 1.0;

/// How hot it feels in the shade, in °C; nothing outside of kHeatIndexFromC to kHeatIndexToC and of 0 to 100 %. Source: the
/// regression of Rothfusz (National Weather Service, Technical Attachment SR 90-23, 1990) with the adjustments and the simple
/// formula below 80 °F as the Weather Prediction Center of NOAA gives them
/// (www.wpc.ncep.noaa.gov/html/heatindex_equation.shtml).
std::optional<double> heat_index_c(double temperature_c, double humidity_percent);

enum class Pollutant : std::uint8_t { pm25, pm10, no2, o3, so2 };
inline constexpr std::size_t kPollutants = 5;
std::string_view name_of(Pollutant pollutant);

inline constexpr int kAirBands = 6;
/// The upper ends of the bands 1, good, to 5, very poor, in µg/m³ and inclusive; what is above is 6, extremely poor. Hourly
/// concentrations. Source: European Environment Agency, European Air Quality Index (airindex.eea.europa.eu), the table in use
/// since 2024, which follows the guidelines of the World Health Organization of 2021.
const std::array<double, kAirBands - 1>& air_band_ends(Pollutant pollutant);
/// 1 to 6; the concentration is rounded to whole µg/m³ first, as the table is printed. Nothing below 0 and for what is no
/// number.
std::optional<int> air_band(Pollutant pollutant, double concentration_ug_m3);

}  // namespace citiverse::twin::rules
