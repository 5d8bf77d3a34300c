// Days are counted by the proleptic Gregorian calendar of std::chrono; everything else is digits at fixed places.
#include "twin/moment.h"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace citiverse::twin {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// `count` digits at `at`, or nothing.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) return std::nullopt;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (!is_digit(text[i])) return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

void append_digits(std::string& out, std::int64_t value, int count) {
  const std::size_t start = out.size();
  out.append(static_cast<std::size_t>(count), '0');
  for (std::size_t at = start + static_cast<std::size_t>(count); at-- > start; value /= 10)
    out[at] = static_cast<char>('0' + value % 10);
}

// Takes "+02:00", "-0130" or "Z" off the end.
std::optional<TimeUs> offset_us(std::string_view zone) {
  if (zone == "Z") return 0;
  if (zone.empty() || (zone[0] != '+' && zone[0] != '-')) return std::nullopt;
  const auto hours = digits(zone, 1, 2);
  const bool has_colon = zone.size() == 6 && zone[3] == ':';
  if (!hours || (!has_colon && zone.size() != 5)) return std::nullopt;
  const auto minutes = digits(zone, has_colon ? 4 : 3, 2);
  if (!minutes || *hours > 14 || *minutes > 59) return std::nullopt;
  const TimeUs offset = (TimeUs{*hours} * 60 + *minutes) * 60'000'000;
  return zone[0] == '-' ? -offset : offset;
}

}  // namespace

std::optional<TimeUs> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits(text, 0, 4);
  const auto month = digits(text, 5, 2);
  const auto day = digits(text, 8, 2);
  if (!year || !month || !day || *year == 0) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return TimeUs{std::chrono::sys_days{date}.time_since_epoch().count()} * kDayUs;
}

std::optional<TimeUs> parse_time_of_day(std::string_view text) {
  if (text.size() < 9 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const auto hour = digits(text, 0, 2);
  const auto minute = digits(text, 3, 2);
  const auto second = digits(text, 6, 2);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  TimeUs us = ((TimeUs{*hour} * 60 + *minute) * 60 + *second) * 1'000'000;
  std::size_t at = 8;
  if (text[at] == '.' || text[at] == ',') {
    TimeUs place = 100'000;
    const std::size_t first = ++at;
    for (; at < text.size() && is_digit(text[at]); ++at, place /= 10) us += place * (text[at] - '0');
    if (at == first) return std::nullopt;
  }
  const auto offset = offset_us(text.substr(at));
  if (!offset) return std::nullopt;
  return us - *offset;
}

std::optional<TimeUs> parse_moment(std::string_view text) {
  if (text.size() < 20 || text[10] != 'T') return std::nullopt;
  const auto day = parse_day(text.substr(0, 10));
  const auto time = parse_time_of_day(text.substr(11));
  if (!day || !time) return std::nullopt;
  return *day + *time;
}

void append_moment(std::string& out, TimeUs moment) {
  const std::chrono::sys_time<std::chrono::microseconds> at{std::chrono::microseconds{moment}};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::int64_t us = (at - day).count();
  append_digits(out, static_cast<int>(date.year()), 4);
  out += '-';
  append_digits(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  append_digits(out, static_cast<unsigned>(date.day()), 2);
  out += 'T';
  append_digits(out, us / 3'600'000'000, 2);
  out += ':';
  append_digits(out, us / 60'000'000 % 60, 2);
  out += ':';
  append_digits(out, us / 1'000'000 % 60, 2);
  const std::int64_t fraction = us % 1'000'000;
  if (fraction != 0) {
    out += '.';
    fraction % 1000 == 0 ? append_digits(out, fraction / 1000, 3) : append_digits(out, fraction, 6);
  }
  out += 'Z';
}

std::string moment_text(TimeUs moment) {
  std::string out;
  append_moment(out, moment);
  return out;
}

}  // namespace citiverse::twin
