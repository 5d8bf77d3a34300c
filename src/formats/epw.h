// EnergyPlus weather files: a typical year of light and air at one place, hour by hour.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "geo/lat_lon.h"

namespace citiverse::formats {

/// One hour. It ends at `hour` of local standard time, 1 to 24. What the file marks as missing is replaced: light by 0, the
/// rest by the standard atmosphere, and counted in EpwWeather::missing.
struct EpwHour {
  int month = 1;
  int day = 1;
  int hour = 1;
  float dry_bulb_c = 15;
  float pressure_hpa = 1013.25f;
  float global_level = 0;   ///< Mean irradiance of the hour on level ground, W/m².
  float direct_normal = 0;  ///< Of the sun's beam on a surface that faces it.
  float diffuse_level = 0;  ///< Of the sky on level ground.
  float wind_m_s = 0;
};

struct EpwWeather {
  std::string place;
  std::string source;  ///< As the file names its data, such as "TMY3".
  geo::LatLon at;
  double zone_hours = 0;  ///< Local standard time less UTC.
  double elevation_m = 0;
  std::vector<EpwHour> hours;  ///< In order, 8,760 or 8,784.
  std::size_t missing = 0;     ///< Values that were replaced.
};

inline constexpr std::size_t kEpwBytesMax = 8u << 20;

/// Reads a whole file of one year of hours. Fails: limit, above kEpwBytesMax; bad_input, with the line.
/// Source: U.S. Department of Energy, "EnergyPlus Auxiliary Programs", chapter "EnergyPlus Weather File (EPW) Data Dictionary".
base::Result<EpwWeather> read_epw(std::string_view text);

}  // namespace citiverse::formats
