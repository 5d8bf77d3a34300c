// Points against a circle or a rectangle are decided with a few multiplications; GEOS, prepared once, does all else.
#include "twin/query/geo_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "twin/json_view.h"
#include "twin/query/geo_shape.h"
#include "twin/query/text_cursor.h"

namespace citiverse::twin {
namespace {

enum class Relation : std::uint8_t { nearer, farther, within, contains, intersects, equals, disjoint, overlaps };

struct Georel {
  Relation relation;
  double distance_m = 0;
};

constexpr std::array<std::pair<std::string_view, Relation>, 6> kRelations{{{"within", Relation::within},
                                                                           {"contains", Relation::contains},
                                                                           {"intersects", Relation::intersects},
                                                                           {"equals", Relation::equals},
                                                                           {"disjoint", Relation::disjoint},
                                                                           {"overlaps", Relation::overlaps}}};

base::Result<Georel> read_georel(std::string_view text) {
  for (const auto& [name, relation] : kRelations)
    if (text == name) return Georel{relation};
  TextCursor cursor("georel", text);
  if (!cursor.take("near"))
    return cursor.expected(
        "near;maxDistance==…, near;minDistance==…, within, contains, intersects, equals, disjoint or overlaps");
  if (!cursor.take(";")) return cursor.expected("';' and maxDistance== or minDistance==");
  Georel georel{Relation::nearer};
  if (cursor.take("minDistance"))
    georel.relation = Relation::farther;
  else if (!cursor.take("maxDistance"))
    return cursor.expected("maxDistance== or minDistance==");
  if (!cursor.take("==")) return cursor.expected("'=='");
  const auto distance = json_number(cursor.rest());
  if (!distance || !(*distance > 0) || !std::isfinite(*distance)) return cursor.expected("metres, more than 0");
  georel.distance_m = *distance;
  return georel;
}

}  // namespace

class GeoQuery::Data {
 public:
  Data(Georel georel, NameId property) : property_(property), georel_(georel) {}

  base::Result<void> set_reference(std::string_view type, std::string_view coordinates) {
    auto shape = checked_shape(context_, type, coordinates, kPositionsMax);
    if (!shape) return std::unexpected(shape.error());
    reference_ = std::move(*shape);
    const LonLatBox extent = extent_of(context_, reference_.get());
    middle_ = {(extent.west_deg + extent.east_deg) / 2, (extent.south_deg + extent.north_deg) / 2};
    if (type == "Point") point_ = middle_;
    const bool is_near = georel_.relation == Relation::nearer || georel_.relation == Relation::farther;
    if (is_near) {
      flat_ = flattened(context_, reference_.get(), middle_);
      if (flat_ == nullptr) return base::fail(base::ErrorCode::bad_input, "coordinates: no distance can be measured from here");
    }
    prepared_ = {GEOSPrepare_r(context_.get(), is_near ? flat_.get() : reference_.get()), GeosDelete{context_.get()}};
    if (georel_.relation == Relation::nearer)
      box_ = widened(extent, georel_.distance_m);
    else if (georel_.relation != Relation::farther && georel_.relation != Relation::disjoint)
      box_ = extent;
    is_rectangle_ = type == "Polygon" && is_axis_rectangle(extent);
    return {};
  }

  bool matches(const Attribute& attribute) const {
    const auto* json = std::get_if<Json>(&attribute.value);
    if (json == nullptr) return false;
    const auto point = point_of(std::string_view(json->text));
    if (!point) return matches_shape(json->text);
    if (box_ && !is_inside(*box_, *point)) return false;
    if (georel_.relation == Relation::nearer && point_) return distance_m(*point_, *point) <= georel_.distance_m;
    if (georel_.relation == Relation::farther && point_) return distance_m(*point_, *point) > georel_.distance_m;
    if (is_rectangle_ && georel_.relation == Relation::intersects) return true;
    if (is_rectangle_ && georel_.relation == Relation::within)
      return point->lon_deg > box_->west_deg && point->lon_deg < box_->east_deg && point->lat_deg > box_->south_deg &&
             point->lat_deg < box_->north_deg;
    const GeosShape shape(GEOSGeom_createPointFromXY_r(context_.get(), point->lon_deg, point->lat_deg),
                          GeosDelete{context_.get()});
    return shape != nullptr && stands_in_relation(shape.get());
  }

