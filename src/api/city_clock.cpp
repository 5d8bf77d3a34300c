// An offset is the difference of two clocks: the zone's rules stay in one place, city/local_time.h.
#include "api/city_clock.h"

#include <charconv>

#include <fmt/format.h>

namespace citiverse::api {
namespace {

// `count` digits at the front of `text`, taken off; −1 when they are not there.
int take_digits(std::string_view& text, std::size_t count) {
  int value = 0;
  if (text.size() < count) return -1;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text[0] != wanted) return false;
  text.remove_prefix(1);
  return true;
}

std::unexpected<base::Error> bad_time() {
  return base::fail(base::ErrorCode::bad_input, "time is like 2026-05-04T18:30, or 2026-05-04T18:30:00+02:00, or ends in Z");
}

}  // namespace

CityClock::CityClock(std::string_view time_zone, Now now) : time_zone_(time_zone), now_(std::move(now)) {
  if (!city::local_time_in(time_zone_, std::chrono::sys_seconds())) time_zone_ = "UTC";
}

Moment CityClock::at(std::chrono::sys_seconds utc) const {
  const auto local = city::local_time_in(time_zone_, utc);
  if (!local) return {utc, city::LocalTime(std::chrono::floor<std::chrono::minutes>(utc.time_since_epoch()))};
  return {utc, *local};
}

Moment CityClock::at_local(city::LocalTime local) const {
  // Two steps settle on the offset in force at that wall time; where no moment shows it, the later reading stands.
  std::chrono::sys_seconds guess(std::chrono::duration_cast<std::chrono::seconds>(local.time_since_epoch()));
  for (int step = 0; step < 2; ++step) guess += std::chrono::duration_cast<std::chrono::seconds>(local - at(guess).local);
  return at(guess);
}

std::string CityClock::text(const Moment& moment) const {
  const auto utc_minutes = std::chrono::floor<std::chrono::minutes>(moment.utc.time_since_epoch());
  const auto offset = (moment.local.time_since_epoch() - utc_minutes).count();
  const auto day = std::chrono::floor<std::chrono::days>(moment.local);
  const std::chrono::year_month_day date(day);
  const auto minute_of_day = (moment.local - day).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:00{}{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), minute_of_day / 60,
                     minute_of_day % 60, offset < 0 ? '-' : '+', std::abs(offset) / 60, std::abs(offset) % 60);
}

base::Result<Moment> CityClock::parse(std::string_view text) const {
  const int year = take_digits(text, 4);
  if (!take(text, '-')) return bad_time();
  const int month = take_digits(text, 2);
  if (!take(text, '-')) return bad_time();
  const int day = take_digits(text, 2);
  if (!take(text, 'T') && !take(text, 't')) return bad_time();
  const int hour = take_digits(text, 2);
  if (!take(text, ':')) return bad_time();
  const int minute = take_digits(text, 2);
  int second = 0;
  if (take(text, ':')) second = take_digits(text, 2);
  if (take(text, '.')) {
    while (!text.empty() && text[0] >= '0' && text[0] <= '9') text.remove_prefix(1);
  }
  const std::chrono::year_month_day date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (year < 1900 || year > 2200 || !date.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
      second > 60) {
    return bad_time();
  }
  const auto local = std::chrono::local_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute);
  if (text.empty()) return at_local(local);
  int offset_minutes = 0;
  if (!take(text, 'Z') && !take(text, 'z')) {
    const bool west = take(text, '-');
    // '+' in a query means a space; whoever forgets to escape it is understood all the same.
    if (!west && !take(text, '+') && !take(text, ' ')) return bad_time();
    const int hours = take_digits(text, 2);
    if (!take(text, ':')) return bad_time();
    const int rest = take_digits(text, 2);
    if (hours < 0 || hours > 23 || rest < 0 || rest > 59) return bad_time();
    offset_minutes = (west ? -1 : 1) * (hours * 60 + rest);
  }
  if (!text.empty()) return bad_time();
  return at(std::chrono::sys_seconds(std::chrono::duration_cast<std::chrono::seconds>(local.time_since_epoch()) -
                                     std::chrono::minutes(offset_minutes)));
}

}  // namespace citiverse::api
