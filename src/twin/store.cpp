// Entities in slots in the order of creation, found by id; changes handed to listeners by one thread, in order.
#include "twin/store.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <tuple>
#include <utility>

#include "twin/id_table.h"
#include "twin/slot_index.h"

namespace citiverse::twin {
namespace {

constexpr std::size_t kChangesWaitingMax = 200'000;
constexpr std::size_t kScanChunkFirst = 64;  // A page of a list is found in the first.
constexpr std::size_t kScanChunk = 4096;
constexpr std::size_t kTenantNameBytesMax = 64;

// ETSI GS CIM 009, 4.7: the default geometry of an entity.
constexpr std::string_view kLocationName = "https://uri.etsi.org/ngsi-ld/location";

bool may_fit(const Entity& entity, const Narrowing& narrowing) {
  const auto is_there = [&](NameId type) { return std::ranges::find(entity.types, type) != entity.types.end(); };
  if (!narrowing.types.empty() && std::ranges::none_of(narrowing.types, is_there)) return false;
  const auto has = [&](NameId name) { return !entity.instances(name).empty(); };
  return narrowing.attributes.empty() || std::ranges::any_of(narrowing.attributes, has);
}

}  // namespace

class Store::Data {
 public:
  struct Tenant {
    explicit Tenant(NameId location) : index(location) {}

    mutable std::shared_mutex mutex;
    IdTable ids;
    std::deque<EntityPtr> slots;  // Slot 1 first; null where an entity was deleted.
    SlotIndex index;

    /// 0: there is none.
    Slot slot_of(std::string_view id) const {
      return ids.find(id, [&](Slot slot) { return slots[slot - 1]->id == id; });
    }
    const EntityPtr& at(Slot slot) const {
      static const EntityPtr kNone;
      return slot == 0 ? kNone : slots[slot - 1];
    }

    // With the lock held for writing.
    base::Result<Written> apply(const Write& write) {
      const Slot slot = slot_of(write.id);
      const EntityPtr before = at(slot);
      auto after = write.edit(before);
      if (!after) return std::unexpected(std::move(after.error()));
      if (before == nullptr && *after != nullptr && ids.size() == kEntitiesMax)
        return base::fail(base::ErrorCode::limit, "this tenant is full");
      publish(slot, before, *after);
      return Written{before, *std::move(after), 0};
    }
    // `slot` is that of `before`, or 0. An entity keeps its id for good.
    void publish(Slot slot, const EntityPtr& before, const EntityPtr& after) {
      if (before == after) return;
      if (slot == 0) {
        slots.push_back(after);
        slot = slots.size();
        ids.insert(after->id, slot);
      } else {
        slots[slot - 1] = after;
        if (after == nullptr) ids.erase(before->id, slot);
      }
      index.change(slot, before.get(), after.get());
    }

    // While the store is opened. Gives what there was and is.
    std::pair<EntityPtr, EntityPtr> replay(journal::Step&& step) {
      const Slot slot = slot_of(step.id);
      EntityPtr before = at(slot);
      if (step.what == journal::Step::What::change) {
        if (before == nullptr) return {};
        auto after = std::make_shared<Entity>(*before);
        after->created_us = step.entity->created_us;
        after->modified_us = step.entity->modified_us;
        after->expires_us = step.entity->expires_us;
        for (AttributePtr& attribute : step.entity->attributes) after->put(std::move(attribute));
        for (const auto& [name, dataset] : step.removed) after->remove(name, dataset);
        publish(slot, before, after);
        return {std::move(before), std::move(after)};
      }
      EntityPtr after = step.what == journal::Step::What::put ? EntityPtr(std::move(step.entity)) : nullptr;
      publish(slot, before, after);
      return {std::move(before), std::move(after)};
    }

    // Those that may fit, in the order of creation, in chunks under the lock; the calls come without it.
    template <class OnEntity>
    void scan(const Narrowing& narrowing, Slot after, OnEntity&& on_entity) const {
      std::vector<std::pair<Slot, EntityPtr>> chunk;
      std::vector<Slot> found;
      std::optional<std::vector<Slot>> places;
      const bool is_narrow = index.narrows(narrowing);
      std::size_t size = kScanChunkFirst;
      for (bool is_last = false; !is_last; size = std::min(size * 4, kScanChunk)) {
        chunk.clear();
        {
          const std::shared_lock lock(mutex);
          const auto take = [&](Slot slot) {
            const EntityPtr& entity = slots[slot - 1];
            if (entity != nullptr && may_fit(*entity, narrowing)) chunk.emplace_back(slot, entity);
          };
          if (is_narrow) {
            index.find(narrowing, after, size, places, found);
            std::ranges::for_each(found, take);
            is_last = found.size() < size;
            if (!found.empty()) after = found.back();
          } else {
            const Slot end = std::min<Slot>(slots.size(), after + size);
            for (Slot slot = after + 1; slot <= end; ++slot) take(slot);
            is_last = end == slots.size();
            after = std::max(after, end);
          }
        }
        for (const auto& [slot, entity] : chunk)
          if (!on_entity(slot, entity)) return;
      }
    }
  };

