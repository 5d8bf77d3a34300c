// /entityMaps/{entityMapId}: read, put off and forget a map (ETSI GS CIM 009 V1.9.1, 5.14.1 to 5.14.3 and 6.32);
// and what all queries by maps have in common.
#include "api/ngsi_ld/asked.h"
#include "api/ngsi_ld/date_time.h"
#include "api/ngsi_ld/entity_map_use.h"
#include "api/ngsi_ld/errors.h"

namespace citiverse::api::ngsi_ld {
namespace {

net::Reply retrieve_map_reply(const NgsiLdApi& api, const net::Call& call) {
  const auto id = uri_in_path("entityMapId", call.parameters[0]);
  if (!id) return id.error();
  auto asked = ask(api, call);
  if (!asked) return std::move(asked.error());
  const auto map = api.entity_maps->find(asked->tenant, *id);
  if (map == nullptr) return problem(ErrorType::resource_not_found, "there is no such EntityMap");
  std::string body;
  write_entity_map(body, *map, asked->accept == MediaType::ld_json ? asked->context.get() : nullptr);
  return answer(api, *asked, std::move(body));
}

// Only when it expires can be changed; what else is said is the broker's own (5.5.14, 5.14.2.4).
net::Reply change_map_reply(const NgsiLdApi& api, const net::Call& call) {
  const auto id = uri_in_path("entityMapId", call.parameters[0]);
  if (!id) return id.error();
  auto request = ask_with_body(api, call, BodyShape::object);
  if (!request) return std::move(request.error());
  const base::JsonValue body = request->body.root();
  if (const auto type = body.find("type"); !type.is_absent() && type.text() != "EntityMap")
    return problem(ErrorType::bad_request_data, "type: \"EntityMap\" is needed (5.2.39)");
  const auto map = api.entity_maps->find(request->asked.tenant, *id);
  if (map == nullptr) return problem(ErrorType::resource_not_found, "there is no such EntityMap");
  const base::JsonValue expires = body.find("expiresAt");
  if (expires.is_absent()) return done(request->asked, 204);
  const auto time = parse_date_time(expires.text().value_or(""));
  if (!time || *time <= api.store.now_us())
    return problem(ErrorType::bad_request_data, "expiresAt: a time to come is needed, such as 2030-08-07T12:00:00Z (4.6.3)");
  const auto changed = api.entity_maps->set_expiry(request->asked.tenant, *id, *time);
  return changed ? done(request->asked, 204) : problem(changed.error());
}

net::Reply remove_map_reply(const NgsiLdApi& api, const net::Call& call) {
  const auto id = uri_in_path("entityMapId", call.parameters[0]);
  if (!id) return id.error();
  auto asked = ask(api, call);
  if (!asked) return std::move(asked.error());
  const auto removed = api.entity_maps->remove(asked->tenant, *id);
  return removed ? done(*asked, 204) : problem(removed.error());
}

}  // namespace

Answered<MapInUse> make_entity_map(const NgsiLdApi& api, const Asked& asked, const FindIds& find_ids) {
  std::optional<twin::Duration> lifetime;
  if (const std::string* text = asked.find("entityMapLifetime")) {
    lifetime = twin::parse_duration(*text);
    if (!lifetime || lifetime->is_zero())
      return std::unexpected(
          problem(ErrorType::bad_request_data, "entityMapLifetime: a duration such as PT5M is needed (ISO 8601)"));
  }
  auto ids = find_ids();
  if (!ids) return std::unexpected(std::move(ids.error()));
  auto map = api.entity_maps->add(asked.tenant, *std::move(ids), lifetime);
  if (!map) return std::unexpected(problem(map.error()));
  return MapInUse{*std::move(map), true};
}

Answered<MapInUse> choose_entity_map(const NgsiLdApi& api, const net::Call& call, const Asked& asked, const FindIds& find_ids) {
  if (api.entity_maps == nullptr) return MapInUse{};
  const std::string_view named = call.request.field("NGSILD-EntityMap");
  if (named.empty() && !asked.is_true("entityMap")) return MapInUse{};
  if (auto known = api.entity_maps->find_named(asked.tenant, named)) return MapInUse{std::move(known)};
  return make_entity_map(api, asked, find_ids);
}

void tell_of_map(net::Reply& reply, const MapInUse& in_use) {
  if (in_use.map) reply.fields += entity_map_field(*in_use.map);
  if (in_use.is_new && reply.status == 200) reply.status = 201;
}

net::Reply new_map_reply(const NgsiLdApi& api, const Asked& asked, const FindIds& find_ids) {
  const auto made = make_entity_map(api, asked, find_ids);
  if (!made) return made.error();
  std::string body;
  write_entity_map(body, *made->map, asked.accept == MediaType::ld_json ? asked.context.get() : nullptr);
  net::Reply reply = answer(api, asked, std::move(body));
  if (reply.status == 200) tell_of_map(reply, *made);
  return reply;
}

void add_entity_map_routes(net::Router& router, const NgsiLdApi& api) {
  using net::Method;
  add_ngsi_route(router, api, Method::get, "/entityMaps/{id}", retrieve_map_reply);
  add_ngsi_route(router, api, Method::patch, "/entityMaps/{id}", change_map_reply);
  add_ngsi_route(router, api, Method::delete_, "/entityMaps/{id}", remove_map_reply);
}

}  // namespace citiverse::api::ngsi_ld
