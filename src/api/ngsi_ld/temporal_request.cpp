// Parameters of time; names and rules by the letter of 4.11 and 6.18.3.2.
#include "api/ngsi_ld/temporal_request.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "api/ngsi_ld/date_time.h"
#include "api/ngsi_ld/errors.h"
#include "api/ngsi_ld/json_value_text.h"

namespace citiverse::api::ngsi_ld {
namespace {

constexpr std::array<std::string_view, 8> kAggregationNames{"avg",    "distinctCount", "max",   "min",
                                                            "stddev", "sum",           "sumsq", "totalCount"};
constexpr std::array<std::string_view, 4> kTimeProperties{"observedAt", "createdAt", "modifiedAt", "deletedAt"};

std::unexpected<net::Reply> wrong_time(std::string_view detail) {
  return std::unexpected(problem(ErrorType::bad_request_data, detail));
}

Answered<std::optional<twin::TimeUs>> read_moment(const Asked& asked, std::string_view name, std::string_view old_name) {
  const std::string* text = asked.find(name);
  if (text == nullptr) text = asked.find(old_name);  // As versions before 1.3 had it.
  if (text == nullptr) return std::optional<twin::TimeUs>{};
  const auto time = parse_date_time(*text);
  if (!time) return wrong_time(fmt::format("{}: a time such as 2018-08-07T12:00:00Z is needed (4.6.3)", name));
  return time;
}

Answered<void> read_range(const Asked& asked, TemporalRequest& request) {
  const auto from = read_moment(asked, "timeAt", "time");
  if (!from) return std::unexpected(from.error());
  const auto until = read_moment(asked, "endTimeAt", "endTime");
  if (!until) return std::unexpected(until.error());
  const std::string* relation = asked.find("timerel");
  if (relation == nullptr) {
    if (*from || *until) return wrong_time("timerel: one of before, after, between goes with timeAt (4.11)");
    return {};
  }
  if (*relation != "before" && *relation != "after" && *relation != "between")
    return wrong_time("timerel: one of before, after, between (4.11)");
  if (!*from) return wrong_time("timeAt: is needed with timerel (4.11)");
  if (*relation == "between" && !*until) return wrong_time("endTimeAt: is needed with timerel=between (4.11)");
  request.has_query = true;
  if (*relation == "before")
    request.until_us = **from;
  else
    request.from_us = **from;
  if (*relation == "between") request.until_us = **until;
  if (request.from_us && request.until_us && *request.from_us >= *request.until_us)
    return wrong_time("endTimeAt: must be after timeAt");
  request.range.from_us = request.from_us.value_or(INT64_MIN);
  request.range.until_us = request.until_us.value_or(INT64_MAX);
  return {};
}

Answered<void> read_property(const Asked& asked, TemporalRequest& request) {
  const std::string* name = asked.find("timeproperty");
  if (name == nullptr) return {};
  const auto found = std::ranges::find(kTimeProperties, *name);
  if (found == kTimeProperties.end())
    return wrong_time("timeproperty: one of observedAt, createdAt, modifiedAt, deletedAt (4.8)");
  request.names_property = true;
  request.property = static_cast<TimeProperty>(found - kTimeProperties.begin());
  return {};
}

Answered<void> read_last_n(const Asked& asked, TemporalRequest& request) {
  const std::string* text = asked.find("lastN");
  if (text == nullptr) return {};
  const char* const end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, request.last_n);
  if (read.ec != std::errc() || read.ptr != end || request.last_n == 0)
    return wrong_time("lastN: a whole number of 1 or more is needed");
  return {};
}

std::optional<TemporalForm> temporal_form_of(std::string_view word) {
  if (word == "temporalValues" || word == "simplified") return TemporalForm::values;
  if (word == "aggregatedValues") return TemporalForm::aggregates;
  if (word == "normalized") return TemporalForm::instances;
  return std::nullopt;
}

// Takes the word out of `format` or `options`, since reading the form of an entity would refuse it.
Answered<void> take_temporal_form(Asked& asked, TemporalRequest& request) {
  bool has_format = false;
  for (auto& [name, value] : asked.query) {
    if (name != "format") continue;
    const auto form = temporal_form_of(value);
    if (!form)
      return std::unexpected(
          problem(ErrorType::invalid_request, "format: one of normalized, temporalValues, aggregatedValues (6.3.12)"));
    request.form = *form;
    has_format = true;
    name.clear();
  }
  if (has_format) return {};
  for (const std::string& option : asked.list("options"))
    if (const auto form = temporal_form_of(option)) request.form = *form;
  return {};
}

Answered<void> read_aggregation(const Asked& asked, TemporalRequest& request) {
  for (const std::string& each : asked.list("aggrMethods")) {
    const auto found = std::ranges::find(kAggregationNames, each);
    if (found == kAggregationNames.end())
      return wrong_time("aggrMethods: of avg, distinctCount, max, min, stddev, sum, sumsq, totalCount (4.5.19.1)");
    const auto method = static_cast<Aggregation>(found - kAggregationNames.begin());
    if (std::ranges::find(request.methods, method) == request.methods.end()) request.methods.push_back(method);
  }
  if (request.form == TemporalForm::aggregates && request.methods.empty())
    return wrong_time("aggrMethods: is needed for aggregatedValues (4.5.19)");
  if (const std::string* text = asked.find("aggrPeriodDuration")) {
    const auto period = twin::parse_duration(*text);
    if (!period) return wrong_time("aggrPeriodDuration: a duration such as PT15M or P1M is needed (4.5.19.1)");
    request.period = *period;
  }
  return {};
}

}  // namespace

std::string_view name_of(Aggregation method) { return kAggregationNames.at(static_cast<std::size_t>(method)); }

Answered<TemporalRequest> take_temporal_request(Asked& asked) {
  TemporalRequest request;
  for (const auto read : {read_range, read_property, read_last_n})
    if (auto done = read(asked, request); !done) return std::unexpected(std::move(done.error()));
  if (auto done = take_temporal_form(asked, request); !done) return std::unexpected(std::move(done.error()));
  if (auto done = read_aggregation(asked, request); !done) return std::unexpected(std::move(done.error()));
  return request;
}

Answered<void> take_temporal_body(base::JsonValue body, Asked& asked) {
  const base::JsonValue query = body.find("temporalQ");
  if (query.is_absent()) return {};
  if (!query.is_object()) return wrong_time("temporalQ: an object with timerel and timeAt is needed (5.2.21)");
  for (std::size_t i = 0; i < query.size(); ++i) {
    const auto& [name, value] = query.member(i);
    std::string text(value.text().value_or(""));
    if (value.is_array())
      for (std::size_t k = 0; k < value.size(); ++k) text += (k > 0 ? "," : "") + std::string(value[k].text().value_or(""));
    else if (!value.text())
      append_json(text, value);
    asked.query.emplace_back(name, std::move(text));
  }
  return {};
}

}  // namespace citiverse::api::ngsi_ld
