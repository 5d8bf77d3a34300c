// GET /api/v1/voice: what a browser needs before it turns voice on.
#include "api/safety_json.h"
#include "api/safety_replies.h"
#include "api/safety_routes.h"
#include "presence/voice.h"

namespace citiverse::api {
namespace {

using base::JsonWriter;

void write_urls(JsonWriter& json, const std::vector<std::string>& urls) {
  json.key("urls").begin_array();
  for (const std::string& url : urls) json.text(url);
  json.end_array();
}

net::Reply voice_reply(PeopleSafety& safety, const VoiceServers& servers, const net::Call& call) {
  // Whoever asks is about to speak: what they chose a moment ago counts.
  safety.talk().learn(account_of(call));
  const presence::Profile profile{.account = call.visitor.account};
  const presence::TalkLimits limits = safety.talk().limits(profile);
  const bool may_speak = limits.may_speak_near || limits.may_speak_in_groups;
  const identity::Surroundings& surroundings = safety.identity().surroundings();
  return json_for_one(200, [&](JsonWriter& json) {
    json.begin_object().key("mesh_max").integer(presence::kMeshPeople).key("relay").boolean(servers.has_gateway);
    json.key("near").boolean(limits.may_speak_near).key("groups").boolean(limits.may_speak_in_groups);
    json.key("ice_servers").begin_array();
    if (may_speak && !servers.stun.empty()) {
      json.begin_object();
      write_urls(json, servers.stun);
      json.end_object();
    }
    if (may_speak && !servers.turn.empty() && !servers.turn_secret.empty()) {
      const TurnCredentials turn =
          turn_credentials(servers.turn_secret, identity::random_token(surroundings, 9), surroundings.now());
      json.begin_object();
      write_urls(json, servers.turn);
      json.member("username", turn.username).member("credential", turn.credential);
      json.member("expires_at", utc_text(turn.expires_at)).end_object();
    }
    json.end_array().end_object();
  });
}

}  // namespace

void add_voice_routes(net::Router& router, PeopleSafety& safety, const VoiceServers& servers) {
  add_route(router, net::Method::get, "/api/v1/voice", identity::Permission::own_account,
            [&safety, &servers](const net::Call& call) { return voice_reply(safety, servers, call); });
}

}  // namespace citiverse::api
