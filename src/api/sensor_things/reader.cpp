// Sets are walked in the order of creation; what an index of the store can narrow is narrowed, and time bounds the rest.
#include "api/sensor_things/reader.h"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "api/sensor_things/ids.h"

namespace citiverse::api::sensor_things {
namespace {

namespace history = twin::history;
constexpr std::size_t kLooksBetweenClockReadings = 256;

std::unexpected<base::Error> takes_too_long() {
  return base::fail(base::ErrorCode::limit,
                    "too much would have to be looked at; narrow the request by a Datastream, a Thing or phenomenonTime");
}

}  // namespace

Reader::Reader(const SensorThingsApi& api)
    : api_(api),
      terms_(api.terms),
      maker_(api.store.names(), api.terms),
      now_us_(api.store.now_us()),
      until_(std::chrono::steady_clock::now() + kReadTime) {}

bool Reader::lives(const twin::Entity& entity) const {
  return entity.expires_us == twin::kNoTime || entity.expires_us > now_us_;
}

twin::EntityPtr Reader::living(std::string_view id) const {
  auto entity = api_.store.find(twin::kDefaultTenant, id);
  return entity != nullptr && lives(*entity) ? entity : nullptr;
}

Reader::Read Reader::check_time() {
  if (++looks_ % kLooksBetweenClockReadings == 0 && is_late()) return takes_too_long();
  return {};
}

Reader::Read Reader::each_entity(const twin::Narrowing& narrowing, bool are_things, const OnThing& on_thing) {
  Read done;
  api_.store.scan(twin::kDefaultTenant, narrowing, 0, [&](twin::Slot, const twin::EntityPtr& entity) {
    done = check_time();
    if (!done) return false;
    if (!lives(*entity) || (are_things && terms_.is_support(*entity))) return true;
    return on_thing(entity) != Go::stop;
  });
  return done;
}

Reader::Read Reader::each_stored(Kind kind, const OnItem& on_item, bool& has_stopped) {
  const twin::NameId type = terms_.type_of(kind);
  return each_entity({.types = {type}}, false, [&](const twin::EntityPtr& entity) {
    if (std::ranges::find(entity->types, type) == entity->types.end()) return Go::on;
    Item item = maker_.stored(kind, entity);
    const Go go = on_item(item);
    has_stopped = go == Go::stop;
    return go;
  });
}

Reader::Read Reader::each_datastream(const twin::EntityPtr& thing, const OnItem& on_item, Go& go) {
  Read done;
  maker_.each_datastream(*thing, [&](twin::NameId attribute, twin::NameId dataset) {
    done = check_time();
    if (!done) return false;
    Item item = maker_.datastream(thing, attribute, dataset);
    go = on_item(item);
    return go != Go::stop;
  });
  return done;
}

Reader::Read Reader::each_datastream_where(const std::function<bool(const Item&)>& is_wanted, const OnItem& on_item) {
  Read inner;
  const auto on_datastream = [&](Item& item) { return is_wanted(item) ? on_item(item) : Go::on; };
  const Read outer = each_thing([&](const twin::EntityPtr& thing) {
    Go go = Go::on;
    inner = each_datastream(thing, on_datastream, go);
    return inner ? go : Go::stop;
  });
  return inner ? outer : inner;
}

Reader::Read Reader::each_sample(const twin::Entity& entity, twin::NameId attribute, twin::NameId dataset, const Wanted& wanted,
                                 const OnPast& on_past, Go& go) {
  const auto kept = api_.history.find_entity("", entity.id);
  if (!kept) return {};
  const auto facts = std::ranges::find_if(
      kept->series, [&](const history::SeriesFacts& each) { return each.attribute == attribute && each.dataset == dataset; });
  if (facts == kept->series.end()) return {};
  using Direction = history::SeriesView::Direction;
  const auto direction = wanted.newest_first ? Direction::backward : Direction::forward;
  Read done;
  const auto take = [&](const history::Rows& rows) {
    const std::size_t count = rows.points.size();
    for (std::size_t i = 0; i < count; ++i) {
      done = check_time();
      if (!done) return false;
      const history::Point& point = rows.points[wanted.newest_first ? count - 1 - i : i];
      const history::Sample sample = api_.history.sample_of(facts->series, rows, point);
      if (sample.is_deletion) continue;
      go = on_past({facts->series, point.time_us, sample.attribute});
      if (go != Go::on) return false;
    }
    return true;
  };
  auto read = api_.history.view(facts->series).each_run(wanted.times, history::Part::all, direction, take);
  return read ? done : read;
}

Reader::Read Reader::each_observation(const Item& datastream, const Wanted& wanted, const OnItem& on_item, Go& go) {
  const auto on_past = [&](const PastValue& past) {
    Item item = maker_.observation(datastream, past);
    return on_item(item);
  };
  return each_sample(*datastream.entity, datastream.attribute, datastream.dataset, wanted, on_past, go);
}

Reader::Read Reader::each_historical(const twin::EntityPtr& thing, const OnItem& on_item, Go& go) {
  const auto on_past = [&](const PastValue& past) {
    Item item = maker_.historical_location(thing, past);
    return on_item(item);
  };
  return each_sample(*thing, terms_.location, twin::kNoName, {}, on_past, go);
}

Reader::Read Reader::each_derived_sensor(const OnItem& on_item) {
  std::unordered_set<std::string> seen;
  const auto on_datastream = [&](Item& datastream) {
    if (!datastream.sensor_id.starts_with(kSourcePrefix) || !seen.insert(datastream.sensor_id).second) return Go::on;
    Item item = maker_.sensor_of_source(decoded(datastream.sensor_id.substr(kSourcePrefix.size())).value_or(""));
    return on_item(item);
  };
  const auto done = each_datastream_where([](const Item&) { return true; }, on_datastream);
  return seen.size() > kDistinctMax ? takes_too_long() : done;
}

Reader::Read Reader::each_derived_property(const OnItem& on_item) {
  std::unordered_set<twin::NameId> seen;
  const auto on_datastream = [&](Item& datastream) {
    const std::string_view iri = api_.store.names().text(datastream.attribute);
    if (datastream.observed_property_id != coded(short_attribute(iri)) || !seen.insert(datastream.attribute).second)
      return Go::on;
    Item item = maker_.observed_property_of(iri);
    return on_item(item);
  };
  return each_datastream_where([](const Item&) { return true; }, on_datastream);
}

Reader::Read Reader::each(Kind kind, const Wanted& wanted, const OnItem& on_item) {
  bool has_stopped = false;
  if (kind == Kind::location || kind == Kind::sensor || kind == Kind::observed_property || kind == Kind::feature_of_interest)
    if (auto done = each_stored(kind, on_item, has_stopped); !done || has_stopped) return done;
  switch (kind) {
    case Kind::thing:
      return each_thing([&](const twin::EntityPtr& entity) {
        Item item = maker_.thing(entity);
        return on_item(item);
      });
    case Kind::location:
      return each_entity({.attributes = {terms_.location}}, true, [&](const twin::EntityPtr& entity) {
        const twin::Attribute* place = entity->find(terms_.location);
        if (place == nullptr || !maker_.links_of(*place, terms_.locations).empty()) return Go::on;
        Item item = maker_.current_location(entity);
        return on_item(item);
      });
    case Kind::sensor: return each_derived_sensor(on_item);
    case Kind::observed_property: return each_derived_property(on_item);
    case Kind::feature_of_interest:
      return each_thing([&](const twin::EntityPtr& entity) {
        Item item = maker_.feature_of(entity);
        return on_item(item);
      });
    case Kind::datastream: return each_datastream_where([](const Item&) { return true; }, on_item);
    case Kind::historical_location: break;
    case Kind::observation: break;
  }
  Read inner;
  const auto one_thing = [&](const twin::EntityPtr& thing) {
    Go go = Go::on;
    if (kind == Kind::historical_location) {
      inner = each_historical(thing, on_item, go);
    } else {
      const auto on_datastream = [&](Item& datastream) {
        Go each_go = Go::on;
        if (wanted.datastream_id.empty() || datastream.id == wanted.datastream_id)
          inner = each_observation(datastream, wanted, on_item, each_go);
        return !inner || each_go == Go::stop ? Go::stop : Go::on;
      };
      if (auto done = each_datastream(thing, on_datastream, go); !done) inner = done;
    }
    return !inner || go == Go::stop ? Go::stop : Go::on;
  };
  Read outer;
  if (kind == Kind::observation && !wanted.datastream_id.empty()) {
    const auto name = parse_datastream_id(wanted.datastream_id);
    if (const auto thing = name ? living(name->entity) : nullptr; thing != nullptr) one_thing(thing);
  } else {
    const bool are_places = kind == Kind::historical_location;
    outer = each_entity(are_places ? twin::Narrowing{.attributes = {terms_.location}} : twin::Narrowing{}, true, one_thing);
  }
  return inner ? outer : inner;
}

base::Result<std::optional<twin::Attribute>> Reader::newest(const twin::Entity& thing, twin::NameId attribute,
                                                            twin::NameId dataset) {
  std::optional<twin::Attribute> found;
  const auto on_past = [&](const PastValue& past) {
    found = past.attribute;
    return Go::stop;
  };
  Go go = Go::on;
  auto read = each_sample(thing, attribute, dataset, {.times = {}, .newest_first = true, .datastream_id = {}}, on_past, go);
  if (!read) return std::unexpected(std::move(read.error()));
  return found;
}

Reader::Read Reader::complete(Item& item) {
  if (item.kind != Kind::datastream || item.has_times) return {};
  item.has_times = true;
  std::optional<Item> first, last;
  const auto keep_in = [](std::optional<Item>& place) {
    return [&place](Item& each) {
      place = std::move(each);
      return Go::stop;
    };
  };
  Go go = Go::on;
  if (auto done = each_observation(item, {}, keep_in(first), go); !done || !first) return done;
  if (auto done = each_observation(item, {.times = {}, .newest_first = true, .datastream_id = {}}, keep_in(last), go);
      !done || !last)
    return done;
  for (const std::string_view property : {"phenomenonTime", "resultTime"}) {
    const auto start = start_of(*first->find(property));
    const Datum& latest = *last->find(property);
    const auto* interval = std::get_if<Interval>(&latest);
    const auto end = interval != nullptr ? std::optional(interval->end_us) : start_of(latest);
    if (start && end) item.put(property, Interval{*start, *end});
  }
  return {};
}

}  // namespace citiverse::api::sensor_things
