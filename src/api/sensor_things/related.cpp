// One entity by its id, and what leads from one to others.
#include <algorithm>

#include "api/sensor_things/ids.h"
#include "api/sensor_things/reader.h"

namespace citiverse::api::sensor_things {
namespace {

bool has_link(const std::vector<std::string>& links, std::string_view id) {
  return std::ranges::find(links, id) != links.end();
}

}  // namespace

Reader::Found Reader::find(Kind kind, std::string_view id) {
  switch (kind) {
    case Kind::thing: {
      const auto name = decoded(id);
      const auto entity = name ? living(*name) : nullptr;
      if (entity == nullptr || terms_.is_support(*entity)) return std::nullopt;
      return maker_.thing(entity);
    }
    case Kind::location: return find_location(id);
    case Kind::datastream: return find_datastream(id);
    case Kind::sensor: return find_sensor(id);
    case Kind::observed_property: return find_observed_property(id);
    case Kind::feature_of_interest: return find_feature(id);
    case Kind::historical_location: return find_value(kind, id);
    case Kind::observation: return find_value(kind, id);
  }
  return std::nullopt;
}

// An Observation, a HistoricalLocation or a Location that was, by its place in history.
Reader::Found Reader::find_value(Kind kind, std::string_view id) {
  const auto name = parse_value_id(id);
  if (!name) return std::nullopt;
  const auto owner = api_.history.owner_of(name->series);
  if (!owner || !owner->tenant.empty()) return std::nullopt;
  const auto thing = living(owner->entity);
  if (thing == nullptr || terms_.is_support(*thing)) return std::nullopt;
  if ((owner->attribute == terms_.location) != (kind != Kind::observation)) return std::nullopt;
  if (kind == Kind::observation && !maker_.has_datastream(*thing, owner->attribute, owner->dataset)) return std::nullopt;
  std::optional<Item> found;
  const auto on_past = [&](const PastValue& past) {
    if (kind == Kind::observation)
      found = maker_.observation(maker_.datastream(thing, owner->attribute, owner->dataset), past);
    else if (kind == Kind::historical_location)
      found = maker_.historical_location(thing, past);
    else
      found = maker_.past_location(thing, past);
    return Go::stop;
  };
  const Wanted at_once{.times = {name->time_us, name->time_us + 1}, .datastream_id = {}};
  Go go = Go::on;
  auto read = each_sample(*thing, owner->attribute, owner->dataset, at_once, on_past, go);
  if (!read) return std::unexpected(std::move(read.error()));
  return found;
}

Reader::Found Reader::find_location(std::string_view id) {
  if (parse_value_id(id)) return find_value(Kind::location, id);
  const auto name = decoded(id);
  const auto entity = name ? living(*name) : nullptr;
  if (entity == nullptr) return std::nullopt;
  const bool is_stored = std::ranges::find(entity->types, terms_.location_type) != entity->types.end();
  if (is_stored) return maker_.stored(Kind::location, entity);
  const twin::Attribute* place = entity->find(terms_.location);
  if (terms_.is_support(*entity) || place == nullptr || !maker_.links_of(*place, terms_.locations).empty()) return std::nullopt;
  return maker_.current_location(entity);
}

Reader::Found Reader::find_feature(std::string_view id) {
  const auto name = decoded(id);
  const auto entity = name ? living(*name) : nullptr;
  if (entity == nullptr) return std::nullopt;
  if (!terms_.is_support(*entity)) return maker_.feature_of(entity);
  const bool is_feature = std::ranges::find(entity->types, terms_.feature_type) != entity->types.end();
  return is_feature ? std::optional(maker_.stored(Kind::feature_of_interest, entity)) : std::nullopt;
}

Reader::Found Reader::find_datastream(std::string_view id) {
  const auto name = parse_datastream_id(id);
  const auto thing = name ? living(name->entity) : nullptr;
  if (thing == nullptr || terms_.is_support(*thing)) return std::nullopt;
  const twin::NameId attribute = api_.store.names().find(name->attribute);
  const twin::NameId dataset = name->dataset.empty() ? twin::kNoName : api_.store.names().find(name->dataset);
  const bool is_known = attribute != twin::kNoName && (name->dataset.empty() || dataset != twin::kNoName);
  if (!is_known || !maker_.has_datastream(*thing, attribute, dataset)) return std::nullopt;
  return maker_.datastream(thing, attribute, dataset);
}

Reader::Found Reader::find_sensor(std::string_view id) {
  std::optional<Item> found;
  if (id.starts_with(kSourcePrefix)) {
    const auto source = decoded(id.substr(kSourcePrefix.size()));
    if (!source) return std::nullopt;
    const auto on_first = [&](Item&) {
      found = maker_.sensor_of_source(*source);
      return Go::stop;
    };
    auto done = each_datastream_where([&](const Item& each) { return each.sensor_id == id; }, on_first);
    if (!done) return std::unexpected(std::move(done.error()));
    return found;
  }
  const auto name = decoded(id);
  const auto entity = name ? living(*name) : nullptr;
  if (entity == nullptr) return std::nullopt;
  if (std::ranges::find(entity->types, terms_.sensor_type) == entity->types.end()) return std::nullopt;
  return maker_.stored(Kind::sensor, entity);
}

Reader::Found Reader::find_observed_property(std::string_view id) {
  const auto name = decoded(id);
  if (!name) return std::nullopt;
  if (const auto entity = living(*name);
      entity != nullptr && std::ranges::find(entity->types, terms_.observed_property_type) != entity->types.end())
    return maker_.stored(Kind::observed_property, entity);
  const std::string iri = attribute_iri(*name);
  const twin::NameId attribute = api_.store.names().find(iri);
  if (attribute == twin::kNoName) return std::nullopt;
  std::optional<Item> found;
  auto done = each_entity({.attributes = {attribute}}, true, [&](const twin::EntityPtr& thing) {
    for (const twin::AttributePtr& each : thing->instances(attribute))
      if (maker_.has_datastream(*thing, attribute, each->dataset)) found = maker_.observed_property_of(iri);
    return found ? Go::stop : Go::on;
  });
  if (!done) return std::unexpected(std::move(done.error()));
  return found;
}

Reader::Read Reader::one(Kind kind, std::string_view id, const OnItem& on_item) {
  auto found = find(kind, id);
  if (!found) return std::unexpected(std::move(found.error()));
  if (*found) on_item(**found);
  return {};
}

Reader::Read Reader::each_related(const Item& from, const Navigation& navigation, const Wanted& wanted, const OnItem& on_item) {
  switch (from.kind) {
    case Kind::thing: return related_to_thing(from, navigation.target, wanted, on_item);
    case Kind::location: return related_to_location(from, navigation.target, on_item);
    case Kind::historical_location: return related_to_historical(from, navigation.target, on_item);
    case Kind::datastream: return related_to_datastream(from, navigation.target, wanted, on_item);
    case Kind::sensor: return each_datastream_where([&](const Item& each) { return each.sensor_id == from.id; }, on_item);
    case Kind::observed_property:
      return each_datastream_where([&](const Item& each) { return each.observed_property_id == from.id; }, on_item);
    case Kind::observation: return related_to_observation(from, navigation.target, on_item);
    case Kind::feature_of_interest: return observations_of_feature(from, wanted, on_item);
  }
  return {};
}

Reader::Read Reader::related_to_thing(const Item& from, Kind target, const Wanted&, const OnItem& on_item) {
  Go go = Go::on;
  if (target == Kind::datastream) return each_datastream(from.entity, on_item, go);
  if (target == Kind::historical_location) return each_historical(from.entity, on_item, go);
  return each_location_of(from.entity, on_item);
}

Reader::Read Reader::each_location_of(const twin::EntityPtr& thing, const OnItem& on_item) {
  const twin::Attribute* place = thing->find(terms_.location);
  if (place == nullptr) return {};
  const auto links = maker_.links_of(*place, terms_.locations);
  if (links.empty()) {
    Item item = maker_.current_location(thing);
    on_item(item);
    return {};
  }
  for (const std::string& link : links) {
    auto found = find_location(link);
    if (!found) return std::unexpected(std::move(found.error()));
    if (*found && on_item(**found) == Go::stop) break;
  }
  return {};
}

Reader::Read Reader::related_to_location(const Item& from, Kind target, const OnItem& on_item) {
  const bool wants_things = target == Kind::thing;
  if (from.is_past)  // It was: nothing is there now.
    return wants_things ? Read() : one(Kind::historical_location, from.id, on_item);
  const bool is_stored = terms_.is_support(*from.entity);
  if (!is_stored && wants_things) {
    Item item = maker_.thing(from.entity);
    on_item(item);
    return {};
  }
  const auto is_here = [&](const Item& each) { return is_stored ? has_link(each.links, from.id) : each.links.empty(); };
  Read inner;
  const auto on_thing = [&](const twin::EntityPtr& thing) {
    if (wants_things) {
      if (!has_link(maker_.links_of(*thing->find(terms_.location), terms_.locations), from.id)) return Go::on;
      Item item = maker_.thing(thing);
      return on_item(item);
    }
    const twin::Attribute* now = thing->find(terms_.location);
    const auto on_historical = [&](Item& each) {
      const bool is_now = is_stored || (now != nullptr && start_of(*each.find("time")) == time_of_value(*now));
      return is_here(each) && is_now ? on_item(each) : Go::on;
    };
    Go go = Go::on;
    inner = each_historical(thing, on_historical, go);
    return inner ? go : Go::stop;
  };
  if (!is_stored) {
    on_thing(from.entity);
    return inner;
  }
  const Read outer = each_entity({.attributes = {terms_.location}}, true, [&](const twin::EntityPtr& thing) {
    return thing->find(terms_.location) == nullptr ? Go::on : on_thing(thing);
  });
  return inner ? outer : inner;
}

Reader::Read Reader::related_to_historical(const Item& from, Kind target, const OnItem& on_item) {
  if (target == Kind::thing) {
    Item item = maker_.thing(from.entity);
    on_item(item);
    return {};
  }
  for (const std::string& link : from.links) {
    auto found = find_location(link);
    if (!found) return std::unexpected(std::move(found.error()));
    if (*found && on_item(**found) == Go::stop) return {};
  }
  if (!from.links.empty()) return {};
  const twin::Attribute* now = from.entity->find(terms_.location);
  if (now == nullptr || start_of(*from.find("time")) != time_of_value(*now)) return one(Kind::location, from.id, on_item);
  Item item = maker_.current_location(from.entity);
  on_item(item);
  return {};
}

Reader::Read Reader::related_to_datastream(const Item& from, Kind target, const Wanted& wanted, const OnItem& on_item) {
  Go go = Go::on;
  if (target == Kind::observation) return each_observation(from, wanted, on_item, go);
  if (target == Kind::sensor && from.sensor_id.starts_with(kSourcePrefix)) {
    Item item = maker_.sensor_of_source(decoded(from.sensor_id.substr(kSourcePrefix.size())).value_or(""));
    on_item(item);
    return {};
  }
  if (target == Kind::sensor) return one(target, from.sensor_id, on_item);
  const std::string_view iri = api_.store.names().text(from.attribute);
  if (target == Kind::observed_property && from.observed_property_id != coded(short_attribute(iri)))
    return one(target, from.observed_property_id, on_item);
  Item item = target == Kind::thing ? maker_.thing(from.entity) : maker_.observed_property_of(iri);
  on_item(item);
  return {};
}

Reader::Read Reader::related_to_observation(const Item& from, Kind target, const OnItem& on_item) {
  if (target == Kind::feature_of_interest && !from.links.empty()) return one(target, from.links.front(), on_item);
  Item item = target == Kind::datastream ? maker_.datastream(from.entity, from.attribute, from.dataset)
                                         : maker_.feature_of(from.entity);
  on_item(item);
  return {};
}

// Of one that is a Thing's place: what that Thing measured; others are looked for in all Datastreams.
Reader::Read Reader::observations_of_feature(const Item& from, const Wanted& wanted, const OnItem& on_item) {
  const bool is_stored = terms_.is_support(*from.entity);
  const auto on_observation = [&](Item& each) {
    const bool is_here = has_link(each.links, from.id) || (each.links.empty() && each.entity->id == from.entity->id);
    return is_here ? on_item(each) : Go::on;
  };
  if (is_stored) return each(Kind::observation, wanted, on_observation);
  Read inner;
  const auto on_datastream = [&](Item& datastream) {
    Go go = Go::on;
    inner = each_observation(datastream, wanted, on_observation, go);
    return !inner || go == Go::stop ? Go::stop : Go::on;
  };
  Go go = Go::on;
  const Read outer = each_datastream(from.entity, on_datastream, go);
  return inner ? outer : inner;
}

}  // namespace citiverse::api::sensor_things