  explicit Data(NameId location) : location_(location), telling_([this](const std::stop_token& stop) { tell(stop); }) {
    tenants_.emplace_back(location);
  }

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
    tenants_.emplace_back(location_);
    return static_cast<TenantId>(names_.size() - 1);
  }

  Tenant& of(TenantId tenant) {
    const std::shared_lock lock(tenants_mutex_);
    return tenants_.at(tenant);
  }

  std::string_view name_of(TenantId tenant) {
    const std::shared_lock lock(tenants_mutex_);
    return names_.at(tenant);
  }
  std::size_t tenants() {
    const std::shared_lock lock(tenants_mutex_);
    return names_.size();
  }

  bool has_room() const { return waiting_.load(std::memory_order_relaxed) < kChangesWaitingMax; }

  // Called under the tenant's lock, so that a tenant's changes are queued in the order in which they happened. Gives the
  // sequence of the first.
  std::uint64_t queue(std::vector<Change>& changes) {
    const std::lock_guard lock(queue_mutex_);
    const std::uint64_t first = sequence_ + 1;
    const bool sleeps = queue_.empty();
    for (Change& change : changes) {
      change.sequence = ++sequence_;
      if (!listeners_.empty()) queue_.push_back(std::move(change));
    }
    if (listeners_.empty()) {
      told_ = sequence_;
      return first;
    }
    waiting_.fetch_add(changes.size(), std::memory_order_relaxed);
    if (sleeps) queued_.notify_one();
    return first;
  }

  // Before the first write.
  void count_on_from(std::uint64_t sequence) { sequence_ = told_ = std::max(sequence_, sequence); }

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
  std::deque<std::string> names_{""};  // Stay where they are.
  const NameId location_;
  std::deque<Tenant> tenants_;

  std::mutex queue_mutex_;
  std::condition_variable_any queued_;
  std::condition_variable told_changed_;
  std::vector<Change> queue_;
  std::vector<std::function<void(std::span<const Change>)>> listeners_;
  std::uint64_t sequence_ = 0;
  std::uint64_t told_ = 0;
  std::atomic<std::size_t> waiting_{0};
  std::jthread telling_;  // Last but the journal: it ends before what it uses.

 public:
  bool is_durable_ = false;
  std::unique_ptr<journal::Journal> journal_;  // Ends first: its threads read what is above.
};

Store::Store(Clock clock, std::unique_ptr<Names> own_names, Names* names)
    : own_names_(std::move(own_names)),
      names_(own_names_ ? *own_names_ : *names),
      clock_(std::move(clock)),
      data_(std::make_unique<Data>(names_.intern(kLocationName))) {}
Store::Store(Clock clock) : Store(std::move(clock), std::make_unique<Names>(), nullptr) {}
Store::Store(Clock clock, Store& with_names_of) : Store(std::move(clock), nullptr, &with_names_of.names_) {}
Store::~Store() = default;

base::Result<std::unique_ptr<Store>> Store::open(Clock clock, Durability durability, const std::filesystem::path& folder,
                                                 journal::Recovered& recovered, std::size_t log_bytes,
                                                 const Follower& follower) {
  auto store = std::make_unique<Store>(std::move(clock));
  if (durability == Durability::memory) return store;
  Data& data = *store->data_;
  base::Result<void> known;
  std::uint64_t followed = 0;
  const auto when_locked = [&]() -> base::Result<void> {
    if (!follower.begin) return {};
    const auto until = follower.begin(store->names_);
    if (!until) return std::unexpected(until.error());
    followed = *until;
    data.count_on_from(followed);
    return {};
  };
  const auto on_step = [&](journal::Step&& step) {
    const auto tenant = data.tenant(step.tenant);
    if (!tenant) known = std::unexpected(tenant.error());
    if (!known) return;
    const std::string tenant_name = step.tenant;
    Change change{.sequence = step.sequence, .tenant = *tenant, .at_us = step.at_us};
    std::tie(change.before, change.after) = data.of(*tenant).replay(std::move(step));
    data.count_on_from(change.sequence);
    if (!follower.keep || change.sequence <= followed || change.before == change.after) return;
    change.attributes = difference_in_content(change.before.get(), change.after.get());
    known = follower.keep(change, tenant_name);
  };
  auto journal = journal::Journal::open(folder, durability, store->names_, on_step, recovered, log_bytes, when_locked);
  if (!journal) return std::unexpected(journal.error());
  if (!known) return std::unexpected(known.error());
  data.journal_ = *std::move(journal);
  data.is_durable_ = true;
  const auto each_entity = [&data](const std::function<void(std::string_view, const Entity&)>& on_entity) {
    for (TenantId tenant = 0; tenant < data.tenants(); ++tenant) {
      const std::string_view name = data.name_of(tenant);
      data.of(tenant).scan({}, 0, [&](Slot, const EntityPtr& entity) {
        on_entity(name, *entity);
        return true;
      });
    }
  };
  // What a snapshot makes superfluous the follower has by then, so that what follows is all that it may still need.
  const auto before_removal = [&data, hold = follower.hold]() -> base::Result<void> {
    data.flush();
    return hold ? hold() : base::Result<void>();
  };
  data.journal_->start(store->names_, each_entity, before_removal);
  return store;
}

