// Roofs of OSM Simple 3D Buildings over any outline, as facets that close without gaps.
#pragma once

#include <cstdint>
#include <vector>

#include "city/feature.h"
#include "geo/vec.h"
#include "tiles/outline.h"

namespace citiverse::tiles {

/// What is asked for. Heights in metres.
struct RoofWish {
  city::RoofShape shape = city::RoofShape::flat;
  double height_m = 0;  ///< From the lowest to the highest point of the roof.
  double direction_deg =
      -1;  ///< Clockwise from north, in which a skillion falls or a slope of a single ridge faces; −1: not known.
  city::RoofOrientation orientation = city::RoofOrientation::along;
};

/// Triangles over an outline, counter-clockwise seen from outside. Point i, for i below the outline's number of points, stands
/// over point i of the outline, and the walls end there: at z = 0 under most roofs, higher under a skillion or a gable that the
/// outline cuts. The surface is closed but for the outline's own sides, its projection is the outline, and every facet is plane
/// within kRoofPlaneErrorM unless it is smooth.
struct Roof {
  struct Facet {
    std::uint32_t first_index = 0;
    std::uint32_t index_count = 0;
    bool is_wall = false;    ///< A gable: vertical, drawn as wall.
    bool is_smooth = false;  ///< Lit as one curved surface.
  };
  std::vector<geo::Vec3d> points;
  std::vector<std::uint32_t> indices;
  std::vector<Facet> facets;
  city::RoofShape made = city::RoofShape::flat;  ///< What it became: a simpler shape where the wish does not fit the outline.
  double height_m = 0;                           ///< Of the highest point.

  void clear();
};

/// Makes the roof that was wished, or the next simpler one that is right: onion → dome → hipped → flat, pyramidal → hipped,
/// gabled, gambrel and round → hipped with the same profile → flat, half-hipped and mansard → hipped → flat. A flat roof in
/// place of another lies at half its height. The outline must be one that triangulate() covers (see fits_roofs). Cost:
/// microseconds for a house. No allocation once warm. Threads: safe. Source: wiki.openstreetmap.org/wiki/Simple_3D_Buildings
/// (shapes); straight_skeleton.h (faces).
void make_roof(const Outline& outline, const RoofWish& wish, Roof& roof);

/// Whether triangulate() cuts the outline into n − 2 + 2 × holes triangles of its own area: no side crosses another.
bool fits_roofs(const Outline& outline);

inline constexpr double kRoofPlaneErrorM = 0.02;
/// Of the projected area, per metre of the outline's perimeter.
inline constexpr double kRoofAreaErrorM = 1e-3;
/// An outline that fills at least this part of its oriented box gets one straight ridge; others follow their wings.
inline constexpr double kOneRidgeFillMin = 0.82;

}  // namespace citiverse::tiles
