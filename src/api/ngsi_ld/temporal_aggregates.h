// Values of a series put together by periods (ETSI GS CIM 009 V1.9.1, 4.5.19).
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "api/ngsi_ld/temporal_request.h"
#include "twin/history/history.h"

namespace citiverse::api::ngsi_ld {

inline constexpr std::size_t kTemporalPeriodsMax = 10'000;      ///< Of one attribute in one answer.
inline constexpr std::size_t kTemporalDistinctMax = 1'000'000;  ///< Values that are told apart for one attribute.

/// What a value is to the tables of 4.5.19.1.
enum class ValueClass : std::uint8_t { number, boolean, text, array, object, date_time, date, time, uri };

struct PeriodValues {
  twin::history::Aggregate numbers;  ///< Numbers, booleans as 0 and 1, sizes of arrays, times as seconds of their day.
  std::uint64_t count = 0;
  std::set<std::string> distinct;  ///< Only where it was asked for.
  std::string least, greatest;     ///< Of texts and times, in the order of their characters.
  twin::TimeUs first_us = 0, last_us = 0;
};

struct SeriesAggregates {
  twin::history::SeriesFacts series;
  ValueClass value_class = ValueClass::number;  ///< Of the first value; those of another class count, and no more.
  bool is_relationship = false;
  twin::TimeUs origin_us = 0;
  std::map<std::int64_t, PeriodValues> periods;  ///< Those with values, by their place from the origin.
};

/// What roll-ups keep of values that are gone is counted in the period in which their step begins.
/// Fails: corrupt; limit, when there are too many periods or values, or `until` has passed.
base::Result<SeriesAggregates> aggregate_series(const twin::history::History& history, const twin::history::SeriesFacts& series,
                                                const TemporalRequest& request, std::chrono::steady_clock::time_point until);

/// Whether a method says anything of such values.
bool is_eligible(Aggregation method, const SeriesAggregates& series);

/// Appends "avg":[[value,start,end],…] and the others that are eligible, each after a comma.
void append_aggregates(std::string& out, const SeriesAggregates& series, const TemporalRequest& request);

}  // namespace citiverse::api::ngsi_ld
