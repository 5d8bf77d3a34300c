// What was found at one time, kept apart from what lives on: to be asked, and to try things on, such as what is predicted
// (ETSI GS CIM 009 V1.9.1, 4.3.7, 5.2.41, 5.5.15, 5.16).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/ngsi_ld/ngsi_ld_api.h"
#include "net/notifier.h"
#include "twin/duration.h"

namespace citiverse::api::ngsi_ld {

/// The entities of one snapshot: a store of its own in memory, whose names are those of the node's store. A write to the one
/// is never seen in the other; entities that neither changed are shared.
class SnapshotWorld {
 public:
  /// `live` must outlive it. `tenant`: its name, "" for the default one.
  SnapshotWorld(const NgsiLdApi& live, std::string_view tenant);
  SnapshotWorld(const SnapshotWorld&) = delete;
  SnapshotWorld& operator=(const SnapshotWorld&) = delete;

  /// What routes answer from.
  const NgsiLdApi& api() const { return api_; }
  std::size_t size() const { return store_.size(tenant_); }
  /// Puts entities in; of one that is there already the attributes are put together.
  void add(std::span<const twin::EntityPtr> entities);
  std::vector<twin::EntityPtr> entities() const;

 private:
  twin::Store store_;
  const twin::TenantId tenant_;
  TwinApi twin_;
  NgsiLdApi api_;
};

/// What whoever made a snapshot may say of it, also later (5.16.4).
struct SnapshotSettings {
  static constexpr int kPriorityMin = 1, kPriorityMax = 10;
  int priority = 5;
  std::string lifetime;       ///< As it was written; empty: none was.
  std::string endpoint;       ///< Who is told what becomes of it; empty: nobody.
  std::string receiver_info;  ///< JSON, as it was written; empty: none was.
  std::string fields;         ///< The same as fields of HTTP.
};

enum class SnapshotStatus : std::uint8_t { success, partial, empty, failure };
/// How one of the queries ended (5.2.42).
struct SnapshotQueryResult {
  SnapshotStatus status = SnapshotStatus::success;  ///< Not partial.
  std::string problem;                              ///< Problem details as JSON, of failures.
};

struct Snapshot {
  std::string id;
  std::string tenant_name;
  SnapshotSettings settings;
  std::string queries;  ///< JSON, as they were written.
  std::vector<SnapshotQueryResult> results;
  twin::TimeUs created_us = 0, modified_us = 0, used_us = 0, expires_us = 0;
  std::shared_ptr<SnapshotWorld> world;

  SnapshotStatus status() const;
};
std::string_view text_of(SnapshotStatus status);
/// When one of such a lifetime ends that was made at `created_us`; not later than kLifetimeMaxUs after.
twin::TimeUs snapshot_expiry(twin::TimeUs created_us, const SnapshotSettings& settings);
/// Appends a Snapshot (5.2.41). `context` is written into it where there is one.
void write_snapshot(std::string& out, const Snapshot& snapshot, std::string_view context);

/// All snapshots of a node, in memory: they end with it, and earlier where others of higher priority need their place (5.5.15).
/// Threads: safe.
class Snapshots {
 public:
  static constexpr std::size_t kSnapshotsMax = 32;
  static constexpr std::size_t kEntitiesMax = 100'000;            ///< Found by the queries of one.
  static constexpr std::size_t kAllEntitiesMax = 1'000'000;       ///< Likewise, of all together.
  static constexpr twin::TimeUs kLifetimeUs = 3'600'000'000;      ///< Where none is asked for.
  static constexpr twin::TimeUs kLifetimeMaxUs = 86'400'000'000;  ///< Whatever is asked for.

  /// `notifier` tells endpoints, and must outlive it; null: nobody is told.
  Snapshots(std::function<twin::TimeUs()> now_us, net::Notifier* notifier);

  /// Its id, made where it has none, and its times are set here. Fails: conflict (the id), limit (all that are there are of
  /// higher priority), denied (its endpoint may not be told).
  base::Result<std::string> add(twin::TenantId tenant, Snapshot snapshot);
  std::optional<Snapshot> find(twin::TenantId tenant, std::string_view id);
  /// The same, noted as a use of it.
  std::optional<Snapshot> use(twin::TenantId tenant, std::string_view id);
  /// Fails: not_found, bad_input (it would have ended already), denied.
  base::Result<void> change(twin::TenantId tenant, std::string_view id, SnapshotSettings settings);
  base::Result<void> remove(twin::TenantId tenant, std::string_view id);
  void remove_if(twin::TenantId tenant, const std::function<bool(const Snapshot&)>& is_meant);
  /// Lets go what has expired. To be called every few seconds.
  void tick();

 private:
  using Key = std::pair<twin::TenantId, std::string>;
  using Kept = std::map<Key, Snapshot>;
  Kept::iterator place_of(twin::TenantId tenant, std::string_view id);
  bool make_room(const Snapshot& snapshot);
  void drop(Kept::iterator place);
  void tell(const Snapshot& snapshot, bool is_gone);
  base::Result<void> check_endpoint(const SnapshotSettings& settings) const;

  std::function<twin::TimeUs()> now_us_;
  net::Notifier* notifier_;
  std::mutex mutex_;
  Kept kept_;
};

/// What a route below kBase answers, where a request may name a snapshot by the field NGSILD-Snapshot (6.3.22): operations on
/// entities and their types are those of the snapshot's; temporal ones and subscriptions are not there for snapshots; any other
/// has nothing to do with them. `api` must outlive it.
std::function<net::Reply(const net::Call&)> within_snapshots(
    const NgsiLdApi& api, std::string_view path, std::function<net::Reply(const NgsiLdApi&, const net::Call&)> make);

}  // namespace citiverse::api::ngsi_ld
