// /api/v1/spaces…: what there is to enter, and making, changing and closing spaces by those who may.
#include "api/anchor_body.h"
#include "api/node_spaces.h"
#include "api/safety_json.h"
#include "api/safety_replies.h"
#include "base/text.h"

namespace citiverse::api {
namespace {

using base::ErrorCode;
using base::fail;
using base::JsonWriter;
using base::Result;
using identity::AccountId;
using identity::Permission;
using net::Call;
using net::Method;
using net::Reply;
using presence::Audience;
using presence::SpaceRecord;

void write_frame(JsonWriter& json, const presence::SpaceOptions& options) {
  json.key("people_max").integer(options.people_max);
  json.key("origin").begin_object().key("lat").number(options.origin.lat_deg, 7).key("lon").number(options.origin.lon_deg, 7);
  json.end_object().key("bounds_m").begin_array();
  for (const std::int32_t cm : {options.bounds.low.x, options.bounds.low.y, options.bounds.high.x, options.bounds.high.y})
    json.number(cm / 100.0, 2);
  json.end_array();
}

void write_city(JsonWriter& json, const PresenceDoor& door, bool may_enter) {
  json.begin_object().member("id", kCitySpace).member("name", door.city().name);
  json.key("people").integer(static_cast<std::int64_t>(door.people_shown_in(kCitySpace)));
  write_frame(json, door.city());
  json.member("audience", presence::name_of(Audience::everybody));
  json.key("may_enter").boolean(may_enter).key("may_change").boolean(false).end_object();
}

void write_space(JsonWriter& json, NodeSpaces& spaces, const SpaceRecord& space, const presence::Entrant& who, bool is_host) {
  const std::string id = identity::id_text(space.id);
  json.begin_object().member("id", id).member("name", space.name).member_if_known("about", space.about);
  json.key("people").integer(static_cast<std::int64_t>(spaces.door().people_shown_in(id)));
  write_frame(json, presence::options_of(space));
  json.key("height_m").integer(space.height_m).key("door").begin_object();
  json.member_if_known("object", space.door.object).member_if_known("object_name", space.door.object_name);
  json.key("lat").number(space.door.place.lat_deg, 7).key("lon").number(space.door.place.lon_deg, 7).end_object();
  json.member("audience", presence::name_of(space.audience));
  if (space.audience == Audience::roles) {
    json.key("roles").begin_array();
    for (const std::string_view role : identity::role_names(space.roles)) json.text(role);
    json.end_array();
  }
  if (space.organisation != 0) {
    if (const auto organisation = spaces.identity().organisations().get({space.organisation}, AccountId{who.account}))
      json.key("organisation")
          .begin_object()
          .member("id", identity::id_text(space.organisation))
          .member("name", organisation->name)
          .end_object();
  }
  json.key("may_enter").boolean(presence::lets_in(space, who)).key("may_change").boolean(is_host);
  if (space.guests.contains(who.account)) json.key("on_list").boolean(true);
  if (is_host && space.closed_at) json.member("closed_at", utc_text(*space.closed_at));
  json.end_object();
}

std::uint64_t number_in_path(const Call& call, std::size_t parameter = 0) {
  return identity::parse_id_text(call.parameters[parameter]).value_or(0);
}

Reply space_reply(NodeSpaces& spaces, const Call& call, const SpaceRecord& space, int status = 200) {
  const auto who = spaces.who(account_of(call), call.visitor.roles);
  const bool is_host = spaces.is_host(space, account_of(call));
  return json_for_one(status, [&](JsonWriter& json) { write_space(json, spaces, space, who->entrant, is_host); });
}

Reply list(NodeSpaces& spaces, const Call& call) {
  Parameters parameters(call.request.query);
  const std::size_t count = parameters.count_or("limit", 1, 200, 50);
  const std::size_t first = parameters.cursor();
  if (const auto& failure = parameters.failure()) return bad_parameter(*failure);
  const auto who = spaces.who(account_of(call), call.visitor.roles);
  return json_for_one(200, [&](JsonWriter& json) {
    json.begin_object().key("spaces").begin_array();
    std::size_t listed = 0;
    const auto is_on_page = [&] { return listed++ >= first && listed <= first + count; };
    if (is_on_page()) write_city(json, spaces.door(), identity::allows(Permission::enter_spaces, call.visitor.roles));
    for (const SpaceRecord& space : spaces.book().all()) {
      const bool is_host = spaces.is_host(space, account_of(call));
      if (NodeSpaces::is_listed(space, who->entrant, is_host) && is_on_page())
        write_space(json, spaces, space, who->entrant, is_host);
    }
    json.end_array();
    if (listed > first + count) json.member("next_cursor", Parameters::next_cursor(first + count));
    json.end_object();
  });
}

// A space that the one who asks may know of. Fails: not_found.
Result<SpaceRecord> known_space(NodeSpaces& spaces, const Call& call) {
  auto space = spaces.book().get(number_in_path(call));
  if (!space) return space;
  const auto who = spaces.who(account_of(call), call.visitor.roles);
  if (NodeSpaces::is_listed(*space, who->entrant, spaces.is_host(*space, account_of(call))) ||
      identity::allows(Permission::moderate, call.visitor.roles))
    return space;
  return fail(ErrorCode::not_found, "there is no such space");
}

// A space that the one who asks may change. Fails: not_found, denied.
Result<SpaceRecord> own_space(NodeSpaces& spaces, const Call& call) {
  auto space = known_space(spaces, call);
  if (!space || spaces.is_host(*space, account_of(call))) return space;
  return fail(ErrorCode::denied, "only who made the space, and owners of its organisation, may do this");
}

void read_roles(JsonBody& body, SpaceRecord& space) {
  const auto names = body.texts("roles", identity::kRoles, 20);
  if (!names) return;
  space.roles = 0;
  for (const std::string& name : *names) {
    identity::Role role{};
    if (!identity::parse_role(name, role)) return body.fail("roles", "roles names roles of the city, such as teacher");
    space.roles |= identity::bit_of(role);
  }
}

// The members that a space is made with and that can be changed later; those that are absent stay.
void read_changes(JsonBody& body, SpaceRecord& space) {
  if (body.has("name")) space.name = clean_text_of(body, "name", presence::kSpaceNameCharactersMax);
  if (const auto about = body.text("about", 0, presence::kSpaceAboutCharactersMax))
    space.about = base::clean_text(*about, about->size());
  if (const auto audience = body.text("audience", 1, 20)) {
    if (const auto known = presence::audience_named(*audience))
      space.audience = *known;
    else
      body.fail("audience", "audience is everybody, accounts, organisation, roles or invited");
  }
  read_roles(body, space);
  space.people_max =
      static_cast<std::uint32_t>(body.integer("people_max", 1, presence::kSpacePeopleMax).value_or(space.people_max));
}

Reply make(NodeSpaces& spaces, const CityModel& model, const Call& call) {
  JsonBody body(call.request.body);
  SpaceRecord space{.maker = call.visitor.account};
  static_cast<void>(body.required_text("name", 1, presence::kSpaceNameCharactersMax));
  read_changes(body, space);
  using presence::kSpaceSideMaxM;
  using presence::kSpaceSideMinM;
  space.width_m = static_cast<int>(body.integer("width_m", kSpaceSideMinM, kSpaceSideMaxM).value_or(space.width_m));
  space.depth_m = static_cast<int>(body.integer("depth_m", kSpaceSideMinM, kSpaceSideMaxM).value_or(space.depth_m));
  space.height_m = static_cast<int>(
      body.integer("height_m", presence::kSpaceHeightMinM, presence::kSpaceHeightMaxM).value_or(space.height_m));
  if (const auto id = body.text("organisation", 1, 40)) {
    space.organisation = identity::parse_id_text(*id).value_or(0);
    if (space.organisation == 0) body.fail("organisation", "organisation is an organisation's id");
  }
  auto door = read_anchor(body, model);
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  if (!door) return refusal(door.error());
  space.door = *std::move(door);
  if (auto may = spaces.may_make(account_of(call), call.visitor.roles, space.organisation); !may) return refusal(may.error());
  const auto made = spaces.book().make(std::move(space));
  return made ? space_reply(spaces, call, *made, 201) : refusal(made.error());
}

Reply change(NodeSpaces& spaces, const CityModel& model, const Call& call) {
  const auto own = own_space(spaces, call);
  if (!own) return refusal(own.error());
  JsonBody body(call.request.body);
  SpaceRecord wanted = *own;
  read_changes(body, wanted);
  if (body.has("object") || body.has("lat") || body.has("lon")) {
    auto door = read_anchor(body, model);
    if (!door) return refusal(door.error());
    wanted.door = *std::move(door);
  }
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  const auto changed = spaces.book().change(own->id, [&](SpaceRecord& space) -> Result<void> {
    space.name = wanted.name;
    space.about = wanted.about;
    space.audience = wanted.audience;
    space.roles = wanted.roles;
    space.people_max = wanted.people_max;
    space.door = wanted.door;
    return {};
  });
  if (!changed) return refusal(changed.error());
  spaces.door().set_people_max(identity::id_text(changed->id), changed->people_max);
  spaces.review(*changed);
  return space_reply(spaces, call, *changed);
}

// Closing and opening again, by whoever may change the space, or by moderators, which is logged.
Reply close_or_reopen(NodeSpaces& spaces, const Call& call, bool closes) {
  const auto known = known_space(spaces, call);
  if (!known) return refusal(known.error());
  const bool by_city = !spaces.is_host(*known, account_of(call));
  if (by_city && !identity::allows(Permission::moderate, call.visitor.roles))
    return refusal({ErrorCode::denied, "only who made the space, owners of its organisation and moderators may do this"});
  auto done = closes ? spaces.book().close(known->id, by_city) : spaces.book().reopen(known->id, by_city);
  if (done && by_city) {
    done = spaces.identity().audit().add(account_of(call), closes ? "space.close" : "space.reopen", AccountId{known->maker},
                                         identity::id_text(known->id));
  }
  if (!done) return refusal(done.error());
  const auto now = spaces.book().get(known->id);
  if (!now) return refusal(now.error());
  spaces.review(*now);
  return closes ? done_reply() : space_reply(spaces, call, *now);
}

Reply list_guests(NodeSpaces& spaces, const Call& call) {
  const auto own = own_space(spaces, call);
  if (!own) return refusal(own.error());
  return json_for_one(200, [&](JsonWriter& json) {
    json.begin_object().key("guests").begin_array();
    for (const auto& [account, name] : own->guests)
      json.begin_object().member("account", identity::id_text(account)).member("name", name).end_object();
    json.end_array().end_object();
  });
}

Reply invite(NodeSpaces& spaces, const Call& call) {
  const auto own = own_space(spaces, call);
  if (!own) return refusal(own.error());
  const auto account = spaces.identity().accounts().get({number_in_path(call, 1)});
  if (!account || account->is_guest) return refusal({ErrorCode::not_found, "there is no such account"});
  if (auto done = spaces.book().invite(own->id, account->id.value, account->profile.name); !done) return refusal(done.error());
  return done_reply();
}

Reply uninvite(NodeSpaces& spaces, const Call& call) {
  const auto known = spaces.book().get(number_in_path(call));
  if (!known) return refusal(known.error());
  // Whoever is on a list may leave it.
  const std::uint64_t account = number_in_path(call, 1);
  if (account != call.visitor.account) {
    if (const auto own = own_space(spaces, call); !own) return refusal(own.error());
  }
  if (auto done = spaces.book().uninvite(known->id, account); !done) return refusal(done.error());
  if (const auto now = spaces.book().get(known->id)) spaces.review(*now);
  return done_reply();
}

}  // namespace

void add_space_routes(net::Router& router, NodeSpaces& spaces, const CityModel& model) {
  add_route(router, Method::get, "/api/v1/spaces", Permission::everyone, [&](const Call& call) { return list(spaces, call); });
  add_route(router, Method::post, "/api/v1/spaces", Permission::open_spaces,
            [&](const Call& call) { return make(spaces, model, call); });
  add_route(router, Method::get, "/api/v1/spaces/{id}", Permission::everyone, [&](const Call& call) {
    const auto space = known_space(spaces, call);
    return space ? space_reply(spaces, call, *space) : refusal(space.error());
  });
  add_route(router, Method::patch, "/api/v1/spaces/{id}", Permission::open_spaces,
            [&](const Call& call) { return change(spaces, model, call); });
  add_route(router, Method::delete_, "/api/v1/spaces/{id}", Permission::own_account,
            [&](const Call& call) { return close_or_reopen(spaces, call, true); });
  add_route(router, Method::post, "/api/v1/spaces/{id}/restoration", Permission::open_spaces,
            [&](const Call& call) { return close_or_reopen(spaces, call, false); });
  add_route(router, Method::get, "/api/v1/spaces/{id}/guests", Permission::own_account,
            [&](const Call& call) { return list_guests(spaces, call); });
  add_route(router, Method::put, "/api/v1/spaces/{id}/guests/{account}", Permission::open_spaces,
            [&](const Call& call) { return invite(spaces, call); });
  add_route(router, Method::delete_, "/api/v1/spaces/{id}/guests/{account}", Permission::own_account,
            [&](const Call& call) { return uninvite(spaces, call); });
}

}  // namespace citiverse::api
