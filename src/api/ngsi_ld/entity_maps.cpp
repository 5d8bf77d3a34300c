// Maps never change: another expiry makes another map of the same id.
#include "api/ngsi_ld/entity_maps.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/fresh_id.h"
#include "api/ngsi_ld/ngsi_ld_api.h"
#include "base/json_writer.h"
#include "twin/moment.h"

namespace citiverse::api::ngsi_ld {

EntityMaps::EntityMaps(std::function<twin::TimeUs()> now_us) : now_us_(std::move(now_us)) {}

void EntityMaps::drop(std::map<Key, EntityMapPtr>::iterator place) {
  all_ids_ -= place->second->ids.size();
  maps_.erase(place);
}

void EntityMaps::drop_expired() {
  const twin::TimeUs now_us = now_us_();
  for (auto each = maps_.begin(); each != maps_.end();) {
    const auto place = each++;
    if (place->second->expires_us <= now_us) drop(place);
  }
}

base::Result<EntityMapPtr> EntityMaps::add(twin::TenantId tenant, std::vector<std::string> ids,
                                           std::optional<twin::Duration> lifetime) {
  if (ids.size() > kIdsMax)
    return base::fail(base::ErrorCode::limit, fmt::format("an EntityMap holds {} entities at most", kIdsMax));
  const twin::TimeUs now_us = now_us_();
  twin::TimeUs expires_us = now_us + kLifetimeUs;
  if (lifetime) expires_us = std::min(twin::period_start(now_us, *lifetime, 1), now_us + kLifetimeMaxUs);
  auto map = std::make_shared<EntityMap>();
  map->expires_us = expires_us;
  map->ids = std::move(ids);
  const std::lock_guard lock(mutex_);
  drop_expired();
  while (!maps_.empty() && (maps_.size() >= kMapsMax || all_ids_ + map->ids.size() > kAllIdsMax))
    drop(std::ranges::min_element(maps_, {}, [](const auto& each) { return each.second->expires_us; }));
  map->id = fresh_id("EntityMap");
  all_ids_ += map->ids.size();
  maps_.emplace(Key(tenant, map->id), map);
  return map;
}

EntityMapPtr EntityMaps::find(twin::TenantId tenant, std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto place = maps_.find(Key(tenant, id));
  return place == maps_.end() || place->second->expires_us <= now_us_() ? nullptr : place->second;
}

base::Result<void> EntityMaps::set_expiry(twin::TenantId tenant, std::string_view id, twin::TimeUs expires_us) {
  const std::lock_guard lock(mutex_);
  const auto place = maps_.find(Key(tenant, id));
  const twin::TimeUs now_us = now_us_();
  if (place == maps_.end() || place->second->expires_us <= now_us)
    return base::fail(base::ErrorCode::not_found, "there is no such EntityMap");
  auto changed = std::make_shared<EntityMap>(*place->second);
  changed->expires_us = std::min(expires_us, now_us + kLifetimeMaxUs);
  place->second = std::move(changed);
  return {};
}

base::Result<void> EntityMaps::remove(twin::TenantId tenant, std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto place = maps_.find(Key(tenant, id));
  if (place == maps_.end() || place->second->expires_us <= now_us_())
    return base::fail(base::ErrorCode::not_found, "there is no such EntityMap");
  drop(place);
  return {};
}

void write_entity_map(std::string& out, const EntityMap& map, const Context* context) {
  base::JsonWriter json(out);
  json.begin_object().member("id", map.id).member("type", "EntityMap").member("expiresAt", twin::moment_text(map.expires_us));
  json.key("entityMap").begin_object();
  for (const std::string& id : map.ids) json.key(id).begin_array().text("@none").end_array();
  json.end_object().key("linkedMaps").begin_object().end_object();
  if (context != nullptr) json.key("@context").raw(context->json());
  json.end_object();
}

std::string entity_map_field(const EntityMap& map) {
  return fmt::format("NGSILD-EntityMap: {}/entityMaps/{}\r\n", kBase, map.id);
}

}  // namespace citiverse::api::ngsi_ld
