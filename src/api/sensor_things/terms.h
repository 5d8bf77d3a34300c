// The twin's names that this door reads and writes.
#pragma once

#include "api/sensor_things/model.h"
#include "twin/names.h"
#include "twin/report.h"

namespace citiverse::api::sensor_things {

/// Numbers of one Names table. What is ours stands under https://citiverse.org/ns#.
struct Terms : twin::ReportTerms {
  explicit Terms(twin::Names& names);

  // Types of entities that are no Things.
  twin::NameId sensor_type, observed_property_type, feature_type, location_type;
  twin::NameId thing_type;  ///< Of Things that were made through this door; all other entities are Things as well.
  // Attributes.
  twin::NameId description, properties, encoding_type, metadata, definition;
  twin::NameId content;     ///< JSON of a Location's location, a FeatureOfInterest's feature.
  twin::NameId datastream;  ///< What is said of a Datastream, a dataset each, on its Thing.
  // What is said of values.
  twin::NameId locations;  ///< Of `location`: ids of the Locations it was taken from.
  twin::NameId feature;    ///< Of a result: the id of its FeatureOfInterest, where that is not the Thing.
  twin::NameId phenomenon_time, result_time, result_quality, valid_time, parameters;
  twin::NameId is_result_time_observed;  ///< resultTime is observedAt: true is kept instead of the same time again.

  /// kNoName for kinds that have no entities of their own.
  twin::NameId type_of(Kind kind) const;
  /// Whether an entity is something else than a Thing.
  bool is_support(const twin::Entity& entity) const;
};

}  // namespace citiverse::api::sensor_things
