// One pass over a series; most values are numbers, which need nothing but their point.
#include "api/ngsi_ld/temporal_aggregates.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "api/ngsi_ld/json_value_text.h"
#include "api/ngsi_ld/temporal_instances.h"
#include "base/json_reader.h"
#include "base/json_writer.h"
#include "twin/json_view.h"
#include "twin/moment.h"

namespace citiverse::api::ngsi_ld {
namespace {

namespace history = twin::history;
using twin::AttributeKind;

struct ClassedValue {
  ValueClass value_class = ValueClass::number;
  std::optional<double> number;
  std::string text;  ///< Of what is compared by its characters.
};

// {"@type":"DateTime","@value":"…"} (4.6.3), or any other object.
ClassedValue of_object(const std::string& json) {
  std::string scratch, spare;
  const auto type = twin::json_string(twin::json_member(json, "@type"), scratch);
  const auto value = twin::json_string(twin::json_member(json, "@value"), spare);
  if (!type || !value) return {.value_class = ValueClass::object};
  if (*type == "DateTime") return {ValueClass::date_time, std::nullopt, std::string(*value)};
  if (*type == "Date") return {ValueClass::date, std::nullopt, std::string(*value)};
  if (*type != "Time") return {.value_class = ValueClass::object};
  const auto time_us = twin::parse_time_of_day(*value);
  return {ValueClass::time, time_us ? std::optional(static_cast<double>(*time_us) / 1e6) : std::nullopt, std::string(*value)};
}

ClassedValue classed(const twin::Attribute& attribute) {
  const bool is_link = attribute.kind == AttributeKind::relationship || attribute.kind == AttributeKind::list_relationship;
  if (is_link || attribute.kind == AttributeKind::vocab_property) return {.value_class = ValueClass::uri};
  const twin::Value& value = attribute.value;
  if (const auto* flag = std::get_if<bool>(&value)) return {ValueClass::boolean, *flag ? 1.0 : 0.0, {}};
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return {ValueClass::number, static_cast<double>(*whole), {}};
  if (const auto* real = std::get_if<double>(&value)) return {ValueClass::number, *real, {}};
  if (const auto* text = std::get_if<std::string>(&value)) return {ValueClass::text, std::nullopt, *text};
  const auto* json = std::get_if<twin::Json>(&value);
  if (json == nullptr) return {.value_class = ValueClass::object};
  if (!json->text.starts_with('[')) return of_object(json->text);
  double size = 0;
  twin::any_json_item(json->text, [&](std::string_view) { return ++size, false; });
  return {ValueClass::array, size, {}};
}

std::string distinct_key(const twin::Value& value) {
  std::string key;
  if (const auto* text = std::get_if<std::string>(&value)) return "\"" + *text;
  if (const auto* json = std::get_if<twin::Json>(&value)) return json->text;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&value)) append_number(key, static_cast<double>(*whole));
  if (const auto* real = std::get_if<double>(&value)) append_number(key, *real);
  return key;
}

class Aggregator {
 public:
  Aggregator(const history::History& kept, const history::SeriesFacts& series, const TemporalRequest& request)
      : history_(kept),
        request_(request),
        tells_apart_(std::ranges::find(request.methods, Aggregation::distinct_count) != request.methods.end()) {
    out_.series = series;
  }

  base::Result<SeriesAggregates> run(std::chrono::steady_clock::time_point until) {
    if (auto origin = find_origin(); !origin) return std::unexpected(origin.error());
    if (request_.property == TimeProperty::observed_at)
      if (auto added = add_roll_ups(); !added) return std::unexpected(added.error());
    const auto range = request_.property == TimeProperty::observed_at ? request_.range : history::TimeRange();
    auto read =
        history_.view(out_.series.series)
            .each_run(range, history::Part::all, history::SeriesView::Direction::forward, [&](const history::Rows& rows) {
              is_late_ = std::chrono::steady_clock::now() > until;
              return !is_late_ && take_all(rows);
            });
    if (!read) return std::unexpected(read.error());
    if (is_late_) return base::fail(base::ErrorCode::limit, "too many values to put together; ask for a shorter time");
    if (has_too_many_)
      return base::fail(base::ErrorCode::limit,
                        fmt::format("aggrPeriodDuration: gives more than {} periods, or {} values to tell "
                                    "apart; take a longer one or a shorter time",
                                    kTemporalPeriodsMax, kTemporalDistinctMax));
    return std::move(out_);
  }

