// Geometry and attributes as a GeoPackage stores them in one cell: StandardGeoPackageBinary (clause 2.1.3) and JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "city/city.h"

namespace citiverse::city {

/// The geometry of a feature in longitude and latitude, little-endian, with an envelope for all but points. `out` is
/// overwritten. Returns the bounds, x longitude and y latitude.
geo::Box2d to_blob(const City& city, const Geometry& geometry, std::string& out);

struct BlobPart {
  std::vector<geo::LatLon> places;
  bool is_hole = false;
};
struct BlobGeometry {
  GeometryType type = GeometryType::point;
  std::vector<BlobPart> parts;
};
/// Reads any byte order, point, line, polygon and their multi forms; Z and M are dropped. Nothing when it is cut short, of
/// another type, holds coordinates out of range, or has more than `points_max` points. Cost: linear in the bytes.
std::optional<BlobGeometry> from_blob(std::string_view blob, std::size_t points_max);

/// A JSON object of texts, in the order given: {"name:fr":"Mairie"}.
std::string to_json(const std::vector<std::pair<std::string_view, std::string_view>>& attributes);
/// Reads such an object back; numbers, true and false become texts. Nothing for other JSON, or more than `count_max` members.
std::optional<std::vector<std::pair<std::string, std::string>>> from_json(std::string_view json, std::size_t count_max);

}  // namespace citiverse::city
