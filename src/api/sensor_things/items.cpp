// What an entity says of itself is shown as it says it; what it does not say is made from its name, type and values.
#include "api/sensor_things/items.h"

#include <algorithm>
#include <array>

#include "api/ngsi_ld/json_value_text.h"
#include "api/sensor_things/ids.h"
#include "base/json_writer.h"
#include "twin/json_view.h"

namespace citiverse::api::sensor_things {
namespace {

using twin::Attribute;
using twin::AttributeKind;
using twin::Entity;

constexpr std::string_view kGeoJsonType = "application/geo+json";
constexpr std::string_view kObservationTypes = "http://www.opengis.net/def/observationType/OGC-OM/2.0/";

std::string last_part(std::string_view iri) {
  const std::size_t end = iri.find_last_of("/#:");
  return std::string(end == std::string_view::npos || end + 1 == iri.size() ? iri : iri.substr(end + 1));
}

// A measured value that may be a result: places and links are something else.
bool is_observed_result(const Attribute& attribute) {
  const bool is_result = attribute.kind != AttributeKind::geo_property && attribute.kind != AttributeKind::relationship &&
                         attribute.kind != AttributeKind::list_relationship;
  return is_result && attribute.observed_us != twin::kNoTime;
}

void append_member(std::string& out, std::string_view name, const Datum& value) {
  out += out.empty() ? '{' : ',';
  base::JsonWriter(out).text(name);
  out += ':';
  append_datum(out, value);
}

Datum closed_object(std::string out) {
  if (out.empty()) return {};
  out += '}';
  return twin::Json{std::move(out)};
}

}  // namespace

twin::TimeUs time_of_value(const Attribute& attribute) {
  if (attribute.observed_us != twin::kNoTime) return attribute.observed_us;
  return attribute.modified_us != twin::kNoTime ? attribute.modified_us : attribute.created_us;
}

const Attribute* said_of(const Attribute& attribute, twin::NameId name) {
  const auto found = std::ranges::find(attribute.about, name, &Attribute::name);
  return found == attribute.about.end() ? nullptr : &*found;
}

std::string ItemMaker::text_of(const Entity& entity, twin::NameId name) const {
  const Attribute* attribute = entity.find(name);
  const auto* text = attribute == nullptr ? nullptr : std::get_if<std::string>(&attribute->value);
  return text == nullptr ? std::string() : *text;
}

std::string ItemMaker::name_of_thing(const Entity& thing) const {
  std::string name = text_of(thing, terms_.name);
  return name.empty() ? thing.id : name;
}

std::vector<std::string> ItemMaker::links_of(const Attribute& attribute, twin::NameId relation) const {
  std::vector<std::string> links;
  const Attribute* said = said_of(attribute, relation);
  if (said == nullptr) return links;
  if (const auto* one = std::get_if<std::string>(&said->value)) links.push_back(coded(*one));
  if (const auto* many = std::get_if<twin::Json>(&said->value))
    twin::any_json_item(many->text, [&](std::string_view each) {
      std::string scratch;
      if (const auto text = twin::json_string(each, scratch)) links.push_back(coded(*text));
      return false;
    });
  return links;
}

// What was given as "properties"; of entities from other doors their type and all that was not measured.
Datum ItemMaker::properties_of_thing(const Entity& entity) const {
  if (const Attribute* given = entity.find(terms_.properties)) return datum_of(given->value);
  std::string out;
  const std::string type = entity.types.empty() ? std::string() : short_attribute(names_.text(entity.types.front()));
  if (!type.empty()) append_member(out, "type", type);
  const std::array shown_elsewhere{terms_.name, terms_.description, terms_.location, terms_.datastream};
  for (const twin::AttributePtr& each : entity.attributes) {
    if (std::ranges::find(shown_elsewhere, each->name) != shown_elsewhere.end()) continue;
    if (each->dataset != twin::kNoName || has_datastream(entity, each->name, each->dataset)) continue;
    const std::string name = each->name == terms_.anchor ? std::string("anchor") : short_attribute(names_.text(each->name));
    append_member(out, name, datum_of(each->value));
  }
  return closed_object(std::move(out));
}

Item ItemMaker::thing(const twin::EntityPtr& entity) const {
  Item item{.kind = Kind::thing, .id = coded(entity->id), .entity = entity};
  std::string description = text_of(*entity, terms_.description);
  if (description.empty() && !entity->types.empty()) description = last_part(names_.text(entity->types.front()));
  item.properties = {{"name", name_of_thing(*entity)}, {"description", std::move(description)}};
  if (Datum properties = properties_of_thing(*entity); !is_null(properties)) item.put("properties", std::move(properties));
  return item;
}

Item ItemMaker::stored(Kind kind, const twin::EntityPtr& entity) const {
  Item item{.kind = kind, .id = coded(entity->id), .entity = entity};
  const auto attribute_of = [&](std::string_view property) {
    if (property == "name") return terms_.name;
    if (property == "description") return terms_.description;
    if (property == "encodingType") return terms_.encoding_type;
    if (property == "metadata") return terms_.metadata;
    if (property == "definition") return terms_.definition;
    if (property == "properties") return terms_.properties;
    return terms_.content;  // location, feature
  };
  for (const std::string_view property : properties_of(kind))
    if (const Attribute* attribute = entity->find(attribute_of(property)))
      item.properties.emplace_back(property, datum_of(attribute->value));
  return item;
}

bool ItemMaker::each_datastream(const Entity& thing, const OnDatastream& on_datastream) const {
  for (const twin::AttributePtr& each : thing.attributes)
    if (is_observed_result(*each) && !on_datastream(each->name, each->dataset)) return false;
  for (const twin::AttributePtr& each : thing.instances(terms_.datastream)) {
    const auto name = parse_description_dataset(names_.text(each->dataset));
    if (!name) continue;
    const twin::NameId attribute = names_.find(name->attribute);
    const twin::NameId dataset = name->dataset.empty() ? twin::kNoName : names_.find(name->dataset);
    const Attribute* latest = thing.find(attribute, dataset);
    if (latest != nullptr && is_observed_result(*latest)) continue;  // It was there above.
    if (!on_datastream(attribute, dataset)) return false;
  }
  return true;
}

bool ItemMaker::has_datastream(const Entity& thing, twin::NameId attribute, twin::NameId dataset) const {
  const Attribute* latest = thing.find(attribute, dataset);
  if (latest != nullptr && is_observed_result(*latest)) return true;
  return description_of(thing, attribute, dataset) != nullptr;
}

const Attribute* ItemMaker::description_of(const Entity& thing, twin::NameId attribute, twin::NameId dataset) const {
  if (attribute == twin::kNoName || thing.instances(terms_.datastream).empty()) return nullptr;
  const DatastreamName name{{}, std::string(names_.text(attribute)), std::string(names_.text(dataset))};
  const twin::NameId key = names_.find(description_dataset(name));
  return key == twin::kNoName ? nullptr : thing.find(terms_.datastream, key);
}

Item ItemMaker::datastream(const twin::EntityPtr& thing, twin::NameId attribute, twin::NameId dataset) const {
  Item item{.kind = Kind::datastream, .entity = thing, .attribute = attribute, .dataset = dataset};
  item.id = id_of(DatastreamName{thing->id, std::string(names_.text(attribute)), std::string(names_.text(dataset))});
  const Attribute* latest = thing->find(attribute, dataset);
  const Attribute* description = description_of(*thing, attribute, dataset);
  if (description != nullptr) describe(item, *description);
  derive(item, latest);
  return item;
}

void ItemMaker::describe(Item& item, const Attribute& description) const {
  const Datum said = datum_of(description.value);
  for (const std::string_view property : properties_of(Kind::datastream))
    if (Datum value = member_of(said, property); !is_null(value)) item.put(property, std::move(value));
  item.sensor_id = raw_text(member_of(said, "Sensor"));
  item.observed_property_id = raw_text(member_of(said, "ObservedProperty"));
  if (item.sensor_id == "null") item.sensor_id.clear();
  if (item.observed_property_id == "null") item.observed_property_id.clear();
}

// What the description does not say, from the latest value.
void ItemMaker::derive(Item& item, const Attribute* latest) const {
  const auto put_if_missing = [&](std::string_view property, auto&& make) {
    if (item.find(property) == nullptr) item.put(property, make());
  };
  const std::string attribute = last_part(names_.text(item.attribute));
  const std::string thing = name_of_thing(*item.entity);
  put_if_missing("name", [&] { return Datum(attribute + " of " + thing); });
  put_if_missing("description", [&] { return Datum(attribute + " of " + thing); });
  put_if_missing("unitOfMeasurement",
                 [&] { return Datum(twin::Json{unit_json(latest == nullptr ? "" : names_.text(latest->unit))}); });
  put_if_missing("observationType", [&] {
    std::string_view type = "OM_Observation";
    if (latest == nullptr || number_in(datum_of(latest->value)))
      type = "OM_Measurement";
    else if (std::holds_alternative<bool>(latest->value))
      type = "OM_TruthObservation";
    else if (std::holds_alternative<std::string>(latest->value))
      type = "OM_CategoryObservation";
    return Datum(std::string(kObservationTypes).append(type));
  });
  std::string source, sayings;
  if (latest != nullptr) {
    for (const auto& [name, term] : {std::pair("status", terms_.status), std::pair("source", terms_.source)}) {
      const Attribute* said = said_of(*latest, term);
      const auto* text = said == nullptr ? nullptr : std::get_if<std::string>(&said->value);
      if (text == nullptr) continue;
      append_member(sayings, name, term == terms_.status ? last_part(*text) : *text);
      if (term == terms_.source) source = *text;
    }
  }
  if (item.find("properties") == nullptr && !sayings.empty()) item.put("properties", closed_object(std::move(sayings)));
  if (item.sensor_id.empty()) item.sensor_id = std::string(kSourcePrefix) + coded(source);
  if (item.observed_property_id.empty()) item.observed_property_id = coded(short_attribute(names_.text(item.attribute)));
}

Item ItemMaker::observation(const Item& datastream, const PastValue& past) const {
  const Attribute& value = past.attribute;
  const twin::TimeUs time_us = past.time_us;
  Item item{.kind = Kind::observation,
            .id = id_of(ValueName{past.series, time_us}),
            .entity = datastream.entity,
            .attribute = datastream.attribute,
            .dataset = datastream.dataset,
            .series = past.series,
            .time_us = time_us};
  item.properties.reserve(6);
  item.properties = {{"phenomenonTime", Moment{time_us}}, {"resultTime", Datum()}, {"result", datum_of(value.value)}};
  std::string parameters;
  for (const Attribute& each : value.about) {
    const auto* text = std::get_if<std::string>(&each.value);
    const auto time = [&] { return text == nullptr ? Datum() : parse_time_object(*text); };
    if (each.name == terms_.phenomenon_time && !is_null(time())) item.put("phenomenonTime", time());
    if (each.name == terms_.result_time) item.put("resultTime", time());
    if (each.name == terms_.is_result_time_observed) item.put("resultTime", Moment{time_us});
    if (each.name == terms_.valid_time && !is_null(time())) item.put("validTime", time());
    if (each.name == terms_.result_quality || each.name == terms_.quality) item.put("resultQuality", datum_of(each.value));
    if (each.name == terms_.status && text != nullptr) append_member(parameters, "status", last_part(*text));
    if (each.name == terms_.source && text != nullptr) append_member(parameters, "source", *text);
    if (each.name != terms_.parameters) continue;
    if (const auto* json = std::get_if<twin::Json>(&each.value))
      twin::any_json_member(json->text, [&](std::string_view name, std::string_view said) {
        if (name == "\"status\"" || name == "\"source\"") return false;
        parameters += parameters.empty() ? '{' : ',';
        parameters.append(name).append(":").append(said);
        return false;
      });
  }
  if (!parameters.empty()) item.put("parameters", closed_object(std::move(parameters)));
  item.links = links_of(value, terms_.feature);
  return item;
}

Item ItemMaker::current_location(const twin::EntityPtr& thing) const {
  Item item{.kind = Kind::location, .id = coded(thing->id), .entity = thing};
  const std::string name = name_of_thing(*thing);
  item.properties = {{"name", name}, {"description", "where " + name + " is"}, {"encodingType", std::string(kGeoJsonType)}};
  if (const Attribute* place = thing->find(terms_.location)) item.put("location", datum_of(place->value));
  return item;
}

Item ItemMaker::past_location(const twin::EntityPtr& thing, const PastValue& past) const {
  Item item = current_location(thing);
  item.id = id_of(ValueName{past.series, past.time_us});
  item.series = past.series;
  item.time_us = past.time_us;
  item.is_past = true;
  item.put("description", "where " + name_of_thing(*thing) + " was");
  item.put("location", datum_of(past.attribute.value));
  return item;
}

Item ItemMaker::historical_location(const twin::EntityPtr& thing, const PastValue& past) const {
  Item item{.kind = Kind::historical_location,
            .id = id_of(ValueName{past.series, past.time_us}),
            .entity = thing,
            .attribute = terms_.location,
            .series = past.series,
            .time_us = past.time_us};
  item.properties = {{"time", Moment{past.time_us}}};
  item.links = links_of(past.attribute, terms_.locations);
  return item;
}

Item ItemMaker::sensor_of_source(std::string_view source) const {
  Item item{.kind = Kind::sensor, .id = std::string(kSourcePrefix) + coded(source)};
  const std::string name(source.empty() ? "unknown" : source);
  item.properties = {{"name", name},
                     {"description", source.empty() ? "of values that name no source" : "known as the source of values"},
                     {"encodingType", "text/plain"},
                     {"metadata", name}};
  return item;
}

Item ItemMaker::observed_property_of(std::string_view attribute_iri) const {
  Item item{.kind = Kind::observed_property, .id = coded(short_attribute(attribute_iri))};
  const std::string name = last_part(attribute_iri);
  item.properties = {{"name", name}, {"definition", std::string(attribute_iri)}, {"description", name}};
  item.attribute = names_.find(attribute_iri);
  return item;
}

Item ItemMaker::feature_of(const twin::EntityPtr& thing) const {
  Item item = current_location(thing);
  item.kind = Kind::feature_of_interest;
  Datum place = item.find("location") == nullptr ? Datum() : *item.find("location");
  const std::string name = name_of_thing(*thing);
  item.properties = {{"name", name},
                     {"description", "where " + name + " measures"},
                     {"encodingType", std::string(kGeoJsonType)},
                     {"feature", std::move(place)}};
  return item;
}

}  // namespace citiverse::api::sensor_things
