// New rows stand behind those of the base; features are merged in their order, and whoever names one by index is renumbered.
#include "city/city_patch.h"

#include <algorithm>
#include <iterator>

#include "base/check.h"
#include "base/text.h"

namespace citiverse::city {
namespace {

bool is_kind_of(FeatureKind kind, const PatchDetail& detail) {
  constexpr FeatureKind kKinds[] = {FeatureKind::building, FeatureKind::street, FeatureKind::water, FeatureKind::green,
                                    FeatureKind::land_use, FeatureKind::paved,  FeatureKind::tree,  FeatureKind::place,
                                    FeatureKind::stop,     FeatureKind::line};
  return kKinds[detail.index()] == kind || (detail.index() == 0 && kind == FeatureKind::building_part);
}

bool turns_left(std::span<const geo::Vec2d> ring) {
  double twice = 0;
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++)
    twice += geo::cross(ring[j] - ring[0], ring[i] - ring[0]);
  return twice > 0;
}

template <class T>
Column<T> shared(const Column<T>& column) {
  return Column<T>(column.values());
}

template <class T>
Column<T> joined(const Column<T>& base, std::span<const T> more) {
  if (more.empty()) return shared(base);
  std::vector<T> all;
  all.reserve(base.size() + more.size());
  all.insert(all.end(), base.begin(), base.end());
  all.insert(all.end(), more.begin(), more.end());
  return Column<T>(std::move(all));
}

template <class T>
Column<T> joined(const Column<T>& base, const std::vector<T>& more) {
  return joined(base, std::span<const T>(more));
}

// The details of what is put, by their tables.
struct NewDetails {
  std::vector<Building> buildings;
  std::vector<Street> streets;
  std::vector<Water> waters;
  std::vector<Green> greens;
  std::vector<LandUse> land_uses;
  std::vector<Paved> paved;
  std::vector<Tree> trees;
  std::vector<Place> places;
  std::vector<Stop> stops;
  std::vector<Line> lines;

  template <class T>
  static std::uint32_t put(std::vector<T>& table, const T& detail, const Column<T>& base) {
    table.push_back(detail);
    return static_cast<std::uint32_t>(base.size() + table.size() - 1);
  }
  std::uint32_t add(const PatchDetail& detail, const CityColumns& base) {
    return std::visit(
        [&](const auto& d) {
          using T = std::decay_t<decltype(d)>;
          if constexpr (std::is_same_v<T, Building>) return put(buildings, d, base.buildings);
          if constexpr (std::is_same_v<T, Street>) return put(streets, d, base.streets);
          if constexpr (std::is_same_v<T, Water>) return put(waters, d, base.waters);
          if constexpr (std::is_same_v<T, Green>) return put(greens, d, base.greens);
          if constexpr (std::is_same_v<T, LandUse>) return put(land_uses, d, base.land_uses);
          if constexpr (std::is_same_v<T, Paved>) return put(paved, d, base.paved);
          if constexpr (std::is_same_v<T, Tree>) return put(trees, d, base.trees);
          if constexpr (std::is_same_v<T, Place>) return put(places, d, base.places);
          if constexpr (std::is_same_v<T, Stop>) return put(stops, d, base.stops);
          if constexpr (std::is_same_v<T, Line>) return put(lines, d, base.lines);
        },
        detail);
  }
};

}  // namespace

// Where each feature stands: those of the base that stay, and what is new at the end of its kind.
struct CityPatch::Order {
  struct Place {
    FeatureIndex before = kNone;  // In the base.
    const std::pair<const FeatureId, Put>* put = nullptr;
  };
  std::vector<Place> places;
  std::vector<FeatureIndex> now_at;  // Of each feature of the base.
  bool is_moved = false;
};

CityPatch::CityPatch(const City& base) : base_(base) {}

TextRef CityPatch::text(std::string_view raw) {
  std::string clean = base::clean_text(raw, kTextBytesMax);
  if (clean.empty()) return {};
  const auto [at, is_new] = known_texts_.try_emplace(std::move(clean));
  if (is_new) {
    at->second = {static_cast<std::uint32_t>(base_.columns_.texts.size() + texts_.size()),
                  static_cast<std::uint32_t>(at->first.size())};
    texts_.insert(texts_.end(), at->first.begin(), at->first.end());
  }
  return at->second;
}

