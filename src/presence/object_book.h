// Things that stay: what people put down in spaces is kept over restarts, until somebody takes it away or its time is over.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "geo/lat_lon.h"
#include "presence/wire.h"
#include "storage/store.h"

namespace citiverse::presence {

using ObjectTime = std::chrono::sys_seconds;

inline constexpr std::size_t kKeptMax = 20'000;      ///< Standing at once on this node.
inline constexpr std::size_t kKeptOfSpaceMax = 256;  ///< Standing in one space; what else it holds goes with its people.
inline constexpr std::size_t kKeptOfOneMax = 8;      ///< Of one account, in all spaces together.
inline constexpr std::int64_t kKeptADayMax = 40;     ///< By one account in 24 hours, those taken away again included.
inline constexpr std::int64_t kKeptRowsMax = 200'000;
inline constexpr std::chrono::days kKeptTime{30};
/// What was taken away or is too old is kept so long for moderators, then deleted.
inline constexpr std::chrono::days kKeptAfterTime{30};

struct KeptObject {
  std::uint64_t id = 0;
  std::string space;        ///< As one enters it.
  std::uint64_t owner = 0;  ///< An account; never told to others.
  std::string owner_name;   ///< When it was put down.
  std::string shape;
  std::string text;
  geo::LatLon origin{};  ///< Of the frame that `at` is in.
  Place at;
  std::array<std::int16_t, 4> orientation{0, 0, 0, 32767};
  bool is_locked = false;
  ObjectTime put_down_at{};
  ObjectTime stays_until{};
};

/// What stands is in memory, and everything in a store: what was acknowledged survives a killed process. Threads: safe; who
/// only reads what stands never waits for the disk.
class ObjectBook {
 public:
  struct Surroundings {
    std::function<ObjectTime()> now;
    std::function<std::uint64_t()> random_id;
  };
  /// Told of each thing that no longer stands (false) or stands again (true), from the thread that changed it, once it is on
  /// the disk; not of new ones.
  using Listener = std::function<void(const KeptObject&, bool stands)>;

  /// Fails: unavailable, corrupt. `store` must outlive it.
  static base::Result<std::unique_ptr<ObjectBook>> load(storage::Store& store, Surroundings surroundings);
  /// Before the first change.
  void set_listener(Listener listener) { listener_ = std::move(listener); }

  /// Gives id and times. Fails: limit, naming which.
  base::Result<KeptObject> keep(KeptObject object);
  /// It was put down elsewhere, turned, locked or unlocked. Nothing happens to one that does not stand.
  base::Result<void> settle(std::uint64_t id, Place at, const std::array<std::int16_t, 4>& orientation, bool is_locked);
  /// By its owner. Fails: not_found.
  base::Result<void> remove(std::uint64_t owner, std::uint64_t id);
  /// All that an account has standing.
  base::Result<void> remove_all_of(std::uint64_t owner);
  /// By a moderator, and back. Nothing happens to one that is gone.
  base::Result<void> hide(std::uint64_t id, bool hidden);

  /// What stands in a space, oldest first.
  std::vector<KeptObject> in_space(std::string_view space) const;
  /// What stands of an account, newest first.
  std::vector<KeptObject> of_owner(std::uint64_t owner) const;
  /// Fails: not_found for what does not stand.
  base::Result<KeptObject> get(std::uint64_t id) const;
  /// For moderators: whatever is kept. Fails: not_found.
  base::Result<KeptObject> get_kept(std::uint64_t id);
  /// All that is kept of an account, newest first.
  base::Result<std::vector<KeptObject>> kept_of_owner(std::uint64_t owner);

  /// Ends what has stood for long enough, and deletes what need not be kept any longer. Call now and then.
  base::Result<void> sweep();
  base::Result<void> erase(std::uint64_t owner);

 private:
  ObjectBook(storage::Store& store, Surroundings surroundings) : store_(store), surroundings_(std::move(surroundings)) {}
  base::Result<void> check_room(const KeptObject& object) const;
  /// Out of memory, and told; `writing_` is not held.
  void end(const std::vector<KeptObject>& ended);
  template <class IsIt>
  std::vector<KeptObject> standing(IsIt&& is_it) const;

  storage::Store& store_;
  Surroundings surroundings_;
  Listener listener_;
  std::mutex writing_;               // One writer at a time; it alone changes standing_.
  mutable std::shared_mutex mutex_;  // Of standing_; never held while the disk is written.
  std::map<std::uint64_t, KeptObject> standing_;
};

}  // namespace citiverse::presence
