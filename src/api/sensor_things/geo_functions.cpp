// Literals are read once a request; geometries of entities each time they are asked for.
#include "api/sensor_things/geo_functions.h"

#include <map>

#include "twin/json_view.h"
#include "twin/query/geo_shape.h"

namespace citiverse::api::sensor_things {

bool is_geo_function(Operation operation) { return operation >= Operation::geo_distance; }

class GeoFunctions::Data {
 public:
  // Null when it is no geometry. What is read from `datum` stays in `spare`.
  const GEOSGeometry* shape_of(const Datum& datum, twin::GeosShape& spare) {
    if (const auto* literal = std::get_if<Geography>(&datum)) {
      auto [place, is_new] = literals_.try_emplace(literal->wkt);
      if (is_new) place->second = read_wkt(literal->wkt);
      return place->second.get();
    }
    const auto* json = std::get_if<twin::Json>(&datum);
    if (json == nullptr) return nullptr;
    const std::string_view feature = twin::json_member(json->text, "geometry");
    spare = twin::read_shape(context_, feature.empty() ? std::string_view(json->text) : feature);
    return spare.get();
  }
  GEOSContextHandle_t handle() const { return context_.get(); }

 private:
  twin::GeosShape read_wkt(std::string_view text) const {
    if (text.starts_with("SRID=")) text.remove_prefix(std::min(text.find(';') + 1, text.size()));
    GEOSWKTReader* reader = GEOSWKTReader_create_r(handle());
    twin::GeosShape shape(GEOSWKTReader_read_r(handle(), reader, std::string(text).c_str()), twin::GeosDelete{handle()});
    GEOSWKTReader_destroy_r(handle(), reader);
    return shape;
  }

  twin::GeosContext context_;
  std::map<std::string, twin::GeosShape> literals_;
};

GeoFunctions::GeoFunctions() : data_(std::make_unique<Data>()) {}
GeoFunctions::~GeoFunctions() = default;

Datum GeoFunctions::apply(Operation operation, std::span<const Datum> arguments) {
  const GEOSContextHandle_t handle = data_->handle();
  twin::GeosShape spare_a, spare_b;
  const GEOSGeometry* a = data_->shape_of(arguments[0], spare_a);
  double measure = 0;
  if (operation == Operation::geo_length) {
    if (a == nullptr || GEOSLength_r(handle, a, &measure) != 1) return {};
    return measure;
  }
  const GEOSGeometry* b = data_->shape_of(arguments[1], spare_b);
  if (a == nullptr || b == nullptr) return {};
  char holds = 2;
  switch (operation) {
    case Operation::geo_distance:
      if (GEOSDistance_r(handle, a, b, &measure) != 1) return {};
      return measure;
    case Operation::geo_intersects:
    case Operation::st_intersects: holds = GEOSIntersects_r(handle, a, b); break;
    case Operation::st_equals: holds = GEOSEquals_r(handle, a, b); break;
    case Operation::st_disjoint: holds = GEOSDisjoint_r(handle, a, b); break;
    case Operation::st_touches: holds = GEOSTouches_r(handle, a, b); break;
    case Operation::st_within: holds = GEOSWithin_r(handle, a, b); break;
    case Operation::st_overlaps: holds = GEOSOverlaps_r(handle, a, b); break;
    case Operation::st_crosses: holds = GEOSCrosses_r(handle, a, b); break;
    case Operation::st_contains: holds = GEOSContains_r(handle, a, b); break;
    case Operation::st_relate: {
      const auto* pattern = std::get_if<std::string>(&arguments[2]);
      if (pattern != nullptr && pattern->size() == 9) holds = GEOSRelatePattern_r(handle, a, b, pattern->c_str());
      break;
    }
    default: break;
  }
  if (holds != 0 && holds != 1) return {};  // GEOS could not say.
  return holds == 1;
}

}  // namespace citiverse::api::sensor_things
