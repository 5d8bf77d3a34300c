// /entities and /entities/{entityId}: create, retrieve, replace, merge, delete (ETSI GS CIM 009 V1.9.1, 6.4.3.1 and 6.5).
#include <algorithm>

#include "api/ngsi_ld/asked.h"
#include "api/ngsi_ld/attribute_reader.h"
#include "api/ngsi_ld/date_time.h"
#include "api/ngsi_ld/errors.h"
#include "api/ngsi_ld/joined_entities.h"
#include "api/ngsi_ld/projection.h"
#include "api/ngsi_ld/write_replies.h"

namespace citiverse::api::ngsi_ld {
namespace {

// The id in the body, when it is there, must be the one in the path.
Answered<void> check_same_id(std::string_view in_path, const EntityInput& input) {
  if (input.id.empty() || input.id == in_path) return {};
  return std::unexpected(problem(ErrorType::bad_request_data, "id: another one than in the address"));
}

net::Reply create(const NgsiLdApi& api, const net::Call& call) {
  auto request = ask_with_body(api, call, BodyShape::object, {.makes_tenant = true});
  if (!request) return std::move(request.error());
  auto input = read_entity(request->body.root(), *request->asked.context, api.store.names(), {});
  if (!input) return problem(input.error());
  const std::string id = input->id;
  return write_one(
      api, request->asked, id, std::nullopt,
      [&](const twin::EntityPtr& before) { return create_entity(before, std::move(*input), api.store.now_us()); },
      [&] { return done(request->asked, 201, location_field("/entities/", id)); });
}

net::Reply retrieve(const NgsiLdApi& api, const net::Call& call) {
  const auto id = uri_in_path("entityId", call.parameters[0]);
  if (!id) return id.error();
  auto asked = ask(api, call, {.may_be_geo_json = true});
  if (!asked) return std::move(asked.error());
  const auto types = type_selection(api, *asked);
  if (!types) return types.error();
  auto chosen = read_form(api, *asked);
  if (!chosen) return std::move(chosen.error());
  const twin::TimeUs now_us = api.store.now_us();
  const twin::EntityPtr entity = api.store.find(asked->tenant, *id);
  if (is_gone(entity, now_us) || (*types && !(*types)->matches(*entity)))
    return problem(ErrorType::resource_not_found, "there is no such entity");
  if (!chosen->has_any(*entity)) return problem(ErrorType::resource_not_found, "the entity has none of these attributes");
  const auto join = read_join(*asked);
  if (!join) return join.error();
  JoinedEntities joined(api, *asked, *chosen, *join);
  // 4.5.23.3: several entities beside each other are a list, the one that was asked for first.
  if (join->join == Join::flat) return answer(api, *asked, joined.body(call, {entity}));
  std::string body;
  const EntityForm& form = joined.form();
  const bool prefers_link = call.request.field("Prefer").contains("body=json");
  if (asked->accept == MediaType::geo_json)
    write_feature(body, *entity, api.store.names(), *asked->context, form, chosen->geometry_property, now_us, !prefers_link);
  else
    write_entity(body, *entity, api.store.names(), *asked->context, form, now_us, asked->accept == MediaType::ld_json);
  return answer(api, *asked, std::move(body));
}

net::Reply remove_entity_reply(const NgsiLdApi& api, const net::Call& call) {
  const auto id = uri_in_path("entityId", call.parameters[0]);
  if (!id) return id.error();
  auto asked = ask(api, call);
  if (!asked) return std::move(asked.error());
  const auto types = type_selection(api, *asked);
  if (!types) return types.error();
  const EntityEdit edit = [&](const twin::EntityPtr& before) -> EntityResult {
    if (is_gone(before, api.store.now_us())) return base::fail(base::ErrorCode::not_found, "there is no such entity");
    return twin::EntityPtr();
  };
  return write_one(api, *asked, *id, *types, edit, [&] { return done(*asked, 204); });
}

net::Reply replace_entity_reply(const NgsiLdApi& api, const net::Call& call) {
  const auto id = uri_in_path("entityId", call.parameters[0]);
  if (!id) return id.error();
  auto request = ask_with_body(api, call, BodyShape::object);
  if (!request) return std::move(request.error());
  const auto types = type_selection(api, request->asked);
  if (!types) return types.error();
  auto input = read_entity(request->body.root(), *request->asked.context, api.store.names(), {.needs_id = false});
  if (!input) return problem(input.error());
  if (auto same = check_same_id(*id, *input); !same) return std::move(same.error());
  const EntityEdit edit = [&](const twin::EntityPtr& before) {
    return replace_entity(before, std::move(*input), api.store.now_us());
  };
  return write_one(api, request->asked, *id, *types, edit, [&] { return done(request->asked, 204); });
}

net::Reply merge(const NgsiLdApi& api, const net::Call& call) {
  const auto id = uri_in_path("entityId", call.parameters[0]);
  if (!id) return id.error();
  auto request = ask_with_body(api, call, BodyShape::object);
  if (!request) return std::move(request.error());
  const Asked& asked = request->asked;
  const auto types = type_selection(api, asked);
  if (!types) return types.error();
  const auto form = asked.form();
  if (!form) return form.error();
  MergeRules rules{.is_simplified = *form == Form::simplified};
  if (const std::string* language = asked.find("lang")) rules.language = *language;
  if (const std::string* observed = asked.find("observedAt")) {
    const auto time = parse_date_time(*observed);
    if (!time) return problem(ErrorType::bad_request_data, "observedAt: a time such as 2018-08-07T12:00:00Z is needed (4.6.3)");
    rules.observed_us = *time;
  }
  auto input = read_entity(request->body.root(), *asked.context, api.store.names(),
                           {.needs_id = false,
                            .takes_null = true,
                            .takes_null_inside = true,
                            .is_simplified = rules.is_simplified,
                            .may_be_partial = true});
  if (!input) return problem(input.error());
  if (auto same = check_same_id(*id, *input); !same) return std::move(same.error());
  Outcome outcome;
  const EntityEdit edit = [&](const twin::EntityPtr& before) {
    return merge_entity(before, std::move(*input), rules, *asked.context, api.store.now_us(), outcome);
  };
  return write_one(api, asked, *id, *types, edit, [&] { return updated(api, asked, outcome); });
}

}  // namespace

void add_entity_routes(net::Router& router, const NgsiLdApi& api) {
  using net::Method;
  add_ngsi_route(router, api, Method::get, "/entities/{id}", retrieve);
  add_ngsi_route(router, api, Method::post, "/entities", create);
  add_ngsi_route(router, api, Method::put, "/entities/{id}", replace_entity_reply);
  add_ngsi_route(router, api, Method::patch, "/entities/{id}", merge);
  add_ngsi_route(router, api, Method::delete_, "/entities/{id}", remove_entity_reply);
}

}  // namespace citiverse::api::ngsi_ld
