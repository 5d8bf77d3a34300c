// Entities are met in the order of their history; what an id, a type or a scope rules out is never read.
#include "api/ngsi_ld/temporal_search.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/ngsi_ld/errors.h"
#include "twin/moment.h"

namespace citiverse::api::ngsi_ld {
namespace {

namespace history = twin::history;

constexpr std::size_t kTemporalOrderedMax = 100'000;

std::unexpected<net::Reply> too_complex(std::string_view detail) {
  return std::unexpected(problem(ErrorType::too_complex_query, detail));
}

std::unexpected<net::Reply> unreadable(const base::Error& error) {
  if (error.code == base::ErrorCode::limit) return too_complex(error.message);
  return std::unexpected(problem(error));
}

bool is_wanted(const std::vector<std::string>& datasets, std::string_view dataset) {
  return datasets.empty() || std::ranges::find(datasets, dataset.empty() ? "@none" : dataset) != datasets.end();
}

std::size_t instances_of(const TemporalEntity& entity) {
  std::size_t count = 0;
  for (const SeriesInstances& each : entity.series) count += each.instances.size();
  for (const SeriesAggregates& each : entity.aggregates) count += each.periods.size();
  return count;
}

}  // namespace

TemporalQuery::TemporalQuery(QueryRequest asked) : request(std::move(asked)) {
  outline.selectors = std::move(request.query.selectors);
  outline.scope = std::move(request.query.scope);
  request.query.selectors.clear();
  request.query.scope.reset();
  request.query.attributes.clear();  // They are looked for within the time.
}

TemporalSearch::TemporalSearch(const NgsiLdApi& api, const Asked& asked, const TemporalRequest& request, const ChosenForm& form)
    : api_(api), asked_(asked), request_(request), form_(form), until_(std::chrono::steady_clock::now() + kTemporalQueryTime) {}

bool TemporalSearch::is_shown(const history::SeriesFacts& series) const {
  if (form_.projection && !form_.projection->shows(series.attribute)) return false;
  return is_wanted(form_.datasets, api_.store.names().text(series.dataset));
}

Answered<void> TemporalSearch::check_eligible(const SeriesAggregates& series) const {
  const bool is_named = form_.projection && form_.projection->only;
  for (const Aggregation method : request_.methods) {
    if (!is_named || is_eligible(method, series)) continue;
    return std::unexpected(
        problem(ErrorType::invalid_request,
                fmt::format("aggrMethods: {} says nothing of the values of {} (4.5.19.1)", name_of(method),
                            asked_.context->terms().compact(std::string(api_.store.names().text(series.series.attribute))))));
  }
  return {};
}

Answered<std::optional<TemporalEntity>> TemporalSearch::look_at(history::KeptEntity kept) {
  TemporalEntity entity{.kept = std::move(kept)};
  std::ranges::stable_sort(entity.kept.series, {},
                           [](const history::SeriesFacts& each) { return std::pair(each.attribute, each.dataset); });
  for (const history::SeriesFacts& each : entity.kept.series) {
    if (!is_shown(each)) continue;
    if (request_.form == TemporalForm::aggregates) {
      auto read = aggregate_series(*api_.history, each, request_, until_);
      if (!read) return unreadable(read.error());
      if (read->periods.empty()) continue;
      if (auto checked = check_eligible(*read); !checked) return std::unexpected(std::move(checked.error()));
      const auto says_something = [&](Aggregation method) { return is_eligible(method, *read); };
      if (std::ranges::any_of(request_.methods, says_something)) entity.aggregates.push_back(std::move(*read));
    } else {
      auto read = read_instances(*api_.history, each, request_, kTemporalInstancesShownMax, until_);
      if (!read) return unreadable(read.error());
      if (!read->instances.empty()) entity.series.push_back(std::move(*read));
    }
  }
  if (entity.series.empty() && entity.aggregates.empty()) return std::optional<TemporalEntity>{};
  return std::optional(std::move(entity));
}

// q and geo-queries look at every instance within the time: an entity that has them all at once matches as each of them does.
Answered<bool> TemporalSearch::matches_values(const history::KeptEntity& kept, const twin::EntityQuery& conditions) {
  if (!conditions.q && !conditions.geo) return true;
  twin::Entity all;
  all.id = kept.id;
  all.types = kept.types;
  TemporalRequest every = request_;
  every.last_n = 0;
  std::vector<history::SeriesFacts> series = kept.series;
  std::ranges::stable_sort(series, {}, &history::SeriesFacts::attribute);
  for (const history::SeriesFacts& each : series) {
    auto read = read_instances(*api_.history, each, every, kTemporalFilterInstancesMax, until_);
    if (!read) return unreadable(read.error());
    if (read->is_cut)
      return too_complex(fmt::format("q and geo-queries look at {} instances of an attribute at most; ask for a shorter time",
                                     kTemporalFilterInstancesMax));
    for (TemporalInstance& instance : read->instances)
      if (!instance.sample.is_deletion)
        all.attributes.push_back(std::make_shared<const twin::Attribute>(std::move(instance.sample.attribute)));
  }
  return conditions.matches(all, {api_.store.names(), {}});
}

class TemporalSearch::Pages {
 public:
  Pages(TemporalSearch& search, const TemporalQuery& query) : search_(search), query_(query.request), outline_(query.outline) {}

