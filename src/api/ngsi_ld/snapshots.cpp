// A map of small stores; whoever is answering from one holds on to it while it is let go here.
#include "api/ngsi_ld/snapshots.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/fresh_id.h"
#include "api/ngsi_ld/errors.h"
#include "base/check.h"
#include "base/json_writer.h"
#include "base/random.h"
#include "twin/moment.h"

namespace citiverse::api::ngsi_ld {
namespace {

constexpr std::size_t kWritesAtOnce = 1'000;

void write_results(base::JsonWriter& json, const Snapshot& snapshot) {
  json.key("snapshotQueriesDetails").begin_array();
  for (const SnapshotQueryResult& each : snapshot.results) {
    json.begin_object().member("resultStatus", text_of(each.status));
    if (!each.problem.empty()) json.key("problemDetails").raw(each.problem);
    json.end_object();
  }
  json.end_array();
}

enum class SnapshotUse : std::uint8_t { answers, refuses, ignores };
SnapshotUse snapshot_use(std::string_view path) {
  const auto is_below = [&](std::string_view root) { return path.starts_with(root); };
  if (is_below("/entities") || is_below("/entityOperations") || is_below("/types") || is_below("/attributes"))
    return SnapshotUse::answers;
  return is_below("/temporal") || is_below("/subscriptions") ? SnapshotUse::refuses : SnapshotUse::ignores;
}

}  // namespace

SnapshotWorld::SnapshotWorld(const NgsiLdApi& live, std::string_view tenant)
    : store_([&live] { return live.store.now_us(); }, live.store),
      tenant_([&] {
        const auto made = store_.tenant(tenant);
        CITIVERSE_CHECK(made.has_value(), "the node's store has a tenant of this name");
        return *made;
      }()),
      twin_{store_, live.twin.may_use_tenant},
      api_{twin_, live.contexts} {}

void SnapshotWorld::add(std::span<const twin::EntityPtr> entities) {
  std::vector<twin::Write> writes;
  for (std::size_t i = 0; i < entities.size(); ++i) {
    writes.push_back({entities[i]->id, [&entity = entities[i]](const twin::EntityPtr& before) -> base::Result<twin::EntityPtr> {
                        if (before == nullptr || before == entity) return entity;
                        auto whole = std::make_shared<twin::Entity>(*before);
                        for (const twin::AttributePtr& attribute : entity->attributes) whole->put(attribute);
                        return whole;
                      }});
    if (writes.size() < kWritesAtOnce && i + 1 < entities.size()) continue;
    CITIVERSE_CHECK(store_.write(tenant_, writes).has_value(), "in memory nothing waits for a disk");
    writes.clear();
  }
}

std::vector<twin::EntityPtr> SnapshotWorld::entities() const {
  std::vector<twin::EntityPtr> all;
  store_.scan(tenant_, {}, 0, [&](twin::Slot, const twin::EntityPtr& entity) {
    all.push_back(entity);
    return true;
  });
  return all;
}

std::string_view text_of(SnapshotStatus status) {
  switch (status) {
    case SnapshotStatus::success: return "success";
    case SnapshotStatus::partial: return "partial";
    case SnapshotStatus::empty: return "empty";
    case SnapshotStatus::failure: return "failure";
  }
  return {};
}

SnapshotStatus Snapshot::status() const {
  const auto is = [](SnapshotStatus status) {
    return [status](const SnapshotQueryResult& each) { return each.status == status; };
  };
  if (std::ranges::all_of(results, is(SnapshotStatus::failure))) return SnapshotStatus::failure;
  if (std::ranges::any_of(results, is(SnapshotStatus::failure))) return SnapshotStatus::partial;
  return std::ranges::all_of(results, is(SnapshotStatus::empty)) ? SnapshotStatus::empty : SnapshotStatus::success;
}

twin::TimeUs snapshot_expiry(twin::TimeUs created_us, const SnapshotSettings& settings) {
  const auto lifetime = twin::parse_duration(settings.lifetime);
  if (!lifetime || lifetime->is_zero()) return created_us + Snapshots::kLifetimeUs;
  return std::min(twin::period_start(created_us, *lifetime, 1), created_us + Snapshots::kLifetimeMaxUs);
}

void write_snapshot(std::string& out, const Snapshot& snapshot, std::string_view context) {
  base::JsonWriter json(out);
  json.begin_object().member("id", snapshot.id).member("type", "Snapshot");
  json.key("snapshotQueries").raw(snapshot.queries);
  json.member("snapshotStatus", text_of(snapshot.status()));
  write_results(json, snapshot);
  json.key("snapshotPriority").integer(snapshot.settings.priority);
  json.member_if_known("snapshotLifetime", snapshot.settings.lifetime).member_if_known("endpoint", snapshot.settings.endpoint);
  if (!snapshot.settings.receiver_info.empty()) json.key("receiverInfo").raw(snapshot.settings.receiver_info);
  json.member("createdAt", twin::moment_text(snapshot.created_us))
      .member("modifiedAt", twin::moment_text(snapshot.modified_us));
  json.member("lastUsedAt", twin::moment_text(snapshot.used_us)).member("expiresAt", twin::moment_text(snapshot.expires_us));
  if (!context.empty()) json.key("@context").raw(context);
  json.end_object();
}

Snapshots::Snapshots(std::function<twin::TimeUs()> now_us, net::Notifier* notifier)
    : now_us_(std::move(now_us)), notifier_(notifier) {}

// 5.5.15: those of low priority first, of equals the one that was not used for longest. With the lock held.
bool Snapshots::make_room(const Snapshot& snapshot) {
  while (!kept_.empty()) {
    std::size_t entities = snapshot.world->size();
    for (const auto& [key, each] : kept_) entities += each.world->size();
    if (kept_.size() < kSnapshotsMax && entities <= kAllEntitiesMax) return true;
    const auto least = std::ranges::min_element(
        kept_, {}, [](const auto& each) { return std::pair(each.second.settings.priority, each.second.used_us); });
    if (least->second.settings.priority > snapshot.settings.priority) return false;
    drop(least);
  }
  return true;
}

void Snapshots::drop(Kept::iterator place) {
  const auto gone = kept_.extract(place);
  tell(gone.mapped(), true);
}

Snapshots::Kept::iterator Snapshots::place_of(twin::TenantId tenant, std::string_view id) {
  const auto place = kept_.find(Key(tenant, id));
  return place == kept_.end() || place->second.expires_us <= now_us_() ? kept_.end() : place;
}

base::Result<void> Snapshots::check_endpoint(const SnapshotSettings& settings) const {
  if (notifier_ == nullptr || settings.endpoint.empty()) return {};
  return notifier_->check(settings.endpoint);
}

base::Result<std::string> Snapshots::add(twin::TenantId tenant, Snapshot snapshot) {
  if (auto checked = check_endpoint(snapshot.settings); !checked) return std::unexpected(checked.error());
  tick();
  snapshot.created_us = snapshot.modified_us = snapshot.used_us = now_us_();
  snapshot.expires_us = snapshot_expiry(snapshot.created_us, snapshot.settings);
  const std::lock_guard lock(mutex_);
  if (snapshot.id.empty()) snapshot.id = fresh_id("Snapshot");
  if (kept_.contains(Key(tenant, snapshot.id)))
    return base::fail(base::ErrorCode::conflict, "id: there is a snapshot of this id already");
  if (!make_room(snapshot))
    return base::fail(base::ErrorCode::limit,
                      "this node holds as many snapshots as it may; delete some, or give a higher priority");
  std::string id = snapshot.id;
  tell(snapshot, false);
  kept_.emplace(Key(tenant, id), std::move(snapshot));
  return id;
}

std::optional<Snapshot> Snapshots::find(twin::TenantId tenant, std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto place = place_of(tenant, id);
  return place == kept_.end() ? std::nullopt : std::optional(place->second);
}

std::optional<Snapshot> Snapshots::use(twin::TenantId tenant, std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto place = place_of(tenant, id);
  if (place == kept_.end()) return std::nullopt;
  place->second.used_us = now_us_();
  return place->second;
}

base::Result<void> Snapshots::change(twin::TenantId tenant, std::string_view id, SnapshotSettings settings) {
  if (auto checked = check_endpoint(settings); !checked) return checked;
  const std::lock_guard lock(mutex_);
  const auto place = place_of(tenant, id);
  if (place == kept_.end()) return base::fail(base::ErrorCode::not_found, "there is no such snapshot");
  Snapshot& snapshot = place->second;
  const twin::TimeUs expires_us = snapshot_expiry(snapshot.created_us, settings);
  const twin::TimeUs now_us = now_us_();
  if (expires_us <= now_us)
    return base::fail(base::ErrorCode::bad_input,
                      "snapshotLifetime: counted from when it was made, it would be over; delete the snapshot instead");
  snapshot.settings = std::move(settings);
  snapshot.expires_us = expires_us;
  snapshot.modified_us = now_us;
  tell(snapshot, false);
  return {};
}

base::Result<void> Snapshots::remove(twin::TenantId tenant, std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto place = place_of(tenant, id);
  if (place == kept_.end()) return base::fail(base::ErrorCode::not_found, "there is no such snapshot");
  drop(place);
  return {};
}

void Snapshots::remove_if(twin::TenantId tenant, const std::function<bool(const Snapshot&)>& is_meant) {
  const std::lock_guard lock(mutex_);
  for (auto each = kept_.begin(); each != kept_.end();) {
    const auto place = each++;
    if (place->first.first == tenant && is_meant(place->second)) drop(place);
  }
}

void Snapshots::tick() {
  const twin::TimeUs now_us = now_us_();
  const std::lock_guard lock(mutex_);
  for (auto each = kept_.begin(); each != kept_.end();) {
    const auto place = each++;
    if (place->second.expires_us <= now_us) drop(place);
  }
}

// 5.16.6, 5.3.4: one that is gone has expired before it is told of.
void Snapshots::tell(const Snapshot& snapshot, bool is_gone) {
  if (notifier_ == nullptr || snapshot.settings.endpoint.empty()) return;
  const twin::TimeUs now_us = now_us_();
  std::string body;
  base::JsonWriter json(body);
  json.begin_object().member("id", fresh_id("SnapshotNotification"));
  json.member("type", "SnapshotNotification").member("snapshotId", snapshot.id);
  json.member("notifiedAt", twin::moment_text(now_us));
  json.member("expiresAt", twin::moment_text(is_gone ? std::min(snapshot.expires_us, now_us - 1) : snapshot.expires_us));
  json.key("snapshotPriority").integer(snapshot.settings.priority);
  json.member("snapshotStatus", text_of(snapshot.status()));
  write_results(json, snapshot);
  json.end_object();
  std::string fields = snapshot.settings.fields;
  if (!snapshot.tenant_name.empty()) fields += fmt::format("NGSILD-Tenant: {}\r\n", snapshot.tenant_name);
  // What cannot be taken is counted by the notifier.
  (void)notifier_->send({.url = snapshot.settings.endpoint,
                         .fields = std::move(fields),
                         .body = std::move(body),
                         .order = base::mix64(std::hash<std::string_view>{}(snapshot.id)) | 1});
}

std::function<net::Reply(const net::Call&)> within_snapshots(
    const NgsiLdApi& api, std::string_view path, std::function<net::Reply(const NgsiLdApi&, const net::Call&)> make) {
  return [&api, use = snapshot_use(path), make = std::move(make)](const net::Call& call) {
    const std::string_view id = call.request.field("NGSILD-Snapshot");
    if (id.empty() || use == SnapshotUse::ignores) return make(api, call);
    if (use == SnapshotUse::refuses || api.snapshots == nullptr)
      return problem(ErrorType::operation_not_supported,
                     "NGSILD-Snapshot: snapshots hold entities, without history and "
                     "subscriptions");
    const auto tenant = tenant_to_read(api.twin, call.visitor, call.request.field("NGSILD-Tenant"));
    if (!tenant) return problem(ErrorType::nonexistent_tenant, "this tenant is not there, or not for you");
    const auto snapshot = api.snapshots->use(*tenant, id);
    if (!snapshot) return problem(ErrorType::resource_not_found, "NGSILD-Snapshot: there is no such snapshot");
    net::Reply reply = make(snapshot->world->api(), call);
    // Its store is in memory, so that no answer waits for a disk.
    reply.fields += fmt::format("NGSILD-Snapshot: {}\r\n", snapshot->id);
    return reply;
  };
}

}  // namespace citiverse::api::ngsi_ld
