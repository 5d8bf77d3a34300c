// Asking a parsed value about a time. A day's hours are those that begin on it; the night before may reach into it.
#include "city/opening_hours.h"

#include <algorithm>

#include "city/opening_hours_parser.h"

namespace citiverse::city {
namespace {

namespace chr = std::chrono;

constexpr std::uint16_t kDayMin = 24 * 60;

unsigned iso_week(chr::local_days day) {
  // The week's Thursday decides its year (ISO 8601, 3.2.2).
  const chr::local_days thursday = day + chr::days(3 - static_cast<int>(chr::weekday(day).iso_encoding() - 1));
  const auto year = chr::year_month_day(thursday).year();
  return static_cast<unsigned>((thursday - chr::local_days(year / 1 / 1)).count()) / 7 + 1;
}

}  // namespace

base::Result<OpeningHours> OpeningHours::parse(std::string_view text) {
  if (text.empty()) return base::fail(base::ErrorCode::bad_input, "opening hours: empty");
  if (text.size() > kBytesMax) return base::fail(base::ErrorCode::limit, "opening hours: longer than 1000 bytes");
  return OpeningHoursParser(text).parse();
}

bool OpeningHours::applies_on(const Rule& rule, chr::local_days day) {
  if (rule.holiday_only) return false;
  const chr::year_month_day date(day);
  const unsigned month_day = static_cast<unsigned>(date.month()) * 100 + static_cast<unsigned>(date.day());
  const auto in_range = [&](const DateRange& r) {
    const unsigned from = r.from_month * 100u + r.from_day;
    const unsigned to = r.to_month * 100u + r.to_day;
    return from <= to ? month_day >= from && month_day <= to : month_day >= from || month_day <= to;
  };
  if (!rule.dates.empty() && std::none_of(rule.dates.begin(), rule.dates.end(), in_range)) return false;
  if (!rule.weeks.empty()) {
    const unsigned week = iso_week(day);
    const auto has = [&](const WeekRange& r) { return week >= r.from && week <= r.to && (week - r.from) % r.step == 0; };
    if (std::none_of(rule.weeks.begin(), rule.weeks.end(), has)) return false;
  }
  if (rule.weekdays == 0 && rule.nth.empty()) return true;
  const unsigned weekday = chr::weekday(day).iso_encoding() - 1;
  if ((rule.weekdays >> weekday) & 1u) return true;
  const unsigned of_month = static_cast<unsigned>(date.day());
  const unsigned last = static_cast<unsigned>(chr::year_month_day_last(date.year(), chr::month_day_last(date.month())).day());
  const int nth = static_cast<int>((of_month - 1) / 7 + 1);
  const int from_end = -static_cast<int>((last - of_month) / 7 + 1);
  return std::any_of(rule.nth.begin(), rule.nth.end(),
                     [&](const NthWeekday& n) { return n.weekday == weekday && (n.nth == nth || n.nth == from_end); });
}

void OpeningHours::spans_of(chr::local_days day, std::vector<Span>& spans) const {
  spans.clear();
  bool decided = false;
  for (const Rule& rule : rules_) {
    if (!applies_on(rule, day) || (rule.joint == Joint::falls_back && decided)) continue;
    const Span whole{0, kDayMin};
    const std::span<const Span> own = rule.spans.empty() ? std::span(&whole, 1) : std::span(rule.spans);
    if (!rule.open) {
      // "off" with times takes those times out; without, the whole day.
      std::vector<Span> kept;
      for (const Span& s : spans) {
        Span rest = s;
        for (const Span& o : own) {
          if (o.to_min <= rest.from_min || o.from_min >= rest.to_min) continue;
          if (o.from_min > rest.from_min) kept.push_back({rest.from_min, o.from_min});
          rest.from_min = std::min(o.to_min, rest.to_min);
        }
        if (rest.from_min < rest.to_min) kept.push_back(rest);
      }
      spans = std::move(kept);
    } else {
      if (rule.joint == Joint::overrides) spans.clear();
      spans.insert(spans.end(), own.begin(), own.end());
    }
    decided = true;
  }
}

bool OpeningHours::is_open(LocalTime time) const {
  const auto day = chr::floor<chr::days>(time);
  const auto minute = static_cast<int>((time - day).count());
  std::vector<Span> spans;
  const auto covers = [&](int at) {
    return std::any_of(spans.begin(), spans.end(), [&](const Span& s) { return at >= s.from_min && at < s.to_min; });
  };
  spans_of(day, spans);
  if (covers(minute)) return true;
  spans_of(day - chr::days(1), spans);
  return covers(minute + kDayMin);
}

std::optional<LocalTime> OpeningHours::next_change(LocalTime time) const {
  const bool now = is_open(time);
  const auto today = chr::floor<chr::days>(time);
  std::vector<Span> spans;
  std::vector<LocalTime> candidates;
  for (int ahead = -1; ahead <= kHorizonDays; ++ahead) {
    const auto day = today + chr::days(ahead);
    spans_of(day, spans);
    candidates.clear();
    for (const Span& s : spans) {
      candidates.push_back(day + chr::minutes(s.from_min));
      candidates.push_back(day + chr::minutes(s.to_min));
    }
    candidates.push_back(day + chr::days(1));
    std::sort(candidates.begin(), candidates.end());
    for (const LocalTime at : candidates) {
      if (at > time && is_open(at) != now) return at;
    }
  }
  return std::nullopt;
}

}  // namespace citiverse::city