Geometry CityPatch::begin(GeometryType type) const {
  return {type, {}, {static_cast<std::uint32_t>(base_.columns_.parts.size() + parts_.size()), 0}};
}

bool CityPatch::add_part(Geometry& geometry, std::span<const geo::Vec2d> points, bool is_hole) {
  CITIVERSE_CHECK(geometry.parts.first + geometry.parts.count == base_.columns_.parts.size() + parts_.size(),
                  "one geometry is added at a time");
  const bool ring = geometry.type == GeometryType::polygons;
  const std::size_t first = vertices_.size();
  for (const geo::Vec2d& raw : points) {
    const geo::Vec2d p = geo::snapped_to_mm(raw);
    if (vertices_.size() == first || !(vertices_.back() == p)) vertices_.push_back(p);
  }
  while (ring && vertices_.size() > first + 1 && vertices_.back() == vertices_[first]) vertices_.pop_back();
  const std::size_t count = vertices_.size() - first;
  if (count < (ring ? 3u : geometry.type == GeometryType::lines ? 2u : 1u)) {
    vertices_.resize(first);
    return false;
  }
  const std::span<geo::Vec2d> stored = std::span(vertices_).subspan(first);
  if (ring && turns_left(stored) == is_hole) std::reverse(stored.begin(), stored.end());
  parts_.push_back(
      {static_cast<std::uint32_t>(base_.columns_.vertices.size() + first), static_cast<std::uint32_t>(count), is_hole});
  ++geometry.parts.count;
  return true;
}

void CityPatch::put(FeatureId id, const Geometry& geometry, TextRef name, const PatchDetail& detail,
                    std::span<const Attribute> attributes) {
  CITIVERSE_CHECK(is_kind_of(id.kind(), detail), "the kind in the id is the kind of the detail");
  CITIVERSE_CHECK(geometry.parts.count > 0, "every feature has a geometry");
  Put put{geometry, box_of(geometry), name, detail, {}};
  if (!attributes.empty()) {
    put.attributes = {static_cast<std::uint32_t>(base_.columns_.attributes.size() + attributes_.size()),
                      static_cast<std::uint32_t>(attributes.size())};
    attributes_.insert(attributes_.end(), attributes.begin(), attributes.end());
  }
  puts_.insert_or_assign(id, put);
}

geo::Box2d CityPatch::box_of(const Geometry& geometry) const {
  geo::Box2d box;
  const std::size_t base_parts = base_.columns_.parts.size();
  const std::size_t base_vertices = base_.columns_.vertices.size();
  for (std::size_t at = geometry.parts.first; at < geometry.parts.first + geometry.parts.count; ++at) {
    const Part& part = at < base_parts ? base_.columns_.parts[at] : parts_[at - base_parts];
    for (std::uint32_t v = part.first; v < part.first + part.count; ++v)
      box.extend(v < base_vertices ? base_.columns_.vertices[v] : vertices_[v - base_vertices]);
  }
  return box;
}

CityPatch::Put& CityPatch::put_of_street(FeatureId id) {
  CITIVERSE_CHECK(id.kind() == FeatureKind::street, "only streets are reshaped");
  if (const auto known = puts_.find(id); known != puts_.end()) return known->second;
  const auto at = base_.find(id);
  CITIVERSE_CHECK(at.has_value(), "a street that is changed is there");
  const Feature& f = base_.feature(*at);
  return puts_.emplace(id, Put{f.geometry, f.box, f.name, base_.street(f), f.attributes}).first->second;
}

void CityPatch::reshape(FeatureId street, const Geometry& geometry) {
  CITIVERSE_CHECK(geometry.parts.count > 0, "every feature has a geometry");
  Put& put = put_of_street(street);
  put.geometry = geometry;
  put.box = box_of(geometry);
}

Street& CityPatch::street(FeatureId id) { return std::get<Street>(put_of_street(id).detail); }

