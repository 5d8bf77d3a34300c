// The index names who may be concerned; triggers, watched attributes and conditions are asked in the order of what they cost.
#include "twin/subscriptions.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace citiverse::twin {
namespace {

using What = AttributeChange::What;

std::uint8_t trigger_of(What what) {
  switch (what) {
    case What::created: return trigger::kAttributeCreated;
    case What::updated: return trigger::kAttributeUpdated;
    case What::deleted: return trigger::kAttributeDeleted;
  }
  return 0;
}

// An attribute that was written again with what it said before has not changed.
bool has_changed(const Change& change, const AttributeChange& attribute) {
  if (attribute.what != What::updated || change.before == nullptr || change.after == nullptr) return true;
  const Attribute* before = change.before->find(attribute.name, attribute.dataset);
  const Attribute* after = change.after->find(attribute.name, attribute.dataset);
  return before == nullptr || after == nullptr || !says_the_same(*before, *after);
}

const std::string& id_of(const Change& change) { return change.after != nullptr ? change.after->id : change.before->id; }

bool has_expired(const Watch& watch, TimeUs now_us) { return watch.expires_us != kNoTime && watch.expires_us <= now_us; }

}  // namespace

// What is told of several changes: one notification a subscription, as long as no entity comes twice.
class Subscriptions::Batch {
 public:
  void begin(const Change& change) {
    if (entities_.insert(id_of(change)).second) return;
    entities_.clear();
    entities_.insert(id_of(change));
    open_.clear();
  }
  void add(InterestId id, const Change& change) {
    const auto [place, is_new] = open_.try_emplace(id, tellings.size());
    if (!is_new && tellings[place->second].noticed.size() < kEntitiesAtOnceMax) {
      tellings[place->second].noticed.push_back({change.before, change.after, change.at_us});
      return;
    }
    place->second = tellings.size();
    tellings.push_back({id, {{change.before, change.after, change.at_us}}});
  }

  std::vector<Telling> tellings;

 private:
  std::unordered_set<std::string_view> entities_;
  std::unordered_map<InterestId, std::size_t> open_;
};

bool says_the_same(const Attribute& a, const Attribute& b) {
  return a.name == b.name && a.dataset == b.dataset && a.unit == b.unit && a.object_type == b.object_type && a.kind == b.kind &&
         a.observed_us == b.observed_us && a.expires_us == b.expires_us && a.value == b.value &&
         std::ranges::equal(a.about, b.about, says_the_same);
}

Subscriptions::Subscriptions(const Store& store, NameId location, std::function<TimeUs()> steady, Tell tell)
    : store_(store), steady_(std::move(steady)), tell_(std::move(tell)), interests_(location) {}

base::Result<InterestId> Subscriptions::add(Watch watch) {
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= kSubscriptionsMax) return base::fail(base::ErrorCode::limit, "no more subscriptions fit on this node");
  const InterestId id = next_++;
  if (watch.interval_us == 0) {
    auto narrowing = watch.query.narrowing().value_or(Narrowing{});
    if (!watch.watched.empty()) narrowing.attributes = watch.watched;
    interests_.add(id, narrowing);
  } else {
    due_[steady_() + watch.interval_us].push_back(id);
  }
  auto entry = std::make_shared<Entry>();
  entry->watch = std::move(watch);
  entries_.emplace(id, std::move(entry));
  return id;
}

void Subscriptions::remove(InterestId subscription) {
  const std::lock_guard lock(mutex_);
  interests_.remove(subscription);
  entries_.erase(subscription);
}

std::size_t Subscriptions::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

bool Subscriptions::is_concerned(const Entry& entry, const Change& change, const QSurroundings& surroundings) const {
  const Watch& watch = entry.watch;
  if (watch.tenant != change.tenant || has_expired(watch, change.at_us)) return false;
  std::uint8_t wanted = watch.triggers;
  bool is_triggered = false;
  if ((wanted & trigger::kEntityUpdated) != 0 && change.before != nullptr && change.after != nullptr)
    wanted |= trigger::kAttributeCreated | trigger::kAttributeUpdated | trigger::kAttributeDeleted;
  const bool is_whole = (change.before == nullptr && (wanted & trigger::kEntityCreated) != 0) ||
                        (change.after == nullptr && (wanted & trigger::kEntityDeleted) != 0);
  for (const AttributeChange& each : change.attributes) {
    if (!watch.watched.empty() && std::ranges::find(watch.watched, each.name) == watch.watched.end()) continue;
    is_triggered = is_whole || ((trigger_of(each.what) & wanted) != 0 && has_changed(change, each));
    if (is_triggered) break;
  }
  if (!is_triggered && !(is_whole && watch.watched.empty())) return false;
  return watch.query.matches(change.after != nullptr ? *change.after : *change.before, surroundings);
}

