// GET, POST and DELETE /api/v1/me/blocks and /me/mutes; GET and PUT /api/v1/me/contact.
#include "api/safety_json.h"
#include "api/safety_replies.h"
#include "api/safety_routes.h"
#include "api/whom.h"

namespace citiverse::api {
namespace {

using base::JsonWriter;
using identity::Permission;
using safety::RelationKind;

net::Reply list_reply(PeopleSafety& safety, RelationKind kind, const net::Call& call) {
  const auto relations = safety.relations().list(kind, account_of(call));
  if (!relations) return refusal(relations.error());
  return json_for_one(200, [&](JsonWriter& json) {
    json.begin_object().key("items").begin_array();
    for (const safety::Relation& one : *relations) write_relation(json, one);
    json.end_array().end_object();
  });
}

net::Reply add_reply(PeopleSafety& safety, PeopleMet& met, RelationKind kind, const net::Call& call) {
  JsonBody body(call.request.body);
  const base::JsonValue value = body.value("whom");
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  const auto whom = read_whom(safety, met, account_of(call), value);
  if (!whom) return refusal(whom.error());
  const auto relation = safety.relations().add(kind, account_of(call), whom->account, whom->name);
  if (!relation) return refusal(relation.error());
  return json_for_one(201, [&](JsonWriter& json) { write_relation(json, *relation); });
}

net::Reply remove_reply(PeopleSafety& safety, RelationKind kind, const net::Call& call) {
  const auto id = id_in_path(call);
  if (!id) return refusal(id.error());
  if (auto removed = safety.relations().remove(kind, account_of(call), *id); !removed) return refusal(removed.error());
  return done_reply();
}

net::Reply contact_reply(PeopleSafety& safety, const net::Call& call) {
  const auto facts = safety.facts(account_of(call));
  if (!facts) return refusal(facts.error());
  const auto direct = safety.choices().of(account_of(call), facts->is_minor);
  if (!direct) return refusal(direct.error());
  const safety::Time now = safety.identity().surroundings().now();
  return json_for_one(200, [&](JsonWriter& json) {
    json.begin_object().member("direct", safety::name_of(*direct)).key("limits");
    write_limits(json, safety::limits_of(*facts, now), *facts, now);
    json.end_object();
  });
}

net::Reply set_contact_reply(PeopleSafety& safety, const net::Call& call) {
  JsonBody body(call.request.body);
  const auto direct = safety::direct_from_named(body.required_text("direct", 1, 20));
  if (!direct) body.fail("direct", "direct must be everyone, met or nobody");
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  if (auto set = safety.choices().set(account_of(call), *direct); !set) return refusal(set.error());
  safety.talk().forget(account_of(call));
  return contact_reply(safety, call);
}

}  // namespace

void add_relation_routes(net::Router& router, PeopleSafety& safety, PeopleMet& met) {
  const auto add_lists = [&](RelationKind kind, const std::string& path) {
    add_route(router, net::Method::get, path, Permission::own_account,
              [&safety, kind](const net::Call& call) { return list_reply(safety, kind, call); });
    add_route(router, net::Method::post, path, Permission::own_account,
              [&safety, &met, kind](const net::Call& call) { return add_reply(safety, met, kind, call); });
    add_route(router, net::Method::delete_, path + "/{id}", Permission::own_account,
              [&safety, kind](const net::Call& call) { return remove_reply(safety, kind, call); });
  };
  add_lists(RelationKind::block, "/api/v1/me/blocks");
  add_lists(RelationKind::mute, "/api/v1/me/mutes");
  add_route(router, net::Method::get, "/api/v1/me/contact", Permission::own_account,
            [&safety](const net::Call& call) { return contact_reply(safety, call); });
  add_route(router, net::Method::put, "/api/v1/me/contact", Permission::own_account,
            [&safety](const net::Call& call) { return set_contact_reply(safety, call); });
}

}  // namespace citiverse::api
