// Coordinates from outside are checked one by one before GEOS sees them, so that the complaint can say what is wrong.
#include "twin/query/geo_shape.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <string>
#include <utility>

#include "base/json_reader.h"

namespace citiverse::twin {
namespace {

struct Form {
  std::string_view type;
  int depth;               ///< Arrays around a position.
  std::size_t points_min;  ///< Of the innermost array.
  bool is_ring;
};

constexpr std::array<Form, 6> kForms{{{"Point", 0, 1, false},
                                      {"MultiPoint", 1, 1, false},
                                      {"LineString", 1, 2, false},
                                      {"MultiLineString", 2, 2, false},
                                      {"Polygon", 2, 4, true},
                                      {"MultiPolygon", 3, 4, true}}};

class CoordinateCheck {
 public:
  CoordinateCheck(const Form& form, std::size_t positions_max) : form_(form), positions_max_(positions_max) {}

  std::optional<base::Error> complaint(const base::JsonValue& value, int depth) {
    if (depth == 0) return position(value);
    if (!value.is_array() || value.size() == 0) return wrong("expected arrays around the positions, as deep as this type has");
    if (depth == 1 && value.size() < form_.points_min)
      return wrong(fmt::format("expected {} positions at least", form_.points_min));
    for (std::size_t i = 0; i < value.size(); ++i)
      if (auto found = complaint(value[i], depth - 1)) return found;
    if (depth != 1 || !form_.is_ring) return std::nullopt;
    const auto first = value[0];
    const auto last = value[value.size() - 1];
    if (first[0].number() != last[0].number() || first[1].number() != last[1].number())
      return wrong("a ring's last position is its first");
    return std::nullopt;
  }

 private:
  std::optional<base::Error> position(const base::JsonValue& value) {
    if (++positions_ > positions_max_)
      return base::Error{base::ErrorCode::limit, fmt::format("coordinates: at most {} positions", positions_max_)};
    const auto lon = value[0].number();
    const auto lat = value[1].number();
    if (!value.is_array() || value.size() > 3 || !lon || !lat || (value.size() == 3 && !value[2].number()))
      return wrong("a position is [longitude, latitude], with a height perhaps");
    if (!(std::abs(*lon) <= 180 && std::abs(*lat) <= 90))
      return wrong(
          fmt::format("[{}, {}] is not on the Earth: longitudes go from -180 to 180, latitudes from -90 to 90", *lon, *lat));
    return std::nullopt;
  }

  base::Error wrong(std::string_view what) const {
    return {base::ErrorCode::bad_input, fmt::format("coordinates: position {} of a {}: {}", positions_, form_.type, what)};
  }

  const Form& form_;
  std::size_t positions_max_;
  std::size_t positions_ = 0;
};

}  // namespace

GeosShape read_shape(const GeosContext& context, std::string_view geo_json) {
  GEOSGeoJSONReader* reader = GEOSGeoJSONReader_create_r(context.get());
  const std::string text(geo_json);
  GeosShape shape(GEOSGeoJSONReader_readGeometry_r(context.get(), reader, text.c_str()), GeosDelete{context.get()});
  GEOSGeoJSONReader_destroy_r(context.get(), reader);
  return shape;
}

base::Result<GeosShape> checked_shape(const GeosContext& context, std::string_view type, std::string_view coordinates,
                                      std::size_t positions_max) {
  const Form* form = nullptr;
  for (const Form& each : kForms)
    if (each.type == type) form = &each;
  if (form == nullptr)
    return base::fail(base::ErrorCode::bad_input,
                      "geometry: expected Point, MultiPoint, LineString, MultiLineString, Polygon or MultiPolygon");
  const auto document = base::JsonDocument::parse(coordinates);
  if (!document) return base::fail(base::ErrorCode::bad_input, "coordinates: " + document.error().message);
  if (auto complaint = CoordinateCheck(*form, positions_max).complaint(document->root(), form->depth))
    return std::unexpected(std::move(*complaint));
  auto shape = read_shape(context, fmt::format(R"({{"type":"{}","coordinates":{}}})", type, coordinates));
  if (shape == nullptr) return base::fail(base::ErrorCode::bad_input, fmt::format("coordinates: no {}", type));
  if (GEOSisValid_r(context.get(), shape.get()) != 1) {
    char* const reason = GEOSisValidReason_r(context.get(), shape.get());
    auto failure = base::fail(base::ErrorCode::bad_input, fmt::format("coordinates: the {} is not valid: {}", type,
                                                                      reason == nullptr ? "it crosses itself" : reason));
    GEOSFree_r(context.get(), reason);
    return failure;
  }
  return shape;
}

GeosShape flattened(const GeosContext& context, const GEOSGeometry* shape, LonLat middle) {
  const auto to_metres = [](double* x, double* y, void* data) {
    const LonLat at = *static_cast<const LonLat*>(data);
    constexpr double kMetresPerDegree = kEarthRadiusM * std::numbers::pi / 180;
    *x = std::remainder(*x - at.lon_deg, 360) * kMetresPerDegree * std::cos(at.lat_deg * std::numbers::pi / 180);
    *y = (*y - at.lat_deg) * kMetresPerDegree;
    return 1;
  };
  return {GEOSGeom_transformXY_r(context.get(), shape, to_metres, &middle), GeosDelete{context.get()}};
}

LonLatBox extent_of(const GeosContext& context, const GEOSGeometry* shape) {
  LonLatBox box;
  GEOSGeom_getExtent_r(context.get(), shape, &box.west_deg, &box.south_deg, &box.east_deg, &box.north_deg);
  return box;
}

}  // namespace citiverse::twin
