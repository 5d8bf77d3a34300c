// Buildings as closed white-card bodies with their roofs: what makes the 3D view a city.
#pragma once

#include "city/city.h"
#include "geo/box.h"
#include "tiles/mesh.h"

namespace citiverse::tiles {

/// How much of a building is drawn.
enum class BuildingDetail : std::uint8_t {
  full,   ///< Outline within kOutlineToleranceM, roof in its shape.
  block,  ///< Outline within 1 m, small courtyards filled, flat at the mean height of its roof.
  far,    ///< Its oriented box, shrunk to the outline's area, flat at the mean height of its roof.
};

/// By how much a level may be off, metres: the geometricError of a tile that shows it. For `block` and `far` that of nearly all
/// buildings, not a bound: halls are larger.
constexpr double geometric_error_m(BuildingDetail detail) {
  return detail == BuildingDetail::full ? 0.0 : detail == BuildingDetail::block ? 3.0 : 10.0;
}

/// Appends one building or building part; the caller leaves out buildings that have parts.
///
/// Shape: each outer ring with its holes becomes one solid of `wall` (walls, gables, underside) and `roof`, closed: after
/// welding equal positions every edge is shared by exactly two triangles (by an even number where the outline touches itself).
/// Facets are plane but for domes, onions and round roofs. The roof's projection is the outline within kOutlineToleranceM × its
/// perimeter. Roofs that do not fit an outline become simpler (make_roof); a ring that crosses itself loses its holes, then
/// becomes its convex hull. Outlines under kBuildingAreaMinM2 are left out. Heights: height_m and min_height_m count from the
/// ground line, which is the lowest ground on the border of the outline (of the whole building for a part), as OSM defines
/// them; where the height was estimated, from the mean of lowest and highest ground instead, because levels are counted from
/// the street. What stands on the ground begins kFootingM below its lowest ground. Colours: warm card; a source's colour is
/// softened towards it; ambient occlusion at the foot, under eaves and in gaps under kOpenSkyM to a neighbour. `origin` is the
/// tile's. Same input, same bytes. Cost: 10 to 40 µs a building. Threads: safe on different contents.
void append_building(const city::City& city, city::FeatureIndex feature, BuildingDetail detail, geo::Vec3d origin,
                     TileContent& content);

/// Small buildings that stand close together, from afar.
struct BuildingGroup {
  /// Whose direction, colours and ground the group has, and which a visitor points at.
  city::FeatureIndex largest = city::kNone;
  geo::Vec2d center;    ///< City plane: mean of the members' middles, by area.
  geo::Box2d box;       ///< Of all members: the group stays within.
  double area_m2 = 0;   ///< Of all outlines.
  double height_m = 0;  ///< Mean above ground, by area.
};

/// Appends a group as one body: the `far` box of its largest member, around the group's center, with the group's
/// height, and with its area as far as its box has room. Nothing where the largest has no outline. Same colours, order and
/// threads as append_building.
void append_building_group(const city::City& city, const BuildingGroup& group, geo::Vec3d origin, TileContent& content);

/// Area of a building's outlines without their holes, m².
double outline_area_m2(const city::City& city, const city::Feature& building);

inline constexpr double kOutlineToleranceM = 0.02;
inline constexpr double kFootingM = 0.3;
inline constexpr double kBuildingAreaMinM2 = 0.005;
inline constexpr double kOpenSkyM = 10;
/// Heights are drawn up to this; more is an error of the source.
inline constexpr double kBuildingHeightMaxM = 1000;

}  // namespace citiverse::tiles
