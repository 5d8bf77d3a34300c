// Adding is appending; all ordering happens once, at the end.
#include "city/city_builder.h"

#include <algorithm>
#include <numeric>

#include "base/check.h"
#include "base/text.h"
#include "city/canonical_order.h"
#include "city/hilbert.h"

namespace citiverse::city {
namespace {

bool fits(FeatureKind kind, const Building&) { return kind == FeatureKind::building || kind == FeatureKind::building_part; }
bool fits(FeatureKind kind, const Street&) { return kind == FeatureKind::street; }
bool fits(FeatureKind kind, const Rail&) { return kind == FeatureKind::rail; }
bool fits(FeatureKind kind, const Water&) { return kind == FeatureKind::water; }
bool fits(FeatureKind kind, const Green&) { return kind == FeatureKind::green; }
bool fits(FeatureKind kind, const LandUse&) { return kind == FeatureKind::land_use; }
bool fits(FeatureKind kind, const Paved&) { return kind == FeatureKind::paved; }
bool fits(FeatureKind kind, const Bridge&) { return kind == FeatureKind::bridge; }
bool fits(FeatureKind kind, const Barrier&) { return kind == FeatureKind::barrier; }
bool fits(FeatureKind kind, const Tree&) { return kind == FeatureKind::tree; }
bool fits(FeatureKind kind, const Place&) { return kind == FeatureKind::place; }
bool fits(FeatureKind kind, const Stop&) { return kind == FeatureKind::stop; }
bool fits(FeatureKind kind, const Area&) { return kind == FeatureKind::area; }
bool fits(FeatureKind kind, const Line&) { return kind == FeatureKind::line; }

bool is_counter_clockwise(std::span<const geo::Vec2d> ring) {
  double twice = 0;
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++)
    twice += geo::cross(ring[j] - ring[0], ring[i] - ring[0]);
  return twice > 0;
}

}  // namespace

CityBuilder::CityBuilder(std::string_view name, geo::LatLon origin)
    : name_(base::clean_text(name, kTextBytesMax)), plane_(origin) {}

void CityBuilder::set_name(std::string_view name) { name_ = base::clean_text(name, kTextBytesMax); }

void CityBuilder::set_time_zone(std::string_view iana_name) { time_zone_ = base::clean_text(iana_name, 64); }

std::uint32_t CityBuilder::add_source(const SourceText& source) {
  sources_.push_back({text(source.title), text(source.licence), text(source.attribution), text(source.date)});
  return static_cast<std::uint32_t>(sources_.size() - 1);
}

TextRef CityBuilder::text(std::string_view raw) {
  if (raw.empty()) return {};
  std::string clean = base::clean_text(raw, kTextBytesMax);
  if (clean.empty()) return {};
  const auto [at, is_new] = known_texts_.try_emplace(std::move(clean));
  if (is_new) {
    at->second = {static_cast<std::uint32_t>(texts_.size()), static_cast<std::uint32_t>(at->first.size())};
    texts_.insert(texts_.end(), at->first.begin(), at->first.end());
  }
  return at->second;
}

Geometry CityBuilder::begin(GeometryType type) const { return {type, {}, {static_cast<std::uint32_t>(parts_.size()), 0}}; }

bool CityBuilder::add_part(Geometry& geometry, std::span<const geo::Vec2d> points, bool is_hole) {
  CITIVERSE_CHECK(geometry.parts.first + geometry.parts.count == parts_.size(), "one geometry is added at a time");
  const auto first = vertices_.size();
  for (const geo::Vec2d& raw : points) {
    const geo::Vec2d p = geo::snapped_to_mm(raw);
    if (vertices_.size() == first || !(vertices_.back() == p)) vertices_.push_back(p);
  }
  const bool ring = geometry.type == GeometryType::polygons;
  while (ring && vertices_.size() > first + 1 && vertices_.back() == vertices_[first]) vertices_.pop_back();
  const std::size_t count = vertices_.size() - first;
  const std::size_t least = ring ? 3 : geometry.type == GeometryType::lines ? 2 : 1;
  if (count < least) {
    vertices_.resize(first);
    return false;
  }
  const std::span<geo::Vec2d> stored = std::span(vertices_).subspan(first);
  if (ring && is_counter_clockwise(stored) == is_hole) std::reverse(stored.begin(), stored.end());
  parts_.push_back({static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(count), is_hole});
  ++geometry.parts.count;
  return true;
}

