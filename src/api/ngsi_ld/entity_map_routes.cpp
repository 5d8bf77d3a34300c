// /entityMaps/{entityMapId}: read, put off and forget a map (ETSI GS CIM 009 V1.9.1, 5.14.1 to 5.14.3 and 6.32).
#include "api/ngsi_ld/asked.h"
#include "api/ngsi_ld/date_time.h"
#include "api/ngsi_ld/entity_maps.h"
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

void add_entity_map_routes(net::Router& router, const NgsiLdApi& api) {
  using net::Method;
  add_ngsi_route(router, api, Method::get, "/entityMaps/{id}", retrieve_map_reply);
  add_ngsi_route(router, api, Method::patch, "/entityMaps/{id}", change_map_reply);
  add_ngsi_route(router, api, Method::delete_, "/entityMaps/{id}", remove_map_reply);
}

}  // namespace citiverse::api::ngsi_ld