void Subscriptions::hold(Entry& entry, const Change& change) {
  const std::string& id = id_of(change);
  if (const auto known = entry.held.find(id); known != entry.held.end()) {
    known->second.after = change.after;
    known->second.at_us = change.at_us;
  } else if (entry.held.size() < kEntitiesHeldMax) {
    entry.held.emplace(id, Noticed{change.before, change.after, change.at_us});
  } else {
    lost_.fetch_add(1);
  }
}

void Subscriptions::notice(InterestId id, Entry& entry, const Change& change, TimeUs now_us, Batch& batch) {
  const TimeUs wait_us = entry.watch.throttling_us;
  // What is held is told first, and by the tick.
  const bool must_wait = wait_us > 0 && (entry.is_due_set || (entry.told_us != kNoTime && now_us < entry.told_us + wait_us));
  if (!must_wait) {
    entry.told_us = now_us;
    return batch.add(id, change);
  }
  hold(entry, change);
  if (!std::exchange(entry.is_due_set, true)) due_[entry.told_us + wait_us].push_back(id);
}

void Subscriptions::tell(const Telling& telling) const {
  const std::span<const Noticed> all(telling.noticed);
  for (std::size_t at = 0; at < all.size(); at += kEntitiesAtOnceMax)
    tell_(telling.subscription, all.subspan(at, std::min(kEntitiesAtOnceMax, all.size() - at)));
}

void Subscriptions::on_changes(std::span<const Change> changes) {
  const std::lock_guard telling(telling_mutex_);
  Batch batch;
  std::vector<InterestId> found;
  {
    const std::lock_guard lock(mutex_);
    if (entries_.empty()) return;
    const TimeUs now_us = steady_();
    for (const Change& change : changes) {
      const QSurroundings surroundings{store_.names(), [&](std::string_view id) { return store_.find(change.tenant, id); }};
      interests_.find(change, found);
      if (found.empty()) continue;
      batch.begin(change);
      for (const InterestId id : found) {
        Entry& entry = *entries_.at(id);
        if (is_concerned(entry, change, surroundings)) notice(id, entry, change, now_us, batch);
      }
    }
  }
  for (const Telling& each : batch.tellings) tell(each);
}

// Conditions of those that are told by interval are asked here only, so no lock is needed for that long.
void Subscriptions::tell_all_matching(InterestId id, const Entry& entry) const {
  const auto narrowing = entry.watch.query.narrowing();
  if (!narrowing || has_expired(entry.watch, store_.now_us())) return;
  const TenantId tenant = entry.watch.tenant;
  const QSurroundings surroundings{store_.names(), [&](std::string_view linked) { return store_.find(tenant, linked); }};
  Telling telling{id, {}};
  store_.scan(tenant, *narrowing, 0, [&](Slot, const EntityPtr& entity) {
    if (entry.watch.query.matches(*entity, surroundings)) telling.noticed.push_back({entity, entity, kNoTime});
    return telling.noticed.size() < kIntervalEntitiesMax;
  });
  tell(telling);
}

std::vector<std::pair<InterestId, std::shared_ptr<Subscriptions::Entry>>> Subscriptions::take_due(
    std::vector<Telling>& tellings) {
  std::vector<std::pair<InterestId, std::shared_ptr<Entry>>> by_interval;
  const std::lock_guard lock(mutex_);
  const TimeUs now_us = steady_();
  while (!due_.empty() && due_.begin()->first <= now_us) {
    const auto due = due_.extract(due_.begin());
    for (const InterestId id : due.mapped()) {
      const auto place = entries_.find(id);
      if (place == entries_.end()) continue;
      Entry& entry = *place->second;
      if (entry.watch.interval_us > 0) {
        due_[std::max(due.key() + entry.watch.interval_us, now_us + 1)].push_back(id);
        by_interval.emplace_back(id, place->second);
        continue;
      }
      entry.is_due_set = false;
      entry.told_us = now_us;
      Telling telling{id, {}};
      for (auto& [entity, each] : entry.held) telling.noticed.push_back(std::move(each));
      entry.held.clear();
      if (!has_expired(entry.watch, store_.now_us())) tellings.push_back(std::move(telling));
    }
  }
  return by_interval;
}

void Subscriptions::tick() {
  std::vector<std::pair<InterestId, std::shared_ptr<Entry>>> by_interval;
  {
    const std::lock_guard telling(telling_mutex_);
    std::vector<Telling> tellings;
    by_interval = take_due(tellings);
    for (const Telling& each : tellings) tell(each);
  }
  for (const auto& [id, entry] : by_interval) tell_all_matching(id, *entry);
}

}  // namespace citiverse::twin
