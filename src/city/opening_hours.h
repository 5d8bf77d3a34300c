// When something is open, from the words of OpenStreetMap: "Mo-Fr 08:00-12:30,14:00-19:00; Sa 09:00-13:00; PH off".
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace citiverse::city {

/// A wall-clock time in the city, to the minute.
using LocalTime = std::chrono::local_time<std::chrono::minutes>;

/// The parsed form of an opening_hours value.
/// Understood: 24/7; weekday ranges, lists and nth weekdays (Sa[1], Su[-1]); months and day-of-month ranges (Apr-Sep, Dec
/// 24-Jan 6); week numbers; several time spans, spans past midnight, open ends ("17:00+", read as open until midnight); open,
/// closed, off; rules by ';' (later ones override whole days), by ',' (added) and by '||' (where nothing else applies); quoted
/// comments. Not known here: the dates of public and school holidays, so that PH and SH rules never apply, which
/// has_holiday_rules() tells. Fails: bad_input, with the position, for anything else (sunrise, easter, years): then the text
/// itself is shown, never a guess. Source: OSM wiki, Key:opening_hours/specification 0.7.3.
class OpeningHours {
 public:
  static constexpr std::size_t kBytesMax = 1000;
  static constexpr std::size_t kRulesMax = 64;

  static base::Result<OpeningHours> parse(std::string_view text);

  bool is_open(LocalTime time) const;
  /// The first minute after `time` at which is_open is another; nothing within kHorizonDays.
  std::optional<LocalTime> next_change(LocalTime time) const;
  static constexpr int kHorizonDays = 370;
  bool has_holiday_rules() const { return has_holiday_rules_; }

 private:
  friend class OpeningHoursParser;

  struct DateRange {  // Month 1..12, day 1..31; may wrap around the new year.
    std::uint8_t from_month, from_day, to_month, to_day;
  };
  struct WeekRange {
    std::uint8_t from, to, step;
  };
  struct NthWeekday {
    std::uint8_t weekday;  // 0 is Monday.
    std::int8_t nth;       // 1..5, or −1..−5 from the end of the month.
  };
  struct Span {
    std::uint16_t from_min, to_min;  // Minutes after midnight; to_min may pass 1440.
  };
  enum class Joint : std::uint8_t { overrides, adds, falls_back };
  struct Rule {
    std::vector<DateRange> dates;  // Empty: every day of the year.
    std::vector<WeekRange> weeks;
    std::vector<NthWeekday> nth;
    std::vector<Span> spans;    // Empty: the whole day.
    std::uint8_t weekdays = 0;  // Bit 0 is Monday. 0 with empty nth: every weekday.
    Joint joint = Joint::overrides;
    bool open = true;
    bool holiday_only = false;
  };

  static bool applies_on(const Rule& rule, std::chrono::local_days day);
  // The spans of one day that begin on it.
  void spans_of(std::chrono::local_days day, std::vector<Span>& spans) const;

  std::vector<Rule> rules_;
  bool has_holiday_rules_ = false;
};

}  // namespace citiverse::city
