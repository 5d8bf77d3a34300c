// A thing waits in one place of a row sorted by time, however often it changes; when its time has come it is looked at anew.
#include "twin/expiry.h"

#include <algorithm>
#include <memory>
#include <vector>

namespace citiverse::twin {
namespace {

TimeUs expiry_of(TimeUs expires_us) { return expires_us == kNoTime ? kNever : expires_us; }

TimeUs first_of(const Attribute& attribute) {
  TimeUs first = expiry_of(attribute.expires_us);
  for (const Attribute& each : attribute.about) first = std::min(first, first_of(each));
  return first;
}

// What a change has not touched was noted before.
bool may_expire(const Change& change) {
  if (change.before == nullptr || change.after->expires_us != kNoTime) return true;
  return std::ranges::any_of(change.attributes, [&](const AttributeChange& each) {
    const Attribute* const attribute = change.after->find(each.name, each.dataset);
    return attribute != nullptr && first_of(*attribute) != kNever;
  });
}

bool is_past(TimeUs expires_us, TimeUs now_us) { return expires_us != kNoTime && expires_us <= now_us; }

void drop_expired(Attribute& attribute, TimeUs now_us) {
  std::erase_if(attribute.about, [&](const Attribute& each) { return is_past(each.expires_us, now_us); });
  for (Attribute& each : attribute.about) drop_expired(each, now_us);
}

}  // namespace

TimeUs first_expiry(const Entity& entity) {
  TimeUs first = expiry_of(entity.expires_us);
  for (const AttributePtr& each : entity.attributes) first = std::min(first, first_of(*each));
  return first;
}

EntityPtr without_expired(const EntityPtr& entity, TimeUs now_us) {
  if (entity == nullptr || first_expiry(*entity) > now_us) return entity;
  if (is_past(entity->expires_us, now_us)) return nullptr;
  auto left = std::make_shared<Entity>(*entity);
  std::erase_if(left->attributes, [&](const AttributePtr& each) { return is_past(each->expires_us, now_us); });
  for (AttributePtr& each : left->attributes) {
    if (first_of(*each) > now_us) continue;
    auto shown = std::make_shared<Attribute>(*each);
    drop_expired(*shown, now_us);
    each = std::move(shown);
  }
  return left;
}

void Expiry::load() {
  for (TenantId tenant = 0; store_.tenant_name(tenant); ++tenant)
    store_.scan(tenant, {}, 0, [&](Slot, const EntityPtr& entity) {
      note(tenant, *entity);
      return true;
    });
}

void Expiry::on_changes(std::span<const Change> changes) {
  for (const Change& change : changes)
    if (change.after != nullptr && may_expire(change)) note(change.tenant, *change.after);
}

void Expiry::note(TenantId tenant, const Entity& entity) {
  const TimeUs at_us = first_expiry(entity);
  if (at_us == kNever) return;
  Key key(tenant, entity.id);
  const std::lock_guard lock(mutex_);
  if (const auto known = places_.find(key); known != places_.end()) {
    // Looking too early costs a look; what was put off is put off when it is looked at.
    if (known->second->first <= at_us) return;
    due_.erase(known->second);
    known->second = due_.emplace(at_us, std::move(key));
    return;
  }
  const auto place = due_.emplace(at_us, key);
  places_.emplace(std::move(key), place);
}

std::multimap<TimeUs, Expiry::Key> Expiry::take_due(TimeUs now_us) {
  std::multimap<TimeUs, Key> taken;
  const std::lock_guard lock(mutex_);
  while (!due_.empty() && due_.begin()->first <= now_us && taken.size() < kSweptAtOnceMax) {
    places_.erase(due_.begin()->second);
    taken.insert(taken.end(), due_.extract(due_.begin()));
  }
  return taken;
}

std::size_t Expiry::sweep() {
  std::size_t swept = 0;
  for (bool is_done = false; !is_done;) {
    const TimeUs now_us = store_.now_us();
    const auto due = take_due(now_us);
    is_done = due.size() < kSweptAtOnceMax;
    for (const auto& [at_us, key] : due) {
      const auto edit = [now_us](const EntityPtr& before) -> base::Result<EntityPtr> {
        EntityPtr after = without_expired(before, now_us);
        if (after == nullptr || after == before) return after;
        auto changed = std::make_shared<Entity>(*after);
        changed->modified_us = std::max(changed->modified_us, now_us);
        return changed;
      };
      const Write write{key.second, edit};
      // Nobody waits for this: what a crash undoes is swept once more.
      const auto done = store_.write_soon(key.first, std::span(&write, 1), [](const base::Result<void>&) {});
      if (!done) {
        // Too much waits, or the disk refuses: all that is left is looked at again next time.
        if (const EntityPtr entity = store_.find(key.first, key.second)) note(key.first, *entity);
        is_done = true;
        continue;
      }
      const base::Result<Written>& written = done->front();
      if (!written) continue;
      if (written->sequence != 0) ++swept;
      if (written->after != nullptr) note(key.first, *written->after);
    }
  }
  return swept;
}

std::size_t Expiry::waiting() const {
  const std::lock_guard lock(mutex_);
  return due_.size();
}

}  // namespace citiverse::twin
