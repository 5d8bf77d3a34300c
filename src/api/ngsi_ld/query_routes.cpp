// GET /entities and POST /entityOperations/query (ETSI GS CIM 009 V1.9.1, 6.4.3.2 and 6.23.3.1).
#include <fmt/format.h>

#include "api/ngsi_ld/asked.h"
#include "api/ngsi_ld/entity_map_use.h"
#include "api/ngsi_ld/entity_search.h"
#include "api/ngsi_ld/errors.h"
#include "api/ngsi_ld/joined_entities.h"
#include "api/ngsi_ld/paging.h"
#include "api/ngsi_ld/snapshots.h"

namespace citiverse::api::ngsi_ld {
namespace {

// What a map is made of, or made anew of.
FindIds ids_found_by(const NgsiLdApi& api, const Asked& asked, const QueryRequest& request) {
  return [&]() -> Answered<std::vector<std::string>> {
    auto found = EntitySearch(api, asked.tenant, request).all(EntityMaps::kIdsMax, "an EntityMap");
    if (!found) return std::unexpected(std::move(found.error()));
    std::vector<std::string> ids;
    for (const twin::EntityPtr& each : *found) ids.push_back(each->id);
    return ids;
  };
}

std::string paging_fields(const net::Call& call, const QueryRequest& request, const FoundPage& page) {
  const std::string_view path = call.request.method == net::Method::post ? "/entityOperations/query" : "/entities";
  std::string fields;
  if (request.counts) fields += fmt::format("NGSILD-Results-Count: {}\r\n", page.count);
  if (request.limit == 0) return fields;
  if (request.offset > 0)
    fields += page_link(call, path, request.offset - std::min(request.offset, request.limit), request.limit, "prev");
  if (page.has_next) fields += page_link(call, path, request.offset + request.limit, request.limit, "next");
  return fields;
}

net::Reply query(const NgsiLdApi& api, const net::Call& call, const Asked& asked, std::vector<twin::EntitySelector> selectors) {
  auto request = read_query_request(api, asked, std::move(selectors));
  if (!request) return std::move(request.error());
  auto in_use = choose_entity_map(api, call, asked, ids_found_by(api, asked, *request));
  if (!in_use) return std::move(in_use.error());
  auto page = in_use->map ? EntitySearch(api, asked.tenant, *request).run_over(in_use->map->ids)
                          : EntitySearch(api, asked.tenant, *request).run();
  if (!page) return std::move(page.error());
  net::Reply reply =
      answer(api, asked, JoinedEntities(api, asked, request->form, request->join).body(call, std::move(page->entities)));
  reply.fields += paging_fields(call, *request, *page);
  tell_of_map(reply, *in_use);
  return reply;
}

net::Reply query_by_parameters(const NgsiLdApi& api, const net::Call& call) {
  const auto asked = ask(api, call, {.may_be_geo_json = true});
  return asked ? query(api, call, *asked, {}) : asked.error();
}

net::Reply query_by_body(const NgsiLdApi& api, const net::Call& call) {
  auto request = ask_with_body(api, call, BodyShape::object, {.may_be_geo_json = true});
  if (!request) return std::move(request.error());
  auto selectors = take_query_body(api, request->body.root(), request->asked);
  if (!selectors) return std::move(selectors.error());
  return query(api, call, request->asked, std::move(*selectors));
}

// 5.14.4: the entities that a query finds now, as a map for queries to come.
net::Reply create_map_reply(const NgsiLdApi& api, const Asked& asked, std::vector<twin::EntitySelector> selectors) {
  auto request = read_query_request(api, asked, std::move(selectors));
  if (!request) return std::move(request.error());
  return new_map_reply(api, asked, ids_found_by(api, asked, *request));
}

net::Reply map_by_parameters(const NgsiLdApi& api, const net::Call& call) {
  const auto asked = ask(api, call);
  return asked ? create_map_reply(api, *asked, {}) : asked.error();
}

net::Reply map_by_body(const NgsiLdApi& api, const net::Call& call) {
  auto request = ask_with_body(api, call, BodyShape::object);
  if (!request) return std::move(request.error());
  auto selectors = take_query_body(api, request->body.root(), request->asked);
  if (!selectors) return std::move(selectors.error());
  return create_map_reply(api, request->asked, std::move(*selectors));
}

}  // namespace

void add_query_routes(net::Router& router, const NgsiLdApi& api) {
  add_ngsi_route(router, api, net::Method::get, "/entities", query_by_parameters);
  add_live_route(router, {.method = net::Method::post,
                          .pattern = std::string(kBase) + "/entityOperations/query",
                          .answer = within_snapshots(api, "/entityOperations/query", query_by_body),
                          .only_reads = true});
  if (api.entity_maps == nullptr) return;
  add_live_route(router, {.method = net::Method::get,
                          .pattern = std::string(kBase) + "/entityMaps",
                          .answer = [&api](const net::Call& call) { return map_by_parameters(api, call); }});
  add_live_route(router, {.method = net::Method::post,
                          .pattern = std::string(kBase) + "/entityMaps",
                          .answer = [&api](const net::Call& call) { return map_by_body(api, call); },
                          .only_reads = true});
}

}  // namespace citiverse::api::ngsi_ld
