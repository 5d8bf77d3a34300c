// One listener serves all browsers: each change asks the index once, and only those it names are told.
#include "api/live/live_hub.h"

#include <algorithm>

#include "api/live/live_stream.h"
#include "twin/expiry.h"

namespace citiverse::api {

LiveHub::LiveHub(twin::Store& store)
    : store_(store),
      location_(store.names().intern(kLocationIri)),
      anchor_(store.names().intern(kAnchorIri)),
      interests_(location_) {
  twin::Narrowing anchored;
  anchored.attributes = {anchor_};
  store_.scan(twin::kDefaultTenant, anchored, 0, [&](twin::Slot, const twin::EntityPtr& entity) {
    twin::Change created;
    created.after = entity;
    move_anchor(created);
    return true;
  });
  store_.listen([this](std::span<const twin::Change> changes) { on_changes(changes); });
}

twin::Narrowing LiveHub::narrowing_of(const LiveInterest& interest) const {
  twin::Narrowing narrowing;
  narrowing.ids = interest.ids;
  for (const std::string& type : interest.types) narrowing.types.push_back(store_.names().find(type));
  // A type that nothing bears yet may be born later: then the index must not leave it out.
  if (std::ranges::find(narrowing.types, twin::kNoName) != narrowing.types.end()) narrowing.types.clear();
  narrowing.box = interest.box;
  narrowing.box_attribute = location_;
  return narrowing;
}

base::Result<std::shared_ptr<net::EventStream>> LiveHub::open(LiveInterest interest) {
  const auto narrowing = narrowing_of(interest);
  auto stream = std::make_shared<LiveStream>(*this, std::move(interest));
  {
    const std::lock_guard lock(streams_mutex_);
    if (streams_.size() >= kLiveStreamsMax)
      return base::fail(base::ErrorCode::limit, "no more readers of live values fit on this node; try again in a moment");
    stream->set_id(next_id_++);
    interests_.add(next_id_ - 1, narrowing);
    streams_.emplace(next_id_ - 1, stream);
  }
  std::size_t looked_at = 0;
  store_.scan(twin::kDefaultTenant, narrowing, 0, [&](twin::Slot, const twin::EntityPtr& entity) {
    stream->offer_first(entity);
    return ++looked_at < kLiveScanMax;
  });
  return stream;
}

void LiveHub::close(twin::InterestId id) {
  const std::lock_guard lock(streams_mutex_);
  interests_.remove(id);
  streams_.erase(id);
}

std::size_t LiveHub::streams() const {
  const std::lock_guard lock(streams_mutex_);
  return streams_.size();
}

void LiveHub::on_changes(std::span<const twin::Change> changes) {
  std::vector<twin::InterestId> found;
  std::vector<std::shared_ptr<LiveStream>> readers;
  for (const twin::Change& change : changes) {
    if (change.tenant != twin::kDefaultTenant) continue;
    move_anchor(change);
    readers.clear();
    {
      const std::lock_guard lock(streams_mutex_);
      if (streams_.empty()) continue;
      interests_.find(change, found);
      for (const twin::InterestId id : found)
        if (auto reader = streams_.at(id).lock()) readers.push_back(std::move(reader));
    }
    for (const auto& reader : readers) reader->offer(change);
  }
}

void LiveHub::move_anchor(const twin::Change& change) {
  const bool is_same_entity = change.before != nullptr && change.after != nullptr;
  const auto is_anchor = [&](const twin::AttributeChange& each) { return each.name == anchor_; };
  if (is_same_entity && std::ranges::none_of(change.attributes, is_anchor)) return;
  const auto anchor_of = [&](const twin::EntityPtr& entity) {
    return entity == nullptr ? std::string_view() : place_of(*entity, location_, anchor_).anchor;
  };
  const std::string_view was = anchor_of(change.before);
  const std::string_view is = anchor_of(change.after);
  if (was == is) return;
  const std::unique_lock lock(anchors_mutex_);
  if (!was.empty()) {
    const auto place = ids_by_anchor_.find(std::string(was));
    if (place != ids_by_anchor_.end()) {
      std::erase(place->second, change.before->id);
      if (place->second.empty()) ids_by_anchor_.erase(place);
    }
  }
  if (is.empty()) return;
  auto& ids = ids_by_anchor_[std::string(is)];
  const auto at = std::ranges::lower_bound(ids, change.after->id);
  if (at == ids.end() || *at != change.after->id) ids.insert(at, change.after->id);
}

std::vector<twin::EntityPtr> LiveHub::anchored_to(std::string_view object, std::size_t count_max) const {
  std::vector<std::string> ids;
  {
    const std::shared_lock lock(anchors_mutex_);
    if (const auto place = ids_by_anchor_.find(std::string(object)); place != ids_by_anchor_.end())
      ids.assign(place->second.begin(),
                 place->second.begin() + static_cast<std::ptrdiff_t>(std::min(count_max, place->second.size())));
  }
  std::vector<twin::EntityPtr> entities;
  for (const std::string& id : ids)
    if (auto entity = twin::without_expired(store_.find(twin::kDefaultTenant, id), store_.now_us()))
      entities.push_back(std::move(entity));
  return entities;
}

}  // namespace citiverse::api
