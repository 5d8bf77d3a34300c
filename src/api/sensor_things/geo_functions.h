// The geospatial and spatial relationship functions of $filter, in GEOS's hands.
#pragma once

#include <memory>
#include <span>

#include "api/sensor_things/expression.h"

namespace citiverse::api::sensor_things {

/// True for geo.distance to st_relate.
bool is_geo_function(Operation operation);

/// On longitude and latitude as plane coordinates, so that lengths and distances are in degrees, as the coordinate reference
/// system has them (OData 4.0 part 2, 5.1.1.4.14). Threads: one.
class GeoFunctions {
 public:
  GeoFunctions();
  ~GeoFunctions();
  GeoFunctions(const GeoFunctions&) = delete;
  GeoFunctions& operator=(const GeoFunctions&) = delete;

  /// Null where an argument is no geometry: GeoJSON, a Feature of it, or literal WKT.
  Datum apply(Operation operation, std::span<const Datum> arguments);

 private:
  class Data;
  std::unique_ptr<Data> data_;
};

}  // namespace citiverse::api::sensor_things
