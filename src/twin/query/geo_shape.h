// Geometries of GeoJSON in GEOS's hands, kept out of everybody else's headers.
#pragma once

#include <geos_c.h>

#include <memory>
#include <string_view>

#include "base/result.h"
#include "twin/query/lon_lat.h"
#include "twin/store.h"

namespace citiverse::twin {

/// GEOS without global state: what it would print is dropped, since callers see each failure.
class GeosContext {
 public:
  GeosContext() : handle_(GEOS_init_r()) {}
  ~GeosContext() { GEOS_finish_r(handle_); }
  GeosContext(const GeosContext&) = delete;
  GeosContext& operator=(const GeosContext&) = delete;
  GEOSContextHandle_t get() const { return handle_; }

 private:
  GEOSContextHandle_t handle_;
};

struct GeosDelete {
  GEOSContextHandle_t context = nullptr;
  void operator()(GEOSGeometry* geometry) const { GEOSGeom_destroy_r(context, geometry); }
  void operator()(const GEOSPreparedGeometry* prepared) const { GEOSPreparedGeom_destroy_r(context, prepared); }
};
using GeosShape = std::unique_ptr<GEOSGeometry, GeosDelete>;
using GeosPrepared = std::unique_ptr<const GEOSPreparedGeometry, GeosDelete>;

/// A geometry of GeoJSON (RFC 7946) that was checked before; null when GEOS cannot read it.
GeosShape read_shape(const GeosContext& context, std::string_view geo_json);

/// The same, checked: type and nesting of coordinates, positions on the Earth, closed rings, nothing that crosses itself.
/// Fails: bad_input, naming the parameter; limit, beyond `positions_max`.
base::Result<GeosShape> checked_shape(const GeosContext& context, std::string_view type, std::string_view coordinates,
                                      std::size_t positions_max);

/// Metres east and north of `middle`, on a plane that touches the sphere there.
GeosShape flattened(const GeosContext& context, const GEOSGeometry* shape, LonLat middle);

LonLatBox extent_of(const GeosContext& context, const GEOSGeometry* shape);

}  // namespace citiverse::twin
