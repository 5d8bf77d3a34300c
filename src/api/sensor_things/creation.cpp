// Things, places and what describes: each entity becomes a draft, each link an attribute of the one that has it.
#include "api/sensor_things/creation.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/sensor_things/ids.h"
#include "base/json_writer.h"

namespace citiverse::api::sensor_things {
namespace {

using base::ErrorCode;
using base::JsonValue;

constexpr int kInlineDepthMax = 8;  // Entities within entities.

std::unexpected<base::Error> wrong_link(std::string_view name, std::string_view what) {
  return base::fail(ErrorCode::bad_input, fmt::format("{}: {}", name, what));
}

Made made_entity(Kind kind, const std::string& entity) { return {.kind = kind, .id = coded(entity), .entity = entity}; }

std::string text_in(const Draft& draft, twin::NameId name) {
  for (const twin::Attribute& each : draft.puts)
    if (const auto* text = std::get_if<std::string>(&each.value); text != nullptr && each.name == name) return *text;
  return {};
}

}  // namespace

base::Result<Made> Creation::create(Kind kind, JsonValue body, const Item* owner) {
  if (++created_ > kCreatedMax)
    return base::fail(ErrorCode::limit, fmt::format("at most {} entities in one request", kCreatedMax));
  if (auto checked = check_members(kind, body); !checked) return std::unexpected(std::move(checked.error()));
  if (depth_ == kInlineDepthMax)
    return base::fail(ErrorCode::limit, fmt::format("at most {} entities within each other", kInlineDepthMax));
  ++depth_;
  base::Result<Made> made;
  switch (kind) {
    case Kind::thing: made = create_thing(body, owner); break;
    case Kind::datastream: made = create_datastream(body, owner); break;
    case Kind::observation: made = create_observation(body, owner); break;
    case Kind::historical_location: made = create_historical(body, owner); break;
    default: made = create_stored(kind, body, owner); break;
  }
  --depth_;
  return made;
}

base::Result<void> Creation::create_each(JsonValue list, const std::function<base::Result<void>(JsonValue)>& make) {
  if (list.is_absent()) return {};
  if (!list.is_array()) return make(list);
  for (std::size_t i = 0; i < list.size(); ++i)
    if (auto done = make(list[i]); !done) return done;
  return {};
}

base::Result<Made> Creation::create_thing(JsonValue body, const Item* owner) {
  auto properties = read_properties(Kind::thing, body, terms_, true);
  if (!properties) return std::unexpected(std::move(properties.error()));
  if (!body.find("HistoricalLocations").is_absent())
    return wrong_link("HistoricalLocations", "they come of themselves as a Thing moves; POST one to a Thing that is there");
  Draft& draft = plan_.make(Kind::thing);
  draft.puts = *std::move(properties);
  const std::string id = draft.id;
  auto locations = locations_in(body.find("Locations"));
  if (!locations) return std::unexpected(std::move(locations.error()));
  if (owner != nullptr && owner->kind == Kind::location) locations->push_back(owner->id);
  if (!locations->empty())
    if (auto put = put_in_place(id, *locations); !put) return std::unexpected(std::move(put.error()));
  auto done = create_each(body.find("Datastreams"), [&](JsonValue each) -> base::Result<void> {
    if (linked_id(each)) return wrong_link("Datastreams", "a Datastream that is there stays with its Thing");
    auto made = create_datastream_for(id, each, nullptr);
    if (!made) return std::unexpected(std::move(made.error()));
    return {};
  });
  if (!done) return std::unexpected(std::move(done.error()));
  return made_entity(Kind::thing, id);
}

base::Result<Made> Creation::create_stored(Kind kind, JsonValue body, const Item* owner) {
  auto properties = read_properties(kind, body, terms_, true);
  if (!properties) return std::unexpected(std::move(properties.error()));
  Draft& draft = plan_.make(kind);
  draft.puts = *std::move(properties);
  const std::string id = draft.id;
  const Item self{.kind = kind, .id = coded(id), .entity = nullptr};
  base::Result<void> done;
  if (kind == Kind::location) {
    done = create_each(body.find("Things"), [&](JsonValue each) -> base::Result<void> {
      if (const auto thing = linked_id(each)) {
        auto found = reader_.find(Kind::thing, *thing);
        if (!found) return std::unexpected(std::move(found.error()));
        if (!*found) return wrong_link("Things", "there is none of this id");
        return put_in_place((*found)->entity->id, {self.id});
      }
      auto made = create(Kind::thing, each, &self);
      return made ? base::Result<void>() : std::unexpected(std::move(made.error()));
    });
    if (done && owner != nullptr && owner->kind == Kind::thing) done = put_in_place(owner->entity->id, {self.id});
  } else {
    const bool is_feature = kind == Kind::feature_of_interest;
    done = create_each(body.find(is_feature ? "Observations" : "Datastreams"), [&](JsonValue each) -> base::Result<void> {
      auto made = create(is_feature ? Kind::observation : Kind::datastream, each, &self);
      return made ? base::Result<void>() : std::unexpected(std::move(made.error()));
    });
  }
  if (!done) return std::unexpected(std::move(done.error()));
  return made_entity(kind, id);
}

base::Result<std::string> Creation::link_in(JsonValue body, std::string_view navigation, Kind kind, const Item* owner) {
  if (owner != nullptr && owner->kind == kind) return owner->id;
  const JsonValue value = body.find(navigation);
  if (value.is_absent())
    return wrong_link(navigation, "it is missing: {\"@iot.id\": …} of one that is there, or one to be made");
  const auto id = linked_id(value);
  if (!id || value.size() > 1) {
    auto made = create(kind, value, nullptr);
    if (!made) return std::unexpected(std::move(made.error()));
    return made->id;
  }
  auto found = reader_.find(kind, *id);
  if (!found) return std::unexpected(std::move(found.error()));
  if (!*found) return wrong_link(navigation, "there is none of this id");
  return *id;
}

base::Result<std::vector<std::string>> Creation::locations_in(JsonValue list) {
  std::vector<std::string> ids;
  auto done = create_each(list, [&](JsonValue each) -> base::Result<void> {
    if (const auto id = linked_id(each); id && each.size() == 1) {
      auto found = reader_.find(Kind::location, *id);
      if (!found) return std::unexpected(std::move(found.error()));
      if (!*found) return wrong_link("Locations", "there is none of this id");
      ids.push_back(*id);
      return {};
    }
    auto made = create(Kind::location, each, nullptr);
    if (!made) return std::unexpected(std::move(made.error()));
    ids.push_back(made->id);
    return {};
  });
  if (!done) return std::unexpected(std::move(done.error()));
  return ids;
}

// Of one that is planned, or that is there.
base::Result<std::string> Creation::geometry_of(const std::string& location) {
  const auto geometry_in_entity = [&](const twin::Value& value) {
    const auto* json = std::get_if<twin::Json>(&value);
    return json == nullptr ? std::string() : json->text;
  };
  if (const Draft* draft = plan_.find(decoded(location).value_or("")))
    for (const twin::Attribute& each : draft->puts)
      if (each.name == terms_.location) return geometry_in_entity(each.value);
  auto found = reader_.find(Kind::location, location);
  if (!found) return std::unexpected(std::move(found.error()));
  if (*found && (*found)->entity != nullptr && !(*found)->is_past)
    if (const twin::Attribute* place = (*found)->entity->find(terms_.location)) return geometry_in_entity(place->value);
  return wrong_link("Locations", "this one has no geometry to be put in");
}

base::Result<void> Creation::put_in_place(std::string_view thing, const std::vector<std::string>& locations,
                                          std::optional<twin::TimeUs> time_us) {
  auto geometry = geometry_of(locations.front());
  if (!geometry) return std::unexpected(std::move(geometry.error()));
  twin::Attribute place = attribute_with(terms_.location, twin::Json{*std::move(geometry)});
  place.kind = twin::AttributeKind::geo_property;
  place.observed_us = time_us.value_or(plan_.now_us());
  // Only Locations of their own can be linked to; those of other Things give their geometry alone.
  std::vector<std::string> links;
  for (const std::string& each : locations) {
    const std::string entity = decoded(each).value_or("");
    const Draft* draft = plan_.find(entity);
    const auto there = api_.store.find(twin::kDefaultTenant, entity);
    const bool is_stored = (draft != nullptr && draft->new_type == terms_.location_type) ||
                           (there != nullptr && std::ranges::find(there->types, terms_.location_type) != there->types.end());
    if (is_stored) links.push_back(entity);
  }
  if (!links.empty()) {
    twin::Attribute relation;
    relation.name = terms_.locations;
    relation.kind = twin::AttributeKind::relationship;
    if (links.size() == 1) {
      relation.value = links.front();
    } else {
      std::string json;
      base::JsonWriter writer(json);
      writer.begin_array();
      for (const std::string& each : links) writer.text(each);
      writer.end_array();
      relation.value = twin::Json{std::move(json)};
    }
    place.about.push_back(std::move(relation));
  }
  if (time_us) {
    const auto entity = api_.store.find(twin::kDefaultTenant, thing);
    const twin::NameId type = entity == nullptr || entity->types.empty() ? terms_.thing_type : entity->types.front();
    plan_.observe(thing, type, std::move(place));
  } else {
    plan_.change(thing).puts.push_back(std::move(place));
  }
  return {};
}

base::Result<Made> Creation::create_historical(JsonValue body, const Item* owner) {
  const auto time = time_member(members_of(body), "time");
  if (!time) return std::unexpected(time.error());
  const auto* moment = std::get_if<Moment>(&*time);
  if (moment == nullptr) return wrong_link("time", "a time such as 2026-05-04T18:30:00Z is needed");
  const auto thing = link_in(body, "Thing", Kind::thing, owner);
  if (!thing) return std::unexpected(thing.error());
  auto locations = locations_in(body.find("Locations"));
  if (!locations) return std::unexpected(std::move(locations.error()));
  if (owner != nullptr && owner->kind == Kind::location) locations->push_back(owner->id);
  if (locations->empty()) return wrong_link("Locations", "at least one is needed");
  const std::string entity = decoded(*thing).value_or("");
  if (auto put = put_in_place(entity, *locations, moment->us); !put) return std::unexpected(std::move(put.error()));
  return Made{
      .kind = Kind::historical_location, .id = {}, .entity = entity, .attribute = terms_.location, .time_us = moment->us};
}

std::string Creation::name_of_planned(Kind kind, const std::string& id) {
  if (const Draft* draft = plan_.find(decoded(id).value_or(""))) return text_in(*draft, terms_.name);
  const auto found = reader_.find(kind, id);
  if (!found || !*found || (*found)->find("name") == nullptr) return {};
  return raw_text(*(*found)->find("name"));
}

bool Creation::is_taken(const std::string& thing, twin::NameId attribute, twin::NameId dataset) const {
  const auto entity = api_.store.find(twin::kDefaultTenant, thing);
  if (entity != nullptr &&
      (entity->find(attribute, dataset) != nullptr || reader_.maker().description_of(*entity, attribute, dataset) != nullptr))
    return true;
  const Draft* draft = plan_.find(thing);
  const auto& names = api_.store.names();
  const DatastreamName name{{}, std::string(names.text(attribute)), std::string(names.text(dataset))};
  return draft != nullptr && draft->puts_any(terms_.datastream, names.find(description_dataset(name)));
}

}  // namespace citiverse::api::sensor_things
