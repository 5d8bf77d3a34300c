// Lines of comma-separated fields, eight of them a header.
#include "formats/epw.h"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

namespace citiverse::formats {
namespace {

constexpr std::size_t kEpwHeaderLines = 8;
constexpr std::size_t kEpwFields = 22;  // Up to wind speed, the last that is read.

std::string_view take_epw_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::size_t split_epw(std::string_view line, std::array<std::string_view, kEpwFields>& fields) {
  std::size_t count = 0;
  while (count < fields.size()) {
    const std::size_t comma = line.find(',');
    std::string_view field = line.substr(0, comma);
    while (field.starts_with(' ')) field.remove_prefix(1);
    while (field.ends_with(' ')) field.remove_suffix(1);
    fields[count++] = field;
    if (comma == std::string_view::npos) break;
    line.remove_prefix(comma + 1);
  }
  return count;
}

std::optional<double> epw_number(std::string_view field) {
  double value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc{} || end != field.data() + field.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

base::Error bad_epw_line(std::size_t line, std::string_view what) {
  return {base::ErrorCode::bad_input, fmt::format("weather file, line {}: {}", line, what)};
}

// The value of a field; the substitute where the file says "missing" (a value from `missing` on) or where it cannot be.
float epw_value(std::string_view field, double low, double missing, float substitute, std::size_t& replaced) {
  const auto value = epw_number(field);
  if (value && *value >= low && *value < missing) return static_cast<float>(*value);
  ++replaced;
  return substitute;
}

base::Result<EpwHour> read_epw_hour(std::string_view line, std::size_t number, std::size_t& replaced) {
  std::array<std::string_view, kEpwFields> f;
  if (split_epw(line, f) < kEpwFields) return std::unexpected(bad_epw_line(number, "fewer than 22 fields"));
  const auto month = epw_number(f[1]);
  const auto day = epw_number(f[2]);
  const auto hour = epw_number(f[3]);
  const auto within = [](std::optional<double> v, int low, int high) {
    return v && *v >= low && *v <= high && *v == std::floor(*v);
  };
  if (!within(month, 1, 12) || !within(day, 1, 31) || !within(hour, 1, 24)) {
    return std::unexpected(bad_epw_line(number, "month, day and hour are 1–12, 1–31 and 1–24"));
  }
  EpwHour result;
  result.month = static_cast<int>(*month);
  result.day = static_cast<int>(*day);
  result.hour = static_cast<int>(*hour);
  result.dry_bulb_c = epw_value(f[6], -90, 99.9, result.dry_bulb_c, replaced);
  result.pressure_hpa = epw_value(f[9], 31000, 999999, 101325, replaced) / 100;
  result.global_level = epw_value(f[13], 0, 9999, 0, replaced);
  result.direct_normal = epw_value(f[14], 0, 9999, 0, replaced);
  result.diffuse_level = epw_value(f[15], 0, 9999, 0, replaced);
  result.wind_m_s = epw_value(f[21], 0, 999, 0, replaced);
  return result;
}

}  // namespace

base::Result<EpwWeather> read_epw(std::string_view text) {
  if (text.size() > kEpwBytesMax) {
    return base::fail(base::ErrorCode::limit,
                      fmt::format("weather file: {} bytes; at most {}: give one year of hours", text.size(), kEpwBytesMax));
  }
  std::array<std::string_view, kEpwFields> f;
  EpwWeather weather;
  const std::string_view location = take_epw_line(text);
  if (split_epw(location, f) < 10 || f[0] != "LOCATION") {
    return std::unexpected(bad_epw_line(1, "does not begin with LOCATION and its nine fields; is it an EPW file?"));
  }
  weather.place = f[1];
  weather.source = f[4];
  const auto lat = epw_number(f[6]);
  const auto lon = epw_number(f[7]);
  const auto zone = epw_number(f[8]);
  const auto elevation = epw_number(f[9]);
  if (!lat || !lon || !zone || !elevation || !geo::is_valid({*lat, *lon}) || std::abs(*zone) > 14 || *elevation < -1000 ||
      *elevation > 9999.9) {
    return std::unexpected(bad_epw_line(1, "latitude, longitude, time zone and elevation are numbers of a place on earth"));
  }
  weather.at = {*lat, *lon};
  weather.zone_hours = *zone;
  weather.elevation_m = *elevation;
  for (std::size_t line = 2; line <= kEpwHeaderLines; ++line) take_epw_line(text);
  for (std::size_t line = kEpwHeaderLines + 1; !text.empty(); ++line) {
    const std::string_view row = take_epw_line(text);
    if (row.empty()) continue;
    auto hour = read_epw_hour(row, line, weather.missing);
    if (!hour) return std::unexpected(hour.error());
    weather.hours.push_back(*hour);
  }
  if (weather.hours.size() != 8760 && weather.hours.size() != 8784) {
    return base::fail(base::ErrorCode::bad_input,
                      fmt::format("weather file: {} hours; a year has 8760, or 8784", weather.hours.size()));
  }
  return weather;
}

}  // namespace citiverse::formats