 private:
  // Periods count from timeAt; where there is none, from the first value.
  base::Result<void> find_origin() {
    if (request_.from_us) {
      out_.origin_us = *request_.from_us;
      return {};
    }
    std::optional<twin::TimeUs> first;
    const auto take = [&](twin::TimeUs time_us) { first = std::min(first.value_or(time_us), time_us); };
    if (request_.property == TimeProperty::observed_at) {
      const auto old = history_.roll_ups(out_.series.series, request_.range);
      if (!old) return std::unexpected(old.error());
      if (!old->empty()) take(old->front().start_us);
    }
    const bool is_ordered = request_.property == TimeProperty::observed_at;
    auto read = history_.view(out_.series.series)
                    .each_run({}, history::Part::all, history::SeriesView::Direction::forward, [&](const history::Rows& rows) {
                      for (const history::Point& point : rows.points)
                        if (const auto time_us = counted_time(point, rows)) take(*time_us);
                      return !(is_ordered && first);
                    });
    if (!read) return std::unexpected(read.error());
    out_.origin_us = first.value_or(0);
    return {};
  }

  std::optional<twin::TimeUs> counted_time(const history::Point& point, const history::Rows& rows) const {
    if ((static_cast<std::uint8_t>(rows.forms[point.form].front()) & history::is_deletion) != 0) return std::nullopt;
    const auto time_us = time_of(point, rows, request_);
    return time_us && request_.range.holds(*time_us) ? time_us : std::nullopt;
  }

  PeriodValues* period_at(twin::TimeUs time_us) {
    const std::int64_t place = request_.period.is_zero() ? 0 : twin::period_of(time_us, out_.origin_us, request_.period);
    PeriodValues& period = out_.periods[place];
    has_too_many_ = has_too_many_ || out_.periods.size() > kTemporalPeriodsMax;
    period.first_us = period.count == 0 ? time_us : std::min(period.first_us, time_us);
    period.last_us = period.count == 0 ? time_us : std::max(period.last_us, time_us);
    return &period;
  }

  base::Result<void> add_roll_ups() {
    const auto old = history_.roll_ups(out_.series.series, request_.range);
    if (!old) return std::unexpected(old.error());
    for (const history::Bucket& each : *old) {
      PeriodValues* period = period_at(each.start_us);
      period->count += each.values.count;
      period->numbers.add(each.values);
      period->last_us = std::max(period->last_us, each.values.last_us);
      has_class_ = true;
    }
    return {};
  }

  bool take_all(const history::Rows& rows) {
    for (const history::Point& point : rows.points) {
      const auto time_us = counted_time(point, rows);
      if (!time_us) continue;
      if (point.text == 0 && !tells_apart_ && has_class_ && out_.value_class == ValueClass::number)
        add_number(*time_us, point.number);
      else
        add_sample(*time_us, history_.sample_of(out_.series.series, rows, point).attribute);
      if (has_too_many_) return false;
    }
    return true;
  }

  void add_number(twin::TimeUs time_us, double number) {
    PeriodValues* period = period_at(time_us);
    ++period->count;
    period->numbers.add(time_us, number);
  }

  void add_sample(twin::TimeUs time_us, const twin::Attribute& attribute) {
    const ClassedValue value = classed(attribute);
    if (!has_class_) {
      out_.value_class = value.value_class;
      out_.is_relationship =
          attribute.kind == AttributeKind::relationship || attribute.kind == AttributeKind::list_relationship;
    }
    has_class_ = true;
    PeriodValues* period = period_at(time_us);
    if (tells_apart_ && period->distinct.insert(distinct_key(attribute.value)).second)
      has_too_many_ = has_too_many_ || ++distinct_ > kTemporalDistinctMax;
    const bool is_first = period->count++ == 0;
    if (value.value_class != out_.value_class) return;
    if (value.number) period->numbers.add(time_us, *value.number);
    if (value.text.empty()) return;
    if (is_first || value.text < period->least) period->least = value.text;
    if (is_first || value.text > period->greatest) period->greatest = value.text;
  }