void CityPatch::remove(FeatureId id) { removed_.insert(id); }

std::optional<geo::Box2d> CityPatch::box_of(FeatureId id) const {
  if (removed_.contains(id)) return std::nullopt;
  if (const auto put = puts_.find(id); put != puts_.end()) return put->second.box;
  if (const auto at = base_.find(id)) return base_.feature(*at).box;
  return std::nullopt;
}

std::uint32_t CityPatch::add_pattern(std::span<const Call> calls, std::span<const Trip> trips) {
  const CityColumns& base = base_.columns_;
  Pattern pattern;
  pattern.stops = {static_cast<std::uint32_t>(base.pattern_stops.size() + pattern_stops_.size()),
                   static_cast<std::uint32_t>(calls.size())};
  pattern.trips = {static_cast<std::uint32_t>(base.trips.size() + trips_.size()), static_cast<std::uint32_t>(trips.size())};
  for (const Call& call : calls) {
    called_stops_.emplace_back(static_cast<std::uint32_t>(pattern_stops_.size()), call.stop);
    pattern_stops_.push_back({kNone, call.arrival_s, call.departure_s});
  }
  const auto first = static_cast<std::ptrdiff_t>(trips_.size());
  trips_.insert(trips_.end(), trips.begin(), trips.end());
  std::stable_sort(trips_.begin() + first, trips_.end(),
                   [](const Trip& a, const Trip& b) { return a.departure_s < b.departure_s; });
  patterns_.push_back(pattern);
  return static_cast<std::uint32_t>(base.patterns.size() + patterns_.size() - 1);
}

CityPatch::Order CityPatch::ordered() const {
  Order order;
  order.places.reserve(base_.features().size() + puts_.size());
  order.now_at.assign(base_.features().size(), kNone);
  for (std::size_t kind = 1; kind < kFeatureKinds; ++kind) {
    const Run run = base_.of_kind(static_cast<FeatureKind>(kind));
    for (FeatureIndex i = run.first; i < run.first + run.count; ++i) {
      if (removed_.contains(base_.feature(i).id)) continue;
      order.now_at[i] = static_cast<FeatureIndex>(order.places.size());
      order.is_moved = order.is_moved || order.now_at[i] != i;
      order.places.push_back({i, nullptr});
    }
    const auto begin = puts_.lower_bound({static_cast<std::uint64_t>(kind) << 56});
    const auto end = puts_.lower_bound({static_cast<std::uint64_t>(kind + 1) << 56});
    for (auto put = begin; put != end; ++put) {
      if (removed_.contains(put->first)) continue;
      if (const auto known = base_.find(put->first))
        order.places[order.now_at[*known]].put = &*put;
      else
        order.places.push_back({kNone, &*put});
    }
  }
  order.is_moved = order.is_moved || order.places.size() != base_.features().size();
  return order;
}

namespace {

// A kind is in the highest bits of an id, so ids in order are kinds in order, and a merge keeps them so.
std::vector<FeatureIndex> merged_by_id(const std::vector<Feature>& features, const Column<FeatureIndex>& base_by_id,
                                       const std::vector<FeatureIndex>& now_at, std::vector<FeatureIndex> added) {
  const auto earlier = [&](FeatureIndex a, FeatureIndex b) { return features[a].id < features[b].id; };
  std::sort(added.begin(), added.end(), earlier);
  std::vector<FeatureIndex> kept;
  kept.reserve(base_by_id.size());
  for (const FeatureIndex i : base_by_id)
    if (now_at[i] != kNone) kept.push_back(now_at[i]);
  std::vector<FeatureIndex> all;
  all.reserve(features.size());
  std::merge(kept.begin(), kept.end(), added.begin(), added.end(), std::back_inserter(all), earlier);
  return all;
}

}  // namespace

