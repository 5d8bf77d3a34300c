// The city as a value: everything that is known of it, in flat arrays, immutable once built.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/file.h"
#include "city/feature.h"
#include "city/spatial_index.h"
#include "city/terrain.h"
#include "geo/city_plane.h"

namespace citiverse::city {

/// The arrays themselves. Features are ordered by kind, then along the Hilbert curve, then by id: a kind is one run, neighbours
/// are close in memory, and the same features give the same arrays.
struct CityColumns {
  Column<Feature> features;
  Column<FeatureIndex> features_by_id;
  Column<geo::Vec2d> vertices;
  Column<Part> parts;
  Column<char> texts;
  Column<Attribute> attributes;
  Column<Address> addresses;
  Column<Source> sources;
  Column<Building> buildings;  ///< Buildings and building parts.
  Column<Street> streets;
  Column<Rail> rails;
  Column<Water> waters;
  Column<Green> greens;
  Column<LandUse> land_uses;
  Column<Paved> paved;
  Column<Bridge> bridges;
  Column<Barrier> barriers;
  Column<Tree> trees;
  Column<Place> places;
  Column<Stop> stops;
  Column<Area> areas;
  Column<Line> lines;
  Column<Pattern> patterns;
  Column<PatternStop> pattern_stops;
  Column<Trip> trips;
  Column<SpatialIndex::Node> index_nodes;
  Column<std::uint32_t> index_level_ends;
};

/// Calls f(name, column) for each column of a CityColumns, always in the same order.
template <class Columns, class F>
void for_each_column(Columns& c, F&& f);

/// Move-only. Threads: reading is safe.
class City {
 public:
  City() : plane_(geo::LatLon{}) {}

  const std::string& name() const { return name_; }
  /// IANA time zone, such as "Europe/Monaco"; "UTC" where the source does not say.
  const std::string& time_zone() const { return time_zone_; }
  const geo::CityPlane& plane() const { return plane_; }
  /// Of all features, metres in the plane.
  const geo::Box2d& box() const { return box_; }
  const Terrain& terrain() const { return terrain_; }
  const SpatialIndex& index() const { return index_; }
  const CityColumns& columns() const { return columns_; }

  std::span<const Feature> features() const { return columns_.features.values(); }
  const Feature& feature(FeatureIndex i) const { return columns_.features[i]; }
  /// The features of one kind: [first, first + count) of features().
  Run of_kind(FeatureKind kind) const { return kinds_[static_cast<std::size_t>(kind)]; }
  std::optional<FeatureIndex> find(FeatureId id) const;

  std::string_view text(TextRef t) const { return {columns_.texts.values().data() + t.first, t.count}; }
  std::span<const Part> parts(const Geometry& g) const { return columns_.parts.values().subspan(g.parts.first, g.parts.count); }
  std::span<const geo::Vec2d> vertices(const Part& p) const { return columns_.vertices.values().subspan(p.first, p.count); }
  std::span<const Attribute> attributes(const Feature& f) const {
    return columns_.attributes.values().subspan(f.attributes.first, f.attributes.count);
  }
  /// The value of an attribute, empty when there is none.
  std::string_view attribute(const Feature& f, std::string_view key) const;
  /// The name in a language (BCP 47 primary subtag), or the local name where there is none.
  std::string_view name_in(const Feature& f, std::string_view language) const;
  /// A point that stands for the feature: its point, the middle of its line, or a point inside its largest outer ring.
  geo::Vec2d anchor(const Feature& f) const;

  // The detail of a feature of the named kind; a broken invariant when the kind is another.
  const Building& building(const Feature& f) const;  ///< building and building_part
  const Street& street(const Feature& f) const;
  const Rail& rail(const Feature& f) const;
  const Water& water(const Feature& f) const;
  const Green& green(const Feature& f) const;
  const LandUse& land_use(const Feature& f) const;
  const Paved& paved(const Feature& f) const;
  const Bridge& bridge(const Feature& f) const;
  const Barrier& barrier(const Feature& f) const;
  const Tree& tree(const Feature& f) const;
  const Place& place(const Feature& f) const;
  const Stop& stop(const Feature& f) const;
  const Area& area(const Feature& f) const;
  const Line& line(const Feature& f) const;

 private:
  friend class CityBuilder;
  friend class CityPack;
  friend class CityPatch;

  void derive();  // kinds_, box_ and index_ from columns_.

  std::string name_;
  std::string time_zone_ = "UTC";
  geo::CityPlane plane_;
  geo::Box2d box_;
  Terrain terrain_;
  CityColumns columns_;
  SpatialIndex index_;
  Run kinds_[kFeatureKinds];
  base::MappedFile file_;  // What the columns are windows into, when the city was opened from a pack.
};

template <class Columns, class F>
void for_each_column(Columns& c, F&& f) {
  f("features", c.features);
  f("features_by_id", c.features_by_id);
  f("vertices", c.vertices);
  f("parts", c.parts);
  f("texts", c.texts);
  f("attributes", c.attributes);
  f("addresses", c.addresses);
  f("sources", c.sources);
  f("buildings", c.buildings);
  f("streets", c.streets);
  f("rails", c.rails);
  f("waters", c.waters);
  f("greens", c.greens);
  f("land_uses", c.land_uses);
  f("paved", c.paved);
  f("bridges", c.bridges);
  f("barriers", c.barriers);
  f("trees", c.trees);
  f("places", c.places);
  f("stops", c.stops);
  f("areas", c.areas);
  f("lines", c.lines);
  f("patterns", c.patterns);
  f("pattern_stops", c.pattern_stops);
  f("trips", c.trips);
  f("index_nodes", c.index_nodes);
  f("index_level_ends", c.index_level_ends);
}

}  // namespace citiverse::city
