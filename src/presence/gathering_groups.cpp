// Groups and tours as people hear of them, and shared objects.
#include <algorithm>

#include <fmt/format.h>

#include "base/json_writer.h"
#include "presence/gathering.h"

namespace citiverse::presence {
namespace {

using base::ErrorCode;
using base::fail;
using base::JsonValue;

std::optional<std::uint32_t> number_in(JsonValue value) {
  const auto number = value.integer();
  if (!number || *number < 1 || *number > 0xFFFFFFFF) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

void write_object(base::JsonWriter& json, const SharedObject& object) {
  json.begin_object().key("object").integer(object.id).member("shape", object.shape);
  json.key("at").begin_array();
  for (const std::int32_t cm : {object.at.x, object.at.y, object.at.z}) json.number(cm / 100.0, 2);
  json.end_array();
  json.key("owner").integer(object.owner);
  if (object.holder != kNobody) json.key("holder").integer(object.holder);
  json.key("locked").boolean(object.is_locked);
  json.member_if_known("text", object.text).end_object();
}

std::string gone_text(ObjectId id) {
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().member("t", "objects").key("objects").begin_array().end_array();
  json.key("gone").begin_array().integer(id).end_array().end_object();
  return text;
}

std::string empty_group() {
  std::string text;
  base::JsonWriter(text).begin_object().member("t", "group").key("members").begin_array().end_array().end_object();
  return text;
}

}  // namespace

void Gathering::tell_group(const Group& group) {
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().member("t", "group").member("code", group.code).key("leader").integer(group.leader);
  json.key("members").begin_array();
  for (const PersonId member : group.members) {
    const Profile* profile = space_.profile(member);
    // Who has lost the connection for a moment is still a member.
    json.begin_object().key("person").integer(member).member("name", profile == nullptr ? "" : profile->name).end_object();
  }
  json.end_array().end_object();
  for (const PersonId member : group.members) space_.tell(member, text);
}

void Gathering::tell_tour(const Group& group) {
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().member("t", "tour").key("leader").integer(group.leader).key("on").boolean(group.is_touring);
  json.key("joined").begin_array();
  for (const PersonId member : group.on_tour) json.integer(member);
  json.end_array().end_object();
  for (const PersonId member : group.members) space_.tell(member, text);
}

void Gathering::after_group_change(PersonId person, const std::vector<PersonId>& before) {
  const Group* group = space_.groups().of(person);
  std::vector<PersonId> concerned = before;
  if (group != nullptr) concerned.insert(concerned.end(), group->members.begin(), group->members.end());
  space_.regroup(concerned);
  // Those who were together and are not any more; each group that is left hears once.
  const Group* told = nullptr;
  for (const PersonId member : before) {
    const Group* now = space_.groups().of(member);
    if (now == nullptr) space_.tell(member, empty_group());
    if (now == nullptr || now == group || now == told) continue;
    tell_group(*now);
    told = now;
  }
  if (group != nullptr) tell_group(*group);
}

base::Result<void> Gathering::invite(PersonId from, PersonId whom) {
  const Group* group = space_.groups().of(from);
  if (group == nullptr) return fail(ErrorCode::conflict, "invite: make a group first");
  if (whom == from || !space_.may_meet(from, whom) || !space_.is_known_to(from, whom))
    return fail(ErrorCode::not_found, "invite: nobody whom you see");
  if (auto allowed = rules_.may_invite(*space_.profile(from), *space_.profile(whom)); !allowed) return allowed;
  std::string text;
  base::JsonWriter(text)
      .begin_object()
      .member("t", "invited")
      .key("from")
      .integer(from)
      .member("name", space_.profile(from)->name)
      .member("code", group->code)
      .end_object();
  space_.tell(whom, text);
  return {};
}

base::Result<void> Gathering::group(PersonId from, JsonValue members, std::uint64_t) {
  if (members.size() != 2) return fail(ErrorCode::bad_input, "exactly one of make, join, invite, leave, remove and lead");
  const std::string_view verb = members.member(members.member(0).first == "t" ? 1 : 0).first;
  const JsonValue value = members.find(verb);
  Groups& groups = space_.groups();
  std::vector<PersonId> before;
  space_.group_of(from, before);
  base::Result<void> done;
  if (verb == "leave") {
    groups.leave(from);
  } else if (verb == "make" || verb == "join") {
    if (auto allowed = rules_.may_group(*space_.profile(from)); !allowed) return allowed;
    const auto code = value.text();
    if (verb == "join" && !code) return fail(ErrorCode::bad_input, "join: a group's code");
    done = verb == "make" ? groups.make(from, rules_.fresh_code()) : groups.join(from, *code);
  } else {
    const auto person = number_in(value);
    if (!person) return fail(ErrorCode::bad_input, fmt::format("{}: a person's number", verb));
    if (verb == "invite") return invite(from, *person);
    done = verb == "remove" ? groups.remove(from, *person) : groups.hand_over(from, *person);
  }
  if (done) after_group_change(from, before);
  return done;
}

base::Result<void> Gathering::tour(PersonId from, JsonValue members, std::uint64_t) {
  const auto lead = members.find("lead").boolean();
  const auto join = members.find("join").boolean();
  if (lead.has_value() == join.has_value()) return fail(ErrorCode::bad_input, "either lead or join: true or false");
  auto done = lead ? space_.groups().set_tour(from, *lead) : space_.groups().join_tour(from, *join);
  if (done) tell_tour(*space_.groups().of(from));
  return done;
}

void Gathering::goes(PersonId person) {
  std::vector<PersonId> before;
  space_.group_of(person, before);
  release_held(person);
  for (const SharedObject& object : space_.objects().all())
    if (object.owner == person) tell_object_gone(object.id, object.at);
  if (before.empty()) return;
  space_.groups().leave(person);
  std::erase(before, person);
  after_group_change(person, before);
}

// ---- shared objects --------------------------------------------------------------------------------------------------

void Gathering::tell_object(ObjectId id) {
  const SharedObject* object = space_.objects().find(id);
  if (object == nullptr) return;
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().member("t", "objects").key("objects").begin_array();
  write_object(json, *object);
  json.end_array().end_object();
  const std::string gone = gone_text(id);
  space_.people_around(object->at, kObjectsSeenCm / 100.0, kObjectNewsPeopleMax, found_);
  // Whoever may not see the owner or the holder is not told where they are by what they carry.
  for (const PersonId person : found_) space_.tell(person, space_.may_see(person, *object) ? text : gone);
}

void Gathering::release_held(PersonId person) {
  std::vector<ObjectId> held;
  for (const SharedObject& object : space_.objects().all())
    if (object.holder == person) held.push_back(object.id);
  for (const ObjectId id : held)
    if (space_.objects().release(person, id)) tell_object(id);
}

void Gathering::tell_object_gone(ObjectId id, Place at) {
  const std::string text = gone_text(id);
  space_.people_around(at, kObjectsSeenCm / 100.0, kObjectNewsPeopleMax, found_);
  for (const PersonId person : found_) space_.tell(person, text);
}

void Gathering::list_objects(PersonId to) {
  const Place here = space_.place(to).value_or(Place{});
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().member("t", "objects").key("all").boolean(true).key("objects").begin_array();
  std::size_t count = 0;
  for (const SharedObject& object : space_.objects().all()) {
    const double dx = static_cast<double>(object.at.x) - here.x;
    const double dy = static_cast<double>(object.at.y) - here.y;
    if (dx * dx + dy * dy > static_cast<double>(kObjectsSeenCm) * kObjectsSeenCm || !space_.may_see(to, object)) continue;
    if (++count > kObjectsATellMax) break;
    write_object(json, object);
  }
  json.end_array().end_object();
  space_.tell(to, text);
}

base::Result<void> Gathering::make_object(PersonId from, JsonValue members) {
  if (space_.is_hidden(from)) return fail(ErrorCode::conflict, "you are invisible; what you put down would tell where you are");
  const auto shape = members.find("shape").text();
  if (!shape || shape->empty()) return fail(ErrorCode::bad_input, "shape: a word for what it is, such as ball");
  Place at = *space_.place(from);
  if (const JsonValue point = members.find("at"); !point.is_absent()) {
    std::int32_t* const parts[] = {&at.x, &at.y, &at.z};
    for (std::size_t i = 0; i < 3; ++i) {
      const auto metres = point[i].number();
      if (point.size() != 3 || !metres || std::abs(*metres) > 1e7) return fail(ErrorCode::bad_input, "at: [x, y, z], metres");
      *parts[i] = static_cast<std::int32_t>(*metres * 100);
    }
    if (!space_.is_within_reach(from, at)) return fail(ErrorCode::denied, "at: within 10 m of yourself, inside the space");
  }
  const auto id = space_.objects().make(from, *shape, members.find("text").text().value_or(""), at, space_.tick());
  if (!id) return std::unexpected(id.error());
  tell_object(*id);
  return {};
}

base::Result<void> Gathering::object(PersonId from, JsonValue members, std::uint64_t) {
  const auto verb = members.find("do").text();
  if (!verb) return fail(ErrorCode::bad_input, "do: make, list, take, lock, unlock, release or remove");
  if (*verb == "list") {
    list_objects(from);
    return {};
  }
  if (*verb == "make") return make_object(from, members);
  const auto id = number_in(members.find("object"));
  if (!id) return fail(ErrorCode::bad_input, "object: an object's number");
  SharedObjects& objects = space_.objects();
  const SharedObject* found = objects.find(*id);
  const Place at = found == nullptr ? Place{} : found->at;
  base::Result<void> done;
  if (*verb == "take") {
    if (space_.is_hidden(from)) return fail(ErrorCode::conflict, "you are invisible; what you carry would tell where you are");
    if (found != nullptr && !space_.is_within_reach(from, at)) return fail(ErrorCode::denied, "object: go nearer, within 10 m");
    done = objects.take(from, *id);
  } else if (*verb == "release") {
    done = objects.release(from, *id);
  } else if (*verb == "lock" || *verb == "unlock") {
    done = objects.set_locked(from, *id, *verb == "lock");
  } else if (*verb == "remove") {
    done = objects.remove(from, *id);
    if (done) tell_object_gone(*id, at);
    return done;
  } else {
    return fail(ErrorCode::bad_input, "do: make, list, take, lock, unlock, release or remove");
  }
  if (done) tell_object(*id);
  return done;
}

}  // namespace citiverse::presence
