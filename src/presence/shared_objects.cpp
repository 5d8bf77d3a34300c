// Making, holding and moving shared objects.
#include "presence/shared_objects.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "base/text.h"
#include "presence/bytes.h"

namespace citiverse::presence {
namespace {

using base::ErrorCode;
using base::fail;

constexpr std::size_t kShapeBytesMax = 24;

// One word of the wire, and no place for a message.
bool is_shape(std::string_view word) {
  return !word.empty() && word.size() <= kShapeBytesMax &&
         std::ranges::all_of(word, [](char c) { return c >= 'a' && c <= 'z'; });
}

bool is_within(Place a, Place b, std::int32_t reach_cm) {
  const double dx = static_cast<double>(a.x) - b.x;
  const double dy = static_cast<double>(a.y) - b.y;
  return dx * dx + dy * dy <= static_cast<double>(reach_cm) * reach_cm;
}

bool is_inside(Place place, const Bounds& bounds) {
  return place.x >= bounds.low.x && place.x <= bounds.high.x && place.y >= bounds.low.y && place.y <= bounds.high.y &&
         place.z >= bounds.low.z && place.z <= bounds.high.z;
}

}  // namespace

const SharedObject* SharedObjects::find(ObjectId id) const {
  const auto found = std::ranges::find(objects_, id, &SharedObject::id);
  return found == objects_.end() ? nullptr : &*found;
}

base::Result<SharedObject*> SharedObjects::owned(PersonId person, ObjectId id) {
  const auto found = std::ranges::find(objects_, id, &SharedObject::id);
  if (found == objects_.end()) return fail(ErrorCode::not_found, fmt::format("object {}: not in this space", id));
  if (found->owner != person) return fail(ErrorCode::denied, fmt::format("object {}: only who made it may do this", id));
  return &*found;
}

base::Result<ObjectId> SharedObjects::make(PersonId owner, std::string_view shape, std::string_view text, Place at,
                                           std::uint32_t tick) {
  if (!is_shape(shape))
    return fail(ErrorCode::bad_input,
                fmt::format("shape: one word of at most {} letters a to z, such as ball", kShapeBytesMax));
  if (objects_.size() >= kObjectsMax)
    return fail(ErrorCode::limit, fmt::format("this space holds its {} objects; remove one first", kObjectsMax));
  const auto mine = static_cast<std::size_t>(std::ranges::count(objects_, owner, &SharedObject::owner));
  if (mine >= kObjectsOfOneMax)
    return fail(ErrorCode::limit, fmt::format("you have {} objects here; remove one first", kObjectsOfOneMax));
  SharedObject object;
  object.id = next_id_++;
  object.at = at;
  object.owner = owner;
  object.holder = owner;
  object.shape = shape;
  object.text = base::clean_text(text, kObjectTextBytesMax);
  object.moved_tick = tick;
  objects_.push_back(std::move(object));
  return objects_.back().id;
}

base::Result<void> SharedObjects::take(PersonId person, ObjectId id) {
  const auto found = std::ranges::find(objects_, id, &SharedObject::id);
  if (found == objects_.end()) return fail(ErrorCode::not_found, fmt::format("object {}: not in this space", id));
  if (found->is_locked && found->owner != person)
    return fail(ErrorCode::denied, fmt::format("object {}: its owner has locked it", id));
  if (found->holder != kNobody && found->holder != person && found->owner != person)
    return fail(ErrorCode::conflict, fmt::format("object {}: somebody else holds it", id));
  found->holder = person;
  return {};
}

base::Result<void> SharedObjects::release(PersonId person, ObjectId id) {
  const auto found = std::ranges::find(objects_, id, &SharedObject::id);
  if (found == objects_.end() || found->holder != person)
    return fail(ErrorCode::conflict, fmt::format("object {}: you do not hold it", id));
  found->holder = kNobody;
  return {};
}

base::Result<void> SharedObjects::set_locked(PersonId person, ObjectId id, bool is_locked) {
  const auto object = owned(person, id);
  if (!object) return std::unexpected(object.error());
  (*object)->is_locked = is_locked;
  if (is_locked && (*object)->holder != person) (*object)->holder = kNobody;
  return {};
}

base::Result<void> SharedObjects::remove(PersonId person, ObjectId id) {
  const auto object = owned(person, id);
  if (!object) return std::unexpected(object.error());
  objects_.erase(objects_.begin() + (*object - objects_.data()));
  return {};
}

bool SharedObjects::move(PersonId person, Place person_at, const ObjectMove& move, const Bounds& bounds, std::uint32_t tick) {
  const auto found = std::ranges::find(objects_, move.object, &SharedObject::id);
  if (found == objects_.end() || found->holder != person) return false;
  if (!is_inside(move.place, bounds) || !is_within(move.place, person_at, kReachCm)) return false;
  found->at = move.place;
  found->orientation = move.orientation;
  found->moved_tick = tick;
  found->has_moved = true;
  changed_tick_ = tick;
  return true;
}

std::vector<ObjectId> SharedObjects::forget(PersonId person) {
  std::vector<ObjectId> gone;
  for (SharedObject& object : objects_) {
    if (object.holder == person) object.holder = kNobody;
    if (object.owner != person) continue;
    if (object.stays)
      object.owner = kNobody;
    else
      gone.push_back(object.id);
  }
  std::erase_if(objects_, [&](const SharedObject& object) { return object.owner == person && person != kNobody; });
  return gone;
}

base::Result<ObjectId> SharedObjects::stand(SharedObject object) {
  if (objects_.size() >= kObjectsMax)
    return fail(ErrorCode::limit, fmt::format("this space holds its {} objects; remove one first", kObjectsMax));
  object.id = next_id_++;
  object.stays = true;
  objects_.push_back(std::move(object));
  return objects_.back().id;
}

void SharedObjects::adopt(PersonId person, std::uint64_t account) {
  if (account == 0) return;
  for (SharedObject& object : objects_)
    if (object.stays && object.account == account) object.owner = person;
}

void SharedObjects::drop(ObjectId id) {
  std::erase_if(objects_, [&](const SharedObject& object) { return object.id == id; });
}

SharedObject* SharedObjects::edit(ObjectId id) {
  const auto found = std::ranges::find(objects_, id, &SharedObject::id);
  return found == objects_.end() ? nullptr : &*found;
}

const SharedObject* SharedObjects::find_kept(std::uint64_t kept) const {
  const auto found = std::ranges::find(objects_, kept, &SharedObject::kept);
  return kept == 0 || found == objects_.end() ? nullptr : &*found;
}

SharedObjects::Moves SharedObjects::write_moves(Place around, const MaySeeObject& may_see, std::uint32_t since,
                                                std::uint32_t turn, std::uint8_t* out) const {
  const auto is_news = [&](const SharedObject& o) {
    return o.moved_tick > since && is_within(o.at, around, kObjectsSeenCm) && may_see(o);
  };
  const auto news = static_cast<std::size_t>(std::ranges::count_if(objects_, is_news));
  if (news == 0) return {0, true};
  const std::size_t first = news > kObjectsATickMax ? turn * kObjectsATickMax % news : 0;
  std::uint8_t* at = out + 1;
  std::size_t index = 0;
  out[0] = 0;
  for (const SharedObject& object : objects_) {
    if (!is_news(object)) continue;
    if ((index++ + news - first) % news >= kObjectsATickMax) continue;
    put(at, object.id);
    put(at + 4, object.at.x);
    put(at + 8, object.at.y);
    put(at + 12, object.at.z);
    for (std::size_t i = 0; i < 4; ++i) put(at + 16 + 2 * i, object.orientation[i]);
    at += kObjectBytes;
    ++out[0];
  }
  return {static_cast<std::size_t>(at - out), news <= kObjectsATickMax};
}

}  // namespace citiverse::presence