  Answered<TemporalPage> run(bool by_id, bool is_descending) {
    std::vector<history::KeptEntity> ordered;
    const std::string& tenant = search_.asked_.tenant_name;
    search_.api_.history->each_entity(tenant, 0, [&](std::size_t, const history::KeptEntity& kept) {
      if (!fits_outline(kept)) return !has_failed();
      if (!by_id) return look_at(kept);
      ordered.push_back(kept);
      if (ordered.size() > kTemporalOrderedMax)
        failed_ = problem(ErrorType::too_many_results, fmt::format("orderBy: of at most {} entities", kTemporalOrderedMax));
      return !has_failed();
    });
    std::ranges::sort(ordered, {}, &history::KeptEntity::id);
    if (is_descending) std::ranges::reverse(ordered);
    for (const history::KeptEntity& kept : ordered)
      if (has_failed() || !look_at(kept)) break;
    return end();
  }

  Answered<TemporalPage> run_over(std::span<const std::string> ids) {
    for (const std::string& id : ids) {
      const auto kept = search_.api_.history->find_entity(search_.asked_.tenant_name, id);
      if (kept && fits_outline(*kept) && !look_at(*kept)) break;
    }
    return end();
  }

  /// From now on ids are gathered in place of a page.
  void gather(std::vector<std::string>& ids, std::size_t most) {
    gathered_ = &ids;
    gathered_most_ = most;
  }

 private:
  Answered<TemporalPage> end() {
    if (failed_) return std::unexpected(std::move(*failed_));
    return std::move(page_);
  }

  bool has_failed() {
    if (!failed_ && std::chrono::steady_clock::now() > search_.until_)
      failed_ = problem(ErrorType::too_complex_query, "too much would have to be looked at; narrow it by type, id or time");
    return failed_.has_value();
  }

  bool fits_outline(const history::KeptEntity& kept) const {
    twin::Entity entity;
    entity.id = kept.id;
    entity.types = kept.types;
    entity.scopes = kept.scopes;
    return outline_.matches(entity, {search_.api_.store.names(), {}});
  }

  // False: enough has been seen.
  bool look_at(const history::KeptEntity& kept) {
    if (has_failed()) return false;
    const auto matches = search_.matches_values(kept, query_.query);
    if (!matches) return fail(matches.error());
    if (!*matches) return true;
    auto entity = search_.look_at(kept);
    if (!entity) return fail(entity.error());
    if (!*entity) return true;
    if (gathered_ != nullptr) return gather_one(kept.id);
    ++page_.count;
    if (page_.count <= query_.offset) return true;
    if (page_.entities.size() < query_.limit && (page_.entities.empty() || instances_ < kTemporalAnswerInstancesMax)) {
      instances_ += instances_of(**entity);
      page_.entities.push_back(std::move(**entity));
      return true;
    }
    instances_ = kTemporalAnswerInstancesMax;  // What comes later is on later pages.
    page_.has_next = true;
    return query_.counts;
  }

