// Exactly one of object and point.
#include "api/anchor_body.h"

#include "api/parameters.h"
#include "city/feature_id.h"

namespace citiverse::api {

using base::ErrorCode;
using base::fail;

base::Result<presence::Anchor> read_anchor(JsonBody& body, const CityModel& model) {
  const auto object = body.text("object", 1, 64);
  const base::JsonValue lat = body.value("lat");
  const base::JsonValue lon = body.value("lon");
  if (object.has_value() == (!lat.is_absent() || !lon.is_absent()))
    return fail(ErrorCode::bad_input, "object: give object, or lat and lon");
  const city::City& city = model.city();
  if (object) {
    const auto id = city::feature_id_from(*object);
    const auto index = id ? city.find(*id) : std::nullopt;
    if (!index) return fail(ErrorCode::not_found, "object: the city has no such object");
    const city::Feature& feature = city.feature(*index);
    return presence::Anchor{*object, std::string(city.text(feature.name)), city.plane().to_lat_lon(city.anchor(feature))};
  }
  const auto lat_deg = lat.number();
  const auto lon_deg = lon.number();
  if (!lat_deg || *lat_deg < -90 || *lat_deg > 90) return fail(ErrorCode::bad_input, "lat: a number from -90 to 90 is needed");
  if (!lon_deg || *lon_deg < -180 || *lon_deg > 180)
    return fail(ErrorCode::bad_input, "lon: a number from -180 to 180 is needed");
  const geo::LatLon place{*lat_deg, *lon_deg};
  Parameters unused("");
  if (!city.box().contains(plane_point(city, place, unused)) || unused.failure())
    return fail(ErrorCode::bad_input, "lat: this place lies outside the city");
  return presence::Anchor{.place = place};
}

}  // namespace citiverse::api
