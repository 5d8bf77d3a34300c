// Which tiles there are, and which features each is asked to draw.
#include "tiles/vector_tiles.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "formats/json_text.h"
#include "tiles/map_tile_maker.h"
#include "tiles/pyramid.h"

namespace citiverse::tiles {
namespace {

using city::FeatureKind;

// Of the unit square, from the border of a box in the plane: meridians and parallels bend, but no more than between these.
geo::Box2d mercator_box(const MapProjection& projection, const geo::Box2d& box) {
  constexpr int kSteps = 8;
  geo::Box2d out;
  for (int i = 0; i <= kSteps; ++i) {
    const double x = box.low.x + box.width() * i / kSteps;
    const double y = box.low.y + box.height() * i / kSteps;
    for (const geo::Vec2d p : {geo::Vec2d{x, box.low.y}, {x, box.high.y}, {box.low.x, y}, {box.high.x, y}}) {
      out.extend(projection(p));
    }
  }
  return out;
}

std::uint32_t cell(double unit, std::uint32_t zoom) {
  const double across = std::ldexp(1.0, static_cast<int>(zoom));
  return static_cast<std::uint32_t>(std::clamp(std::floor(unit * across), 0.0, across - 1));
}

}  // namespace

VectorTiles::VectorTiles(const city::City& city)
    : city_(city), extent_(drawn_extent(city)), projection_(city.plane(), extent_) {
  if (!extent_.empty()) mercator_extent_ = mercator_box(projection_, extent_);
}

VectorTiles::VectorTiles(const city::City& changed, const VectorTiles& base)
    : city_(changed), extent_(base.extent_), projection_(base.projection_), mercator_extent_(base.mercator_extent_) {}

bool VectorTiles::exists(formats::TileAddress at) const {
  if (extent_.empty() || at.level > kMapZoomMax) return false;
  return at.x >= cell(mercator_extent_.low.x, at.level) && at.x <= cell(mercator_extent_.high.x, at.level) &&
         at.y >= cell(mercator_extent_.low.y, at.level) && at.y <= cell(mercator_extent_.high.y, at.level);
}

std::vector<formats::TileAddress> VectorTiles::all() const {
  std::vector<formats::TileAddress> tiles;
  if (extent_.empty()) return tiles;
  for (std::uint32_t z = 0; z <= kMapZoomMax; ++z) {
    for (std::uint32_t y = cell(mercator_extent_.low.y, z); y <= cell(mercator_extent_.high.y, z); ++y) {
      for (std::uint32_t x = cell(mercator_extent_.low.x, z); x <= cell(mercator_extent_.high.x, z); ++x)
        tiles.push_back({z, x, y});
    }
  }
  return tiles;
}

// The part of the city's extent that the tile and its buffer may show.
geo::Box2d VectorTiles::plane_box_of(formats::TileAddress at) const {
  const double across = std::ldexp(1.0, static_cast<int>(at.level));
  const double margin = MapShaper::kMvtBuffer / formats::kMvtExtent;
  geo::Box2d unit{{(at.x - margin) / across, (at.y - margin) / across},
                  {(at.x + 1 + margin) / across, (at.y + 1 + margin) / across}};
  const geo::Box2d whole = mercator_extent_.grown_by(mercator_extent_.width() * 0.01);
  if (unit.low.x <= whole.low.x && unit.low.y <= whole.low.y && unit.high.x >= whole.high.x && unit.high.y >= whole.high.y) {
    return city_.box();
  }
  unit.low = {std::max(unit.low.x, whole.low.x), std::max(unit.low.y, whole.low.y)};
  unit.high = {std::min(unit.high.x, whole.high.x), std::min(unit.high.y, whole.high.y)};
  constexpr int kSteps = 4;
  geo::Box2d out;
  for (int i = 0; i <= kSteps; ++i) {
    for (int j = 0; j <= kSteps; ++j) {
      out.extend(city_.plane().to_plane(
          lat_lon_of({unit.low.x + unit.width() * i / kSteps, unit.low.y + unit.height() * j / kSteps})));
    }
  }
  return out.grown_by(out.width() * 0.01);
}

base::Result<std::string> VectorTiles::make(formats::TileAddress at) const {
  if (!exists(at)) {
    return base::fail(base::ErrorCode::not_found, fmt::format("map/{}/{}/{}.mvt: outside of the city", at.level, at.x, at.y));
  }
  MapTileMaker maker(city_, projection_, at);
  const geo::Box2d box = plane_box_of(at);
  if (box == city_.box()) {
    // The whole city: kinds that are not drawn are not even looked at.
    for (std::size_t k = 1; k < city::kFeatureKinds; ++k) {
      const auto kind = static_cast<FeatureKind>(k);
      if (!MapTileMaker::draws(kind, at.level)) continue;
      const city::Run run = city_.of_kind(kind);
      for (std::uint32_t i = run.first; i < run.first + run.count; ++i) maker.add(i);
    }
  } else {
    city_.index().visit_box(box, [&](city::FeatureIndex i) { maker.add(i); });
  }
  return maker.finish();
}

std::string VectorTiles::tilejson() const {
  constexpr std::string_view kFields[kMapLayers] = {
      R"("class":"String")",
      R"("class":"String")",
      R"("class":"String")",
      R"("class":"String")",
      R"("class":"String","height":"Number")",
      R"("use":"String","height":"Number","min_height":"Number")",
      R"("class":"String","structure":"String","oneway":"Boolean","layer":"Number")",
      R"("class":"String","structure":"String","layer":"Number")",
      R"("ref":"String","mode":"String","colour":"String")",
      R"("class":"String","population":"Number")",
      R"("leaf":"String")",
      R"("housenumber":"String","street":"String")",
      R"("mode":"String","station":"Boolean")",
      R"("class":"String","subtype":"String")",
  };
  std::string layers;
  for (std::size_t i = 0; i < kMapLayers; ++i) {
    if (!layers.empty()) layers += ',';
    layers += fmt::format(
        R"({{"id":"{}","fields":{{"id":"String","kind":"String","name":"String","name:en":"String","name:fr":"String",)"
        R"("name:es":"String","name:ar":"String",{}}}}})",
        name_of(static_cast<MapLayer>(i)), kFields[i]);
  }
  std::string attribution;
  for (const city::Source& source : city_.columns().sources) {
    const std::string_view text = city_.text(source.attribution);
    if (text.empty() || attribution.find(text) != std::string::npos) continue;
    if (!attribution.empty()) attribution += ", ";
    attribution += text;
  }
  const geo::LatLon north_west = lat_lon_of(mercator_extent_.empty() ? geo::Vec2d{} : mercator_extent_.low);
  const geo::LatLon south_east = lat_lon_of(mercator_extent_.empty() ? geo::Vec2d{1, 1} : mercator_extent_.high);
  const geo::LatLon middle = city_.plane().origin();
  return fmt::format(
      R"({{"tilejson":"3.0.0","tiles":["{{z}}/{{x}}/{{y}}.mvt"],"name":{},"attribution":{},"scheme":"xyz","minzoom":0,)"
      R"("maxzoom":{},"bounds":[{:.6f},{:.6f},{:.6f},{:.6f}],"center":[{:.6f},{:.6f},13],"vector_layers":[{}]}})",
      formats::json_text(city_.name()), formats::json_text(attribution), kMapZoomMax, north_west.lon_deg, south_east.lat_deg,
      south_east.lon_deg, north_west.lat_deg, middle.lon_deg, middle.lat_deg, layers);
}

}  // namespace citiverse::tiles
