// The grammar, one function a production.
#include "city/opening_hours_parser.h"

#include <array>
#include <cctype>

#include <fmt/format.h>

namespace citiverse::city {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays = {"mo", "tu", "we", "th", "fr", "sa", "su"};
constexpr std::uint8_t kLastDay[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }
bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

}  // namespace

base::Result<OpeningHours> OpeningHoursParser::parse() {
  OpeningHours hours;
  auto joint = OpeningHours::Joint::overrides;
  while (true) {
    if (hours.rules_.size() == OpeningHours::kRulesMax) {
      return base::fail(base::ErrorCode::limit, fmt::format("opening hours: more than {} rules", OpeningHours::kRulesMax));
    }
    Rule rule;
    rule.joint = joint;
    if (!parse_rule(rule)) {
      return base::fail(base::ErrorCode::bad_input, fmt::format("opening hours: cannot read from character {}", at_ + 1));
    }
    hours.rules_.push_back(std::move(rule));
    skip_space();
    if (take(";")) {
      joint = OpeningHours::Joint::overrides;
    } else if (take("||")) {
      joint = OpeningHours::Joint::falls_back;
    } else if (take(",")) {
      joint = OpeningHours::Joint::adds;
    } else if (at_end()) {
      break;
    } else {
      return base::fail(base::ErrorCode::bad_input, fmt::format("opening hours: cannot read from character {}", at_ + 1));
    }
    if (at_end()) break;  // A trailing separator is common and harmless.
  }
  hours.has_holiday_rules_ = saw_holiday_;
  return hours;
}

bool OpeningHoursParser::parse_rule(Rule& rule) {
  const std::size_t start = at_;
  skip_space();
  if (take("24/7")) {
    return parse_state(rule);
  }
  if (!parse_selectors(rule) || !parse_spans(rule) || !parse_state(rule)) return false;
  skip_space();
  return at_ > start;
}

bool OpeningHoursParser::parse_selectors(Rule& rule) {
  skip_space();
  if (!parse_dates(rule) || !parse_weeks(rule)) return false;
  skip_space();
  take(":");  // "Apr-Sep: Mo-Fr …"
  return parse_weekdays(rule);
}

bool OpeningHoursParser::parse_dates(Rule& rule) {
  while (true) {
    skip_space();
    const std::size_t start = at_;
    const auto from = month();
    if (!from) {
      at_ = start;
      return rule.dates.empty() || start == at_;
    }
    OpeningHours::DateRange range{static_cast<std::uint8_t>(*from), 1, static_cast<std::uint8_t>(*from), kLastDay[*from - 1]};
    skip_space();
    if (peek_digit()) {
      const std::size_t before = at_;
      const auto day = number(2);
      const bool is_time = at_ < text_.size() && text_[at_] == ':';  // "Apr 08:00-…": the digits are a time.
      if (is_time) {
        at_ = before;
      } else {
        if (!day || *day < 1 || *day > 31) return false;
        range.from_day = range.to_day = static_cast<std::uint8_t>(*day);
      }
    }
    skip_space();
    if (take("-")) {
      skip_space();
      if (const auto to = month()) {
        range.to_month = static_cast<std::uint8_t>(*to);
        range.to_day = kLastDay[*to - 1];
        skip_space();
        const std::size_t before = at_;
        if (const auto day = peek_digit() ? number(2) : std::nullopt) {
          if (at_ < text_.size() && text_[at_] == ':') {
            at_ = before;
          } else if (*day >= 1 && *day <= 31) {
            range.to_day = static_cast<std::uint8_t>(*day);
          } else {
            return false;
          }
        }
      } else {
        const auto day = number(2);
        if (!day || *day < 1 || *day > 31) return false;
        range.to_day = static_cast<std::uint8_t>(*day);
      }
    }
    rule.dates.push_back(range);
    const std::size_t before_comma = at_;
    if (!take(",")) return true;
    skip_space();
    const std::size_t next = at_;
    const bool more = month().has_value();
    at_ = more ? next : before_comma;
    if (!more) return true;
  }
}

bool OpeningHoursParser::parse_weeks(Rule& rule) {
  skip_space();
  if (!take("week")) return true;
  do {
    skip_space();
    const auto from = number(2);
    if (!from || *from < 1 || *from > 53) return false;
    OpeningHours::WeekRange range{static_cast<std::uint8_t>(*from), static_cast<std::uint8_t>(*from), 1};
    if (take("-")) {
      const auto to = number(2);
      if (!to || *to < *from || *to > 53) return false;
      range.to = static_cast<std::uint8_t>(*to);
      if (take("/")) {
        const auto step = number(2);
        if (!step || *step < 1) return false;
        range.step = static_cast<std::uint8_t>(*step);
      }
    }
    rule.weeks.push_back(range);
  } while (take(","));
  return true;
}

