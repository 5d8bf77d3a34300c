// Entities, attributes and values of the twin as entities of SensorThings' model: docs/decisions/0016 says which is which.
#pragma once

#include <functional>
#include <string_view>

#include "api/sensor_things/terms.h"
#include "twin/history/history.h"

namespace citiverse::api::sensor_things {

/// A value as history has it, and its place there.
struct PastValue {
  twin::history::SeriesId series = 0;
  twin::TimeUs time_us = 0;
  const twin::Attribute& attribute;
};

/// Makes items from what was read already; looks nothing up. Threads: safe.
class ItemMaker {
 public:
  ItemMaker(const twin::Names& names, const Terms& terms) : names_(names), terms_(terms) {}

  Item thing(const twin::EntityPtr& entity) const;
  /// A Sensor, ObservedProperty, FeatureOfInterest or Location that has an entity of its own.
  Item stored(Kind kind, const twin::EntityPtr& entity) const;
  Item datastream(const twin::EntityPtr& thing, twin::NameId attribute, twin::NameId dataset) const;
  Item observation(const Item& datastream, const PastValue& past) const;
  /// Where a Thing is or was, when that is no Location with an entity of its own.
  Item current_location(const twin::EntityPtr& thing) const;
  Item past_location(const twin::EntityPtr& thing, const PastValue& past) const;
  Item historical_location(const twin::EntityPtr& thing, const PastValue& past) const;
  // What nobody described, known by what values say.
  Item sensor_of_source(std::string_view source) const;
  Item observed_property_of(std::string_view attribute_iri) const;
  Item feature_of(const twin::EntityPtr& thing) const;

  /// Every Datastream of a Thing: attributes that were observed, and those that are described only.
  using OnDatastream = std::function<bool(twin::NameId attribute, twin::NameId dataset)>;
  bool each_datastream(const twin::Entity& thing, const OnDatastream& on_datastream) const;
  bool has_datastream(const twin::Entity& thing, twin::NameId attribute, twin::NameId dataset) const;
  /// What was said of a Datastream: a JSON object, or nothing.
  const twin::Attribute* description_of(const twin::Entity& thing, twin::NameId attribute, twin::NameId dataset) const;

  /// Ids of the Locations from which a `location` was taken, or the FeatureOfInterest of a result; empty when none is said.
  std::vector<std::string> links_of(const twin::Attribute& attribute, twin::NameId relation) const;
  std::string name_of_thing(const twin::Entity& thing) const;

 private:
  std::string text_of(const twin::Entity& entity, twin::NameId name) const;
  Datum properties_of_thing(const twin::Entity& entity) const;
  void describe(Item& item, const twin::Attribute& description) const;
  void derive(Item& item, const twin::Attribute* latest) const;

  const twin::Names& names_;
  const Terms& terms_;
};

/// When a value counts: observedAt, or when it was written.
twin::TimeUs time_of_value(const twin::Attribute& attribute);
/// What is said of a value under a name, or null.
const twin::Attribute* said_of(const twin::Attribute& attribute, twin::NameId name);

/// A unit of measurement as SensorThings says it (8.2.4), from a code of UN/CEFACT Recommendation 20, and the code of a symbol.
std::string unit_json(std::string_view code);
std::string unit_code(std::string_view symbol);

}  // namespace citiverse::api::sensor_things
