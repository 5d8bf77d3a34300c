// Looks at what the indexes leave over, with an eye on the clock.
#include "api/ngsi_ld/entity_search.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/ngsi_ld/errors.h"
#include "twin/expiry.h"

namespace citiverse::api::ngsi_ld {
namespace {

constexpr std::size_t kLooksBetweenClocks = 1'024;

}  // namespace

EntitySearch::EntitySearch(const NgsiLdApi& api, twin::TenantId tenant, const QueryRequest& request)
    : api_(api),
      tenant_(tenant),
      request_(request),
      limit_(request.limit),
      offset_(request.offset),
      counts_(request.counts),
      is_ordered_(request.order.has_value()),
      around_{api.store.names(), [&](std::string_view id) { return find(id); }},
      now_us_(api.store.now_us()),
      until_(std::chrono::steady_clock::now() + kQueryTime) {}

Answered<FoundPage> EntitySearch::run() {
  const auto narrowing = request_.query.narrowing();
  if (!narrowing) return FoundPage{};
  api_.store.scan(tenant_, *narrowing, 0, [&](twin::Slot, const twin::EntityPtr& entity) { return look_at(entity); });
  return end();
}

Answered<FoundPage> EntitySearch::run_over(std::span<const std::string> ids) {
  is_ordered_ = false;
  for (const std::string& id : ids)
    if (const twin::EntityPtr entity = find(id); entity != nullptr && !look_at(entity)) break;
  return end();
}

Answered<std::vector<twin::EntityPtr>> EntitySearch::all(std::size_t most, std::string_view holder) {
  limit_ = most + 1;
  offset_ = 0;
  counts_ = false;
  auto page = run();
  if (!page) return std::unexpected(std::move(page.error()));
  if (page->entities.size() > most)
    return std::unexpected(
        problem(ErrorType::too_many_results, fmt::format("{} holds {} entities at most; narrow the query", holder, most)));
  return std::move(page->entities);
}

Answered<FoundPage> EntitySearch::end() {
  if (is_too_complex_)
    return std::unexpected(
        problem(ErrorType::too_complex_query, "too much would have to be looked at; narrow it by type, area or id"));
  if (has_too_many_)
    return std::unexpected(problem(ErrorType::too_many_results,
                                   fmt::format("at most {} entities are put in order; narrow the query", kOrderedMax)));
  if (is_ordered_) cut_ordered();
  return std::move(page_);
}

twin::EntityPtr EntitySearch::find(std::string_view id) const {
  return twin::without_expired(api_.store.find(tenant_, id), now_us_);
}

// Only what matches as it is kept is looked at for what has expired of it.
bool EntitySearch::is_match(const twin::EntityPtr& entity) const {
  if (!request_.query.matches(*entity, around_)) return false;
  const twin::EntityPtr shown = twin::without_expired(entity, now_us_);
  return shown == entity || (shown != nullptr && request_.query.matches(*shown, around_));
}

// False: enough has been seen.
bool EntitySearch::look_at(const twin::EntityPtr& entity) {
  if (++looks_ % kLooksBetweenClocks == 0 && std::chrono::steady_clock::now() > until_) {
    is_too_complex_ = true;
    return false;
  }
  if (!is_match(entity)) return true;
  ++page_.count;
  if (is_ordered_) {
    page_.entities.push_back(entity);
    has_too_many_ = page_.entities.size() > kOrderedMax;
    return !has_too_many_;
  }
  if (page_.count <= offset_) return true;
  if (page_.entities.size() < limit_) {
    page_.entities.push_back(entity);
    return true;
  }
  page_.has_next = true;
  return counts_;
}

void EntitySearch::cut_ordered() {
  auto& all = page_.entities;
  request_.order->sort(all, around_);
  const std::size_t first = std::min(offset_, all.size());
  const std::size_t last = std::min(first + limit_, all.size());
  page_.has_next = last < all.size();
  all.erase(all.begin() + static_cast<std::ptrdiff_t>(last), all.end());
  all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(first));
}

}  // namespace citiverse::api::ngsi_ld
