// Composed when the socket has room, so that a slow reader costs one pointer a thing and never sees an old value after a new.
#include "api/live/live_stream.h"

#include <algorithm>

#include "base/json_writer.h"
#include "twin/expiry.h"

namespace citiverse::api {
namespace {

constexpr std::size_t kItemsAtOnce = 100;

}  // namespace

bool LiveStream::is_wanted(const twin::Entity& entity) const {
  const auto& names = hub_.store().names();
  const auto is_named = [&](twin::NameId type) {
    return std::ranges::find(interest_.types, names.text(type)) != interest_.types.end();
  };
  if (!interest_.types.empty() && std::ranges::none_of(entity.types, is_named)) return false;
  if (!interest_.ids.empty() && std::ranges::find(interest_.ids, entity.id) == interest_.ids.end()) return false;
  if (!interest_.box) return true;
  const auto place = place_of(entity, hub_.location(), hub_.anchor());
  return place.point && twin::is_inside(*interest_.box, *place.point);
}

void LiveStream::keep(const std::string& id, twin::EntityPtr entity, bool replaces) {
  {
    const std::lock_guard lock(mutex_);
    if (replaces)
      waiting_[id] = std::move(entity);
    else
      waiting_.emplace(id, std::move(entity));
    if (waiting_.size() > kLiveStreamItemsMax) {
      waiting_.clear();
      has_lost_ = true;
    }
  }
  wake();
}

void LiveStream::offer_first(const twin::EntityPtr& entity) {
  if (is_wanted(*entity)) keep(entity->id, entity, false);
}

void LiveStream::offer(const twin::Change& change) {
  const bool is_seen = change.after != nullptr && is_wanted(*change.after);
  const bool was_seen = !is_seen && change.before != nullptr && is_wanted(*change.before);
  if (is_seen) keep(change.after->id, change.after, true);
  if (was_seen) keep(change.before->id, nullptr, true);
}

void LiveStream::take(std::string& out) {
  const std::lock_guard lock(mutex_);
  if (std::exchange(has_lost_, false)) net::append_event(out, "lost", "{}");
  if (waiting_.empty()) return;
  std::string data;
  std::vector<std::string> gone;
  base::JsonWriter json(data);
  json.begin_object().key("items").begin_array();
  for (std::size_t items = 0; items < kItemsAtOnce && !waiting_.empty(); ++items) {
    const auto next = waiting_.extract(waiting_.begin());
    if (const auto entity = twin::without_expired(next.mapped(), hub_.store().now_us()))
      write_live_item(json, *entity, hub_.store().names(), place_of(*entity, hub_.location(), hub_.anchor()), {});
    else
      gone.push_back(next.key());
  }
  json.end_array().key("gone").begin_array();
  for (const std::string& id : gone) json.text(id);
  json.end_array().end_object();
  net::append_event(out, "change", data);
}

}  // namespace citiverse::api
