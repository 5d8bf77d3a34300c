// What of a series an answer shows: the instances within a time, the first or the last of them.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "api/ngsi_ld/temporal_request.h"
#include "twin/history/history.h"

namespace citiverse::api::ngsi_ld {

inline constexpr std::size_t kTemporalInstancesShownMax = 1'000;  ///< Of one attribute in one answer; then it is partial (206).

struct TemporalInstance {
  twin::TimeUs time_us = 0;  ///< Of the time property that was asked for.
  twin::history::Sample sample;
};

struct SeriesInstances {
  twin::history::SeriesFacts series;
  std::vector<TemporalInstance> instances;  ///< By rising time.
  bool is_cut = false;                      ///< There are more.
};

/// The time by which a point counts, or nothing where it has no such time and so does not match.
std::optional<twin::TimeUs> time_of(const twin::history::Point& point, const twin::history::Rows& rows,
                                    const TemporalRequest& request);

/// At most `count_max`, and at most lastN where that is set. Fails: corrupt; limit when `until` has passed.
base::Result<SeriesInstances> read_instances(const twin::history::History& history, const twin::history::SeriesFacts& series,
                                             const TemporalRequest& request, std::size_t count_max,
                                             std::chrono::steady_clock::time_point until);

/// "urn:ngsi-ld:instance:12-345" ↔ the instance of a series.
struct InstanceName {
  twin::history::SeriesId series = 0;
  std::uint64_t instance = 0;
};
std::string instance_uri(const InstanceName& name);
std::optional<InstanceName> parse_instance_uri(std::string_view uri);

/// An instance by its number, or nothing. Fails: corrupt.
base::Result<std::optional<twin::history::Sample>> find_instance(const twin::history::History& history,
                                                                 const InstanceName& name);
/// Whether anything at all is kept of a series. Fails: corrupt.
base::Result<bool> has_instances(const twin::history::History& history, twin::history::SeriesId series);

}  // namespace citiverse::api::ngsi_ld
