// The layers of one map tile while it is made.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "city/city.h"
#include "formats/mvt_writer.h"
#include "formats/subtree.h"
#include "tiles/map_projection.h"
#include "tiles/map_shape.h"

namespace citiverse::tiles {

/// The layers, in the order in which they stand in a tile.
enum class MapLayer : std::uint8_t {
  land_use,
  green,
  water,
  paved,
  barrier,
  building,
  street,
  rail,
  line,
  area,
  tree,
  address,
  stop,
  place
};
inline constexpr std::size_t kMapLayers = 14;
std::string_view name_of(MapLayer layer);

/// Adds features one by one; one thread at a time.
class MapTileMaker {
 public:
  MapTileMaker(const city::City& city, const MapProjection& projection, formats::TileAddress at);

  /// False for kinds that have nothing to draw at this tile's zoom.
  static bool draws(city::FeatureKind kind, std::uint32_t zoom);
  void add(city::FeatureIndex feature);
  /// The tile's bytes.
  std::string finish() const;

 private:
  // Each draws one kind.
  void add_building(const city::Feature& f);
  void add_street(const city::Feature& f);
  void add_rail(const city::Feature& f);
  void add_water(const city::Feature& f);
  void add_area(const city::Feature& f);
  void add_line(const city::Feature& f);
  void add_place(const city::Feature& f);
  void add_stop(const city::Feature& f);
  void add_tree(const city::Feature& f);
  void add_barrier(const city::Feature& f);
  void add_address(const city::Feature& f);
  void add_surface(const city::Feature& f, MapLayer layer, std::string_view word, std::uint32_t lines_from);

  formats::MvtLayer& begin(const city::Feature& f, MapLayer layer, formats::MvtGeometryType type);
  /// The geometry of a feature in its own type. Returns false, having added nothing, when none of it lies in the tile.
  bool draw(const city::Feature& f, formats::MvtLayer& layer, bool rings_as_lines = false);
  bool draw_point(geo::Vec2d point, formats::MvtLayer& layer);
  void name(const city::Feature& f, formats::MvtLayer& layer);
  geo::Vec2d unit(geo::Vec2d point) const;
  void load(const city::Part& part);
  /// True when the box of a feature is too small to see at this zoom.
  bool is_too_small(const city::Feature& f) const;

  const city::City& city_;
  const MapProjection& projection_;
  formats::TileAddress at_;
  double tiles_across_;
  double unit_m_;     // Metres a tile unit at the city.
  double tolerance_;  // Of simplification, tile units.
  double area_min_;   // Square units.
  std::vector<formats::MvtLayer> layers_;
  MapShaper shaper_;
  std::vector<geo::Vec2d> points_;
};

}  // namespace citiverse::tiles
