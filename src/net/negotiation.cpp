// Lists, weights and ranges of RFC 9110, read without allocating.
#include "net/negotiation.h"

#include <array>
#include <charconv>
#include <chrono>

#include <fmt/format.h>

#include "net/limits.h"

namespace citiverse::net {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t'; }

std::string_view without_spaces(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view take_until(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view piece = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return without_spaces(piece);
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

// A qvalue in thousandths (RFC 9110, 12.4.2), or −1: "0", "0.5", "1.000".
int parse_weight(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return -1;
  int weight = (text[0] - '0') * 1000;
  if (text.size() == 1) return weight;
  if (text[1] != '.') return -1;
  int unit = 100;
  for (const char c : text.substr(2)) {
    if (c < '0' || c > '9') return -1;
    weight += (c - '0') * unit;
    unit /= 10;
  }
  return weight > 1000 ? -1 : weight;
}

// Weight of the parameters after a coding: 1000 without any, −1 when malformed.
int weight_of(std::string_view parameters) {
  int weight = 1000;
  while (!parameters.empty()) {
    const std::string_view parameter = take_until(parameters, ';');
    if (parameter.size() < 2 || (parameter[0] != 'q' && parameter[0] != 'Q') || parameter[1] != '=') return -1;
    weight = parse_weight(parameter.substr(2));
  }
  return weight;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  if (text.empty() || text[0] < '0' || text[0] > '9') return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) return UINT64_MAX;  // Beyond any file, and satisfiable as such.
  return number;
}

}  // namespace

std::string_view name_of(Encoding encoding) {
  switch (encoding) {
    case Encoding::identity: return "";
    case Encoding::gzip: return "gzip";
    case Encoding::brotli: return "br";
  }
  return "";
}

Encoding choose_encoding(std::string_view accept_encoding) {
  constexpr int kNotNamed = -2;
  int brotli = kNotNamed;
  int gzip = kNotNamed;
  int identity = kNotNamed;
  int any = kNotNamed;
  while (!accept_encoding.empty()) {
    std::string_view member = take_until(accept_encoding, ',');
    const std::string_view coding = take_until(member, ';');
    const int weight = weight_of(member);
    if (coding.empty() || weight < 0) continue;
    if (equal_ignoring_case(coding, "br"))
      brotli = weight;
    else if (equal_ignoring_case(coding, "gzip") || equal_ignoring_case(coding, "x-gzip"))
      gzip = weight;
    else if (equal_ignoring_case(coding, "identity"))
      identity = weight;
    else if (coding == "*")
      any = weight;
  }
  if (brotli == kNotNamed) brotli = any == kNotNamed ? 0 : any;
  if (gzip == kNotNamed) gzip = any == kNotNamed ? 0 : any;
  // Identity is welcome unless it is refused, but below whatever is named.
  if (identity == kNotNamed) identity = any == 0 ? 0 : 1;
  if (brotli > 0 && brotli >= gzip && brotli >= identity) return Encoding::brotli;
  if (gzip > 0 && gzip >= identity) return Encoding::gzip;
  return Encoding::identity;
}

bool if_none_match_holds(std::string_view if_none_match, std::string_view etag) {
  if (without_spaces(if_none_match) == "*") return true;
  // Our validators hold no comma, so a split at commas cannot find one inside another's quotes by mistake.
  while (!if_none_match.empty()) {
    std::string_view member = take_until(if_none_match, ',');
    if (member.starts_with("W/")) member.remove_prefix(2);
    if (!member.empty() && member == etag) return true;
  }
  return false;
}

bool if_range_holds(std::string_view if_range, std::string_view etag) {
  const std::string_view validator = without_spaces(if_range);
  return validator.empty() || validator == etag;
}

RangeAnswer parse_range(std::string_view range, std::uint64_t size) {
  constexpr std::string_view unit = "bytes=";
  range = without_spaces(range);
  if (range.size() <= unit.size() || !equal_ignoring_case(range.substr(0, unit.size()), unit)) return {};
  std::string_view spec = without_spaces(range.substr(unit.size()));
  if (spec.find(',') != std::string_view::npos) return {};  // More than kRangesMax.
  static_assert(kRangesMax == 1);
  const std::size_t dash = spec.find('-');
  if (dash == std::string_view::npos) return {};
  const std::string_view first_text = spec.substr(0, dash);
  const std::string_view last_text = spec.substr(dash + 1);
  if (first_text.empty()) {
    const auto suffix = parse_number(last_text);
    if (!suffix) return {};
    if (*suffix == 0 || size == 0) return {RangeVerdict::unsatisfiable, {}};
    const std::uint64_t count = std::min(*suffix, size);
    return {RangeVerdict::part, {size - count, count}};
  }
  const auto first = parse_number(first_text);
  if (!first) return {};
  std::uint64_t last = UINT64_MAX;
  if (!last_text.empty()) {
    const auto number = parse_number(last_text);
    if (!number || *number < *first) return {};
    last = *number;
  }
  if (*first >= size) return {RangeVerdict::unsatisfiable, {}};
  last = std::min(last, size - 1);
  return {RangeVerdict::part, {*first, last - *first + 1}};
}

std::string http_date(std::int64_t unix_seconds) {
  static constexpr std::array<const char*, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::chrono::sys_seconds time{std::chrono::seconds(unix_seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days[std::chrono::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace citiverse::net
