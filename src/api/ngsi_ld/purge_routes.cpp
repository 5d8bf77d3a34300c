// DELETE /entities: everything that a query finds, or some attributes of it (ETSI GS CIM 009 V1.9.1, 5.6.21 and 6.4.3.3).
#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "api/ngsi_ld/asked.h"
#include "api/ngsi_ld/entity_edits.h"
#include "api/ngsi_ld/entity_maps.h"
#include "api/ngsi_ld/errors.h"
#include "api/ngsi_ld/query_request.h"
#include "twin/expiry.h"
#include "twin/query/q_parser.h"

namespace citiverse::api::ngsi_ld {
namespace {

constexpr std::chrono::milliseconds kPurgeLookTime{2'000};
constexpr std::size_t kPurgeMax = 100'000;  // Entities of one request.
constexpr std::size_t kPurgeChunk = 1'000;  // Entities under one lock.
constexpr std::size_t kPurgeLooksBetweenClocks = 1'024;

std::unexpected<net::Reply> wrong_purge(std::string_view detail) {
  return std::unexpected(problem(ErrorType::bad_request_data, detail));
}

bool any_path(const twin::QExpression& expression, const std::function<bool(const twin::QPath&)>& is_it) {
  if (expression.kind == twin::QExpression::Kind::term) return is_it(expression.term.path);
  return std::ranges::any_of(expression.parts, [&](const twin::QExpression& part) { return any_path(part, is_it); });
}

// What is left of each entity that was found: nothing, or what `keep` and `drop` leave.
struct Purge {
  QueryRequest request;
  std::vector<twin::NameId> names;
  bool keeps = false;
  bool drops = false;
};

Answered<void> check_breadth(const Asked& asked, const QueryRequest& request) {
  const std::string* type = asked.find("type");
  const std::string* local = asked.find("local");
  const bool is_any_type = type != nullptr && *type == "*";
  if (is_any_type && local != nullptr && *local != "true") return wrong_purge("local: type=* is of this node alone (6.4.3.3)");
  if (request.query.q && any_path(*request.query.q, [](const twin::QPath& path) { return !path.links.empty(); }))
    return wrong_purge("q: not of linked entities (5.6.21.4)");
  const bool has_attribute = request.query.q && any_path(*request.query.q, [](const twin::QPath& path) {
                               return !path.steps.empty() && path.steps.front().kind == twin::QStep::Kind::attribute;
                             });
  if (type == nullptr && asked.find("attrs") == nullptr && !has_attribute && !request.query.geo && !asked.is_true("local"))
    return wrong_purge("type: say at least one of type, attrs, q with an attribute, georel, or local=true (5.6.21.4)");
  return {};
}

Answered<Purge> read_purge(const NgsiLdApi& api, const Asked& asked) {
  auto request = read_query_request(api, asked, {});
  if (!request) return std::unexpected(std::move(request.error()));
  if (auto checked = check_breadth(asked, *request); !checked) return std::unexpected(std::move(checked.error()));
  for (const twin::EntitySelector& each : request->query.selectors)
    for (const std::string& id : each.ids)
      if (auto checked = check_uri("id", id); !checked) return std::unexpected(problem(checked.error()));
  const ContextTerms terms(*asked.context, api.store.names());
  if (const std::string* csf = asked.find("csf"))
    if (const auto read = twin::parse_q(*csf, terms, {}); !read) return wrong_purge("csf: " + read.error().message);
  Purge purge{.request = *std::move(request), .names = {}};
  purge.keeps = asked.find("keep") != nullptr;
  purge.drops = asked.find("drop") != nullptr;
  if (purge.keeps && purge.drops) return wrong_purge("keep: not together with drop");
  for (const std::string& name : asked.list(purge.keeps ? "keep" : "drop")) {
    if (auto checked = check_name(name); !checked) return std::unexpected(problem(checked.error()));
    purge.names.push_back(terms.name(name));
  }
  if ((purge.keeps || purge.drops) && purge.names.empty()) return wrong_purge("keep, drop: names of attributes are needed");
  return purge;
}

twin::EntityPtr left_of(const twin::EntityPtr& entity, const Purge& purge, twin::TimeUs now_us) {
  if (!purge.keeps && !purge.drops) return nullptr;
  const auto goes = [&](const twin::AttributePtr& each) {
    return (std::ranges::find(purge.names, each->name) == purge.names.end()) == purge.keeps;
  };
  if (std::ranges::none_of(entity->attributes, goes)) return entity;
  auto left = std::make_shared<twin::Entity>(*entity);
  std::erase_if(left->attributes, goes);
  left->modified_us = now_us;
  return left;
}

class Purging {
 public:
  /// `map`: of its entities only; null: of any.
  Purging(const NgsiLdApi& api, const Asked& asked, const Purge& purge, EntityMapPtr map)
      : api_(api),
        asked_(asked),
        purge_(purge),
        map_(std::move(map)),
        now_us_(api.store.now_us()),
        around_{api.store.names(), {}} {}

  net::Reply run() {
    auto found = find();
    if (!found) return std::move(found.error());
    const std::vector<std::string>& ids = *found;
    // All but the last chunk wait for the disk here, so that no more waits at once than the store takes.
    std::size_t begin = 0;
    for (; ids.size() - begin > kPurgeChunk; begin += kPurgeChunk)
      if (const auto written = api_.store.write(asked_.tenant, writes(std::span(ids).subspan(begin, kPurgeChunk))); !written)
        return store_problem(written.error());
    const auto last = writes(std::span(ids).subspan(begin));
    const std::string fields = map_ ? entity_map_field(*map_) : std::string();
    if (last.empty()) return done(asked_, 204, fields);
    return write_and_answer(
        api_.twin, asked_.tenant, last, [&](WriteResults) { return done(asked_, 204, fields); }, store_problem);
  }

 private:
  Answered<std::vector<std::string>> find() {
    std::vector<std::string> ids;
    if (map_) {
      for (const std::string& id : map_->ids)
        if (const auto entity = api_.store.find(asked_.tenant, id); entity != nullptr && is_match(entity)) ids.push_back(id);
      return ids;
    }
    const auto narrowing = purge_.request.query.narrowing();
    if (!narrowing) return ids;
    const auto until = std::chrono::steady_clock::now() + kPurgeLookTime;
    std::size_t looks = 0;
    bool is_too_long = false;
    api_.store.scan(asked_.tenant, *narrowing, 0, [&](twin::Slot, const twin::EntityPtr& entity) {
      if (++looks % kPurgeLooksBetweenClocks == 0) is_too_long = std::chrono::steady_clock::now() > until;
      if (is_match(entity)) ids.push_back(entity->id);
      return !is_too_long && ids.size() <= kPurgeMax;
    });
    if (is_too_long)
      return std::unexpected(
          problem(ErrorType::too_complex_query, "too much would have to be looked at; narrow it by type, area or id"));
    if (ids.size() > kPurgeMax)
      return std::unexpected(problem(ErrorType::too_many_results,
                                     fmt::format("at most {} entities are purged at once; narrow the query", kPurgeMax)));
    return ids;
  }
  bool is_match(const twin::EntityPtr& kept) const {
    const twin::EntityPtr entity = twin::without_expired(kept, now_us_);
    return entity != nullptr && purge_.request.query.matches(*entity, around_);
  }
  // What changed meanwhile is asked once more; no query of a purge follows links, which could not be done under a lock.
  std::vector<twin::Write> writes(std::span<const std::string> ids) const {
    std::vector<twin::Write> all;
    all.reserve(ids.size());
    for (const std::string& id : ids)
      all.push_back({id, [this](const twin::EntityPtr& before) -> base::Result<twin::EntityPtr> {
                       if (before == nullptr || !is_match(before)) return before;
                       return left_of(before, purge_, now_us_);
                     }});
    return all;
  }

  const NgsiLdApi& api_;
  const Asked& asked_;
  const Purge& purge_;
  const EntityMapPtr map_;
  const twin::TimeUs now_us_;
  const twin::QSurroundings around_;
};

net::Reply purge_reply(const NgsiLdApi& api, const net::Call& call) {
  const auto asked = ask(api, call);
  if (!asked) return asked.error();
  const auto purge = read_purge(api, *asked);
  if (!purge) return purge.error();
  EntityMapPtr map;
  if (const auto name = call.request.field("NGSILD-EntityMap"); api.entity_maps != nullptr && !name.empty())
    map = api.entity_maps->find_named(asked->tenant, name);
  if (map == nullptr && !call.request.field("NGSILD-EntityMap").empty())
    return problem(ErrorType::resource_not_found, "NGSILD-EntityMap: there is no such map; nothing was purged");
  return Purging(api, *asked, *purge, std::move(map)).run();
}

}  // namespace

void add_purge_routes(net::Router& router, const NgsiLdApi& api) {
  add_ngsi_route(router, api, net::Method::delete_, "/entities", purge_reply);
}

}  // namespace citiverse::api::ngsi_ld
