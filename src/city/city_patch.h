// A city with a few features put, changed or taken away: only what changes is made, the rest is copied as bytes or shared.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "city/city.h"

namespace citiverse::city {

/// The details that a patch can put.
using PatchDetail = std::variant<Building, Street, Water, Green, LandUse, Paved, Tree, Place, Stop, Line>;

/// Add geometry with begin() and add_part(), then put() the feature it belongs to. Text references and geometries of the base
/// are good in the patched city too, so a changed feature keeps what it does not change. Features keep their order; what is new
/// stands at the end of its kind, by id: the same base and the same changes give the same arrays.
/// The base must outlive the patched city. Cost: a copy of the columns that grow, and a new spatial index.
class CityPatch {
 public:
  struct Call {
    FeatureId stop;
    std::uint32_t arrival_s = 0;
    std::uint32_t departure_s = 0;
  };

  explicit CityPatch(const City& base);

  const City& base() const { return base_; }
  /// Cleaned, at most kTextBytesMax bytes, stored once.
  TextRef text(std::string_view text);
  Geometry begin(GeometryType type) const;
  /// As CityBuilder::add_part().
  bool add_part(Geometry& geometry, std::span<const geo::Vec2d> points, bool is_hole = false);

  /// Replaces the feature with this id, which keeps its address and source, or adds it. The id's kind fits the detail, the
  /// geometry has a part. The last put of an id holds.
  void put(FeatureId id, const Geometry& geometry, TextRef name, const PatchDetail& detail,
           std::span<const Attribute> attributes);
  /// Another geometry for a street that is put, or that the base has.
  void reshape(FeatureId street, const Geometry& geometry);
  /// The detail of such a street, to change.
  Street& street(FeatureId id);
  /// Takes a feature of the base away. Building parts whose building is taken away stay, and stand alone.
  void remove(FeatureId id);
  bool is_removed(FeatureId id) const { return removed_.contains(id); }
  /// Of a feature as it stands so far; nothing when it is not there.
  std::optional<geo::Box2d> box_of(FeatureId id) const;
  /// One course of a line; the patterns of one line are added one after another. Calls at stops that are not in the patched
  /// city have no stop (kNone). Gives the number of the pattern, for Line::patterns.
  std::uint32_t add_pattern(std::span<const Call> calls, std::span<const Trip> trips);

  City build() &&;

 private:
  struct Put {
    Geometry geometry;
    geo::Box2d box;
    TextRef name;
    PatchDetail detail;
    Run attributes;
  };
  struct Order;

  Order ordered() const;
  geo::Box2d box_of(const Geometry& geometry) const;
  Put& put_of_street(FeatureId id);
  void copy_details(CityColumns& out, std::vector<Feature>& features, const Order& order) const;

  const City& base_;
  std::vector<geo::Vec2d> vertices_;
  std::vector<Part> parts_;
  std::vector<char> texts_;
  std::vector<Attribute> attributes_;
  std::unordered_map<std::string, TextRef> known_texts_;
  std::vector<Pattern> patterns_;
  std::vector<PatternStop> pattern_stops_;
  std::vector<std::pair<std::uint32_t, FeatureId>> called_stops_;  // Of pattern_stops_, until the order is known.
  std::vector<Trip> trips_;
  std::map<FeatureId, Put> puts_;
  std::set<FeatureId> removed_;
};

}  // namespace citiverse::city
