// /api/v1/me/things: what somebody lets stay in spaces, seen and taken away from wherever they are.
#include "api/node_things.h"
#include "api/safety_json.h"
#include "api/safety_replies.h"

namespace citiverse::api {
namespace {

using base::JsonWriter;
using identity::Permission;

net::Reply own_things_reply(PeopleSafety& safety, const net::Call& call) {
  const auto things = safety.things().of_owner(call.visitor.account);
  return json_for_one(200, [&](JsonWriter& json) {
    json.begin_object().key("items").begin_array();
    for (const presence::KeptObject& thing : things) write_thing(json, thing);
    json.end_array().end_object();
  });
}

net::Reply take_away_reply(PeopleSafety& safety, const net::Call& call) {
  const auto id = id_in_path(call);
  if (!id) return refusal(id.error());
  if (auto removed = safety.things().remove(call.visitor.account, *id); !removed) return refusal(removed.error());
  return done_reply();
}

}  // namespace

void add_thing_routes(net::Router& router, PeopleSafety& safety) {
  add_route(router, net::Method::get, "/api/v1/me/things", Permission::own_account,
            [&safety](const net::Call& call) { return own_things_reply(safety, call); });
  add_route(router, net::Method::delete_, "/api/v1/me/things/{id}", Permission::own_account,
            [&safety](const net::Call& call) { return take_away_reply(safety, call); });
}

}  // namespace citiverse::api
