// Numbers are written in the shortest form that reads back as the same double.
#include "formats/tileset_json.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace citiverse::formats {

std::array<double, 16> east_north_up_transform(geo::LatLon origin) {
  const geo::EnuAxes axes = geo::enu_axes(origin);
  const geo::Vec3d at = geo::to_ecef(origin, 0);
  return {axes.east.x, axes.east.y, axes.east.z, 0, axes.north.x, axes.north.y, axes.north.z, 0,
          axes.up.x,   axes.up.y,   axes.up.z,   0, at.x,         at.y,         at.z,         1};
}

std::string write_tileset_json(const Tileset& t) {
  const auto transform = east_north_up_transform(t.origin);
  std::string json = R"({"asset":{"version":"1.1"},)";
  json += fmt::format(
      R"("schema":{{"id":"city","classes":{{"{}":{{"properties":{{"{}":{{"type":"SCALAR","componentType":"FLOAT64",)"
      R"("array":true,"count":12,"required":true,"semantic":"TILE_BOUNDING_BOX"}}}}}}}}}},)",
      kTileClass, kTileBoxProperty);
  // The error of the tileset is what is wrong when nothing at all is drawn: larger than any tile's.
  json += fmt::format(R"("geometricError":{},"root":{{"transform":[{}],"boundingVolume":{{"box":[{}]}},)", t.root_error_m * 4,
                      fmt::join(transform, ","), fmt::join(t.root_box, ","));
  json +=
      fmt::format(R"("geometricError":{},"refine":"REPLACE","content":{{"uri":"content/{{level}}/{{x}}/{{y}}.glb"}},)"
                  R"("implicitTiling":{{"subdivisionScheme":"QUADTREE","subtreeLevels":{},"availableLevels":{},)"
                  R"("subtrees":{{"uri":"subtrees/{{level}}/{{x}}/{{y}}.subtree"}}}},"extras":{{"content_overhang_m":{}}}}}}})",
                  t.root_error_m, t.subtree_levels, t.levels, t.content_overhang_m);
  return json;
}

}  // namespace citiverse::formats
