// A living thing as the client shows it: where, tied to what, and its values with unit, age and source.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "twin/entity.h"
#include "twin/names.h"
#include "twin/query/lon_lat.h"

namespace citiverse::api {

/// The property that ties an entity to a city object; its value is the text of a city::FeatureId.
inline constexpr std::string_view kAnchorIri = "https://citiverse.org/ns#anchor";
inline constexpr std::string_view kLocationIri = "https://uri.etsi.org/ngsi-ld/location";
inline constexpr std::string_view kDefaultVocabulary = "https://uri.etsi.org/ngsi-ld/default-context/";

/// The last part of an IRI, as people read it: "https://…/default-context/speed" → "speed".
std::string_view short_name(std::string_view iri);

/// What of an entity stands at fixed names.
struct LivePlace {
  std::optional<twin::LonLat> point;  ///< Of a location that is a point.
  std::string_view anchor;            ///< Empty: none.
};
LivePlace place_of(const twin::Entity& entity, twin::NameId location, twin::NameId anchor);

/// LiveItem of protocol/openapi.yaml. `distance_m` is left out when there is none.
void write_live_item(base::JsonWriter& json, const twin::Entity& entity, const twin::Names& names, const LivePlace& place,
                     std::optional<double> distance_m);

}  // namespace citiverse::api
