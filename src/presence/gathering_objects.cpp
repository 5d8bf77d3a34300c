// Shared objects as people hear of them: made, carried, locked, taken away; and those that stay when their owner goes.
#include <algorithm>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/json_writer.h"
#include "base/text.h"
#include "presence/gathering.h"

namespace citiverse::presence {
namespace {

using base::ErrorCode;
using base::fail;
using base::JsonValue;

constexpr std::string_view kObjectVerbs = "do: make, list, take, lock, unlock, release or remove";

std::optional<ObjectId> object_number(JsonValue value) {
  const auto number = value.integer();
  if (!number || *number < 1 || *number > 0xFFFFFFFF) return std::nullopt;
  return static_cast<ObjectId>(*number);
}

// Of what stays, only its owner is told whose it is by a person's number: to others it would tell that they are here.
void write_object(base::JsonWriter& json, const SharedObject& object, PersonId reader, bool with_words) {
  json.begin_object().key("object").integer(object.id).member("shape", object.shape);
  json.key("at").begin_array();
  for (const std::int32_t cm : {object.at.x, object.at.y, object.at.z}) json.number(cm / 100.0, 2);
  json.end_array();
  if (!object.stays || object.owner == reader) json.key("owner").integer(object.owner);
  if (object.holder != kNobody) json.key("holder").integer(object.holder);
  json.key("locked").boolean(object.is_locked);
  if (with_words) json.member_if_known("text", object.text);
  if (with_words && object.kept == 0) json.member_if_known("proof", object.proof);
  if (object.stays) json.member_if_known("by", object.by);
  if (object.kept != 0)
    json.member("thing", object.thing)
        .member("stays_until", fmt::format("{:%FT%TZ}", std::chrono::sys_seconds(std::chrono::seconds(object.until_s))));
  json.end_object();
}

std::string one_object_text(const SharedObject& object, PersonId reader, bool with_words) {
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().member("t", "objects").key("objects").begin_array();
  write_object(json, object, reader, with_words);
  json.end_array().end_object();
  return text;
}

std::string gone_text(ObjectId id) {
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().member("t", "objects").key("objects").begin_array().end_array();
  json.key("gone").begin_array().integer(id).end_array().end_object();
  return text;
}

}  // namespace

// Words of somebody whom the reader muted are not shown to them, wherever they stand.
bool Gathering::reads(PersonId reader, const SharedObject& object) const {
  if (object.text.empty() || reader == object.owner) return true;
  const Profile* self = space_.profile(reader);
  const Profile* owner = space_.profile(object.owner);
  const std::uint64_t author = object.account != 0 || owner == nullptr ? object.account : owner->account;
  return self != nullptr && !rules_.is_muted(*self, Profile{.account = author});
}

void Gathering::tell_object(ObjectId id) {
  const SharedObject* object = space_.objects().find(id);
  if (object == nullptr) return;
  const std::string text = one_object_text(*object, kNobody, true);
  const std::string without_words = one_object_text(*object, kNobody, false);
  const std::string gone = gone_text(id);
  space_.people_around(object->at, kObjectsSeenCm / 100.0, kObjectNewsPeopleMax, found_);
  // Whoever may not see the owner or the holder is not told where they are by what they carry.
  for (const PersonId person : found_) {
    if (!space_.may_see(person, *object))
      space_.tell(person, gone);
    else if (person == object->owner)
      space_.tell(person, one_object_text(*object, person, true));
    else
      space_.tell(person, reads(person, *object) ? text : without_words);
  }
}

base::Result<void> Gathering::put_down(PersonId person, ObjectId id) {
  if (auto released = space_.objects().release(person, id); !released) return released;
  settle(id);
  tell_object(id);
  return {};
}

void Gathering::settle(ObjectId id) {
  SharedObject* object = space_.objects().edit(id);
  if (object == nullptr || object->kept == 0 || keeper_ == nullptr) return;
  object->has_moved = false;
  keeper_->settled(*object);
}

void Gathering::release_held(PersonId person) {
  std::vector<ObjectId> held;
  for (const SharedObject& object : space_.objects().all())
    if (object.holder == person) held.push_back(object.id);
  for (const ObjectId id : held) static_cast<void>(put_down(person, id));
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
    write_object(json, object, to, reads(to, object));
  }
  json.end_array().end_object();
  space_.tell(to, text);
}

