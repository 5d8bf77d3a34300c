// Comparisons, arithmetic and the functions of table 23 that need nothing but their arguments.
#include <algorithm>
#include <chrono>
#include <cmath>

#include "api/sensor_things/evaluator.h"
#include "base/text.h"
#include "twin/moment.h"

namespace citiverse::api::sensor_things {
namespace {

// An instant is a period without length.
struct Period {
  twin::TimeUs start_us, end_us;
  bool is_instant;
};

std::optional<Period> period_of(const Datum& datum) {
  if (const auto* moment = std::get_if<Moment>(&datum)) return Period{moment->us, moment->us, true};
  if (const auto* interval = std::get_if<Interval>(&datum)) return Period{interval->start_us, interval->end_us, false};
  if (const auto* text = std::get_if<std::string>(&datum)) {
    const Datum time = parse_time_object(*text);
    return is_null(time) ? std::nullopt : period_of(time);
  }
  return std::nullopt;
}

bool is_time(const Datum& datum) { return std::holds_alternative<Moment>(datum) || std::holds_alternative<Interval>(datum); }

bool is_before(const Period& a, const Period& b) {
  if (a.is_instant) return a.start_us < b.start_us;
  return a.end_us <= b.start_us;
}

bool holds_for_periods(Operation operation, const Period& a, const Period& b) {
  switch (operation) {
    case Operation::eq: return a.start_us == b.start_us && a.end_us == b.end_us;
    case Operation::ne: return a.start_us != b.start_us || a.end_us != b.end_us;
    case Operation::lt:
    case Operation::before: return is_before(a, b);
    case Operation::gt:
    case Operation::after: return is_before(b, a);
    case Operation::le: return a.start_us <= b.start_us && a.end_us <= b.end_us;
    case Operation::ge: return a.start_us >= b.start_us && a.end_us >= b.end_us;
    case Operation::meets:
      if (a.is_instant || b.is_instant)
        return a.start_us == b.start_us || a.start_us == b.end_us || a.end_us == b.start_us || a.end_us == b.end_us;
      return a.end_us == b.start_us || b.end_us == a.start_us;
    case Operation::during: return a.start_us >= b.start_us && a.start_us < b.end_us && a.end_us <= b.end_us;
    case Operation::overlaps:
      if (a.is_instant && b.is_instant) return a.start_us == b.start_us;
      if (a.is_instant) return b.start_us <= a.start_us && a.start_us < b.end_us;
      if (b.is_instant) return a.start_us <= b.start_us && b.start_us < a.end_us;
      return a.start_us < b.end_us && b.start_us < a.end_us;
    case Operation::starts: return a.start_us == b.start_us;
    case Operation::finishes: return a.end_us == b.end_us;
    default: return false;
  }
}

Datum by_order(Operation operation, std::partial_ordering order) {
  if (order == std::partial_ordering::unordered) return {};
  switch (operation) {
    case Operation::eq: return order == 0;
    case Operation::ne: return order != 0;
    case Operation::gt: return order > 0;
    case Operation::ge: return order >= 0;
    case Operation::lt: return order < 0;
    case Operation::le: return order <= 0;
    default: return {};
  }
}

Datum arithmetic(Operation operation, const Datum& a, const Datum& b) {
  const auto* span_b = std::get_if<Span>(&b);
  if (const auto* moment = std::get_if<Moment>(&a)) {
    const auto* other = std::get_if<Moment>(&b);
    if (span_b != nullptr && operation == Operation::add) return Moment{moment->us + span_b->us};
    if (span_b != nullptr && operation == Operation::sub) return Moment{moment->us - span_b->us};
    if (other != nullptr && operation == Operation::sub) return Span{moment->us - other->us};
    return {};
  }
  if (const auto* span_a = std::get_if<Span>(&a); span_a != nullptr && span_b != nullptr) {
    if (operation == Operation::add) return Span{span_a->us + span_b->us};
    if (operation == Operation::sub) return Span{span_a->us - span_b->us};
    return {};
  }
  const auto x = number_in(a), y = number_in(b);
  if (!x || !y) return {};
  double result = 0;
  switch (operation) {
    case Operation::add: result = *x + *y; break;
    case Operation::sub: result = *x - *y; break;
    case Operation::mul: result = *x * *y; break;
    case Operation::div: result = *x / *y; break;
    case Operation::mod: result = std::fmod(*x, *y); break;
    default: break;
  }
  return std::isfinite(result) ? Datum(result) : Datum();
}

// Characters are code points of UTF-8.
bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }

std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
}

std::size_t byte_of_character(std::string_view text, std::size_t character) {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (begins_character(text[i]) && character-- == 0) return i;
  return text.size();
}

