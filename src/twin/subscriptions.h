// Who is to be told of what: every change is held against those few subscriptions that it may concern, once.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "twin/change.h"
#include "twin/interest_index.h"
#include "twin/query/entity_query.h"
#include "twin/store.h"

namespace citiverse::twin {

/// notificationTrigger (ETSI GS CIM 009 V1.9.1, 5.2.12), a bit each.
namespace trigger {
inline constexpr std::uint8_t kEntityCreated = 1;
inline constexpr std::uint8_t kEntityUpdated = 2;
inline constexpr std::uint8_t kEntityDeleted = 4;
inline constexpr std::uint8_t kAttributeCreated = 8;
inline constexpr std::uint8_t kAttributeUpdated = 16;
inline constexpr std::uint8_t kAttributeDeleted = 32;
inline constexpr std::uint8_t kDefault = kAttributeCreated | kAttributeUpdated;
}  // namespace trigger

/// What a subscription watches.
struct Watch {
  TenantId tenant = kDefaultTenant;
  EntityQuery query;            ///< With names that were interned, since what it names may come later.
  std::vector<NameId> watched;  ///< Attributes; empty: any.
  std::uint8_t triggers = trigger::kDefault;
  TimeUs throttling_us = 0;     ///< Least time between two notifications; what changes meanwhile is told together, newest.
  TimeUs interval_us = 0;       ///< Not 0: told of everything that matches at this interval, and of no change.
  TimeUs expires_us = kNoTime;  ///< By the store's clock.
};

/// One entity of a notification. `before` is what was there before the first change that was not told; null: nothing.
struct Noticed {
  EntityPtr before;
  EntityPtr after;         ///< Null: it was deleted.
  TimeUs at_us = kNoTime;  ///< Of the last change; kNoTime: it is told by interval.
};

/// True when nothing that the standard counts as a change differs: createdAt and modifiedAt do not count (5.8.6).
bool says_the_same(const Attribute& a, const Attribute& b);

/// Threads: safe. Add on_changes() to the store's listeners, and call tick() from one thread a few times a second.
/// Cost of a change: a look-up and the subscriptions that it may concern, whatever the number of others.
class Subscriptions {
 public:
  static constexpr std::size_t kSubscriptionsMax = 100'000;
  static constexpr std::size_t kEntitiesAtOnceMax = 1'000;      ///< Of one notification.
  static constexpr std::size_t kEntitiesHeldMax = 10'000;       ///< That wait for a throttled one; what is beyond is lost.
  static constexpr std::size_t kIntervalEntitiesMax = 100'000;  ///< That are told at one interval.

  /// `tell` is called without a lock that add() and remove() wait for; of one subscription in order, never twice at once. It
  /// may still be called for a subscription that was just removed. `steady` is microseconds of a clock that does not jump.
  using Tell = std::function<void(InterestId subscription, std::span<const Noticed> noticed)>;
  Subscriptions(const Store& store, NameId location, std::function<TimeUs()> steady, Tell tell);

  /// Fails: limit.
  base::Result<InterestId> add(Watch watch);
  void remove(InterestId subscription);
  void on_changes(std::span<const Change> changes);
  /// Tells what throttling held back and what is due by interval.
  void tick();
  std::size_t size() const;
  /// Changes that a throttled subscription was not told of, since too many entities changed while it had to wait.
  std::uint64_t lost() const { return lost_; }

 private:
  struct Entry {
    Watch watch;
    TimeUs told_us = kNoTime;  ///< Steady.
    std::map<std::string, Noticed> held;
    bool is_due_set = false;
  };
  struct Telling {
    InterestId subscription;
    std::vector<Noticed> noticed;
  };
  class Batch;
  bool is_concerned(const Entry& entry, const Change& change, const QSurroundings& surroundings) const;
  void notice(InterestId id, Entry& entry, const Change& change, TimeUs now_us, Batch& batch);
  void hold(Entry& entry, const Change& change);
  std::vector<std::pair<InterestId, std::shared_ptr<Entry>>> take_due(std::vector<Telling>& tellings);
  void tell_all_matching(InterestId id, const Entry& entry) const;
  void tell(const Telling& telling) const;

  const Store& store_;
  std::function<TimeUs()> steady_;
  Tell tell_;
  std::mutex telling_mutex_;  // Held while changes are told, so that they are told in order. Before mutex_.
  mutable std::mutex mutex_;
  InterestIndex interests_;
  std::unordered_map<InterestId, std::shared_ptr<Entry>> entries_;
  std::map<TimeUs, std::vector<InterestId>> due_;  // Steady; of those that wait for a moment.
  InterestId next_ = 1;
  std::atomic<std::uint64_t> lost_{0};
};

}  // namespace citiverse::twin