  bool may_match(const Attribute& attribute) const {
    const auto* json = std::get_if<Json>(&attribute.value);
    if (json == nullptr) return false;
    if (!box_) return true;
    const GeosShape shape = read_shape(context_, json->text);
    if (shape == nullptr) return false;
    const LonLatBox area = extent_of(context_, shape.get());
    // A reference beyond the antimeridian reaches anywhere in longitude.
    const bool is_wrapped = box_->west_deg > box_->east_deg;
    return area.south_deg <= box_->north_deg && area.north_deg >= box_->south_deg &&
           (is_wrapped || (area.west_deg <= box_->east_deg && area.east_deg >= box_->west_deg));
  }

  const std::optional<LonLatBox>& box() const { return box_; }
  NameId property() const { return property_; }

 private:
  bool is_axis_rectangle(const LonLatBox& extent) const {
    double area = 0;
    GEOSArea_r(context_.get(), reference_.get(), &area);
    const double whole = (extent.east_deg - extent.west_deg) * (extent.north_deg - extent.south_deg);
    return GEOSGetNumCoordinates_r(context_.get(), reference_.get()) == 5 && std::abs(area - whole) <= whole * 1e-12;
  }

  bool matches_shape(std::string_view geo_json) const {
    const GeosShape shape = read_shape(context_, geo_json);
    return shape != nullptr && stands_in_relation(shape.get());
  }

  // The prepared geometry is the reference, so relations of the target to it are asked the other way round. An answer of 2 says
  // that GEOS failed, on a geometry that no topology can be told of: it does not match.
  bool stands_in_relation(const GEOSGeometry* target) const {
    const GEOSContextHandle_t context = context_.get();
    switch (georel_.relation) {
      case Relation::nearer: return is_within_distance(target) == 1;
      case Relation::farther: return is_within_distance(target) == 0;
      case Relation::within: return GEOSPreparedContains_r(context, prepared_.get(), target) == 1;
      case Relation::contains: return GEOSPreparedWithin_r(context, prepared_.get(), target) == 1;
      case Relation::intersects: return GEOSPreparedIntersects_r(context, prepared_.get(), target) == 1;
      case Relation::disjoint: return GEOSPreparedDisjoint_r(context, prepared_.get(), target) == 1;
      case Relation::overlaps: return GEOSPreparedOverlaps_r(context, prepared_.get(), target) == 1;
      case Relation::equals: return GEOSEquals_r(context, target, reference_.get()) == 1;
    }
    return false;
  }

  char is_within_distance(const GEOSGeometry* target) const {
    const GeosShape flat = flattened(context_, target, middle_);
    return flat == nullptr ? 2 : GEOSPreparedDistanceWithin_r(context_.get(), prepared_.get(), flat.get(), georel_.distance_m);
  }

  NameId property_;
  Georel georel_;
  GeosContext context_;  // Before all that it made.
  GeosShape reference_;
  GeosShape flat_;
  GeosPrepared prepared_;
  LonLat middle_;
  std::optional<LonLat> point_;
  std::optional<LonLatBox> box_;
  bool is_rectangle_ = false;
};

GeoQuery::GeoQuery(std::unique_ptr<Data> data) : data_(std::move(data)) {}
GeoQuery::GeoQuery(GeoQuery&&) noexcept = default;
GeoQuery& GeoQuery::operator=(GeoQuery&&) noexcept = default;
GeoQuery::~GeoQuery() = default;

base::Result<GeoQuery> GeoQuery::parse(const GeoRequest& request) {
  const auto georel = read_georel(request.georel);
  if (!georel) return std::unexpected(georel.error());
  auto data = std::make_unique<Data>(*georel, request.property);
  if (auto set = data->set_reference(request.geometry, request.coordinates); !set) return std::unexpected(set.error());
  return GeoQuery(std::move(data));
}

bool GeoQuery::matches(const Entity& entity) const {
  return std::ranges::any_of(entity.instances(data_->property()),
                             [&](const AttributePtr& each) { return data_->matches(*each); });
}

bool GeoQuery::may_match(const Entity& entity) const {
  return std::ranges::any_of(entity.instances(data_->property()),
                             [&](const AttributePtr& each) { return data_->may_match(*each); });
}

const std::optional<LonLatBox>& GeoQuery::box() const { return data_->box(); }
NameId GeoQuery::property() const { return data_->property(); }

}  // namespace citiverse::twin
