// The data of each kind with its units: feature.h in the words of the contract.
#pragma once

#include "api/summary_json.h"

namespace citiverse::api {

/// Writes the property that is named for the feature's kind, and `estimated`.
void write_detail(base::JsonWriter& json, const city::City& city, const city::Feature& feature);

/// GeoJSON (RFC 7946): MultiPoint or Point, MultiLineString, MultiPolygon with closed rings.
void write_geometry(base::JsonWriter& json, const city::City& city, const city::Feature& feature);

}  // namespace citiverse::api