bool OpeningHoursParser::parse_weekdays(Rule& rule) {
  bool any = false;
  bool holidays = false;
  while (true) {
    skip_space();
    const std::size_t start = at_;
    if (take("ph") || take("sh")) {
      saw_holiday_ = holidays = true;
    } else if (const auto from = weekday()) {
      any = true;
      if (take("[")) {
        do {
          const bool from_end = take("-");
          const auto nth = number(1);
          if (!nth || *nth < 1 || *nth > 5) return false;
          rule.nth.push_back({static_cast<std::uint8_t>(*from),
                              static_cast<std::int8_t>(from_end ? -static_cast<int>(*nth) : static_cast<int>(*nth))});
        } while (take(","));
        if (!take("]")) return false;
      } else {
        skip_space();
        unsigned to = *from;
        if (take("-")) {
          skip_space();
          const auto last = weekday();
          if (!last) return false;
          to = *last;
        }
        for (unsigned day = *from;; day = (day + 1) % 7) {
          rule.weekdays = static_cast<std::uint8_t>(rule.weekdays | (1u << day));
          if (day == to) break;
        }
      }
    } else {
      at_ = start;
      break;
    }
    const std::size_t before_comma = at_;
    skip_space();
    if (!take(",")) break;
    skip_space();
    const std::size_t next = at_;
    const bool more = weekday().has_value() || take("ph") || take("sh");
    at_ = more ? next : before_comma;
    if (!more) break;
  }
  rule.holiday_only = holidays && !any;
  return true;
}

bool OpeningHoursParser::parse_spans(Rule& rule) {
  skip_space();
  if (!peek_digit()) return true;
  while (true) {
    skip_space();
    const auto from = clock_time();
    if (!from || *from > 24 * 60) return false;
    OpeningHours::Span span{static_cast<std::uint16_t>(*from), 24 * 60};
    skip_space();
    if (take("+")) {
      rule.spans.push_back(span);
    } else {
      if (!take("-")) return false;
      skip_space();
      const auto to = clock_time();
      if (!to || *to > 48 * 60) return false;
      take("+");
      span.to_min = static_cast<std::uint16_t>(*to <= *from ? *to + 24 * 60 : *to);
      rule.spans.push_back(span);
    }
    const std::size_t before_comma = at_;
    skip_space();
    if (!take(",")) return true;
    skip_space();
    if (!peek_digit()) {  // The comma begins an additional rule.
      at_ = before_comma;
      return true;
    }
  }
}

bool OpeningHoursParser::parse_state(Rule& rule) {
  skip_space();
  if (take("off") || take("closed")) {
    rule.open = false;
  } else {
    take("open");
  }
  skip_space();
  if (at_ < text_.size() && text_[at_] == '"') {
    const std::size_t end = text_.find('"', at_ + 1);
    if (end == std::string_view::npos) return false;
    at_ = end + 1;
  }
  return true;
}

std::optional<unsigned> OpeningHoursParser::month() {
  for (unsigned i = 0; i < kMonths.size(); ++i) {
    if (take(kMonths[i])) return i + 1;
  }
  return std::nullopt;
}

std::optional<unsigned> OpeningHoursParser::weekday() {
  for (unsigned i = 0; i < kWeekdays.size(); ++i) {
    if (take(kWeekdays[i])) return i;
  }
  return std::nullopt;
}

std::optional<unsigned> OpeningHoursParser::number(std::size_t digits_max) {
  unsigned value = 0;
  std::size_t digits = 0;
  while (digits < digits_max && peek_digit()) {
    value = value * 10 + static_cast<unsigned>(text_[at_++] - '0');
    ++digits;
  }
  if (digits == 0) return std::nullopt;
  return value;
}

std::optional<unsigned> OpeningHoursParser::clock_time() {
  const auto hours = number(2);
  if (!hours || at_ >= text_.size() || (text_[at_] != ':' && text_[at_] != '.')) return std::nullopt;
  ++at_;
  const auto minutes = number(2);
  if (!minutes || *minutes > 59) return std::nullopt;
  return *hours * 60 + *minutes;
}

void OpeningHoursParser::skip_space() {
  while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
}

bool OpeningHoursParser::at_end() {
  skip_space();
  return at_ == text_.size();
}

bool OpeningHoursParser::take(std::string_view word) {
  if (text_.size() - at_ < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (lower(text_[at_ + i]) != word[i]) return false;
  }
  const std::size_t end = at_ + word.size();
  if (is_letter(word.back()) && end < text_.size() && is_letter(text_[end])) return false;
  at_ = end;
  return true;
}

bool OpeningHoursParser::peek_digit() { return at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; }

}  // namespace citiverse::city