void CityPatch::copy_details(CityColumns& out, std::vector<Feature>& features, const Order& order) const {
  const CityColumns& base = base_.columns_;
  NewDetails details;
  for (FeatureIndex i = 0; i < order.places.size(); ++i) {
    const Order::Place& place = order.places[i];
    if (place.put == nullptr) {
      features.push_back(base.features[place.before]);
      continue;
    }
    Feature feature;
    if (place.before != kNone) feature = base.features[place.before];
    feature.id = place.put->first;
    const Put& put = place.put->second;
    feature.box = put.box;
    feature.geometry = put.geometry;
    feature.name = put.name;
    feature.attributes = put.attributes;
    feature.detail = details.add(put.detail, base);
    features.push_back(feature);
  }
  const auto moved = [&](FeatureIndex i) { return i == kNone ? kNone : order.now_at[i]; };
  if (order.is_moved) {
    std::vector<Building> buildings(base.buildings.begin(), base.buildings.end());
    buildings.insert(buildings.end(), details.buildings.begin(), details.buildings.end());
    for (Building& b : buildings) b.parent = moved(b.parent);
    out.buildings = Column(std::move(buildings));
  } else {
    out.buildings = joined(base.buildings, details.buildings);
  }
  out.streets = joined(base.streets, details.streets);
  out.rails = shared(base.rails);
  out.waters = joined(base.waters, details.waters);
  out.greens = joined(base.greens, details.greens);
  out.land_uses = joined(base.land_uses, details.land_uses);
  out.paved = joined(base.paved, details.paved);
  out.bridges = shared(base.bridges);
  out.barriers = shared(base.barriers);
  out.trees = joined(base.trees, details.trees);
  out.places = joined(base.places, details.places);
  out.stops = joined(base.stops, details.stops);
  out.areas = shared(base.areas);
  out.lines = joined(base.lines, details.lines);
}

City CityPatch::build() && {
  const CityColumns& base = base_.columns_;
  const Order order = ordered();
  City city;
  CityColumns& out = city.columns_;
  std::vector<Feature> features;
  features.reserve(order.places.size());
  copy_details(out, features, order);

  std::vector<FeatureIndex> added;
  std::vector<geo::Box2d> boxes;
  boxes.reserve(features.size());
  for (FeatureIndex i = 0; i < features.size(); ++i) {
    boxes.push_back(features[i].box);
    if (order.places[i].before == kNone) added.push_back(i);
  }
  out.features_by_id = Column(merged_by_id(features, base.features_by_id, order.now_at, std::move(added)));
  out.features = Column(std::move(features));
  out.vertices = joined(base.vertices, vertices_);
  out.parts = joined(base.parts, parts_);
  out.texts = joined(base.texts, texts_);
  out.attributes = joined(base.attributes, attributes_);
  out.addresses = shared(base.addresses);
  out.sources = shared(base.sources);
  out.patterns = joined(base.patterns, patterns_);
  out.trips = joined(base.trips, trips_);
  SpatialIndex index(boxes);
  const auto nodes = index.nodes().values();
  const auto ends = index.level_ends().values();
  out.index_nodes = Column(std::vector(nodes.begin(), nodes.end()));
  out.index_level_ends = Column(std::vector(ends.begin(), ends.end()));

  city.name_ = base_.name_;
  city.time_zone_ = base_.time_zone_;
  city.plane_ = base_.plane_;
  const Terrain& ground = base_.terrain_;
  if (!ground.empty())
    city.terrain_ = Terrain(ground.origin(), ground.step_m(), ground.columns(), ground.rows(), shared(ground.heights_m()));
  city.derive();

  if (!order.is_moved && pattern_stops_.empty()) {
    out.pattern_stops = shared(base.pattern_stops);
    return city;
  }
  std::vector<PatternStop> stops(base.pattern_stops.begin(), base.pattern_stops.end());
  for (PatternStop& stop : stops) stop.stop = stop.stop == kNone ? kNone : order.now_at[stop.stop];
  stops.insert(stops.end(), pattern_stops_.begin(), pattern_stops_.end());
  for (const auto& [at, id] : called_stops_)
    if (const auto index_of = city.find(id)) stops[base.pattern_stops.size() + at].stop = *index_of;
  out.pattern_stops = Column(std::move(stops));
  return city;
}

}  // namespace citiverse::city
