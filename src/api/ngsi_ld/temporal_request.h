// What is asked of the evolution of entities in time: which instances, and in which form (ETSI GS CIM 009 V1.9.1, 4.11, 4.5.9,
// 4.5.19, 5.2.21).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "api/ngsi_ld/asked.h"
#include "twin/duration.h"
#include "twin/history/history.h"

namespace citiverse::api::ngsi_ld {

enum class TimeProperty : std::uint8_t { observed_at, created_at, modified_at, deleted_at };
enum class TemporalForm : std::uint8_t { instances, values, aggregates };
/// In the order of the standard's table (4.5.19.1).
enum class Aggregation : std::uint8_t { avg, distinct_count, max, min, stddev, sum, sumsq, total_count };

struct TemporalRequest {
  bool has_query = false;       ///< A timerel was given: instances without the time property do not match.
  bool names_property = false;  ///< So was a timeproperty, which asks the same.
  TimeProperty property = TimeProperty::observed_at;
  twin::history::TimeRange range;  ///< Half-open: after and between include their start, before and between exclude their end.
  std::optional<twin::TimeUs> from_us, until_us;  ///< The same where they were said.
  std::size_t last_n = 0;                         ///< 0: not limited by who asks.
  TemporalForm form = TemporalForm::instances;
  std::vector<Aggregation> methods;
  twin::Duration period;  ///< Zero: the whole range.
};

std::string_view name_of(Aggregation method);

/// Reads the temporal parameters and takes from `asked` the forms that only temporal answers know.
/// Fails as BadRequestData or InvalidRequest, naming the parameter.
Answered<TemporalRequest> take_temporal_request(Asked& asked);

/// The members of "temporalQ" (5.2.21) in a body of type Query as parameters of `asked`.
Answered<void> take_temporal_body(base::JsonValue body, Asked& asked);

}  // namespace citiverse::api::ngsi_ld
