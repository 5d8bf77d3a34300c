// How a city comes into being: readers and the generator add features here; build() orders them and makes the indexes.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "city/city.h"

namespace citiverse::city {

/// The texts of a Source, before they are in a city's pool.
struct SourceText {
  std::string title;
  std::string licence;
  std::string attribution;
  std::string date;
};
struct AddressText {
  std::string_view house_number;
  std::string_view street;
  std::string_view postcode;
  std::string_view city;
};

/// Add geometry parts with begin() and add_part(), then the feature they belong to. Texts are cleaned and stored once.
/// Coordinates are metres in the plane of `origin` and are snapped to millimetres.
/// Feature indexes that add() returns, and those inside details (Building::parent, PatternStop::stop), count in order of
/// adding; build() rewrites them.
class CityBuilder {
 public:
  CityBuilder(std::string_view name, geo::LatLon origin);

  const geo::CityPlane& plane() const { return plane_; }
  void set_name(std::string_view name);
  void set_time_zone(std::string_view iana_name);
  void set_terrain(Terrain terrain) { terrain_ = std::move(terrain); }
  std::uint32_t add_source(const SourceText& source);
  TextRef text(std::string_view text);

  /// Starts a geometry; the parts that follow belong to it.
  Geometry begin(GeometryType type) const;
  /// Rings open or closed, in any direction (an outer ring is turned counter-clockwise, a hole clockwise); equal neighbours
  /// are dropped. Returns false, adding nothing, when too little is left: a ring needs 3 points, a line 2, a point 1.
  bool add_part(Geometry& geometry, std::span<const geo::Vec2d> points, bool is_hole = false);

  bool contains(FeatureId id) const { return ids_.contains(id); }
  std::size_t size() const { return features_.size(); }

  // Each adds one feature. The id's kind must fit the detail, must be new, and the geometry must have a part.
  FeatureIndex add(FeatureId id, const Geometry& geometry, TextRef name, const Building& detail);
  FeatureIndex add(FeatureId id, const Geometry& geometry, TextRef name, const Street& detail);
  FeatureIndex add(FeatureId id, const Geometry& geometry, TextRef name, const Rail& detail);
  FeatureIndex add(FeatureId id, const Geometry& geometry, TextRef name, const Water& detail);
  FeatureIndex add(FeatureId id, const Geometry& geometry, TextRef name, const Green& detail);
  FeatureIndex add(FeatureId id, const Geometry& geometry, TextRef name, const LandUse& detail);
  FeatureIndex add(FeatureId id, const Geometry& geometry, TextRef name, const Paved& detail);
  FeatureIndex add(FeatureId id, const Geometry& geometry, TextRef name, const Bridge& detail);
  FeatureIndex add(FeatureId id, const Geometry& geometry, TextRef name, const Barrier& detail);
  FeatureIndex add(FeatureId id, const Geometry& geometry, TextRef name, const Tree& detail);
  FeatureIndex add(FeatureId id, const Geometry& geometry, TextRef name, const Place& detail);
  FeatureIndex add(FeatureId id, const Geometry& geometry, TextRef name, const Stop& detail);
  FeatureIndex add(FeatureId id, const Geometry& geometry, TextRef name, const Area& detail);
  FeatureIndex add(FeatureId id, const Geometry& geometry, TextRef name, const Line& detail);
  /// An address that is a point of its own.
  FeatureIndex add_address(FeatureId id, const Geometry& geometry, const AddressText& address);

  void set_source(FeatureIndex feature, std::uint32_t source);
  void set_address(FeatureIndex feature, const AddressText& address);
  /// All attributes of a feature are set at once.
  void set_attributes(FeatureIndex feature, std::span<const Attribute> attributes);
  /// The detail of a building, to change after adding (parents, estimates).
  Building& building(FeatureIndex feature);
  const Water& water(FeatureIndex feature) const;
  const Feature& feature(FeatureIndex i) const { return features_[i]; }
  std::span<const geo::Vec2d> vertices(const Part& p) const { return std::span(vertices_).subspan(p.first, p.count); }
  std::span<const Part> parts(const Geometry& g) const { return std::span(parts_).subspan(g.parts.first, g.parts.count); }

  /// Adds one course of a line; the patterns of one line are added one after another, before the line itself.
  std::uint32_t add_pattern(std::span<const PatternStop> stops, std::span<const Trip> trips);

  City build() &&;
  /// The same city on other ground, for readers that find the terrain in a file of its own.
  static City with_terrain(City city, Terrain terrain);

 private:
  template <class Detail>
  FeatureIndex add_feature(FeatureId id, const Geometry& geometry, TextRef name, const Detail& detail,
                           std::vector<Detail>& table);

  std::string name_;
  std::string time_zone_ = "UTC";
  geo::CityPlane plane_;
  Terrain terrain_;
  std::vector<Feature> features_;
  std::vector<geo::Vec2d> vertices_;
  std::vector<Part> parts_;
  std::vector<char> texts_;
  std::unordered_map<std::string, TextRef> known_texts_;
  std::unordered_set<FeatureId> ids_;
  std::vector<Attribute> attributes_;
  std::vector<Address> addresses_;
  std::vector<Source> sources_;
  std::vector<Building> buildings_;
  std::vector<Street> streets_;
  std::vector<Rail> rails_;
  std::vector<Water> waters_;
  std::vector<Green> greens_;
  std::vector<LandUse> land_uses_;
  std::vector<Paved> paved_;
  std::vector<Bridge> bridges_;
  std::vector<Barrier> barriers_;
  std::vector<Tree> trees_;
  std::vector<Place> places_;
  std::vector<Stop> stops_;
  std::vector<Area> areas_;
  std::vector<Line> lines_;
  std::vector<Pattern> patterns_;
  std::vector<PatternStop> pattern_stops_;
  std::vector<Trip> trips_;
};

}  // namespace citiverse::city
