// Groups and tours as people hear of them.
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

std::string empty_group() {
  std::string text;
  base::JsonWriter(text).begin_object().member("t", "group").key("members").begin_array().end_array().end_object();
  return text;
}

}  // namespace

// Of a member who is blocked or invisible, another is told neither name nor number, as everywhere.
void Gathering::tell_group(const Group& group) {
  for (const PersonId reader : group.members) tell_group(group, reader);
}

void Gathering::tell_group(const Group& group, PersonId reader) {
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().member("t", "group").member("code", group.code);
  json.key("leader").integer(is_shown_in_group(reader, group.leader) ? group.leader : kNobody);
  json.key("members").begin_array();
  for (const PersonId member : group.members) {
    if (!is_shown_in_group(reader, member)) continue;
    const Profile* profile = space_.profile(member);
    // Who has lost the connection for a moment is still a member.
    json.begin_object().key("person").integer(member).member("name", profile == nullptr ? "" : profile->name).end_object();
  }
  json.end_array().end_object();
  space_.tell(reader, text);
}

bool Gathering::is_shown_in_group(PersonId reader, PersonId member) const {
  return reader == member || (!space_.is_hidden(member) && space_.may_see(reader, member));
}

void Gathering::tell_tour(const Group& group) {
  for (const PersonId reader : group.members) {
    const bool is_led = group.is_touring && is_shown_in_group(reader, group.leader);
    std::string text;
    base::JsonWriter json(text);
    json.begin_object().member("t", "tour").key("leader").integer(is_led || !group.is_touring ? group.leader : kNobody);
    json.key("on").boolean(is_led).key("joined").begin_array();
    for (const PersonId member : group.on_tour)
      if (is_shown_in_group(reader, member)) json.integer(member);
    json.end_array().end_object();
    space_.tell(reader, text);
  }
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
    if (object.owner == person && !object.stays) tell_object_gone(object.id, object.at);
  if (before.empty()) return;
  space_.groups().leave(person);
  std::erase(before, person);
  after_group_change(person, before);
}

}  // namespace citiverse::presence
