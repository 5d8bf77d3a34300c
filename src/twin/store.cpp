// Entities in slots in the order of creation, found by id; changes handed to listeners by one thread, in order.
#include "twin/store.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <unordered_map>
#include <utility>

namespace citiverse::twin {
namespace {

constexpr std::size_t kChangesWaitingMax = 200'000;
constexpr std::size_t kScanChunk = 4096;
constexpr std::size_t kTenantNameBytesMax = 64;

bool may_fit(const Entity& entity, const Narrowing& narrowing) {
  const auto is_there = [&](NameId type) { return std::ranges::find(entity.types, type) != entity.types.end(); };
  if (!narrowing.types.empty() && std::ranges::none_of(narrowing.types, is_there)) return false;
  const auto has = [&](NameId name) { return !entity.instances(name).empty(); };
  return narrowing.attributes.empty() || std::ranges::any_of(narrowing.attributes, has);
}

std::vector<AttributeChange> difference(const Entity* before, const Entity* after) {
  using What = AttributeChange::What;
  static const std::vector<AttributePtr> kNone;
  const auto& old = before == nullptr ? kNone : before->attributes;
  const auto& now = after == nullptr ? kNone : after->attributes;
  const auto key = [](const AttributePtr& each) { return std::pair(each->name, each->dataset); };
  std::vector<AttributeChange> changes;
  auto a = old.begin();
  auto b = now.begin();
  while (a != old.end() || b != now.end()) {
    if (b == now.end() || (a != old.end() && key(*a) < key(*b))) {
      changes.push_back({(*a)->name, (*a)->dataset, What::deleted});
      ++a;
    } else if (a == old.end() || key(*b) < key(*a)) {
      changes.push_back({(*b)->name, (*b)->dataset, What::created});
      ++b;
    } else {
      if (*a != *b) changes.push_back({(*b)->name, (*b)->dataset, What::updated});
      ++a, ++b;
    }
  }
  return changes;
}

}  // namespace

class Store::Data {
 public:
  struct Tenant {
    mutable std::shared_mutex mutex;
    std::unordered_map<std::string_view, Slot> slots_by_id;  // Keys live in the entities of the slots.
    std::deque<EntityPtr> slots;                             // Slot 1 first; null where an entity was deleted.
  };

  Data() : telling_([this](const std::stop_token& stop) { tell(stop); }) {}

  std::optional<TenantId> find_tenant(std::string_view name) const {
    const std::shared_lock lock(tenants_mutex_);
    for (std::size_t i = 0; i < names_.size(); ++i)
      if (names_[i] == name) return static_cast<TenantId>(i);
    return std::nullopt;
  }

  std::optional<std::string> tenant_name(TenantId tenant) const {
    const std::shared_lock lock(tenants_mutex_);
    return tenant < names_.size() ? std::optional(names_[tenant]) : std::nullopt;
  }

  base::Result<TenantId> tenant(std::string_view name) {
    if (const auto known = find_tenant(name)) return *known;
    const auto is_plain = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    };
    if (name.size() > kTenantNameBytesMax || !std::ranges::all_of(name, is_plain))
      return base::fail(base::ErrorCode::bad_input, "tenant: at most 64 of the characters a-z, A-Z, 0-9, _ and -");
    const std::unique_lock lock(tenants_mutex_);
    for (std::size_t i = 0; i < names_.size(); ++i)
      if (names_[i] == name) return static_cast<TenantId>(i);
    if (names_.size() == kTenantsMax) return base::fail(base::ErrorCode::limit, "this node keeps 64 tenants at most");
    names_.emplace_back(name);
    tenants_.emplace_back();
    return static_cast<TenantId>(names_.size() - 1);
  }

  Tenant& of(TenantId tenant) {
    const std::shared_lock lock(tenants_mutex_);
    return tenants_.at(tenant);
  }

  bool has_room() const { return waiting_.load(std::memory_order_relaxed) < kChangesWaitingMax; }

  // Called under the tenant's lock, so that a tenant's changes are queued in the order in which they happened.
  std::uint64_t queue(Change change) {
    const std::lock_guard lock(queue_mutex_);
    change.sequence = ++sequence_;
    queue_.push_back(std::move(change));
    waiting_.fetch_add(1, std::memory_order_relaxed);
    queued_.notify_one();
    return sequence_;
  }

  void listen(std::function<void(std::span<const Change>)> listener) {
    const std::lock_guard lock(queue_mutex_);
    listeners_.push_back(std::move(listener));
  }

  void flush() {
    std::unique_lock lock(queue_mutex_);
    const std::uint64_t last = sequence_;
    told_changed_.wait(lock, [&] { return told_ >= last; });
  }

 private:
  void tell(const std::stop_token& stop) {
    std::vector<Change> batch;
    std::unique_lock lock(queue_mutex_);
    while (true) {
      queued_.wait(lock, stop, [&] { return !queue_.empty(); });
      if (queue_.empty()) return;
      batch.swap(queue_);
      lock.unlock();
      for (const auto& listener : listeners_) listener(batch);
      lock.lock();
      told_ = batch.back().sequence;
      waiting_.fetch_sub(batch.size(), std::memory_order_relaxed);
      batch.clear();
      told_changed_.notify_all();
    }
  }

  mutable std::shared_mutex tenants_mutex_;
  std::vector<std::string> names_{""};
  std::deque<Tenant> tenants_{1};