std::optional<TenantId> Store::find_tenant(std::string_view name) const { return data_->find_tenant(name); }
std::optional<std::string> Store::tenant_name(TenantId tenant) const { return data_->tenant_name(tenant); }
base::Result<TenantId> Store::tenant(std::string_view name) { return data_->tenant(name); }

EntityPtr Store::find(TenantId tenant, std::string_view id) const {
  const Data::Tenant& data = data_->of(tenant);
  const std::shared_lock lock(data.mutex);
  return data.at(data.slot_of(id));
}

std::size_t Store::size(TenantId tenant) const {
  const Data::Tenant& data = data_->of(tenant);
  const std::shared_lock lock(data.mutex);
  return data.ids.size();
}

void Store::scan(TenantId tenant, const Narrowing& narrowing, Slot after,
                 const std::function<bool(Slot, const EntityPtr&)>& on_entity) const {
  const Data::Tenant& data = data_->of(tenant);
  const auto offer = [&](Slot slot, const EntityPtr& entity) {
    return !may_fit(*entity, narrowing) || on_entity(slot, entity);
  };
  if (narrowing.ids.empty()) return data.scan(narrowing, after, on_entity);
  std::vector<std::pair<Slot, EntityPtr>> found;
  {
    const std::shared_lock lock(data.mutex);
    for (const std::string& id : narrowing.ids)
      if (const Slot slot = data.slot_of(id); slot > after) found.emplace_back(slot, data.at(slot));
  }
  std::ranges::sort(found, {}, &std::pair<Slot, EntityPtr>::first);
  const auto same = std::ranges::unique(found, {}, &std::pair<Slot, EntityPtr>::first);
  found.erase(same.begin(), same.end());
  for (const auto& [slot, entity] : found)
    if (!offer(slot, entity)) return;
}

base::Result<std::vector<base::Result<Written>>> Store::write_soon(TenantId tenant, std::span<const Write> writes,
                                                                   WhenDurable when_durable) {
  if (!data_->has_room()) return base::fail(base::ErrorCode::limit, "too many changes wait to be told; ask again in a second");
  journal::Journal* const journal = data_->journal_.get();
  if (journal != nullptr) {
    if (auto room = journal->has_room(); !room) return std::unexpected(room.error());
  }
  Data::Tenant& data = data_->of(tenant);
  const std::string_view tenant_name = data_->name_of(tenant);
  std::vector<base::Result<Written>> results;
  std::vector<Change> changes;
  std::vector<std::size_t> changed;  // Places in results.
  std::string steps(journal::kNumbersBytes, '\0');
  results.reserve(writes.size());
  {
    const std::unique_lock lock(data.mutex);
    for (const Write& each : writes) {
      auto written = data.apply(each);
      if (written && written->after != written->before) {
        changes.push_back(
            {0, tenant, clock_(), written->before, written->after, difference(written->before.get(), written->after.get())});
        if (journal != nullptr)
          journal::put_step(steps, tenant_name, written->before.get(), written->after.get(), changes.back().attributes, names_);
        changed.push_back(results.size());
      }
      results.emplace_back(std::move(written));
    }
    if (!changes.empty()) {
      const TimeUs at_us = changes.front().at_us;
      std::uint64_t sequence = data_->queue(changes);
      journal::set_numbers(steps, sequence, at_us);
      for (const std::size_t place : changed) results[place]->sequence = sequence++;
      if (journal != nullptr) {
        journal->append(steps, std::move(when_durable));
        return results;
      }
    }
  }
  // What is there already may be there since a moment ago, and not yet on the disk.
  if (journal != nullptr)
    journal->append_nothing(std::move(when_durable));
  else
    when_durable({});
  return results;
}

base::Result<std::vector<base::Result<Written>>> Store::write(TenantId tenant, std::span<const Write> writes) {
  struct Waiting {
    std::mutex mutex;
    std::condition_variable done;
    std::optional<base::Result<void>> durable;
  };
  const auto waiting = std::make_shared<Waiting>();
  auto written = write_soon(tenant, writes, [waiting](base::Result<void> durable) {
    const std::lock_guard lock(waiting->mutex);
    waiting->durable = std::move(durable);
    waiting->done.notify_one();
  });
  if (!written) return written;
  std::unique_lock lock(waiting->mutex);
  waiting->done.wait(lock, [&] { return waiting->durable.has_value(); });
  if (!*waiting->durable) return std::unexpected(waiting->durable->error());
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
bool Store::is_durable() const { return data_->is_durable_; }

}  // namespace citiverse::twin