  const history::History& history_;
  const TemporalRequest& request_;
  const bool tells_apart_;
  SeriesAggregates out_;
  std::size_t distinct_ = 0;
  bool has_class_ = false;
  bool has_too_many_ = false;
  bool is_late_ = false;
};

bool is_compared_as_text(ValueClass value_class) {
  return value_class == ValueClass::text || value_class == ValueClass::date_time || value_class == ValueClass::date ||
         value_class == ValueClass::time;
}

std::string time_of_day_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds);
  return fmt::format("{:02}:{:02}:{:02}Z", whole / 3600, whole / 60 % 60, whole % 60);
}

void write_method(base::JsonWriter& json, Aggregation method, const SeriesAggregates& series, const PeriodValues& period) {
  const auto number = [&](double value) {
    std::string text;
    append_number(text, value);
    json.raw(text);
  };
  const history::Aggregate& numbers = period.numbers;
  switch (method) {
    case Aggregation::total_count: json.integer(period.count); return;
    case Aggregation::distinct_count: json.integer(period.distinct.size()); return;
    case Aggregation::min:
    case Aggregation::max:
      if (is_compared_as_text(series.value_class))
        json.text(method == Aggregation::min ? period.least : period.greatest);
      else
        number(method == Aggregation::min ? numbers.min : numbers.max);
      return;
    case Aggregation::avg:
      if (series.value_class == ValueClass::time)
        json.text(time_of_day_text(numbers.count == 0 ? 0 : numbers.average()));
      else
        number(numbers.average());
      return;
    case Aggregation::stddev: number(numbers.standard_deviation()); return;
    case Aggregation::sum: number(numbers.sum); return;
    case Aggregation::sumsq: number(numbers.sum_of_squares); return;
  }
}

}  // namespace

base::Result<SeriesAggregates> aggregate_series(const history::History& history, const history::SeriesFacts& series,
                                                const TemporalRequest& request, std::chrono::steady_clock::time_point until) {
  return Aggregator(history, series, request).run(until);
}

bool is_eligible(Aggregation method, const SeriesAggregates& series) {
  if (method == Aggregation::total_count || method == Aggregation::distinct_count) return true;
  if (series.is_relationship) return false;
  const bool is_ordering = method == Aggregation::min || method == Aggregation::max;
  switch (series.value_class) {
    case ValueClass::number:
    case ValueClass::boolean:
    case ValueClass::array: return true;
    case ValueClass::text:
    case ValueClass::date_time:
    case ValueClass::date: return is_ordering;
    case ValueClass::time: return is_ordering || method == Aggregation::avg;
    case ValueClass::object:
    case ValueClass::uri: return false;
  }
  return false;
}

void append_aggregates(std::string& out, const SeriesAggregates& series, const TemporalRequest& request) {
  for (const Aggregation method : request.methods) {
    if (!is_eligible(method, series)) continue;
    out += fmt::format(",\"{}\":", name_of(method));
    base::JsonWriter json(out);
    json.begin_array();
    for (const auto& [place, period] : series.periods) {
      // Without a period the whole range is one; where the query leaves an end open, it is that of the values.
      const bool is_whole = request.period.is_zero();
      const twin::TimeUs start_us =
          is_whole ? request.from_us.value_or(period.first_us) : twin::period_start(series.origin_us, request.period, place);
      const twin::TimeUs end_us = is_whole ? request.until_us.value_or(period.last_us)
                                           : twin::period_start(series.origin_us, request.period, place + 1);
      json.begin_array();
      write_method(json, method, series, period);
      json.text(twin::moment_text(start_us)).text(twin::moment_text(end_us)).end_array();
    }
    json.end_array();
  }
}

}  // namespace citiverse::api::ngsi_ld
