// Points in time as the standards write them, since values, queries and files all carry them as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "twin/attribute.h"

namespace citiverse::twin {

inline constexpr TimeUs kDayUs = 86'400'000'000;

/// A DateTime such as "2017-12-24T12:00:00.5Z", years 0001 to 9999; digits beyond microseconds are dropped, an offset such as
/// "+02:00" is taken off. Nothing when it is no such text. Source: ISO 8601-1, as narrowed by ETSI GS CIM 009, 4.6.3.
std::optional<TimeUs> parse_moment(std::string_view text);
/// A Date such as "2017-12-24" as its first moment.
std::optional<TimeUs> parse_day(std::string_view text);
/// A Time such as "12:00:00Z" as microseconds since midnight.
std::optional<TimeUs> parse_time_of_day(std::string_view text);

/// The DateTime of a moment in UTC: "2017-12-24T12:00:00Z", with 3 or 6 decimals where they are needed.
void append_moment(std::string& out, TimeUs moment);
std::string moment_text(TimeUs moment);

}  // namespace citiverse::twin
