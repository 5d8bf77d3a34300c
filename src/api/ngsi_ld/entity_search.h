// The entities that a query finds: a page of them, those of a map, or all.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/ngsi_ld/query_request.h"

namespace citiverse::api::ngsi_ld {

struct FoundPage {
  std::vector<twin::EntityPtr> entities;
  std::size_t count = 0;  ///< Of all that match, where it was asked for.
  bool has_next = false;
};

/// One look through a store, at most kQueryTime long. All that is passed must outlive it. Fails as TooComplexQuery, and as
/// TooManyResults where more than kOrderedMax would have to be put in order.
class EntitySearch {
 public:
  static constexpr std::chrono::milliseconds kQueryTime{2'000};  ///< Of looking; what needs more is too complex (6.3.2).
  static constexpr std::size_t kOrderedMax = 100'000;            ///< Entities that are put in order for one answer.

  EntitySearch(const NgsiLdApi& api, twin::TenantId tenant, const QueryRequest& request);

  /// The page that the request asks for.
  Answered<FoundPage> run();
  /// Of these only, in their order.
  Answered<FoundPage> run_over(std::span<const std::string> ids);
  /// All that match, whatever the page. Fails also as TooManyResults where they are more than `most`, which `holder` can hold.
  Answered<std::vector<twin::EntityPtr>> all(std::size_t most, std::string_view holder);

 private:
  Answered<FoundPage> end();
  twin::EntityPtr find(std::string_view id) const;
  bool is_match(const twin::EntityPtr& entity) const;
  bool look_at(const twin::EntityPtr& entity);
  void cut_ordered();

  const NgsiLdApi& api_;
  const twin::TenantId tenant_;
  const QueryRequest& request_;
  std::size_t limit_;
  std::size_t offset_;
  bool counts_;
  bool is_ordered_;
  const twin::QSurroundings around_;
  const twin::TimeUs now_us_;
  const std::chrono::steady_clock::time_point until_;
  FoundPage page_;
  std::size_t looks_ = 0;
  bool is_too_complex_ = false;
  bool has_too_many_ = false;
};

}  // namespace citiverse::api::ngsi_ld