void Gathering::sight_changed(PersonId person) {
  list_objects(person);
  if (const Group* group = space_.groups().of(person)) tell_group(*group, person);
}

base::Result<void> Gathering::may_stay(PersonId from, std::string_view text) {
  if (keeper_ == nullptr) return fail(ErrorCode::denied, "stays: in this space nothing stays");
  return keeper_->may_stay(*space_.profile(from), text);
}

base::Result<Place> Gathering::place_for_object(PersonId from, JsonValue members) const {
  Place at = *space_.place(from);
  const JsonValue point = members.find("at");
  if (point.is_absent()) return at;
  std::int32_t* const parts[] = {&at.x, &at.y, &at.z};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto metres = point[i].number();
    if (point.size() != 3 || !metres || std::abs(*metres) > 1e7) return fail(ErrorCode::bad_input, "at: [x, y, z], metres");
    *parts[i] = static_cast<std::int32_t>(*metres * 100);
  }
  if (!space_.is_within_reach(from, at)) return fail(ErrorCode::denied, "at: within 10 m of yourself, inside the space");
  return at;
}

base::Result<std::string> Gathering::proof_of_words(PersonId from, std::string_view words, std::uint64_t now_ms) {
  if (words.empty()) return std::string();
  if (words_ == nullptr) return fail(ErrorCode::denied, "text: in this space nothing is written on things");
  auto witness = words_->put_on_thing(*space_.profile(from), words, now_ms);
  if (!witness) return std::unexpected(witness.error());
  return std::move(witness->proof);
}

base::Result<void> Gathering::make_object(PersonId from, JsonValue members, std::uint64_t now_ms) {
  if (space_.is_hidden(from)) return fail(ErrorCode::conflict, "you are invisible; what you put down would tell where you are");
  const auto shape = members.find("shape").text();
  if (!shape) return fail(ErrorCode::bad_input, "shape: a word for what it is, such as ball");
  const std::string words = base::clean_text(members.find("text").text().value_or(""), kObjectTextBytesMax);
  bool stays = false;
  if (const JsonValue given = members.find("stays"); !given.is_absent()) {
    const auto wish = given.boolean();
    if (!wish) return fail(ErrorCode::bad_input, "stays: true or false");
    stays = *wish;
  }
  if (stays)
    if (auto allowed = may_stay(from, words); !allowed) return allowed;
  const auto at = place_for_object(from, members);
  if (!at) return std::unexpected(at.error());
  auto proof = proof_of_words(from, words, now_ms);
  if (!proof) return std::unexpected(proof.error());
  const auto id = space_.objects().make(from, *shape, words, *at, space_.tick());
  if (!id) return std::unexpected(id.error());
  SharedObject& object = *space_.objects().edit(*id);
  object.proof = *std::move(proof);
  if (stays) {
    const Profile& who = *space_.profile(from);
    object.stays = true;
    object.account = who.account;
    object.by = who.name;
    if (auto asked = keeper_->keep(object); !asked) {
      space_.objects().drop(*id);
      return asked;
    }
  }
  tell_object(*id);
  return {};
}

base::Result<void> Gathering::remove_object(PersonId from, ObjectId id) {
  const SharedObject* found = space_.objects().find(id);
  const Place at = found == nullptr ? Place{} : found->at;
  // What is on the disk goes from there first: gone() follows.
  if (found != nullptr && found->kept != 0 && found->owner == from && keeper_ != nullptr) {
    keeper_->taken_away(*found);
    return {};
  }
  auto done = space_.objects().remove(from, id);
  if (done) tell_object_gone(id, at);
  return done;
}