  bool gather_one(const std::string& id) {
    if (gathered_->size() == gathered_most_)
      return fail(problem(ErrorType::too_many_results,
                          fmt::format("an EntityMap holds {} entities at most; narrow the query", gathered_most_)));
    gathered_->push_back(id);
    return true;
  }

  bool fail(const net::Reply& reply) {
    failed_ = reply;
    return false;
  }

  TemporalSearch& search_;
  const QueryRequest& query_;
  const twin::EntityQuery& outline_;
  TemporalPage page_;
  std::size_t instances_ = 0;
  std::vector<std::string>* gathered_ = nullptr;
  std::size_t gathered_most_ = 0;
  std::optional<net::Reply> failed_;
};

Answered<bool> TemporalSearch::is_by_id(bool& is_descending) const {
  const std::string* order = asked_.find("orderBy");
  if (order == nullptr) return false;
  if (*order != "id" && *order != "id;asc" && *order != "id;desc")
    return std::unexpected(problem(ErrorType::bad_request_data, "orderBy: only by id, here (5.7.4)"));
  is_descending = *order == "id;desc";
  return true;
}

Answered<TemporalPage> TemporalSearch::run(const TemporalQuery& query) {
  bool is_descending = false;
  const auto by_id = is_by_id(is_descending);
  if (!by_id) return std::unexpected(by_id.error());
  return Pages(*this, query).run(*by_id, is_descending);
}

Answered<TemporalPage> TemporalSearch::run_over(const TemporalQuery& query, std::span<const std::string> ids) {
  return Pages(*this, query).run_over(ids);
}

// One instance within the time is enough to know that there is one.
Answered<std::vector<std::string>> TemporalSearch::ids(const TemporalQuery& query, std::size_t most) {
  bool is_descending = false;
  const auto by_id = is_by_id(is_descending);
  if (!by_id) return std::unexpected(by_id.error());
  TemporalRequest brief = request_;
  brief.form = TemporalForm::instances;
  brief.last_n = 1;
  TemporalSearch search(api_, asked_, brief, form_);
  Pages pages(search, query);
  std::vector<std::string> found;
  pages.gather(found, most);
  if (auto run = pages.run(*by_id, is_descending); !run) return std::unexpected(std::move(run.error()));
  return found;
}

void cut_at_one_time(std::vector<TemporalEntity>& entities, const TemporalRequest& request) {
  if (request.last_n > 0) return;
  std::optional<twin::TimeUs> end_us;
  for (const TemporalEntity& entity : entities)
    for (const SeriesInstances& each : entity.series)
      if (each.is_cut) end_us = std::min(end_us.value_or(INT64_MAX), each.instances.back().time_us);
  if (!end_us) return;
  for (TemporalEntity& entity : entities) {
    for (SeriesInstances& each : entity.series)
      std::erase_if(each.instances, [&](const TemporalInstance& instance) { return instance.time_us > *end_us; });
    std::erase_if(entity.series, [](const SeriesInstances& each) { return each.instances.empty(); });
  }
}

std::string content_range(const std::vector<TemporalEntity>& entities, const TemporalRequest& request) {
  bool is_cut = false;
  twin::TimeUs first_us = INT64_MAX, last_us = INT64_MIN;
  for (const TemporalEntity& entity : entities)
    for (const SeriesInstances& each : entity.series) {
      is_cut = is_cut || each.is_cut;
      first_us = std::min(first_us, each.instances.front().time_us);
      last_us = std::max(last_us, each.instances.back().time_us);
    }
  if (!is_cut) return {};
  const bool is_backward = request.last_n > 0;
  const twin::TimeUs start_us = is_backward ? request.until_us.value_or(last_us) : request.from_us.value_or(first_us);
  return fmt::format("Content-Range: date-time {}-{}/{}\r\n", twin::moment_text(start_us),
                     twin::moment_text(is_backward ? first_us : last_us),
                     is_backward ? std::to_string(request.last_n) : std::string("*"));
}

}  // namespace citiverse::api::ngsi_ld