std::string with_case(std::string text, bool is_upper) {
  for (char& c : text) {
    if (is_upper && c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    if (!is_upper && c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return text;
}

Datum substring_of_text(const std::string& text, const std::vector<Datum>& arguments) {
  const auto from = number_in(arguments[1]);
  const auto count = arguments.size() > 2 ? number_in(arguments[2]) : std::optional(1e9);
  if (!from || !count || *from < 0 || *count < 0 || *from > 1e9 || *count > 1e9) return {};
  const std::string_view rest = std::string_view(text).substr(byte_of_character(text, static_cast<std::size_t>(*from)));
  return std::string(rest.substr(0, byte_of_character(rest, static_cast<std::size_t>(*count))));
}

Datum text_function(Operation operation, const std::vector<Datum>& arguments) {
  const auto* a = std::get_if<std::string>(&arguments[0]);
  if (a == nullptr) return {};
  switch (operation) {
    case Operation::length: return static_cast<std::int64_t>(characters_in(*a));
    case Operation::tolower: return with_case(*a, false);
    case Operation::toupper: return with_case(*a, true);
    case Operation::trim: return std::string(base::trimmed(*a));
    case Operation::substring: return substring_of_text(*a, arguments);
    default: break;
  }
  const auto* b = arguments.size() < 2 ? nullptr : std::get_if<std::string>(&arguments[1]);
  if (b == nullptr) return {};
  switch (operation) {
    case Operation::substringof: return b->contains(*a);
    case Operation::contains: return a->contains(*b);
    case Operation::startswith: return a->starts_with(*b);
    case Operation::endswith: return a->ends_with(*b);
    case Operation::concat: return *a + *b;
    case Operation::indexof: {
      const std::size_t at = a->find(*b);
      if (at == std::string::npos) return std::int64_t{-1};
      return static_cast<std::int64_t>(characters_in(std::string_view(*a).substr(0, at)));
    }
    default: return {};
  }
}

// In UTC.
Datum date_function(Operation operation, const Datum& argument) {
  const auto period = period_of(argument);
  if (!period) return {};
  const twin::TimeUs us = period->start_us;
  const std::chrono::sys_time<std::chrono::microseconds> at{std::chrono::microseconds{us}};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::int64_t of_day = (at - day).count();
  switch (operation) {
    case Operation::year: return std::int64_t{static_cast<int>(date.year())};
    case Operation::month: return std::int64_t{static_cast<unsigned>(date.month())};
    case Operation::day: return std::int64_t{static_cast<unsigned>(date.day())};
    case Operation::hour: return of_day / 3'600'000'000;
    case Operation::minute: return of_day / 60'000'000 % 60;
    case Operation::second: return of_day / 1'000'000 % 60;
    case Operation::fractionalseconds: return static_cast<double>(of_day % 1'000'000) / 1e6;
    case Operation::date: return Moment{us - of_day};
    case Operation::time: return Span{of_day};
    case Operation::totaloffsetminutes: {
      const auto* text = std::get_if<std::string>(&argument);
      const Datum parsed = text == nullptr ? argument : parse_time_object(*text);
      const auto* moment = std::get_if<Moment>(&parsed);
      return std::int64_t{moment == nullptr ? 0 : moment->offset_min};
    }
    default: return {};
  }
}

}  // namespace

Datum compared(Operation operation, const Datum& a, const Datum& b) {
  if (is_null(a) || is_null(b)) {
    if (operation == Operation::eq) return is_null(a) && is_null(b);
    if (operation == Operation::ne) return is_null(a) != is_null(b);
    return {};
  }
  if (is_time(a) || is_time(b)) {
    const auto x = period_of(a), y = period_of(b);
    return x && y ? Datum(holds_for_periods(operation, *x, *y)) : Datum();
  }
  const auto x = number_in(a), y = number_in(b);
  if (x && y) return by_order(operation, *x <=> *y);
  if (a.index() != b.index())
    return operation == Operation::ne ? Datum(true) : operation == Operation::eq ? Datum(false) : Datum();
  if (const auto* text = std::get_if<std::string>(&a)) return by_order(operation, *text <=> std::get<std::string>(b));
  if (const auto* flag = std::get_if<bool>(&a)) return by_order(operation, *flag <=> std::get<bool>(b));
  if (const auto* span = std::get_if<Span>(&a)) return by_order(operation, span->us <=> std::get<Span>(b).us);
  if (operation == Operation::eq) return a == b;
  if (operation == Operation::ne) return !(a == b);
  return {};
}

Datum applied(Operation operation, const std::vector<Datum>& arguments, twin::TimeUs now_us) {
  if (operation >= Operation::add && operation <= Operation::mod) return arithmetic(operation, arguments[0], arguments[1]);
  if (operation >= Operation::substringof && operation <= Operation::concat) return text_function(operation, arguments);
  if (operation >= Operation::year && operation <= Operation::totaloffsetminutes) return date_function(operation, arguments[0]);
  if (operation >= Operation::before && operation <= Operation::finishes) {
    const auto a = period_of(arguments[0]), b = period_of(arguments[1]);
    return a && b ? Datum(holds_for_periods(operation, *a, *b)) : Datum();
  }
  const auto number = arguments.empty() ? std::nullopt : number_in(arguments[0]);
  switch (operation) {
    case Operation::now: return Moment{now_us};
    case Operation::mindatetime: return Moment{*twin::parse_moment("0001-01-01T00:00:00Z")};
    case Operation::maxdatetime: return Moment{*twin::parse_moment("9999-12-31T23:59:59.999999Z")};
    case Operation::negate:
      if (const auto* span = arguments.empty() ? nullptr : std::get_if<Span>(&arguments[0])) return Span{-span->us};
      return number ? Datum(-*number) : Datum();
    case Operation::round: return number ? Datum(std::round(*number)) : Datum();
    case Operation::floor: return number ? Datum(std::floor(*number)) : Datum();
    case Operation::ceiling: return number ? Datum(std::ceil(*number)) : Datum();
    default: return {};
  }
}

bool comes_before(const Datum& a, const Datum& b) {
  const auto x = start_of(a), y = start_of(b);
  if (x && y) return *x < *y;
  const auto m = number_in(a), n = number_in(b);
  if (m && n) return *m < *n;
  if (a.index() != b.index()) return a.index() < b.index();
  if (const auto* text = std::get_if<std::string>(&a)) return *text < std::get<std::string>(b);
  if (const auto* flag = std::get_if<bool>(&a)) return !*flag && std::get<bool>(b);
  if (const auto* span = std::get_if<Span>(&a)) return span->us < std::get<Span>(b).us;
  return false;
}

}  // namespace citiverse::api::sensor_things
