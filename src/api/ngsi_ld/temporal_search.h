// From a temporal query to the entities of its page (ETSI GS CIM 009 V1.9.1, 5.7.3, 5.7.4).
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/ngsi_ld/query_request.h"
#include "api/ngsi_ld/temporal_json.h"

namespace citiverse::api::ngsi_ld {

inline constexpr std::size_t kTemporalAnswerInstancesMax = 50'000;  ///< Then a page has fewer entities than were asked for.
inline constexpr std::size_t kTemporalFilterInstancesMax = 10'000;  ///< Of one attribute that q or a geo-query looks at.
inline constexpr std::chrono::milliseconds kTemporalQueryTime{2'000};

struct TemporalPage {
  std::vector<TemporalEntity> entities;
  std::size_t count = 0;  ///< Of all that match, where it was asked for.
  bool has_next = false;
};

/// A query that was taken apart: what an id, types and scopes say, and what values within the time say.
struct TemporalQuery {
  explicit TemporalQuery(QueryRequest asked);

  twin::EntityQuery outline;
  QueryRequest request;
};

class TemporalSearch {
 public:
  /// What is passed outlives this.
  TemporalSearch(const NgsiLdApi& api, const Asked& asked, const TemporalRequest& request, const ChosenForm& form);

  /// The instances of one entity that are shown; nothing when none match. Fails as the standard's errors.
  Answered<std::optional<TemporalEntity>> look_at(twin::history::KeptEntity kept);
  /// A page of all that match, in the order in which their history began, or by their ids.
  Answered<TemporalPage> run(const TemporalQuery& query);
  /// Likewise of those among `ids`, in their order.
  Answered<TemporalPage> run_over(const TemporalQuery& query, std::span<const std::string> ids);
  /// The ids of all that match, in the order of run(). Fails as TooManyResults beyond `most`.
  Answered<std::vector<std::string>> ids(const TemporalQuery& query, std::size_t most);

 private:
  class Pages;

  Answered<bool> is_by_id(bool& is_descending) const;
  bool is_shown(const twin::history::SeriesFacts& series) const;
  Answered<bool> matches_values(const twin::history::KeptEntity& kept, const twin::EntityQuery& conditions);
  Answered<void> check_eligible(const SeriesAggregates& series) const;

  const NgsiLdApi& api_;
  const Asked& asked_;
  const TemporalRequest& request_;
  const ChosenForm& form_;
  const std::chrono::steady_clock::time_point until_;
};

/// Forwards, all attributes end where the first one was cut, so that going on from there misses nothing.
void cut_at_one_time(std::vector<TemporalEntity>& entities, const TemporalRequest& request);
/// Content-Range of a partial answer, or empty when everything that was asked for is there (6.3.10).
std::string content_range(const std::vector<TemporalEntity>& entities, const TemporalRequest& request);

}  // namespace citiverse::api::ngsi_ld
