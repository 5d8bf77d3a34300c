// What cannot be without an entity goes with it (OGC 18-088, table 26): values before Datastreams, Datastreams before Things.
#include <algorithm>

#include <fmt/format.h>

#include "api/sensor_things/changes.h"
#include "api/sensor_things/ids.h"

namespace citiverse::api::sensor_things {
namespace {

using base::ErrorCode;

std::unexpected<base::Error> known_from_values() {
  return base::fail(ErrorCode::bad_input, "this entity is known from values alone: it goes when they go");
}

}  // namespace

base::Result<std::vector<Item>> Changes::collected(const Item& item, std::string_view navigation) {
  std::vector<Item> items;
  auto read = reader_.each_related(item, *find_navigation(item.kind, navigation), {}, [&](Item& each) {
    items.push_back(std::move(each));
    return items.size() > kRemovedMax ? Go::stop : Go::on;
  });
  if (!read) return std::unexpected(std::move(read.error()));
  if (items.size() > kRemovedMax)
    return base::fail(ErrorCode::limit,
                      fmt::format("more than {} {} would change with it; delete some of them first", kRemovedMax, navigation));
  return items;
}

Changes::Done Changes::remove(const Item& item) {
  switch (item.kind) {
    case Kind::thing: return remove_thing(item);
    case Kind::datastream: return remove_datastream(item);
    case Kind::location: return remove_location(item);
    case Kind::historical_location: return remove_value(item);
    case Kind::observation: return remove_value(item);
    default: return remove_described(item);
  }
}

Changes::Done Changes::remove_entity(const twin::Entity& entity) {
  Plan plan(api_);
  plan.change(entity.id).is_deletion = true;
  if (auto done = plan.commit(); !done) return done;
  const auto erased = api_.history.erase_entity("", entity.id);
  if (!erased && erased.error().code == ErrorCode::not_found) return {};
  return wait(erased);
}

Changes::Done Changes::remove_thing(const Item& item) { return remove_entity(*item.entity); }

Changes::Done Changes::remove_datastream(const Item& item) {
  Plan plan(api_);
  auto& names = api_.store.names();
  const DatastreamName name{{}, std::string(names.text(item.attribute)), std::string(names.text(item.dataset))};
  plan.change(item.entity->id).removes = {{item.attribute, item.dataset},
                                          {terms_.datastream, names.intern(description_dataset(name))}};
  if (auto done = plan.commit(); !done) return done;
  const auto kept = api_.history.find_entity("", item.entity->id);
  if (!kept) return {};
  for (const twin::history::SeriesFacts& each : kept->series)
    if (each.attribute == item.attribute && each.dataset == item.dataset) return wait(api_.history.erase(each.series));
  return {};
}

// Sensors and ObservedProperties with their Datastreams, FeaturesOfInterest with their Observations.
Changes::Done Changes::remove_described(const Item& item) {
  if (!is_stored(item)) return known_from_values();
  const bool is_feature = item.kind == Kind::feature_of_interest;
  const auto with_it = collected(item, is_feature ? "Observations" : "Datastreams");
  if (!with_it) return std::unexpected(with_it.error());
  for (const Item& each : *with_it)
    if (auto done = remove(each); !done) return done;
  return remove_entity(*item.entity);
}

Changes::Done Changes::remove_location(const Item& item) {
  if (item.is_past) return remove_value(item);
  if (!is_stored(item)) {
    Plan plan(api_);
    plan.change(item.entity->id).removes = {{terms_.location, twin::kNoName}};
    return plan.commit();
  }
  const auto things = collected(item, "Things");
  if (!things) return std::unexpected(things.error());
  const auto historical = collected(item, "HistoricalLocations");
  if (!historical) return std::unexpected(historical.error());
  Plan plan(api_);
  Creation creation(api_, reader_, plan);
  for (const Item& thing : *things) {
    auto links = reader_.maker().links_of(*thing.entity->find(terms_.location), terms_.locations);
    std::erase(links, item.id);
    if (links.empty()) {
      plan.change(thing.entity->id).removes.emplace_back(terms_.location, twin::kNoName);
    } else if (auto put = creation.put_in_place(thing.entity->id, links); !put) {
      return put;
    }
  }
  if (auto done = plan.commit(); !done) return done;
  for (const Item& each : *historical) {
    const auto sample = sample_of(each);
    if (!sample) return std::unexpected(sample.error());
    if (auto done = wait(api_.history.remove(each.series, sample->instance)); !done) return done;
  }
  return remove_entity(*item.entity);
}

Changes::Done Changes::remove_value(const Item& item) {
  const auto sample = sample_of(item);
  if (!sample) return std::unexpected(sample.error());
  if (auto done = wait(api_.history.remove(item.series, sample->instance)); !done) return done;
  Item value = item;
  if (item.is_past) value.attribute = terms_.location;
  return refresh_present(value);
}

}  // namespace citiverse::api::sensor_things