base::Result<void> Gathering::object(PersonId from, JsonValue members, std::uint64_t now_ms) {
  const auto verb = members.find("do").text();
  if (!verb) return fail(ErrorCode::bad_input, std::string(kObjectVerbs));
  if (*verb == "list") {
    list_objects(from);
    return {};
  }
  if (*verb == "make") return make_object(from, members, now_ms);
  const auto id = object_number(members.find("object"));
  if (!id) return fail(ErrorCode::bad_input, "object: an object's number");
  SharedObjects& objects = space_.objects();
  if (*verb == "release") return put_down(from, *id);
  if (*verb == "remove") return remove_object(from, *id);
  base::Result<void> done;
  if (*verb == "take") {
    if (space_.is_hidden(from)) return fail(ErrorCode::conflict, "you are invisible; what you carry would tell where you are");
    const SharedObject* found = objects.find(*id);
    if (found != nullptr && !space_.is_within_reach(from, found->at))
      return fail(ErrorCode::denied, "object: go nearer, within 10 m");
    done = objects.take(from, *id);
  } else if (*verb == "lock" || *verb == "unlock") {
    done = objects.set_locked(from, *id, *verb == "lock");
    if (done) settle(*id);
  } else {
    return fail(ErrorCode::bad_input, std::string(kObjectVerbs));
  }
  if (done) tell_object(*id);
  return done;
}

// ---- what stays ------------------------------------------------------------------------------------------------------

void Gathering::stand(const KeptObject& kept, std::string thing) {
  const Bounds& bounds = space_.options().bounds;
  const bool is_inside = kept.at.x >= bounds.low.x && kept.at.x <= bounds.high.x && kept.at.y >= bounds.low.y &&
                         kept.at.y <= bounds.high.y && kept.at.z >= bounds.low.z && kept.at.z <= bounds.high.z;
  if (!is_inside || space_.objects().find_kept(kept.id) != nullptr) return;
  PersonId owner = kNobody;
  space_.for_each_person([&](PersonId person) {
    if (space_.profile(person)->account == kept.owner) owner = person;
  });
  const auto id = space_.objects().stand({.at = kept.at,
                                          .orientation = kept.orientation,
                                          .owner = owner,
                                          .is_locked = kept.is_locked,
                                          .shape = kept.shape,
                                          .text = kept.text,
                                          .account = kept.owner,
                                          .kept = kept.id,
                                          .thing = std::move(thing),
                                          .by = kept.owner_name,
                                          .until_s = kept.stays_until.time_since_epoch().count()});
  if (id) tell_object(*id);
}

void Gathering::kept(ObjectId id, const KeptObject& kept, std::string thing) {
  SharedObject* object = space_.objects().edit(id);
  if (object == nullptr || !object->stays || object->kept != 0) {
    // Taken away meanwhile.
    if (keeper_ != nullptr) keeper_->taken_away({.account = kept.owner, .kept = kept.id});
    return;
  }
  object->kept = kept.id;
  object->thing = std::move(thing);
  object->until_s = kept.stays_until.time_since_epoch().count();
  if ((object->has_moved && object->holder == kNobody) || object->is_locked != kept.is_locked) settle(id);
  tell_object(id);
}

void Gathering::not_kept(ObjectId id, const base::Error& why) {
  SharedObject* object = space_.objects().edit(id);
  if (object == nullptr || !object->stays || object->kept != 0) return;
  object->stays = false;
  object->account = 0;
  const PersonId owner = object->owner;
  if (owner == kNobody) {
    const Place at = object->at;
    space_.objects().drop(id);
    tell_object_gone(id, at);
    return;
  }
  tell_object(id);
  tell_problem(space_, owner, "object", base::name_of(why.code), why.message);
}

void Gathering::gone(std::uint64_t kept) {
  const SharedObject* object = space_.objects().find_kept(kept);
  if (object == nullptr) return;
  const ObjectId id = object->id;
  const Place at = object->at;
  space_.objects().drop(id);
  tell_object_gone(id, at);
}

}  // namespace citiverse::presence
