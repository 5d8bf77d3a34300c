// Geometries from outside, held against RFC 7946 before they are kept.
#pragma once

#include <string_view>

#include "base/json_reader.h"
#include "base/result.h"

namespace citiverse::api::ngsi_ld {

inline constexpr std::size_t kGeometryPositionsMax = 2'000;  ///< Of one geometry.

/// True for the names of geometries that a GeoProperty may have: all of RFC 7946 but GeometryCollection (4.7.1).
bool is_geometry_type(std::string_view type);
/// Whether an object calls itself a geometry and has coordinates.
bool looks_like_geometry(base::JsonValue value);

/// Type and nesting of coordinates, positions on the Earth, lines of two positions or more, closed rings of four or more that
/// do not cross themselves. Fails: bad_input, saying what is wrong; limit. Source: RFC 7946, 3.1; ETSI GS CIM 009, 4.7.
base::Result<void> check_geometry(base::JsonValue geometry);

}  // namespace citiverse::api::ngsi_ld
