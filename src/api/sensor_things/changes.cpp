// What is said replaces what was said; what is not said stays.
#include "api/sensor_things/changes.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/sensor_things/ids.h"
#include "base/json_writer.h"
#include "twin/subscriptions.h"

namespace citiverse::api::sensor_things {
namespace {

namespace history = twin::history;
using base::ErrorCode;
using base::JsonValue;

std::unexpected<base::Error> cannot_change(std::string_view what) {
  return base::fail(ErrorCode::bad_input, std::string(what));
}

// Navigations that a change may not hold (10.3: no related entities as inline content).
base::Result<void> refuse_links(JsonValue body, std::initializer_list<std::string_view> navigations) {
  for (const std::string_view each : navigations)
    if (!body.find(each).is_absent())
      return cannot_change(
          fmt::format("{}: this link is not changed here; POST to the collection, or change the other end", each));
  return {};
}

}  // namespace

base::Result<std::string> Changes::change(const Item& item, JsonValue body) {
  if (auto checked = check_members(item.kind, body); !checked) return std::unexpected(std::move(checked.error()));
  if (item.kind == Kind::observation) return change_observation(item, body);
  if (item.kind == Kind::historical_location) return change_historical(item, body);
  Plan plan(api_);
  Creation creation(api_, reader_, plan);
  Done done;
  if (item.kind == Kind::thing)
    done = change_thing(plan, creation, item, body);
  else if (item.kind == Kind::datastream)
    done = change_datastream(plan, creation, item, body);
  else if (is_stored(item))
    done = change_stored(plan, creation, item, body);
  else if (item.kind == Kind::location && !item.is_past)
    done = change_place(plan, item, body);
  else
    done = cannot_change("nobody described this entity: it is known from values alone; change the Thing or its Datastreams");
  if (done) done = plan.commit();
  if (!done) return std::unexpected(std::move(done.error()));
  return item.id;
}

Changes::Done Changes::change_thing(Plan& plan, Creation& creation, const Item& item, JsonValue body) {
  if (auto refused = refuse_links(body, {"Datastreams", "HistoricalLocations"}); !refused) return refused;
  auto properties = read_properties(Kind::thing, body, terms_, false);
  if (!properties) return std::unexpected(std::move(properties.error()));
  Draft& draft = plan.change(item.entity->id);
  draft.puts = *std::move(properties);
  const auto locations = creation.locations_in(body.find("Locations"));
  if (!locations) return std::unexpected(locations.error());
  return locations->empty() ? Done() : creation.put_in_place(item.entity->id, *locations);
}

Changes::Done Changes::change_stored(Plan& plan, Creation& creation, const Item& item, JsonValue body) {
  if (auto refused = refuse_links(body, {"Datastreams", "Observations", "HistoricalLocations", "Things"}); !refused)
    return refused;
  auto properties = read_properties(item.kind, body, terms_, false);
  if (!properties) return std::unexpected(std::move(properties.error()));
  plan.change(item.entity->id).puts = *std::move(properties);
  if (item.kind != Kind::location || body.find("location").is_absent()) return {};
  // Things have their place from their Locations.
  const auto things = collected(item, "Things");
  if (!things) return std::unexpected(things.error());
  for (const Item& thing : *things) {
    const twin::Attribute* place = thing.entity->find(terms_.location);
    if (place == nullptr) continue;
    if (auto put = creation.put_in_place(thing.entity->id, reader_.maker().links_of(*place, terms_.locations)); !put)
      return put;
  }
  return {};
}

// Where a Thing is, when that is no Location of its own.
Changes::Done Changes::change_place(Plan& plan, const Item& item, JsonValue body) {
  for (const std::string_view name : {"name", "description", "encodingType", "properties"})
    if (!body.find(name).is_absent())
      return cannot_change(fmt::format("{}: this Location is the Thing's own place, of which only location can be said", name));
  if (body.find("location").is_absent()) return {};
  auto geometry = geometry_in("location", body.find("location"));
  if (!geometry) return std::unexpected(std::move(geometry.error()));
  twin::Attribute place = attribute_with(terms_.location, twin::Json{*std::move(geometry)});
  place.kind = twin::AttributeKind::geo_property;
  place.observed_us = plan.now_us();
  plan.change(item.entity->id).puts.push_back(std::move(place));
  return {};
}

Changes::Done Changes::change_datastream(Plan& plan, Creation& creation, const Item& item, JsonValue body) {
  if (auto refused = refuse_links(body, {"Thing", "Observations"}); !refused) return refused;
  std::string description;
  base::JsonWriter json(description);
  json.begin_object();
  for (const std::string_view name : properties_of(Kind::datastream)) {
    if (name == "phenomenonTime" || name == "resultTime") continue;  // They follow from the Observations.
    const JsonValue said = body.find(name);
    const Datum* before = item.find(name);
    Datum value = before == nullptr ? Datum() : *before;
    const bool is_text = name == "name" || name == "description" || name == "observationType";
    if (is_text) {
      const auto text = text_member(members_of(body), name, name == "description" ? kTextBytesMax : kNameBytesMax);
      if (!text) return std::unexpected(text.error());
      if (*text) value = **text;
    } else if (!said.is_absent()) {
      auto read = json_member_value(members_of(body), name);
      if (!read) return std::unexpected(std::move(read.error()));
      if (!said.is_null() && !said.is_object()) return cannot_change(fmt::format("{}: a JSON object is needed", name));
      if (name == "observedArea" && said.is_object())
        if (auto geometry = geometry_in(name, said); !geometry) return std::unexpected(std::move(geometry.error()));
      value = datum_of(*read);
    }
    if (is_null(value)) continue;
    std::string text;
    append_datum(text, value);
    json.key(name).raw(text);
  }
  const auto link = [&](std::string_view navigation, Kind kind, const std::string& before) -> base::Result<std::string> {
    return body.find(navigation).is_absent() ? before : creation.link_in(body, navigation, kind, nullptr);
  };
  const auto sensor = link("Sensor", Kind::sensor, item.sensor_id);
  if (!sensor) return std::unexpected(sensor.error());
  const auto property = link("ObservedProperty", Kind::observed_property, item.observed_property_id);
  if (!property) return std::unexpected(property.error());
  json.member("Sensor", *sensor).member("ObservedProperty", *property).end_object();
  twin::Names& names = api_.store.names();
  const DatastreamName name{{}, std::string(names.text(item.attribute)), std::string(names.text(item.dataset))};
  plan.change(item.entity->id)
      .puts.push_back(Creation::description_attribute(terms_, names.intern(description_dataset(name)), std::move(description)));
  return {};
}

base::Result<history::Sample> Changes::sample_of(const Item& item) const {
  std::optional<history::Sample> found;
  auto read = api_.history.view(item.series)
                  .each_run({item.time_us, item.time_us + 1}, history::Part::all, history::SeriesView::Direction::forward,
                            [&](const history::Rows& rows) {
                              for (const history::Point& point : rows.points)
                                if (point.time_us == item.time_us) found = api_.history.sample_of(item.series, rows, point);
                              return !found;
                            });
  if (!read) return std::unexpected(std::move(read.error()));
  if (!found) return base::fail(ErrorCode::not_found, "the value went meanwhile");
  return *std::move(found);
}

Changes::Done Changes::wait(const base::Result<std::uint64_t>& position) const {
  if (!position) return std::unexpected(position.error());
  return api_.history.wait(*position);
}

// The value in history, and the present where this was it.
base::Result<std::string> Changes::correct(const Item& item, twin::Attribute value) {
  auto sample = sample_of(item);
  if (!sample) return std::unexpected(std::move(sample.error()));
  value.created_us = sample->attribute.created_us;
  value.modified_us = api_.store.now_us();
  const twin::TimeUs time_us = time_of_value(value);
  const history::Sample corrected{.attribute = std::move(value)};
  Done done = wait(api_.history.correct(item.series, sample->instance, corrected));
  if (done) done = refresh_present(item);
  if (!done) return std::unexpected(std::move(done.error()));
  return id_of(ValueName{item.series, time_us});
}

base::Result<std::string> Changes::change_observation(const Item& item, JsonValue body) {
  if (auto refused = refuse_links(body, {"Datastream"}); !refused) return std::unexpected(std::move(refused.error()));
  std::string before;
  base::JsonWriter json(before);
  json.begin_object();
  for (const auto& [name, value] : item.properties) {
    std::string text;
    append_datum(text, value);
    json.key(name).raw(text);
  }
  json.end_object();
  const auto document = base::JsonDocument::parse(before, kBodyDepthMax + 1);
  if (!document) return std::unexpected(document.error());
  const Members members = [&](std::string_view name) {
    const JsonValue said = body.find(name);
    return said.is_absent() ? document->root().find(name) : said;
  };
  Plan plan(api_);
  Creation creation(api_, reader_, plan);
  std::string feature = item.links.empty() ? std::string() : item.links.front();
  if (!body.find("FeatureOfInterest").is_absent()) {
    auto link = creation.link_in(body, "FeatureOfInterest", Kind::feature_of_interest, nullptr);
    if (!link) return std::unexpected(std::move(link.error()));
    feature = *std::move(link);
  }
  auto place = creation.place_of(reader_.maker().datastream(item.entity, item.attribute, item.dataset));
  if (!place) return std::unexpected(std::move(place.error()));
  auto value = creation.read_value(*place, members, feature);
  if (!value) return std::unexpected(std::move(value.error()));
  if (auto made = plan.commit(); !made) return std::unexpected(std::move(made.error()));
  return correct(item, *std::move(value));
}

base::Result<std::string> Changes::change_historical(const Item& item, JsonValue body) {
  if (auto refused = refuse_links(body, {"Thing", "Locations"}); !refused) return std::unexpected(std::move(refused.error()));
  const auto time = time_member(members_of(body), "time");
  if (!time) return std::unexpected(time.error());
  const auto* moment = std::get_if<Moment>(&*time);
  if (moment == nullptr) return cannot_change("time: a time such as 2026-05-04T18:30:00Z is needed");
  auto sample = sample_of(item);
  if (!sample) return std::unexpected(std::move(sample.error()));
  twin::Attribute value = std::move(sample->attribute);
  value.observed_us = moment->us;
  return correct(item, std::move(value));
}

// The newest value that history has is what lives now.
Changes::Done Changes::refresh_present(const Item& item) {
  const auto entity = api_.store.find(twin::kDefaultTenant, item.entity->id);
  if (entity == nullptr) return {};
  auto newest = reader_.newest(*entity, item.attribute, item.dataset);
  if (!newest) return std::unexpected(std::move(newest.error()));
  const twin::Attribute* present = entity->find(item.attribute, item.dataset);
  Plan plan(api_);
  if (*newest && (present == nullptr || !twin::says_the_same(*present, **newest)))
    plan.change(entity->id).puts.push_back(**newest);
  else if (!*newest && present != nullptr)
    plan.change(entity->id).removes.emplace_back(item.attribute, item.dataset);
  return plan.commit();
}

}  // namespace citiverse::api::sensor_things
