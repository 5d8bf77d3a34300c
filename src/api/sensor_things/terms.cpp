// Interned once, when the routes are added.
#include "api/sensor_things/terms.h"

#include <algorithm>
#include <array>

namespace citiverse::api::sensor_things {
namespace {

twin::NameId ours(twin::Names& names, std::string_view term) {
  return names.intern(std::string("https://citiverse.org/ns#").append(term));
}

}  // namespace

Terms::Terms(twin::Names& names)
    : ReportTerms(names),
      sensor_type(ours(names, "Sensor")),
      observed_property_type(ours(names, "ObservedProperty")),
      feature_type(ours(names, "FeatureOfInterest")),
      location_type(ours(names, "Location")),
      thing_type(ours(names, "Thing")),
      description(names.intern("http://purl.org/dc/terms/description")),
      properties(ours(names, "properties")),
      encoding_type(ours(names, "encodingType")),
      metadata(ours(names, "metadata")),
      definition(ours(names, "definition")),
      content(ours(names, "content")),
      datastream(ours(names, "datastream")),
      locations(ours(names, "locations")),
      feature(ours(names, "featureOfInterest")),
      phenomenon_time(ours(names, "phenomenonTime")),
      result_time(ours(names, "resultTime")),
      result_quality(ours(names, "resultQuality")),
      valid_time(ours(names, "validTime")),
      parameters(ours(names, "parameters")),
      is_result_time_observed(ours(names, "isResultTimeObserved")) {}

twin::NameId Terms::type_of(Kind kind) const {
  switch (kind) {
    case Kind::thing: return thing_type;
    case Kind::location: return location_type;
    case Kind::sensor: return sensor_type;
    case Kind::observed_property: return observed_property_type;
    case Kind::feature_of_interest: return feature_type;
    default: return twin::kNoName;
  }
}

bool Terms::is_support(const twin::Entity& entity) const {
  const std::array support{sensor_type, observed_property_type, feature_type, location_type};
  return std::ranges::find_first_of(entity.types, support) != entity.types.end();
}

}  // namespace citiverse::api::sensor_things
