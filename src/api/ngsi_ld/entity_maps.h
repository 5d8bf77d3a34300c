// Which entities a query found, kept for a while so that its later pages are of the same entities (ETSI GS CIM 009 V1.9.1,
// 4.5.25, 5.2.39, 5.5.14, 5.14).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/ngsi_ld/context.h"
#include "base/result.h"
#include "twin/change.h"
#include "twin/duration.h"

namespace citiverse::api::ngsi_ld {

struct EntityMap {
  std::string id;
  std::vector<std::string> ids;  ///< In the order of the query.
  twin::TimeUs expires_us = 0;
};
using EntityMapPtr = std::shared_ptr<const EntityMap>;

/// A cache in memory: who comes with a map that is gone is given a new one (5.5.14). Threads: safe.
class EntityMaps {
 public:
  static constexpr std::size_t kIdsMax = 100'000;                ///< Of one map.
  static constexpr std::size_t kMapsMax = 1'000;                 ///< Beyond, those go that would expire first.
  static constexpr std::size_t kAllIdsMax = 2'000'000;           ///< Likewise, of all maps together.
  static constexpr twin::TimeUs kLifetimeUs = 300'000'000;       ///< Where none is asked for.
  static constexpr twin::TimeUs kLifetimeMaxUs = 3'600'000'000;  ///< Whatever is asked for.

  explicit EntityMaps(std::function<twin::TimeUs()> now_us);

  /// Fails: limit.
  base::Result<EntityMapPtr> add(twin::TenantId tenant, std::vector<std::string> ids, std::optional<twin::Duration> lifetime);
  /// Null: there is none, or it has expired.
  EntityMapPtr find(twin::TenantId tenant, std::string_view id);
  /// By its id, or by the address at which it can be read.
  EntityMapPtr find_named(twin::TenantId tenant, std::string_view name) {
    return find(tenant, name.substr(name.rfind('/') + 1));
  }
  /// Not later than kLifetimeMaxUs from now. Fails: not_found.
  base::Result<void> set_expiry(twin::TenantId tenant, std::string_view id, twin::TimeUs expires_us);
  base::Result<void> remove(twin::TenantId tenant, std::string_view id);

 private:
  using Key = std::pair<twin::TenantId, std::string>;
  void drop_expired();
  void drop(std::map<Key, EntityMapPtr>::iterator place);

  std::function<twin::TimeUs()> now_us_;
  std::mutex mutex_;
  std::map<Key, EntityMapPtr> maps_;
  std::size_t all_ids_ = 0;
};

/// 5.2.39; every entity is held by this node, which "@none" says. `context` is written into it where there is one.
void write_entity_map(std::string& out, const EntityMap& map, const Context* context);
/// The field that says by which map a query went.
std::string entity_map_field(const EntityMap& map);

}  // namespace citiverse::api::ngsi_ld
