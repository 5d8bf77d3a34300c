// Names, gestures, following, meeting and teleporting.
#include "presence/gathering.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "base/json_writer.h"

namespace citiverse::presence {
namespace {

using base::ErrorCode;
using base::fail;
using base::JsonValue;

constexpr std::int64_t kReactionsMax = 31;  // As many as the state byte's gestures.

std::optional<PersonId> person_in(JsonValue value) {
  const auto number = value.integer();
  if (!number || *number < 1 || *number > 0xFFFFFFFF) return std::nullopt;
  return static_cast<PersonId>(*number);
}

}  // namespace

template <base::Result<void> (Gathering::*Handler)(PersonId, base::JsonValue, std::uint64_t)>
base::Result<void> Gathering::call(void* self, PersonId from, JsonValue members, std::uint64_t now_ms) {
  return (static_cast<Gathering*>(self)->*Handler)(from, members, now_ms);
}

void Gathering::add_to(SayTable& table) {
  table.add("who", {"people"}, this, call<&Gathering::who>);
  table.add("react", {"kind"}, this, call<&Gathering::react>);
  table.add("follow", {"person"}, this, call<&Gathering::follow>);
  table.add("meet", {}, this, call<&Gathering::meet>);
  table.add("go", {"point", "object", "person"}, this, call<&Gathering::go>);
  table.add("group", {"make", "join", "invite", "leave", "remove", "lead"}, this, call<&Gathering::group>);
  table.add("tour", {"lead", "join"}, this, call<&Gathering::tour>);
  table.add("object", {"do", "object", "shape", "at", "text", "stays"}, this, call<&Gathering::object>);
  table.add("hide", {"on"}, this, call<&Gathering::hide>);
  table.add("space", {"personal_m"}, this, call<&Gathering::personal_space>);
}

void Gathering::write_person(base::JsonWriter& json, PersonId viewer, PersonId person) const {
  const Profile& profile = *space_.profile(person);
  json.begin_object().key("person").integer(person).member("name", profile.name);
  json.member_if_known("pronouns", profile.pronouns);
  json.key("guest").boolean(profile.is_guest);
  if (profile.is_verified) json.key("verified").boolean(true);
  if (!profile.shown_roles.empty()) {
    json.key("roles").begin_array();
    for (const std::string& role : profile.shown_roles) json.text(role);
    json.end_array();
  }
  if (!profile.look_json.empty()) json.key("look").raw(profile.look_json);
  json.key("personal_m").number(space_.personal_m(person), 2);
  if (const Profile* self = space_.profile(viewer); self != nullptr && rules_.is_muted(*self, profile))
    json.key("muted").boolean(true);
  json.end_object();
}

base::Result<void> Gathering::who(PersonId from, JsonValue members, std::uint64_t) {
  const JsonValue people = members.find("people");
  if (!people.is_array() || people.size() == 0 || people.size() > kWhoPeopleMax)
    return fail(ErrorCode::bad_input, fmt::format("people: an array of 1 to {} numbers", kWhoPeopleMax));
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().member("t", "people").key("people").begin_array();
  std::vector<PersonId> gone;
  for (std::size_t i = 0; i < people.size(); ++i) {
    const auto person = person_in(people[i]);
    if (!person) return fail(ErrorCode::bad_input, fmt::format("people[{}]: a person's number", i));
    if (space_.is_known_to(from, *person))
      write_person(json, from, *person);
    else
      gone.push_back(*person);
  }
  json.end_array();
  if (!gone.empty()) {
    json.key("gone").begin_array();
    for (const PersonId person : gone) json.integer(person);
    json.end_array();
  }
  json.end_object();
  space_.tell(from, text);
  return {};
}

void Gathering::announce(PersonId person) {
  if (!space_.is_here(person)) return;
  space_.for_each_viewer_of(person, [&](PersonId viewer) {
    std::string text;
    base::JsonWriter json(text);
    json.begin_object().member("t", "people").key("people").begin_array();
    write_person(json, viewer, person);
    json.end_array().end_object();
    space_.tell(viewer, text);
  });
}

base::Result<void> Gathering::react(PersonId from, JsonValue members, std::uint64_t) {
  const auto kind = members.find("kind").integer();
  if (!kind || *kind < 1 || *kind > kReactionsMax) return fail(ErrorCode::bad_input, "kind: a gesture's number, 1 to 31");
  if (space_.is_hidden(from)) return fail(ErrorCode::conflict, "you are invisible; nobody would see it");
  std::string text;
  base::JsonWriter(text)
      .begin_object()
      .member("t", "reacted")
      .key("from")
      .integer(from)
      .key("kind")
      .integer(*kind)
      .end_object();
  space_.near(from, kReactionM, kReactionPeopleMax, found_);
  for (const PersonId person : found_) space_.tell(person, text);
  return {};
}

void Gathering::tell_followed(PersonId from, PersonId whom, bool on) {
  std::string text;
  base::JsonWriter(text).begin_object().member("t", "followed").key("from").integer(from).key("on").boolean(on).end_object();
  space_.tell(whom, text);
}

base::Result<void> Gathering::follow(PersonId from, JsonValue members, std::uint64_t) {
  const JsonValue value = members.find("person");
  const PersonId before = space_.following(from);
  PersonId followed = kNobody;
  if (!value.is_null()) {
    const auto person = person_in(value);
    if (!person) return fail(ErrorCode::bad_input, "person: whom to follow, or null");
    if (*person == from || !space_.is_known_to(from, *person))
      return fail(ErrorCode::not_found, "person: nobody whom you see or who is in your group");
    followed = *person;
  }
  if (followed == before) return {};
  space_.set_following(from, followed);
  // Nobody is followed without knowing it; who follows unseen would be.
  if (before != kNobody) tell_followed(from, before, false);
  if (followed != kNobody) tell_followed(from, followed, true);
  return {};
}

base::Result<void> Gathering::meet(PersonId from, JsonValue, std::uint64_t) {
  struct Found {
    double distance_m;
    double bearing_deg;
    PersonId person;
    Place place;
  };
  std::vector<Found> people;
  const Place here = space_.place(from).value_or(Place{});
  space_.group_of(from, found_);
  for (const PersonId person : found_) {
    if (person == from || space_.is_hidden(person) || !space_.may_meet(from, person)) continue;
    const Place place = *space_.place(person);
    const double east = (static_cast<double>(place.x) - here.x) / 100;
    const double north = (static_cast<double>(place.y) - here.y) / 100;
    const double bearing = std::atan2(east, north) * 180 / std::numbers::pi;
    people.push_back({std::hypot(east, north), bearing < 0 ? bearing + 360 : bearing, person, place});
  }
  std::ranges::sort(people, {}, &Found::distance_m);
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().member("t", "where").key("people").begin_array();
  for (const Found& found : people) {
    json.begin_object().key("person").integer(found.person).member("name", space_.profile(found.person)->name);
    json.key("distance_m").number(found.distance_m, 1).key("bearing_deg").number(found.bearing_deg, 0);
    json.key("x_m").number(found.place.x / 100.0, 2).key("y_m").number(found.place.y / 100.0, 2).end_object();
  }
  json.end_array();
  if (const Group* group = space_.groups().of(from)) {
    const std::vector<Elsewhere> others = rules_.elsewhere(*space_.profile(from), group->code);
    if (!others.empty()) json.key("elsewhere").begin_array();
    for (const Elsewhere& other : others)
      json.begin_object()
          .member("name", other.name)
          .member("space", other.space)
          .member("space_name", other.space_name)
          .end_object();
    if (!others.empty()) json.end_array();
  }
  json.end_object();
  space_.tell(from, text);
  return {};
}

base::Result<geo::Vec2d> Gathering::destination(PersonId from, JsonValue members) {
  if (const JsonValue point = members.find("point"); !point.is_absent()) {
    const auto x = point[0].number();
    const auto y = point[1].number();
    if (point.size() != 2 || !x || !y) return fail(ErrorCode::bad_input, "point: [x_m, y_m] in the space's frame");
    return geo::Vec2d{*x, *y};
  }
  if (const auto id = members.find("object").text()) {
    if (const auto found = rules_.find_object(*id)) return *found;
    return fail(ErrorCode::not_found, "object: none with this id");
  }
  const auto person = person_in(members.find("person"));
  if (!person) return fail(ErrorCode::bad_input, "one of point, object and person says where to");
  space_.group_of(from, found_);
  const auto place = space_.place(*person);
  if (std::ranges::find(found_, *person) == found_.end() || !place || space_.is_hidden(*person) ||
      !space_.may_meet(from, *person))
    return fail(ErrorCode::denied, "person: only to people of your group who can be seen");
  return geo::Vec2d{place->x / 100.0, place->y / 100.0};
}

base::Result<void> Gathering::go(PersonId from, JsonValue members, std::uint64_t now_ms) {
  const auto now_us = static_cast<std::int64_t>(now_ms) * 1000;
  if (members.size() != 2) return fail(ErrorCode::bad_input, "exactly one of point, object and person says where to");
  if (!space_.may_teleport(from, now_us)) return fail(ErrorCode::limit, "go: at most once in 2 s");
  const auto to = destination(from, members);
  if (!to) return std::unexpected(to.error());
  const Place place = space_.teleport(from, *to, now_us);
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().member("t", "moved").key("x_m").number(place.x / 100.0, 2).key("y_m").number(place.y / 100.0, 2);
  if (const auto id = members.find("object").text()) json.member("place", *id);
  json.end_object();
  space_.tell(from, text);
  return {};
}

base::Result<void> Gathering::hide(PersonId from, JsonValue members, std::uint64_t) {
  const auto on = members.find("on").boolean();
  if (!on) return fail(ErrorCode::bad_input, "on: true or false");
  if (*on) release_held(from);  // It would tell where they are.
  space_.set_hidden(from, *on);
  if (const Group* group = space_.groups().of(from)) tell_group(*group);
  std::string text;
  base::JsonWriter(text).begin_object().member("t", "hidden").key("on").boolean(*on).end_object();
  space_.tell(from, text);
  return {};
}

base::Result<void> Gathering::personal_space(PersonId from, JsonValue members, std::uint64_t now_ms) {
  const auto metres = members.find("personal_m").number();
  if (!metres || !(*metres >= 0 && *metres <= kPersonalSpaceMaxM)) return fail(ErrorCode::bad_input, "personal_m: 0 to 3");
  if (!space_.may_announce(from, static_cast<std::int64_t>(now_ms) * 1000))
    return fail(ErrorCode::limit, "personal_m: at most once in 2 s");
  space_.set_personal_space(from, static_cast<float>(*metres));
  announce(from);
  return {};
}

}  // namespace citiverse::presence
