// Spans of time as the standards write them, such as "PT15M" or "P1M": months have no length of their own.
#pragma once

#include <optional>
#include <string_view>

#include "twin/attribute.h"

namespace citiverse::twin {

inline constexpr int kDurationYearsMax = 10'000;

struct Duration {
  std::int64_t months = 0;
  TimeUs us = 0;
  bool is_zero() const { return months == 0 && us == 0; }
  friend bool operator==(const Duration&, const Duration&) = default;
};

/// "P3Y6M4DT12H30M5S" or "P2W"; elements that are 0 may be left out, seconds may have up to six decimals after "." or ",". At
/// most kDurationYearsMax years in all. Nothing for any other text. Source: ISO 8601-1, as narrowed by ETSI GS CIM 009,
/// 4.5.19.1.
std::optional<Duration> parse_duration(std::string_view text);

/// The start of period `index` ≥ 0 of those that follow each other from `origin_us`: months by the calendar (UTC; a day that a
/// month does not have is its last), then the rest. The duration is not zero; the result stays within years 1 to 9999.
TimeUs period_start(TimeUs origin_us, const Duration& period, std::int64_t index);
/// The period that holds a time; 0 is the one that begins at the origin, and holds what was before as well.
std::int64_t period_of(TimeUs time_us, TimeUs origin_us, const Duration& period);

}  // namespace citiverse::twin
