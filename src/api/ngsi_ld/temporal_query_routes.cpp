// /temporal/entities, /temporal/entities/{entityId} and /temporal/entityOperations/query: how entities evolved
// (ETSI GS CIM 009 V1.9.1, 6.18.3.2, 6.19.3.1, 6.24.3.1).
#include <algorithm>

#include <fmt/format.h>

#include "api/ngsi_ld/entity_map_use.h"
#include "api/ngsi_ld/errors.h"
#include "api/ngsi_ld/paging.h"
#include "api/ngsi_ld/snapshots.h"
#include "api/ngsi_ld/temporal_search.h"

namespace citiverse::api::ngsi_ld {
namespace {

// Partial where not all that was asked for is there (6.3.10).
net::Reply temporal_answer(const NgsiLdApi& api, const Asked& asked, std::string body, const std::string& range) {
  net::Reply reply = answer(api, asked, std::move(body));
  if (reply.status != 200 || range.empty()) return reply;
  reply.status = 206;
  reply.fields += range;
  return reply;
}

net::Reply retrieve_evolution(const NgsiLdApi& api, const net::Call& call) {
  const auto id = uri_in_path("entityId", call.parameters[0]);
  if (!id) return id.error();
  auto asked = ask(api, call);
  if (!asked) return std::move(asked.error());
  const auto request = take_temporal_request(*asked);
  if (!request) return request.error();
  const auto form = read_form(api, *asked);
  if (!form) return form.error();
  auto kept = api.history->find_entity(asked->tenant_name, *id);
  if (!kept) return problem(ErrorType::resource_not_found, "there is no such entity, and there was none");
  auto entity = TemporalSearch(api, *asked, *request, *form).look_at(std::move(*kept));
  if (!entity) return std::move(entity.error());
  if (!*entity) return problem(ErrorType::resource_not_found, "nothing of the entity is within what was asked for");
  std::vector<TemporalEntity> one;
  one.push_back(std::move(**entity));
  cut_at_one_time(one, *request);
  std::string body;
  write_temporal_entity(body, one.front(),
                        {api.store.names(), *asked->context, *form, *request, asked->accept == MediaType::ld_json});
  return temporal_answer(api, *asked, std::move(body), content_range(one, *request));
}

// What query and creation of a map have in common: the same parameters, read and checked.
struct ReadQuery {
  TemporalRequest time;
  TemporalQuery query;
};

Answered<ReadQuery> read_temporal_query(const NgsiLdApi& api, Asked& asked, std::vector<twin::EntitySelector> selectors) {
  auto request = take_temporal_request(asked);
  if (!request) return std::unexpected(std::move(request.error()));
  if (!request->has_query)
    return std::unexpected(problem(ErrorType::bad_request_data, "timerel: a temporal query is needed (5.7.4)"));
  std::erase_if(asked.query, [](const auto& each) { return each.first == "temporalQ"; });
  const auto is_order = [](const auto& each) { return each.first == "orderBy"; };
  Asked plain = asked;  // Orders by id are this operation's own.
  std::erase_if(plain.query, is_order);
  auto query = read_query_request(api, plain, std::move(selectors));
  if (!query) return std::unexpected(std::move(query.error()));
  if (query->join.join != Join::none)
    return std::unexpected(problem(ErrorType::bad_request_data, "join: not with temporal queries (5.7.4)"));
  return ReadQuery{*std::move(request), TemporalQuery(*std::move(query))};
}

FindIds ids_that_evolved(const NgsiLdApi& api, const Asked& asked, const ReadQuery& read) {
  return [&] { return TemporalSearch(api, asked, read.time, read.query.request.form).ids(read.query, EntityMaps::kIdsMax); };
}

net::Reply query_evolution(const NgsiLdApi& api, const net::Call& call, Asked& asked,
                           std::vector<twin::EntitySelector> selectors) {
  auto read = read_temporal_query(api, asked, std::move(selectors));
  if (!read) return std::move(read.error());
  const TemporalRequest& request = read->time;
  const auto in_use = choose_entity_map(api, call, asked, ids_that_evolved(api, asked, *read));
  if (!in_use) return in_use.error();
  const ChosenForm& form = read->query.request.form;
  const std::size_t limit = read->query.request.limit, offset = read->query.request.offset;
  const bool counts = read->query.request.counts;
  TemporalSearch search(api, asked, request, form);
  auto page = in_use->map ? search.run_over(read->query, in_use->map->ids) : search.run(read->query);
  if (!page) return std::move(page.error());
  const std::size_t shown = page->entities.size();
  cut_at_one_time(page->entities, request);
  const std::string range = content_range(page->entities, request);
  std::string body = "[";
  for (const TemporalEntity& each : page->entities) {
    if (each.series.empty() && each.aggregates.empty()) continue;
    if (body.size() > 1) body += ',';
    write_temporal_entity(body, each, {api.store.names(), *asked.context, form, request, asked.accept == MediaType::ld_json});
  }
  body += ']';
  net::Reply reply = temporal_answer(api, asked, std::move(body), range);
  const bool is_post = call.request.method == net::Method::post;
  const std::string_view path = is_post ? "/temporal/entityOperations/query" : "/temporal/entities";
  if (counts) reply.fields += fmt::format("NGSILD-Results-Count: {}\r\n", page->count);
  if (offset > 0 && limit > 0) reply.fields += page_link(call, path, offset - std::min(offset, limit), limit, "prev");
  if (page->has_next && limit > 0) reply.fields += page_link(call, path, offset + shown, limit, "next");
  tell_of_map(reply, *in_use);
  return reply;
}

// 5.14.5: the entities that a temporal query finds now, as a map for queries to come.
net::Reply map_of_evolution(const NgsiLdApi& api, const net::Call&, Asked& asked, std::vector<twin::EntitySelector> selectors) {
  const auto read = read_temporal_query(api, asked, std::move(selectors));
  if (!read) return read.error();
  return new_map_reply(api, asked, ids_that_evolved(api, asked, *read));
}

using AnswerTemporal = net::Reply (*)(const NgsiLdApi&, const net::Call&, Asked&, std::vector<twin::EntitySelector>);

net::Reply by_parameters(const NgsiLdApi& api, const net::Call& call, AnswerTemporal answer_it) {
  auto asked = ask(api, call);
  return asked ? answer_it(api, call, *asked, {}) : std::move(asked.error());
}

net::Reply by_body(const NgsiLdApi& api, const net::Call& call, AnswerTemporal answer_it) {
  auto request = ask_with_body(api, call, BodyShape::object);
  if (!request) return std::move(request.error());
  auto selectors = take_query_body(api, request->body.root(), request->asked);
  if (!selectors) return std::move(selectors.error());
  if (auto taken = take_temporal_body(request->body.root(), request->asked); !taken) return std::move(taken.error());
  return answer_it(api, call, request->asked, std::move(*selectors));
}

net::Reply query_evolution_by_body(const NgsiLdApi& api, const net::Call& call) { return by_body(api, call, query_evolution); }

}  // namespace

void add_temporal_query_routes(net::Router& router, const NgsiLdApi& api) {
  add_ngsi_route(router, api, net::Method::get, "/temporal/entities/{id}", retrieve_evolution);
  add_ngsi_route(router, api, net::Method::get, "/temporal/entities",
                 [](const NgsiLdApi& a, const net::Call& call) { return by_parameters(a, call, query_evolution); });
  add_live_route(router, {.method = net::Method::post,
                          .pattern = std::string(kBase) + "/temporal/entityOperations/query",
                          .answer = within_snapshots(api, "/temporal/entityOperations/query", query_evolution_by_body),
                          .only_reads = true});
  if (api.entity_maps == nullptr) return;
  const std::string maps = std::string(kBase) + "/temporal/entityMaps";
  add_live_route(router, {.method = net::Method::get, .pattern = maps, .answer = [&api](const net::Call& call) {
                            return by_parameters(api, call, map_of_evolution);
                          }});
  add_live_route(router, {.method = net::Method::post,
                          .pattern = maps,
                          .answer = [&api](const net::Call& call) { return by_body(api, call, map_of_evolution); },
                          .only_reads = true});
}

}  // namespace citiverse::api::ngsi_ld
