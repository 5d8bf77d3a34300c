// Periods are counted from their origin, never from each other, so that the 31st does not become the 28th for good.
#include "twin/duration.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "twin/moment.h"

namespace citiverse::twin {
namespace {

constexpr TimeUs kSecondUs = 1'000'000;
constexpr TimeUs kYearUs = 366 * kDayUs;
constexpr TimeUs kLastUs = 253'402'300'799 * kSecondUs;  // 9999-12-31

struct DurationUnit {
  char designator;
  std::int64_t months;
  TimeUs us;
};
constexpr std::array<DurationUnit, 4> kDateUnits{{{'Y', 12, 0}, {'M', 1, 0}, {'W', 0, 7 * kDayUs}, {'D', 0, kDayUs}}};
constexpr std::array<DurationUnit, 3> kTimeUnits{{{'H', 0, 3'600 * kSecondUs}, {'M', 0, 60 * kSecondUs}, {'S', 0, kSecondUs}}};

// "5", or of seconds "5.25" as well; taken off the text.
struct Amount {
  std::int64_t whole = 0;
  TimeUs fraction_us = 0;
  bool has_fraction = false;
};
std::optional<Amount> take_amount(std::string_view& text) {
  Amount amount;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), amount.whole);
  if (read.ec != std::errc() || amount.whole < 0 || text.front() == '-') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  if (text.empty() || (text.front() != '.' && text.front() != ',')) return amount;
  text.remove_prefix(1);
  amount.has_fraction = true;
  TimeUs scale_us = kSecondUs;
  std::size_t digits = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits)
    amount.fraction_us += (text[digits] - '0') * (scale_us /= 10);
  if (digits == 0 || digits > 6) return std::nullopt;
  text.remove_prefix(digits);
  return amount;
}

template <std::size_t kCount>
bool take_units(std::string_view& text, const std::array<DurationUnit, kCount>& units, Duration& out, int& taken,
                bool& has_weeks) {
  std::size_t next = 0;
  while (!text.empty() && text.front() != 'T') {
    const auto amount = take_amount(text);
    if (!amount || text.empty()) return false;
    while (next < kCount && units[next].designator != text.front()) ++next;
    if (next == kCount) return false;
    const DurationUnit& unit = units[next++];
    if (amount->has_fraction && unit.designator != 'S') return false;
    if (unit.months > 0 && amount->whole > kDurationYearsMax * 12) return false;
    if (unit.us > 0 && amount->whole > kDurationYearsMax * (kYearUs / unit.us)) return false;
    out.months += unit.months * amount->whole;
    out.us += unit.us * amount->whole + amount->fraction_us;
    has_weeks = has_weeks || unit.designator == 'W';
    ++taken;
    text.remove_prefix(1);
  }
  return true;
}

TimeUs plus_months(TimeUs time_us, std::int64_t months) {
  using namespace std::chrono;
  const TimeUs past_day = ((time_us % kDayUs) + kDayUs) % kDayUs;
  const year_month_day date{sys_days(days((time_us - past_day) / kDayUs))};
  const std::int64_t count =
      static_cast<int>(date.year()) * std::int64_t{12} + static_cast<unsigned>(date.month()) - 1 + months;
  const std::int64_t wanted = std::clamp<std::int64_t>(count, 12, 9'999 * 12 + 11);
  const year_month month = year(static_cast<int>(wanted / 12)) / static_cast<int>(wanted % 12 + 1);
  const day last = (month / std::chrono::last).day();
  const sys_days moved = sys_days(month / std::min(date.day(), last));
  return moved.time_since_epoch().count() * kDayUs + past_day;
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  if (!text.starts_with('P')) return std::nullopt;
  text.remove_prefix(1);
  Duration out;
  int taken = 0;
  bool has_weeks = false;
  if (!take_units(text, kDateUnits, out, taken, has_weeks)) return std::nullopt;
  if (has_weeks && (taken > 1 || !text.empty())) return std::nullopt;
  if (text.starts_with('T')) {
    text.remove_prefix(1);
    const int before = taken;
    if (!take_units(text, kTimeUnits, out, taken, has_weeks) || taken == before) return std::nullopt;
  }
  if (taken == 0 || !text.empty()) return std::nullopt;
  if (out.months > kDurationYearsMax * 12 || out.us > kDurationYearsMax * kYearUs) return std::nullopt;
  return out;
}

TimeUs period_start(TimeUs origin_us, const Duration& period, std::int64_t index) {
  const TimeUs from_us = period.months == 0 ? origin_us : plus_months(origin_us, period.months * index);
  TimeUs rest_us = 0;
  if (__builtin_mul_overflow(period.us, index, &rest_us) || __builtin_add_overflow(from_us, rest_us, &rest_us)) return kLastUs;
  return std::min(rest_us, kLastUs);
}

std::int64_t period_of(TimeUs time_us, TimeUs origin_us, const Duration& period) {
  // A month is about 30.44 days; the guess is then moved to the period that holds the time.
  const double length_us = static_cast<double>(period.us) + static_cast<double>(period.months) * 2'629'746e6;
  auto index = static_cast<std::int64_t>((static_cast<double>(time_us) - static_cast<double>(origin_us)) / length_us);
  index = std::max<std::int64_t>(index, 0);
  while (index > 0 && period_start(origin_us, period, index) > time_us) --index;
  while (period_start(origin_us, period, index + 1) <= time_us) {
    if (period_start(origin_us, period, index + 1) == period_start(origin_us, period, index)) break;  // The end of time.
    ++index;
  }
  return index;
}

}  // namespace citiverse::twin
