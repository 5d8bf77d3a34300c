// Dates by the proleptic Gregorian calendar, without the machine's time zone.
#include "api/ngsi_ld/date_time.h"

#include <chrono>

namespace citiverse::api::ngsi_ld {
namespace {

std::optional<unsigned> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  unsigned value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(text[i] - '0');
  }
  return value;
}

}  // namespace

std::optional<twin::TimeUs> parse_date_time(std::string_view text) {
  const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  if (!year || !month || !day || !hour || !minute || !second || text.size() < 20 || text.back() != 'Z') return std::nullopt;
  if (text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month),
                                         std::chrono::day(*day)};
  if (!date.ok() || *year == 0 || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  std::int64_t fraction_us = 0;
  if (text.size() > 20) {
    const std::size_t count = text.size() - 21;
    const auto fraction = digits(text, 20, count);
    if ((text[19] != '.' && text[19] != ',') || count == 0 || count > 6 || !fraction) return std::nullopt;
    fraction_us = *fraction;
    for (std::size_t i = count; i < 6; ++i) fraction_us *= 10;
  }
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return (((days * 24 + *hour) * 60 + *minute) * 60 + *second) * 1'000'000 + fraction_us;
}

}  // namespace citiverse::api::ngsi_ld
