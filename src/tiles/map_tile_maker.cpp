// A kind a function: what is drawn of it, from which zoom, with which properties.
#include "tiles/map_tile_maker.h"

#include <array>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "tiles/map_words.h"

namespace citiverse::tiles {
namespace {

using city::Feature;
using city::FeatureKind;
using formats::MvtGeometryType;
using formats::MvtLayer;

constexpr std::array<std::string_view, kMapLayers> kLayerNames = {"land_use", "green",   "water", "paved", "barrier",
                                                                  "building", "street",  "rail",  "line",  "area",
                                                                  "tree",     "address", "stop",  "place"};
// Languages of the client.
constexpr std::array<std::string_view, 4> kNameKeys = {"name:en", "name:fr", "name:es", "name:ar"};

// The zoom from which a kind can have anything to draw.
constexpr std::uint32_t kind_zoom_min(FeatureKind kind) {
  switch (kind) {
    case FeatureKind::building:
    case FeatureKind::building_part:
    case FeatureKind::paved:
    case FeatureKind::bridge:
    case FeatureKind::place: return 13;
    case FeatureKind::street: return 5;
    case FeatureKind::rail: return 8;
    case FeatureKind::water:
    case FeatureKind::area: return 0;
    case FeatureKind::green:
    case FeatureKind::land_use: return 7;
    case FeatureKind::barrier:
    case FeatureKind::tree:
    case FeatureKind::address: return kMapZoomMax;
    case FeatureKind::stop: return 11;
    case FeatureKind::line: return 10;
  }
  return kMapNever;
}

MvtGeometryType type_of(const city::Geometry& g) {
  switch (g.type) {
    case city::GeometryType::point: return MvtGeometryType::point;
    case city::GeometryType::lines: return MvtGeometryType::lines;
    case city::GeometryType::polygons: return MvtGeometryType::polygons;
  }
  return MvtGeometryType::point;
}

std::uint64_t whole_metres(float m) { return static_cast<std::uint64_t>(std::lround(std::max(m, 0.0f))); }

}  // namespace

std::string_view name_of(MapLayer layer) { return kLayerNames[static_cast<std::size_t>(layer)]; }

MapTileMaker::MapTileMaker(const city::City& city, const MapProjection& projection, formats::TileAddress at)
    : city_(city), projection_(projection), at_(at), tiles_across_(std::ldexp(1.0, static_cast<int>(at.level))) {
  const double circle_m = 2 * std::numbers::pi * geo::kWgs84SemiMajorM;
  const double shrink = std::cos(city.plane().origin().lat_deg * std::numbers::pi / 180);
  unit_m_ = circle_m * shrink / tiles_across_ / formats::kMvtExtent;
  // A tile is drawn 512 pixels wide, so a pixel has 8 units: half a pixel below the deepest zoom, and there, where tiles are
  // stretched for closer views, what a grid of 40 cm does not show.
  const bool deepest = at.level == kMapZoomMax;
  tolerance_ = deepest ? 0.5 : 4;
  area_min_ = deepest ? 0 : 16.0 * 16.0;
  layers_.reserve(kMapLayers);
  for (const std::string_view layer : kLayerNames) layers_.emplace_back(std::string(layer));
}

bool MapTileMaker::draws(FeatureKind kind, std::uint32_t zoom) { return kind_zoom_min(kind) <= zoom; }

std::string MapTileMaker::finish() const {
  std::string tile;
  for (const MvtLayer& layer : layers_) layer.write_to(tile);
  return tile;
}

geo::Vec2d MapTileMaker::unit(geo::Vec2d point) const {
  const geo::Vec2d m = projection_(point);
  return {(m.x * tiles_across_ - at_.x) * formats::kMvtExtent, (m.y * tiles_across_ - at_.y) * formats::kMvtExtent};
}

void MapTileMaker::load(const city::Part& part) {
  points_.clear();
  for (const geo::Vec2d& v : city_.vertices(part)) points_.push_back(unit(v));
}

bool MapTileMaker::is_too_small(const Feature& f) const {
  return area_min_ > 0 && f.box.width() * f.box.height() < area_min_ * unit_m_ * unit_m_;
}

MvtLayer& MapTileMaker::begin(const Feature& f, MapLayer layer, MvtGeometryType type) {
  MvtLayer& l = layers_[static_cast<std::size_t>(layer)];
  l.begin(static_cast<std::uint64_t>(&f - city_.features().data()) + 1, type);
  return l;
}

bool MapTileMaker::draw_point(geo::Vec2d point, MvtLayer& layer) {
  const geo::Vec2d p = unit(point);
  // Half-open, so that a point is in one tile only.
  if (!(p.x >= 0 && p.x < formats::kMvtExtent && p.y >= 0 && p.y < formats::kMvtExtent)) return false;
  layer.add_point(to_grid(p));
  return true;
}

bool MapTileMaker::draw(const Feature& f, MvtLayer& layer, bool rings_as_lines) {
  if (f.geometry.type == city::GeometryType::point) return draw_point(city_.anchor(f), layer);
  const auto parts = city_.parts(f.geometry);
  if (f.geometry.type == city::GeometryType::lines || rings_as_lines) {
    for (const city::Part& part : parts) {
      load(part);
      if (f.geometry.type == city::GeometryType::polygons) points_.push_back(points_.front());
      shaper_.add_line(points_, tolerance_, layer);
    }
    return true;
  }
  bool outer_is_there = false;
  bool any = false;
  for (const city::Part& part : parts) {
    if (part.is_hole && !outer_is_there) continue;
    load(part);
    const bool added = shaper_.add_ring(points_, part.is_hole, tolerance_, area_min_, layer);
    if (!part.is_hole) outer_is_there = added;
    any = any || added;
  }
  return any;
}

void MapTileMaker::name(const Feature& f, MvtLayer& layer) {
  layer.property("id", std::string_view(to_string(f.id)));
  layer.property("kind", name_of(f.id.kind()));
  if (f.name.empty()) return;
  layer.property("name", city_.text(f.name));
  for (const city::Attribute& a : city_.attributes(f)) {
    const std::string_view key = city_.text(a.key);
    for (const std::string_view wanted : kNameKeys) {
      if (key == wanted) layer.property(wanted, city_.text(a.value));
    }
  }
}

void MapTileMaker::add(city::FeatureIndex i) {
  const Feature& f = city_.feature(i);
  const FeatureKind kind = f.id.kind();
  if (!draws(kind, at_.level)) return;
  switch (kind) {
    case FeatureKind::building:
    case FeatureKind::building_part: return add_building(f);
    case FeatureKind::street: return add_street(f);
    case FeatureKind::rail: return add_rail(f);
    case FeatureKind::water: return add_water(f);
    case FeatureKind::green: return add_surface(f, MapLayer::green, word_for(city_.green(f).green_class), kMapZoomMax);
    case FeatureKind::land_use:
      return add_surface(f, MapLayer::land_use, word_for(city_.land_use(f).land_use_class), kMapZoomMax);
    case FeatureKind::paved: return add_surface(f, MapLayer::paved, word_for(city_.paved(f).paved_class), 13);
    case FeatureKind::bridge: return add_surface(f, MapLayer::paved, "bridge", 13);
    case FeatureKind::barrier: return add_barrier(f);
    case FeatureKind::tree: return add_tree(f);
    case FeatureKind::place: return add_place(f);
    case FeatureKind::stop: return add_stop(f);
    case FeatureKind::area: return add_area(f);
    case FeatureKind::line: return add_line(f);
    case FeatureKind::address: return add_address(f);
  }
}

void MapTileMaker::add_building(const Feature& f) {
  if (at_.level == kMapZoomMax) add_address(f);
  const city::Building& b = city_.building(f);
  if (b.has_parts || is_too_small(f)) return;
  MvtLayer& layer = begin(f, MapLayer::building, type_of(f.geometry));
  if (!draw(f, layer)) return;
  name(f, layer);
  layer.property("use", word_for(b.use));
  layer.property("height", whole_metres(b.height_m));
  if (b.min_height_m >= 1) layer.property("min_height", whole_metres(b.min_height_m));
  layer.end();
}

void MapTileMaker::add_street(const Feature& f) {
  const city::Street& street = city_.street(f);
  if (zoom_min(street) > at_.level) return;
  MvtLayer& layer = begin(f, MapLayer::street, type_of(f.geometry));
  if (!draw(f, layer)) return;
  name(f, layer);
  layer.property("class", word_for(street.street_class));
  layer.property("structure", word_for(street.structure));
  const auto vehicles = static_cast<std::uint8_t>(city::kDrive);
  if ((street.forward & vehicles) != 0 && (street.backward & vehicles) == 0) layer.property("oneway", true);
  if (street.layer > 0) layer.property("layer", static_cast<std::uint64_t>(street.layer));
  layer.end();
}

void MapTileMaker::add_rail(const Feature& f) {
  const city::Rail& rail = city_.rail(f);
  if (zoom_min(rail) > at_.level) return;
  MvtLayer& layer = begin(f, MapLayer::rail, type_of(f.geometry));
  if (!draw(f, layer)) return;
  name(f, layer);
  layer.property("class", word_for(rail.rail_class));
  layer.property("structure", word_for(rail.structure));
  if (rail.layer > 0) layer.property("layer", static_cast<std::uint64_t>(rail.layer));
  layer.end();
}

void MapTileMaker::add_water(const Feature& f) {
  const city::Water& water = city_.water(f);
  add_surface(f, MapLayer::water, word_for(water.water_class), zoom_min(water.water_class));
}

// `lines_from` is the zoom from which those that are lines are drawn; areas are drawn when large enough.
void MapTileMaker::add_surface(const Feature& f, MapLayer to, std::string_view word, std::uint32_t lines_from) {
  const bool is_area = f.geometry.type == city::GeometryType::polygons;
  if (is_area ? is_too_small(f) : lines_from > at_.level) return;
  MvtLayer& layer = begin(f, to, type_of(f.geometry));
  if (!draw(f, layer)) return;
  name(f, layer);
  layer.property("class", word);
  layer.end();
}

void MapTileMaker::add_area(const Feature& f) {
  const city::Area& area = city_.area(f);
  if (zoom_min(area.area_class) > at_.level) return;
  const auto properties = [&](MvtLayer& layer) {
    name(f, layer);
    layer.property("class", word_for(area.area_class));
    if (area.population > 0) layer.property("population", std::uint64_t{area.population});
    layer.end();
  };
  if (f.geometry.type == city::GeometryType::polygons) {
    MvtLayer& layer = begin(f, MapLayer::area, MvtGeometryType::lines);
    if (draw(f, layer, true)) properties(layer);
  }
  MvtLayer& layer = begin(f, MapLayer::area, MvtGeometryType::point);
  if (draw_point(city_.anchor(f), layer)) properties(layer);
}

void MapTileMaker::add_line(const Feature& f) {
  const city::Line& line = city_.line(f);
  MvtLayer& layer = begin(f, MapLayer::line, type_of(f.geometry));
  if (!draw(f, layer)) return;
  name(f, layer);
  layer.property("ref", city_.text(line.reference));
  layer.property("mode", word_for(line.mode));
  if (line.colour_rgb != city::kNone) layer.property("colour", std::string_view(fmt::format("#{:06x}", line.colour_rgb)));
  layer.end();
}

void MapTileMaker::add_place(const Feature& f) {
  const city::Place& place = city_.place(f);
  if (zoom_min(place) > at_.level) return;
  MvtLayer& layer = begin(f, MapLayer::place, MvtGeometryType::point);
  if (!draw_point(city_.anchor(f), layer)) return;
  name(f, layer);
  layer.property("class", word_for(place.place_class));
  layer.property("subtype", city_.text(place.subtype));
  layer.end();
}

void MapTileMaker::add_stop(const Feature& f) {
  const city::Stop& stop = city_.stop(f);
  if (zoom_min(stop) > at_.level) return;
  MvtLayer& layer = begin(f, MapLayer::stop, MvtGeometryType::point);
  if (!draw_point(city_.anchor(f), layer)) return;
  name(f, layer);
  layer.property("mode", word_for(stop.mode));
  if (stop.is_station) layer.property("station", true);
  layer.end();
}

void MapTileMaker::add_tree(const Feature& f) {
  MvtLayer& layer = begin(f, MapLayer::tree, MvtGeometryType::point);
  if (!draw_point(city_.anchor(f), layer)) return;
  name(f, layer);
  layer.property("leaf", word_for(city_.tree(f).leaf));
  layer.end();
}

void MapTileMaker::add_barrier(const Feature& f) {
  const city::Barrier& barrier = city_.barrier(f);
  MvtLayer& layer = begin(f, MapLayer::barrier, type_of(f.geometry));
  if (!draw(f, layer)) return;
  name(f, layer);
  layer.property("class", word_for(barrier.barrier_class));
  layer.property("height", whole_metres(barrier.height_m));
  layer.end();
}

void MapTileMaker::add_address(const Feature& f) {
  if (f.address == city::kNone) return;
  const city::Address& address = city_.columns().addresses[f.address];
  if (address.house_number.empty()) return;
  MvtLayer& layer = begin(f, MapLayer::address, MvtGeometryType::point);
  if (!draw_point(city_.anchor(f), layer)) return;
  name(f, layer);
  layer.property("housenumber", city_.text(address.house_number));
  layer.property("street", city_.text(address.street));
  layer.end();
}

}  // namespace citiverse::tiles