template <class Detail>
FeatureIndex CityBuilder::add_feature(FeatureId id, const Geometry& geometry, TextRef name, const Detail& detail,
                                      std::vector<Detail>& table) {
  CITIVERSE_CHECK(geometry.parts.count > 0, "every feature has a geometry");
  CITIVERSE_CHECK(ids_.insert(id).second, "an id names one feature; ask contains() first");
  Feature feature;
  feature.id = id;
  feature.geometry = geometry;
  feature.name = name;
  feature.detail = static_cast<std::uint32_t>(table.size());
  for (const Part& part : parts(geometry)) {
    for (const auto& p : vertices(part)) feature.box.extend(p);
  }
  table.push_back(detail);
  features_.push_back(feature);
  return static_cast<FeatureIndex>(features_.size() - 1);
}

#define CITIVERSE_ADD(Type, table)                                                                          \
  FeatureIndex CityBuilder::add(FeatureId id, const Geometry& geometry, TextRef name, const Type& detail) { \
    CITIVERSE_CHECK(fits(id.kind(), detail), "the kind in the id is the kind of the detail");               \
    return add_feature(id, geometry, name, detail, table);                                                  \
  }
CITIVERSE_ADD(Building, buildings_)
CITIVERSE_ADD(Street, streets_)
CITIVERSE_ADD(Rail, rails_)
CITIVERSE_ADD(Water, waters_)
CITIVERSE_ADD(Green, greens_)
CITIVERSE_ADD(LandUse, land_uses_)
CITIVERSE_ADD(Paved, paved_)
CITIVERSE_ADD(Bridge, bridges_)
CITIVERSE_ADD(Barrier, barriers_)
CITIVERSE_ADD(Tree, trees_)
CITIVERSE_ADD(Place, places_)
CITIVERSE_ADD(Stop, stops_)
CITIVERSE_ADD(Area, areas_)
CITIVERSE_ADD(Line, lines_)
#undef CITIVERSE_ADD

FeatureIndex CityBuilder::add_address(FeatureId id, const Geometry& geometry, const AddressText& address) {
  CITIVERSE_CHECK(id.kind() == FeatureKind::address, "the kind in the id is the kind of the detail");
  const Address row{text(address.house_number), text(address.street), text(address.postcode), text(address.city)};
  const FeatureIndex i = add_feature(id, geometry, {}, row, addresses_);
  features_[i].address = features_[i].detail;
  return i;
}

void CityBuilder::set_source(FeatureIndex feature, std::uint32_t source) { features_[feature].source = source; }

void CityBuilder::set_address(FeatureIndex feature, const AddressText& address) {
  const Address row{text(address.house_number), text(address.street), text(address.postcode), text(address.city)};
  // An address that says nothing is none.
  if (row.house_number.empty() && row.street.empty() && row.postcode.empty() && row.city.empty()) return;
  features_[feature].address = static_cast<std::uint32_t>(addresses_.size());
  addresses_.push_back(row);
}

void CityBuilder::set_attributes(FeatureIndex feature, std::span<const Attribute> attributes) {
  features_[feature].attributes = {static_cast<std::uint32_t>(attributes_.size()),
                                   static_cast<std::uint32_t>(attributes.size())};
  attributes_.insert(attributes_.end(), attributes.begin(), attributes.end());
}

Building& CityBuilder::building(FeatureIndex feature) {
  CITIVERSE_CHECK(fits(features_[feature].id.kind(), Building{}), "only buildings have a building's detail");
  return buildings_[features_[feature].detail];
}

const Water& CityBuilder::water(FeatureIndex feature) const {
  CITIVERSE_CHECK(features_[feature].id.kind() == FeatureKind::water, "only water has water's detail");
  return waters_[features_[feature].detail];
}

