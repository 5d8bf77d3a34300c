// What is to last only for a while: when it ends, what is left of an entity then, and sweeping it away.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <utility>

#include "twin/change.h"
#include "twin/store.h"

namespace citiverse::twin {

inline constexpr TimeUs kNever = INT64_MAX;

/// When the first of an entity, its attributes and what is said of these expires; kNever where nothing does.
TimeUs first_expiry(const Entity& entity);
/// The same pointer where nothing has expired, null where the entity has; else another one without what has. Cheap where
/// nothing expires. Source: ETSI GS CIM 009 V1.9.1, 4.22.
EntityPtr without_expired(const EntityPtr& entity, TimeUs now_us);

/// Deletes what has expired, as anybody else would: history keeps it, and subscribers are told. Threads: safe. Memory: an entry
/// an entity that has something that expires.
class Expiry {
 public:
  static constexpr std::size_t kSweptAtOnceMax = 1'000;

  /// The store must outlive it, or call no more.
  explicit Expiry(Store& store) : store_(store) {}

  /// Takes note of what the store holds already.
  void load();
  /// Add to the store's listeners before load().
  void on_changes(std::span<const Change> changes);
  /// Deletes what has expired by now; call it every now and then, from one thread. What cannot be deleted, since the store is
  /// too busy, is tried again the next time. Gives how many entities were changed or deleted.
  std::size_t sweep();
  std::size_t waiting() const;

 private:
  using Key = std::pair<TenantId, std::string>;
  void note(TenantId tenant, const Entity& entity);
  std::multimap<TimeUs, Key> take_due(TimeUs now_us);

  Store& store_;
  mutable std::mutex mutex_;
  std::multimap<TimeUs, Key> due_;
  std::map<Key, std::multimap<TimeUs, Key>::iterator> places_;  // One a thing: the first moment at which to look at it.
};

}  // namespace citiverse::twin
