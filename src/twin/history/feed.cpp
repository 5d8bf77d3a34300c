// One call of history an entity: its facts and samples go in under one lock.
#include "twin/history/feed.h"

namespace citiverse::twin::history {
namespace {

Sample sample_at(const Attribute& attribute, TimeUs now_us) {
  Sample sample{.attribute = attribute};
  if (sample.attribute.modified_us == kNoTime) sample.attribute.modified_us = now_us;
  return sample;
}

Sample deletion_at(const Attribute& attribute, TimeUs now_us) {
  Sample sample{.is_deletion = true};
  sample.attribute.name = attribute.name;
  sample.attribute.dataset = attribute.dataset;
  sample.attribute.kind = attribute.kind;
  sample.attribute.created_us = attribute.created_us;
  sample.attribute.modified_us = now_us;
  return sample;
}

EntityFacts facts_of(const Entity& entity, std::string_view tenant) {
  return {.tenant = tenant, .id = entity.id, .types = entity.types, .scopes = entity.scopes, .created_us = entity.created_us};
}

// Only numbers that count on over restarts say something to the next process: `number` is 0 where they do not.
base::Result<std::uint64_t> keep(const Change& change, std::uint64_t number, std::string_view tenant, History& history) {
  std::vector<Sample> samples;
  for (const AttributeChange& each : change.attributes) {
    if (each.what != AttributeChange::What::deleted) {
      if (const Attribute* attribute = change.after->find(each.name, each.dataset))
        samples.push_back(sample_at(*attribute, change.at_us));
    } else if (const Attribute* attribute = change.before->find(each.name, each.dataset)) {
      samples.push_back(deletion_at(*attribute, change.at_us));
    }
  }
  EntityFacts facts = facts_of(change.after != nullptr ? *change.after : *change.before, tenant);
  if (change.after == nullptr) facts.deleted_us = change.at_us;
  return history.record(facts, samples, number);
}

}  // namespace

base::Result<StoreWithHistory> open_with_history(Store::Clock clock, Durability durability, const std::filesystem::path& folder,
                                                 const Options& options, journal::Recovered& recovered, std::size_t log_bytes) {
  StoreWithHistory both;
  const auto following = std::make_shared<History*>();  // Stays where it is, as `both` does not.
  const auto open_history = [&](Names& names) -> base::Result<void> {
    auto history = History::open(options, names);
    if (!history) return std::unexpected(history.error());
    both.history = *std::move(history);
    *following = both.history.get();
    return {};
  };
  Store::Follower follower;
  follower.begin = [&](Names& names) -> base::Result<std::uint64_t> {
    if (auto opened = open_history(names); !opened) return std::unexpected(opened.error());
    return both.history->told_until();
  };
  follower.keep = [&](const Change& change, std::string_view tenant) -> base::Result<void> {
    auto kept = keep(change, change.sequence, tenant, *both.history);
    return kept ? base::Result<void>() : std::unexpected(std::move(kept.error()));
  };
  follower.hold = [following] { return (*following)->wait_for_all(); };
  auto store = Store::open(std::move(clock), durability, folder, recovered, log_bytes, follower);
  if (!store) return std::unexpected(store.error());
  both.store = *std::move(store);
  if (both.history == nullptr) {
    if (auto opened = open_history(both.store->names()); !opened) return std::unexpected(opened.error());
  }
  if (auto caught_up = catch_up(*both.store, *both.history); !caught_up) return std::unexpected(caught_up.error());
  return both;
}

std::shared_ptr<const FeedFigures> feed_history(Store& store, History& history) {
  auto figures = std::make_shared<FeedFigures>();
  store.listen([&store, &history, figures, is_durable = store.is_durable()](std::span<const Change> changes) {
    TenantId tenant = kDefaultTenant;
    std::string name;
    for (const Change& change : changes) {
      if (change.tenant != tenant) name = store.tenant_name(change.tenant).value_or("");
      tenant = change.tenant;
      figures->changes.fetch_add(1, std::memory_order_relaxed);
      if (!keep(change, is_durable ? change.sequence : 0, name, history)) figures->lost.fetch_add(1, std::memory_order_relaxed);
    }
  });
  return figures;
}

base::Result<void> catch_up(const Store& store, History& history) {
  base::Result<void> done;
  for (TenantId tenant = 0; done && store.tenant_name(tenant); ++tenant) {
    const std::string name = *store.tenant_name(tenant);
    std::vector<Sample> samples;
    store.scan(tenant, {}, 0, [&](Slot, const EntityPtr& entity) {
      samples.clear();
      for (const AttributePtr& each : entity->attributes) samples.push_back(sample_at(*each, entity->modified_us));
      const auto kept = history.record_if_newer(facts_of(*entity, name), samples);
      if (!kept) done = std::unexpected(kept.error());
      return done.has_value();
    });
  }
  return done;
}

}  // namespace citiverse::twin::history