std::uint32_t CityBuilder::add_pattern(std::span<const PatternStop> stops, std::span<const Trip> trips) {
  Pattern pattern;
  pattern.stops = {static_cast<std::uint32_t>(pattern_stops_.size()), static_cast<std::uint32_t>(stops.size())};
  pattern.trips = {static_cast<std::uint32_t>(trips_.size()), static_cast<std::uint32_t>(trips.size())};
  pattern_stops_.insert(pattern_stops_.end(), stops.begin(), stops.end());
  trips_.insert(trips_.end(), trips.begin(), trips.end());
  std::stable_sort(trips_.begin() + pattern.trips.first, trips_.end(),
                   [](const Trip& a, const Trip& b) { return a.departure_s < b.departure_s; });
  patterns_.push_back(pattern);
  return static_cast<std::uint32_t>(patterns_.size() - 1);
}

City CityBuilder::with_terrain(City city, Terrain terrain) {
  city.terrain_ = std::move(terrain);
  return city;
}

City CityBuilder::build() && {
  geo::Box2d all;
  for (const Feature& f : features_) all.extend(f.box);
  std::vector<std::uint32_t> along(features_.size());
  for (std::size_t i = 0; i < features_.size(); ++i) along[i] = hilbert_order(features_[i].box.center(), all);
  std::vector<FeatureIndex> order(features_.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](FeatureIndex a, FeatureIndex b) {
    const FeatureId ia = features_[a].id;
    const FeatureId ib = features_[b].id;
    if (ia.kind() != ib.kind()) return ia.kind() < ib.kind();
    return along[a] != along[b] ? along[a] < along[b] : ia < ib;
  });
  std::vector<FeatureIndex> now_at(features_.size());
  for (FeatureIndex i = 0; i < order.size(); ++i) now_at[order[i]] = i;
  const auto moved = [&](FeatureIndex i) { return i == kNone ? kNone : now_at[i]; };
  for (Building& b : buildings_) b.parent = moved(b.parent);
  for (PatternStop& s : pattern_stops_) s.stop = moved(s.stop);

  std::vector<Feature> sorted;
  sorted.reserve(order.size());
  for (const FeatureIndex i : order) sorted.push_back(features_[i]);
  std::vector<FeatureIndex> by_id(sorted.size());
  std::iota(by_id.begin(), by_id.end(), 0u);
  std::sort(by_id.begin(), by_id.end(), [&](FeatureIndex a, FeatureIndex b) { return sorted[a].id < sorted[b].id; });
  std::vector<geo::Box2d> boxes;
  boxes.reserve(sorted.size());
  for (const Feature& f : sorted) boxes.push_back(f.box);
  const SpatialIndex index(boxes);

  City city;
  city.name_ = std::move(name_);
  city.time_zone_ = std::move(time_zone_);
  city.plane_ = plane_;
  city.terrain_ = std::move(terrain_);
  CityColumns c;
  c.features = Column(std::move(sorted));
  c.vertices = Column(std::move(vertices_));
  c.parts = Column(std::move(parts_));
  c.texts = Column(std::move(texts_));
  c.attributes = Column(std::move(attributes_));
  c.addresses = Column(std::move(addresses_));
  c.sources = Column(std::move(sources_));
  c.buildings = Column(std::move(buildings_));
  c.streets = Column(std::move(streets_));
  c.rails = Column(std::move(rails_));
  c.waters = Column(std::move(waters_));
  c.greens = Column(std::move(greens_));
  c.land_uses = Column(std::move(land_uses_));
  c.paved = Column(std::move(paved_));
  c.bridges = Column(std::move(bridges_));
  c.barriers = Column(std::move(barriers_));
  c.trees = Column(std::move(trees_));
  c.places = Column(std::move(places_));
  c.stops = Column(std::move(stops_));
  c.areas = Column(std::move(areas_));
  c.lines = Column(std::move(lines_));
  c.patterns = Column(std::move(patterns_));
  c.pattern_stops = Column(std::move(pattern_stops_));
  c.trips = Column(std::move(trips_));
  city.columns_ = in_canonical_order(c);
  city.columns_.features_by_id = Column(std::move(by_id));
  const auto nodes = index.nodes().values();
  const auto ends = index.level_ends().values();
  city.columns_.index_nodes = Column(std::vector(nodes.begin(), nodes.end()));
  city.columns_.index_level_ends = Column(std::vector(ends.begin(), ends.end()));
  city.derive();
  return city;
}

}  // namespace citiverse::city
