// The city's own data on disk: an OGC GeoPackage (OGC 12-128r18, version 1.3) that any GIS opens, edits and reads back.
//
// Layers: one a kind of feature, in EPSG:4326, with a column a field (geopackage_fields.h), `attributes` (a JSON object of
// texts), the columns of an address, `source`, and an R-tree. A kind without features has no layer. Tables without geometry:
// city (key, value), source, line_pattern, line_pattern_stop, line_trip.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"
#include "city/city.h"

namespace citiverse::city {

/// Raised when the tables change in a way that older programs cannot read.
inline constexpr int kGeopackageFormat = 1;
inline constexpr std::size_t kGeometryPointsMax = 5'000'000;  ///< Of one feature that is read.

/// Writes a new file; not aside, and not flushed to the disk: save_city() does both. The same city gives the same bytes; times
/// in the file are the date of the data. Fails: conflict when the file is there; unavailable.
base::Result<void> write_geopackage(const City& city, const std::filesystem::path& path);

/// Reads what write_geopackage wrote, also after a GIS has changed values or geometries. All columns of the city come back
/// equal, but for the terrain, which is a file of its own. Fails: not_found; corrupt, naming layer, row and column.
base::Result<City> read_geopackage(const std::filesystem::path& path);
/// The same from bytes in memory.
base::Result<City> read_geopackage_bytes(std::string_view bytes);

}  // namespace citiverse::city