  std::mutex queue_mutex_;
  std::condition_variable_any queued_;
  std::condition_variable told_changed_;
  std::vector<Change> queue_;
  std::vector<std::function<void(std::span<const Change>)>> listeners_;
  std::uint64_t sequence_ = 0;
  std::uint64_t told_ = 0;
  std::atomic<std::size_t> waiting_{0};
  std::jthread telling_;  // Last: it ends before what it uses.
};

Store::Store(Clock clock) : clock_(std::move(clock)), data_(std::make_unique<Data>()) {}
Store::~Store() = default;

std::optional<TenantId> Store::find_tenant(std::string_view name) const { return data_->find_tenant(name); }
std::optional<std::string> Store::tenant_name(TenantId tenant) const { return data_->tenant_name(tenant); }
base::Result<TenantId> Store::tenant(std::string_view name) { return data_->tenant(name); }

EntityPtr Store::find(TenantId tenant, std::string_view id) const {
  const Data::Tenant& data = data_->of(tenant);
  const std::shared_lock lock(data.mutex);
  const auto found = data.slots_by_id.find(id);
  return found == data.slots_by_id.end() ? nullptr : data.slots[found->second - 1];
}

std::size_t Store::size(TenantId tenant) const {
  const Data::Tenant& data = data_->of(tenant);
  const std::shared_lock lock(data.mutex);
  return data.slots_by_id.size();
}

void Store::scan(TenantId tenant, const Narrowing& narrowing, Slot after,
                 const std::function<bool(Slot, const EntityPtr&)>& on_entity) const {
  const Data::Tenant& data = data_->of(tenant);
  std::vector<std::pair<Slot, EntityPtr>> chunk;
  if (!narrowing.ids.empty()) {
    const std::shared_lock lock(data.mutex);
    for (const std::string& id : narrowing.ids)
      if (const auto found = data.slots_by_id.find(id); found != data.slots_by_id.end() && found->second > after)
        chunk.emplace_back(found->second, data.slots[found->second - 1]);
    std::ranges::sort(chunk, {}, &std::pair<Slot, EntityPtr>::first);
    const auto same = std::ranges::unique(chunk, {}, &std::pair<Slot, EntityPtr>::first);
    chunk.erase(same.begin(), same.end());
  }
  for (bool is_last = !narrowing.ids.empty();; is_last = !narrowing.ids.empty()) {
    if (narrowing.ids.empty()) {
      chunk.clear();
      const std::shared_lock lock(data.mutex);
      const Slot end = std::min<Slot>(data.slots.size(), after + kScanChunk);
      for (Slot slot = after + 1; slot <= end; ++slot)
        if (const EntityPtr& entity = data.slots[slot - 1]) chunk.emplace_back(slot, entity);
      after = end;
      is_last = end == data.slots.size();
    }
    for (const auto& [slot, entity] : chunk)
      if (may_fit(*entity, narrowing) && !on_entity(slot, entity)) return;
    if (is_last) return;
  }
}

base::Result<std::vector<base::Result<Written>>> Store::write(TenantId tenant, std::span<const Write> writes) {
  if (!data_->has_room()) return base::fail(base::ErrorCode::limit, "too many changes wait to be told; ask again in a second");
  Data::Tenant& data = data_->of(tenant);
  std::vector<base::Result<Written>> results;
  results.reserve(writes.size());
  const std::unique_lock lock(data.mutex);
  for (const Write& each : writes) {
    const auto found = data.slots_by_id.find(each.id);
    const EntityPtr before = found == data.slots_by_id.end() ? nullptr : data.slots[found->second - 1];
    auto after = each.edit(before);
    if (!after) {
      results.emplace_back(std::unexpected(std::move(after.error())));
      continue;
    }
    Written written{before, *after, 0};
    if (*after != before) {
      if (before != nullptr) {
        const Slot slot = found->second;
        data.slots_by_id.erase(found);
        data.slots[slot - 1] = *after;
        if (*after != nullptr) data.slots_by_id.emplace((*after)->id, slot);
      } else {
        if (data.slots_by_id.size() == kEntitiesMax) {
          results.emplace_back(base::fail(base::ErrorCode::limit, "this tenant is full"));
          continue;
        }
        data.slots.push_back(*after);
        data.slots_by_id.emplace((*after)->id, data.slots.size());
      }
      written.sequence = data_->queue({.sequence = 0,
                                       .tenant = tenant,
                                       .at_us = clock_(),
                                       .before = before,
                                       .after = *after,
                                       .attributes = difference(before.get(), after->get())});
    }
    results.emplace_back(std::move(written));
  }
  return results;
}

base::Result<std::vector<base::Result<Written>>> Store::write_soon(TenantId tenant, std::span<const Write> writes,
                                                                   WhenDurable when_durable) {
  auto written = write(tenant, writes);
  if (written) when_durable({});
  return written;
}

base::Result<Written> Store::write(TenantId tenant, std::string_view id, const Edit& edit) {
  const Write one{id, edit};
  auto done = write(tenant, {&one, 1});
  if (!done) return std::unexpected(done.error());
  return std::move(done->front());
}

void Store::listen(std::function<void(std::span<const Change>)> listener) { data_->listen(std::move(listener)); }
void Store::flush() { data_->flush(); }

}  // namespace citiverse::twin
