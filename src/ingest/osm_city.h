// OpenStreetMap objects become features of a city: which kinds an object is, with which geometry, and what goes with it.
#pragma once

#include <unordered_map>
#include <vector>

#include "ingest/osm_mapping.h"
#include "ingest/reader.h"
#include "ingest/shape.h"

namespace citiverse::ingest {

inline constexpr std::size_t kAttributesMax = 120;    ///< Of one feature: a country's name in every language just fits.
inline constexpr std::size_t kTreesPerRowMax = 2000;  ///< Of one tree_row.
inline constexpr double kTreeRowStepM = 8;            ///< Distance of the trees of a row, where it is not tagged.

/// Feeds a CityDraft. Call finish() after the last object. Threads: one owner.
class OsmCity final : public OsmVisitor {
 public:
  /// `source` is the row that add_source() gave. The draft must outlive this.
  OsmCity(CityDraft& draft, std::string_view file, std::uint32_t source);

  void node(std::int64_t id, geo::LatLon place, const OsmTags& tags) override;
  void way(const OsmWay& way, const OsmTags& tags) override;
  void area(std::int64_t relation, std::span<const OsmRing> rings, const OsmTags& tags) override;
  void relation(const OsmRelation& relation, const OsmTags& tags) override;

  /// What needs all objects: parts to buildings, the sea, lines of transport.
  void finish(const LatLonBox& data_box);

 private:
  struct Object {
    OsmType type;
    std::int64_t id;
    const OsmTags& tags;
  };
  struct Outline {  // A building or part, until parts have found their buildings.
    city::FeatureIndex feature;
    Shape shape;
    geo::Box2d box;
  };
  struct Route {
    std::int64_t id = 0;
    bool is_master = false;
    city::TransitMode mode = city::TransitMode::bus;
    std::string name, reference, operator_name, from, to, colour, wikidata;
    std::vector<std::pair<std::string, std::string>> names;
    std::vector<OsmMember> members;
    std::vector<std::vector<geo::Vec2d>> course;
  };

  city::FeatureId id_of(city::FeatureKind kind, OsmType type, std::int64_t id) const;
  template <class Detail>
  city::FeatureIndex put(city::FeatureKind kind, const Object& object, const Shape& shape, const Detail& detail);
  bool can_add(city::FeatureId id, const Object& object);
  std::optional<city::Geometry> geometry_of(const Shape& shape, const Object& object);
  void describe(city::FeatureIndex feature, const Object& object);
  city::TextRef text_of(std::string_view text, const Object& object);
  void tell(const Object& object, std::string_view reason, std::string_view action, std::string_view detail = {});
  void tell_faults(const Object& object);

  bool keep_inside(Shape& shape, const Object& object);
  void area_object(const Object& object, Shape shape, bool skip_building);
  void line_object(const Object& object, Shape shape);
  void tree_row(const Object& object, const Shape& shape);
  bool put_life(const Object& object, const Shape& shape);  // Place, stop or area of the city.
  city::FeatureIndex put_stop(const Object& object, geo::Vec2d point);
  void link_parts();
  void add_sea(const LatLonBox& data_box);
  void add_lines();
  void add_line(const Route& line, std::span<const Route* const> courses);
  city::FeatureIndex stop_of(const OsmMember& member) const;

  CityDraft& draft_;
  city::CityBuilder& builder_;
  std::string file_;
  std::uint32_t source_;
  ValueFaults faults_;
  std::vector<city::Attribute> attributes_;
  std::vector<Outline> buildings_;
  std::vector<Outline> parts_;
  std::unordered_map<std::int64_t, city::FeatureIndex> building_of_way_;
  std::unordered_map<std::int64_t, std::int64_t>
      named_building_of_part_;  // Part way to outline way, by type=building relations.
  std::vector<std::vector<geo::Vec2d>> coastline_;
  std::vector<Route> routes_;
  std::unordered_map<std::uint64_t, city::FeatureIndex> stops_;  // By type and id.
  std::unordered_map<std::int64_t, geo::Vec2d> stop_positions_;  // Nodes of public_transport=stop_position.
};

}  // namespace citiverse::ingest
