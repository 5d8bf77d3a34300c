// Everything that lives in the twin now, and the one door through which it changes.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "twin/change.h"
#include "twin/journal/journal.h"
#include "twin/names.h"

namespace citiverse::twin {

/// Degrees on WGS 84; west may be greater than east where the box crosses the antimeridian.
struct LonLatBox {
  double west_deg = -180, south_deg = -90, east_deg = 180, north_deg = 90;
};

/// What indexes can narrow; each member that is empty narrows nothing, and all that are set hold together.
struct Narrowing {
  std::vector<std::string> ids;
  std::vector<NameId> types;       ///< One of these.
  std::vector<NameId> attributes;  ///< At least one of these.
  std::optional<LonLatBox> box;    ///< The geometry of `box_attribute` may reach into it.
  NameId box_attribute = kNoName;  ///< kNoName: "location".
};

/// The place of an entity in the order in which entities were created; never used again within a process.
using Slot = std::uint64_t;

/// How an entity is changed: given what is there (null: nothing), gives what shall be there. The same pointer back: nothing
/// changes. Null: it is deleted. Called under the tenant's lock: microseconds, no I/O, no call back into the store.
using Edit = std::function<base::Result<EntityPtr>(const EntityPtr& before)>;

struct Write {
  std::string_view id;
  Edit edit;
};

struct Written {
  EntityPtr before;
  EntityPtr after;
  std::uint64_t sequence = 0;  ///< Of the change; 0 when nothing changed.
};

/// Threads: safe. Readers get entities as they were at one moment of each; nobody waits for the disk while holding a lock.
class Store {
 public:
  static constexpr std::size_t kTenantsMax = 64;
  static constexpr std::size_t kEntitiesMax = 20'000'000;

  /// Microseconds since 1970 by the given clock.
  using Clock = std::function<TimeUs()>;
  /// Keeps nothing beyond its life.
  explicit Store(Clock clock);
  /// Likewise, with the names of another store, so that it can hold the same entities; that one must outlive it.
  Store(Clock clock, Store& with_names_of);
  /// Whoever follows all changes into files of its own and must not lack what was acknowledged, though it is told later.
  struct Follower {
    /// Called once the folder is this process's alone: up to which change its files hold everything.
    std::function<base::Result<std::uint64_t>(Names& names)> begin;
    /// Called for each later change that the logs hold, in the order in which they stand there.
    std::function<base::Result<void>(const Change& change, std::string_view tenant)> keep;
    /// Returns when its files hold all that it was told: asked before a log is removed, on a thread of the store.
    std::function<base::Result<void>()> hold;
  };
  /// With all that the folder holds, and what is written from now on as durable as was chosen; `recovered` says what was met.
  /// Durability::memory leaves the folder as it is, and calls no follower. Fails: corrupt, unavailable, what a follower fails
  /// with.
  static base::Result<std::unique_ptr<Store>> open(Clock clock, Durability durability, const std::filesystem::path& folder,
                                                   journal::Recovered& recovered, std::size_t log_bytes = journal::kLogBytes,
                                                   const Follower& follower = {});
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  Names& names() { return names_; }
  const Names& names() const { return names_; }
  TimeUs now_us() const { return clock_(); }

  /// The tenant of a name, "" being the default one; nothing when there is none.
  std::optional<TenantId> find_tenant(std::string_view name) const;
  /// The same, made when it is missing. Fails: bad_input, limit.
  base::Result<TenantId> tenant(std::string_view name);

  /// The name of a tenant; nothing when there is none of this number. Numbers have no gaps.
  std::optional<std::string> tenant_name(TenantId tenant) const;

  EntityPtr find(TenantId tenant, std::string_view id) const;
  std::size_t size(TenantId tenant) const;

  /// Calls `on_entity` for entities that may fit, in the order of creation, beginning after `after`, until it gives false. It
  /// may be given some that do not fit. Entities that come or go meanwhile may be met or not. No lock is held during the call.
  void scan(TenantId tenant, const Narrowing& narrowing, Slot after,
            const std::function<bool(Slot, const EntityPtr&)>& on_entity) const;

  /// Applies each write in order; one that fails leaves its entity as it was and does not stop the others. When this returns,
  /// what was written is as durable as the store promises. Fails as a whole, before anything: limit (too much waits to be made
  /// durable or to be told; ask again later), unavailable (the disk).
  base::Result<std::vector<base::Result<Written>>> write(TenantId tenant, std::span<const Write> writes);
  base::Result<Written> write(TenantId tenant, std::string_view id, const Edit& edit);
  /// The same without waiting: `when_durable` is called once, before this returns or later on a thread of the store; with an
  /// error when the disk refused, which ends all writing. It is not called when this fails. Short, or handing on.
  using WhenDurable = std::function<void(base::Result<void>)>;
  base::Result<std::vector<base::Result<Written>>> write_soon(TenantId tenant, std::span<const Write> writes,
                                                              WhenDurable when_durable);

  /// `listener` gets every change from now on, in order, in batches, on a thread of the store: quick, or handing on. Not
  /// removable; add before the first write.
  void listen(std::function<void(std::span<const Change>)> listener);
  /// Returns when every change that was written before this call has been given to all listeners.
  void flush();
  /// Whether what is acknowledged is on the disk; then sequences of changes count on over restarts.
  bool is_durable() const;

 private:
  class Data;
  Store(Clock clock, std::unique_ptr<Names> own_names, Names* names);

  std::unique_ptr<Names> own_names_;  // Null: those of another store.
  Names& names_;
  Clock clock_;
  std::unique_ptr<Data> data_;
};

}  // namespace citiverse::twin
