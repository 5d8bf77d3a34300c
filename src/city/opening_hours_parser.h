// Reads the text of an opening_hours value; only opening_hours.cpp needs it.
#pragma once

#include <optional>
#include <string_view>

#include "city/opening_hours.h"

namespace citiverse::city {

/// Recursive descent over the text, case-insensitive, without allocation beyond the rules themselves.
class OpeningHoursParser {
 public:
  explicit OpeningHoursParser(std::string_view text) : text_(text) {}
  base::Result<OpeningHours> parse();

 private:
  using Rule = OpeningHours::Rule;

  bool parse_rule(Rule& rule);
  bool parse_selectors(Rule& rule);
  bool parse_dates(Rule& rule);
  bool parse_weeks(Rule& rule);
  bool parse_weekdays(Rule& rule);
  bool parse_spans(Rule& rule);
  bool parse_state(Rule& rule);
  std::optional<unsigned> month();
  std::optional<unsigned> weekday();
  std::optional<unsigned> number(std::size_t digits_max);
  std::optional<unsigned> clock_time();

  void skip_space();
  bool at_end();
  bool take(std::string_view word);  // Case-insensitive, not followed by a letter when it ends in one.
  bool peek_digit();

  std::string_view text_;
  std::size_t at_ = 0;
  bool saw_holiday_ = false;
};

}  // namespace citiverse::city
