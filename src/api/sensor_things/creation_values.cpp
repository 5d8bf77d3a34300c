// Datastreams become attributes of their Thing, Observations the values of these.
#include <algorithm>

#include <fmt/format.h>

#include "api/ngsi_ld/attribute_reader.h"
#include "api/sensor_things/creation.h"
#include "api/sensor_things/ids.h"
#include "base/json_writer.h"
#include "twin/moment.h"

namespace citiverse::api::sensor_things {
namespace {

using base::ErrorCode;
using base::JsonValue;

constexpr std::size_t kTermBytesMax = 80;
constexpr std::size_t kDatastreamsAlikeMax = 1'000;  // Of one Thing with one ObservedProperty.

std::unexpected<base::Error> wrong_value(std::string_view name, std::string_view what) {
  return base::fail(ErrorCode::bad_input, fmt::format("{}: {}", name, what));
}

// "DewPoint Temperature" → "dewPointTemperature".
std::string term_of(std::string_view name) {
  std::string term;
  bool begins_word = false;
  for (char c : name) {
    const bool is_upper = c >= 'A' && c <= 'Z', is_lower = c >= 'a' && c <= 'z', is_digit = c >= '0' && c <= '9';
    if (!is_upper && !is_lower && !is_digit) {
      begins_word = !term.empty();
      continue;
    }
    if (term.size() == kTermBytesMax) break;
    if (term.empty() && is_digit) term += 'n';
    if (term.empty() && is_upper) c = static_cast<char>(c + 32);
    if (begins_word && is_lower) c = static_cast<char>(c - 32);
    begins_word = false;
    term += c;
  }
  return term.empty() ? std::string("observed") : term;
}

void append_property(base::JsonWriter& json, std::string_view name, const twin::Value& value) {
  std::string text;
  append_datum(text, datum_of(value));
  json.key(name).raw(text);
}

}  // namespace

twin::Attribute Creation::description_attribute(const Terms& terms, twin::NameId dataset, std::string json) {
  twin::Attribute attribute = attribute_with(terms.datastream, twin::Json{std::move(json)});
  attribute.dataset = dataset;
  return attribute;
}

base::Result<Made> Creation::create_datastream(JsonValue body, const Item* owner) {
  const auto thing = link_in(body, "Thing", Kind::thing, owner);
  if (!thing) return std::unexpected(thing.error());
  return create_datastream_for(decoded(*thing).value_or(""), body, owner);
}

// The attribute that a property is measured as: that of a property that values made known, else one named for it.
base::Result<std::string> Creation::new_attribute(const std::string& property) const {
  const std::string name = decoded(property).value_or("");
  std::string label;
  if (const Draft* draft = plan_.find(name)) {
    for (const twin::Attribute& each : draft->puts)
      if (const auto* text = std::get_if<std::string>(&each.value); text != nullptr && each.name == terms_.name) label = *text;
  } else {
    const auto found = reader_.find(Kind::observed_property, property);
    if (!found) return std::unexpected(found.error());
    if (*found && (*found)->entity == nullptr) return attribute_iri(name);
    if (*found && (*found)->find("name") != nullptr) label = raw_text(*(*found)->find("name"));
  }
  std::string term = term_of(label);
  const bool is_ours = term == "name" || term == "description" || term == "location" || term == "datastream";
  if (is_ours || ngsi_ld::is_reserved_member(term)) term += "Value";
  return attribute_iri(term);
}

base::Result<DatastreamPlace> Creation::new_place(const std::string& thing, const std::string& property,
                                                  const std::string& sensor) {
  const auto iri = new_attribute(property);
  if (!iri) return std::unexpected(iri.error());
  twin::Names& names = api_.store.names();
  const auto entity = api_.store.find(twin::kDefaultTenant, thing);
  DatastreamPlace place{.entity = thing,
                        .type = entity == nullptr || entity->types.empty() ? terms_.thing_type : entity->types.front(),
                        .attribute = names.intern(*iri),
                        .unit = {},
                        .source = name_of_planned(Kind::sensor, sensor)};
  for (std::size_t i = 2; is_taken(thing, place.attribute, place.dataset); ++i) {
    if (i > kDatastreamsAlikeMax)
      return base::fail(ErrorCode::limit,
                        fmt::format("a Thing has at most {} Datastreams of one ObservedProperty", kDatastreamsAlikeMax));
    place.dataset = names.intern(fmt::format("urn:ngsi-ld:Dataset:{}", i));
    if (place.dataset == twin::kNoName) break;
  }
  if (place.attribute == twin::kNoName) return base::fail(ErrorCode::limit, "there is no room for further names");
  return place;
}

base::Result<Made> Creation::create_datastream_for(const std::string& thing, JsonValue body, const Item* owner) {
  if (auto checked = check_members(Kind::datastream, body); !checked) return std::unexpected(std::move(checked.error()));
  const Members members = members_of(body);
  std::string description;
  base::JsonWriter json(description);
  json.begin_object();
  for (const std::string_view name : {"name", "description", "observationType"}) {
    const auto text = needed_text(members, name, name == "description" ? kTextBytesMax : kNameBytesMax);
    if (!text) return std::unexpected(text.error());
    json.member(name, *text);
  }
  const JsonValue unit = body.find("unitOfMeasurement");
  if (!unit.is_object())
    return wrong_value("unitOfMeasurement", "an object with name, symbol and definition is needed; each may be null");
  for (const std::string_view name : {"unitOfMeasurement", "properties", "observedArea"}) {
    const auto value = json_member_value(members, name);
    if (!value) return std::unexpected(value.error());
    if (std::holds_alternative<std::monostate>(*value)) continue;
    if (!std::holds_alternative<twin::Json>(*value)) return wrong_value(name, "a JSON object is needed");
    append_property(json, name, *value);
  }
  if (const JsonValue area = body.find("observedArea"); !area.is_absent() && !area.is_null())
    if (auto geometry = geometry_in("observedArea", area); !geometry) return std::unexpected(geometry.error());
  const auto sensor = link_in(body, "Sensor", Kind::sensor, owner);
  if (!sensor) return std::unexpected(sensor.error());
  const auto property = link_in(body, "ObservedProperty", Kind::observed_property, owner);
  if (!property) return std::unexpected(property.error());
  json.member("Sensor", *sensor).member("ObservedProperty", *property).end_object();
  auto place = new_place(thing, *property, *sensor);
  if (!place) return std::unexpected(std::move(place.error()));
  twin::Names& names = api_.store.names();
  const DatastreamName name{thing, std::string(names.text(place->attribute)), std::string(names.text(place->dataset))};
  plan_.change(thing).puts.push_back(
      description_attribute(terms_, names.intern(description_dataset(name)), std::move(description)));
  place->unit = unit_code(unit.find("symbol").text().value_or(""));
  if (const auto said = body.find("properties").find("status").text())
    place->status = twin::value_status_from(*said).value_or(twin::ValueStatus::raw);
  const Made made{.kind = Kind::datastream, .id = id_of(name), .entity = thing};
  auto done = create_each(body.find("Observations"), [&](JsonValue each) -> base::Result<void> {
    if (auto checked = check_members(Kind::observation, each); !checked) return checked;
    std::string feature;
    if (!each.find("FeatureOfInterest").is_absent()) {
      auto link = link_in(each, "FeatureOfInterest", Kind::feature_of_interest, nullptr);
      if (!link) return std::unexpected(std::move(link.error()));
      feature = *std::move(link);
    }
    auto observed = observe(*place, members_of(each), feature);
    return observed ? base::Result<void>() : std::unexpected(std::move(observed.error()));
  });
  if (!done) return std::unexpected(std::move(done.error()));
  return made;
}

base::Result<DatastreamPlace> Creation::place_of(const Item& datastream) {
  const twin::EntityPtr& thing = datastream.entity;
  DatastreamPlace place{.entity = thing->id,
                        .type = thing->types.empty() ? terms_.thing_type : thing->types.front(),
                        .attribute = datastream.attribute,
                        .dataset = datastream.dataset,
                        .unit = {},
                        .source = {}};
  const Datum* unit = datastream.find("unitOfMeasurement");
  const Datum symbol = unit == nullptr ? Datum() : member_of(*unit, "symbol");
  if (const auto* text = std::get_if<std::string>(&symbol)) place.unit = unit_code(*text);
  const Datum* properties = datastream.find("properties");
  const Datum status = properties == nullptr ? Datum() : member_of(*properties, "status");
  if (const auto* text = std::get_if<std::string>(&status))
    place.status = twin::value_status_from(*text).value_or(twin::ValueStatus::raw);
  if (datastream.sensor_id.starts_with(kSourcePrefix))
    place.source = decoded(std::string_view(datastream.sensor_id).substr(kSourcePrefix.size())).value_or("");
  else
    place.source = name_of_planned(Kind::sensor, datastream.sensor_id);
  return place;
}

base::Result<Made> Creation::create_observation(JsonValue body, const Item* owner) {
  std::string feature;
  if (owner != nullptr && owner->kind == Kind::feature_of_interest) {
    feature = owner->id;
  } else if (!body.find("FeatureOfInterest").is_absent()) {
    auto link = link_in(body, "FeatureOfInterest", Kind::feature_of_interest, nullptr);
    if (!link) return std::unexpected(std::move(link.error()));
    feature = *std::move(link);
  }
  const Item* const of = owner != nullptr && owner->kind == Kind::datastream ? owner : nullptr;
  std::optional<Item> linked;
  if (of == nullptr) {
    const auto id = linked_id(body.find("Datastream"));
    if (!id) return wrong_value("Datastream", "it is missing: {\"@iot.id\": …} of one that is there");
    auto found = reader_.find(Kind::datastream, *id);
    if (!found) return std::unexpected(std::move(found.error()));
    if (!*found) return wrong_value("Datastream", "there is none of this id");
    linked = **std::move(found);
  }
  auto place = place_of(of == nullptr ? *linked : *of);
  if (!place) return std::unexpected(std::move(place.error()));
  return observe(*place, members_of(body), feature);
}

base::Result<Made> Creation::observe(const DatastreamPlace& place, const Members& members, const std::string& feature) {
  auto value = read_value(place, members, feature);
  if (!value) return std::unexpected(std::move(value.error()));
  Made made{.kind = Kind::observation,
            .id = {},
            .entity = place.entity,
            .attribute = place.attribute,
            .dataset = place.dataset,
            .time_us = value->observed_us};
  plan_.observe(place.entity, place.type, *std::move(value));
  return made;
}

base::Result<twin::Attribute> Creation::read_value(const DatastreamPlace& place, const Members& members,
                                                   const std::string& feature) {
  if (++created_ > 2 * kCreatedMax)
    return base::fail(ErrorCode::limit, fmt::format("at most {} entities in one request", kCreatedMax));
  const auto time = time_member(members, "phenomenonTime");
  if (!time) return std::unexpected(time.error());
  auto result = json_member_value(members, "result");
  if (!result) return std::unexpected(std::move(result.error()));
  if (std::holds_alternative<std::monostate>(*result))
    return wrong_value("result", "it is missing; what was not measured is not sent");
  twin::Attribute value = attribute_with(place.attribute, *std::move(result));
  value.kind = twin::AttributeKind::property;
  value.dataset = place.dataset;
  value.unit = api_.store.names().intern(place.unit);
  value.observed_us = start_of(*time).value_or(plan_.now_us());
  if (std::holds_alternative<Interval>(*time)) value.about.push_back(attribute_with(terms_.phenomenon_time, raw_text(*time)));
  if (auto added = add_sayings(value, members, place, value.observed_us); !added)
    return std::unexpected(std::move(added.error()));
  // A Thing's own place is what its values are about anyway.
  if (!feature.empty() && feature != coded(place.entity)) {
    twin::Attribute relation = attribute_with(terms_.feature, decoded(feature).value_or(""));
    relation.kind = twin::AttributeKind::relationship;
    value.about.push_back(std::move(relation));
  }
  std::ranges::sort(value.about, {}, [](const twin::Attribute& each) { return std::pair(each.name, each.dataset); });
  return value;
}

base::Result<void> Creation::add_sayings(twin::Attribute& value, const Members& members, const DatastreamPlace& place,
                                         twin::TimeUs time_us) {
  const auto result_time = time_member(members, "resultTime");
  if (!result_time) return std::unexpected(result_time.error());
  if (std::holds_alternative<Interval>(*result_time)) return wrong_value("resultTime", "one time is needed");
  if (const auto* moment = std::get_if<Moment>(&*result_time)) {
    const bool is_same = moment->us == time_us;
    value.about.push_back(is_same ? attribute_with(terms_.is_result_time_observed, true)
                                  : attribute_with(terms_.result_time, twin::moment_text(moment->us)));
  }
  const auto valid_time = time_member(members, "validTime");
  if (!valid_time) return std::unexpected(valid_time.error());
  if (std::holds_alternative<Moment>(*valid_time)) return wrong_value("validTime", "two times with a '/' between are needed");
  if (!is_null(*valid_time)) value.about.push_back(attribute_with(terms_.valid_time, raw_text(*valid_time)));
  auto quality = json_member_value(members, "resultQuality");
  if (!quality) return std::unexpected(std::move(quality.error()));
  const auto* quality_text = std::get_if<std::string>(&*quality);
  if (quality_text == nullptr && !std::holds_alternative<std::monostate>(*quality))
    value.about.push_back(attribute_with(terms_.result_quality, *quality));
  auto parameters = json_member_value(members, "parameters");
  if (!parameters) return std::unexpected(std::move(parameters.error()));
  twin::ValueStatus status = place.status;
  std::string source = place.source;
  if (!std::holds_alternative<std::monostate>(*parameters)) {
    if (!std::holds_alternative<twin::Json>(*parameters)) return wrong_value("parameters", "a JSON object is needed");
    const Datum said = datum_of(*parameters);
    if (const Datum text = member_of(said, "status"); std::holds_alternative<std::string>(text)) {
      const auto known = twin::value_status_from(std::get<std::string>(text));
      if (!known) return wrong_value("parameters", "its status is raw, derived or simulated");
      status = *known;
    }
    if (const Datum text = member_of(said, "source"); std::holds_alternative<std::string>(text))
      source = std::get<std::string>(text);
    value.about.push_back(attribute_with(terms_.parameters, *std::move(parameters)));
  }
  twin::say_of(value, terms_, status, source, quality_text == nullptr ? std::string_view() : *quality_text);
  return {};
}

}  // namespace citiverse::api::sensor_things
