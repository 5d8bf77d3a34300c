// Where: whether the geometry of an entity stands in a relation to one that was asked for.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "twin/entity.h"
#include "twin/query/lon_lat.h"
#include "twin/store.h"

namespace citiverse::twin {

/// What comes in: georel, geometry, coordinates as the query has them, and the expanded geoproperty.
struct GeoRequest {
  std::string_view georel;       ///< "near;maxDistance==2000", "within", …
  std::string_view geometry;     ///< "Point" … "MultiPolygon": all of RFC 7946 but GeometryCollection.
  std::string_view coordinates;  ///< JSON.
  NameId property = kNoName;     ///< The number of "location", when none is asked for.
};

/// A relation and a reference geometry. Distances: from point to point great circles on a sphere of kEarthRadiusM (4.23 asks
/// for haversine); else on a plane at the reference's middle, which is off by less than 1 % up to 50 km from there and 50° of
/// latitude. Topology as OGC 06-103r4 defines it, on longitude and latitude as plane coordinates.
/// Threads: one at a time; copies are made by parsing again. Source: ETSI GS CIM 009 V1.9.1, 4.10.
class GeoQuery {
 public:
  static constexpr std::size_t kPositionsMax = 20'000;

  /// Fails: bad_input (naming the parameter; also geometries that cross themselves, and positions off the Earth), limit.
  static base::Result<GeoQuery> parse(const GeoRequest& request);

  GeoQuery(GeoQuery&&) noexcept;
  GeoQuery& operator=(GeoQuery&&) noexcept;
  ~GeoQuery();

  /// Any instance of the geoproperty is enough; an entity without one does not match.
  bool matches(const Entity& entity) const;
  /// Whether a place within the area that an instance of the geoproperty is may match: told by extents, and true more often
  /// than need be.
  bool may_match(const Entity& entity) const;
  /// All that match reach into this box; nothing when they may be anywhere.
  const std::optional<LonLatBox>& box() const;
  NameId property() const;

 private:
  class Data;
  explicit GeoQuery(std::unique_ptr<Data> data);
  std::unique_ptr<Data> data_;
};

}  // namespace citiverse::twin
