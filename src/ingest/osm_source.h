// An OpenStreetMap file as a stream of plain objects with their geometry; nothing here knows what a tag means for a city.
// libosmium reads and assembles; its types and exceptions stay in osm_source.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "geo/lat_lon.h"
#include "ingest/finding.h"
#include "ingest/osm_tags.h"

namespace citiverse::ingest {

enum class OsmType : std::uint8_t { node, way, relation };

/// "way 42", as findings name it.
std::string osm_object_name(OsmType type, std::int64_t id);

struct LatLonBox {
  geo::LatLon low{90, 180};
  geo::LatLon high{-90, -180};
  bool empty() const { return low.lat_deg > high.lat_deg; }
  void extend(geo::LatLon p);
};

/// What is known of the file before its objects are read.
struct OsmHead {
  LatLonBox box;  ///< Of the header, or of all nodes where the header has none.
  bool box_is_of_nodes = false;
  std::string date;  ///< ISO 8601 day: of replication, or of the newest object; empty when neither is there.
  std::uint64_t nodes = 0;
  std::uint64_t ways = 0;
  std::uint64_t relations = 0;
};

struct OsmWay {
  std::int64_t id = 0;
  std::span<const geo::LatLon> places;  ///< Missing nodes are left out; a closed way repeats its first.
  std::span<const std::int64_t> nodes;
  bool is_closed = false;               ///< Four nodes or more, none missing, the last the first.
  bool is_outline_of_relation = false;  ///< An outer member of a multipolygon that is a building itself.
};

struct OsmRing {
  std::vector<geo::LatLon> places;  ///< The last repeats the first.
  bool is_hole = false;
};

struct OsmMember {
  OsmType type = OsmType::node;
  std::int64_t id = 0;
  std::string role;
};

/// A relation of type route, route_master or building, with the course of its ways in member order.
struct OsmRelation {
  std::int64_t id = 0;
  std::span<const OsmMember> members;
  std::vector<std::vector<geo::LatLon>> ways;  ///< Of the members that are ways and are in the file, platforms left out.
};

/// Called for objects with tags: nodes, ways, areas of relations, then other relations. Tags live during the call.
class OsmVisitor {
 public:
  virtual ~OsmVisitor() = default;
  virtual void node(std::int64_t id, geo::LatLon place, const OsmTags& tags) = 0;
  virtual void way(const OsmWay& way, const OsmTags& tags) = 0;
  /// A multipolygon or boundary relation that could be put together. Holes follow their outer ring.
  virtual void area(std::int64_t relation, std::span<const OsmRing> rings, const OsmTags& tags) = 0;
  virtual void relation(const OsmRelation& relation, const OsmTags& tags) = 0;
};

inline constexpr std::uint64_t kOsmNodesMax = 400'000'000;     ///< 16 bytes each are kept while a file is read.
inline constexpr std::size_t kOsmRelationMembersMax = 40'000;  ///< OSM's own limit is 32,000.
inline constexpr std::size_t kOsmBytesKeptMax = 64u << 20;     ///< Below this, the file is decoded once, else twice.

/// Move-only. Threads: one owner; libosmium decodes on threads of its own.
class OsmSource {
 public:
  /// Told how much has been read, as a fraction from 0 to 1.
  using Progress = std::function<void(double)>;

  /// Reads the file once, for its node coordinates and relations. `format` is libosmium's: "pbf", "xml", "xml.gz", "xml.bz2".
  /// Fails: bad_input with the file and, as near as it is known, the place; limit; not_found.
  static base::Result<OsmSource> open(const std::filesystem::path& path, const std::string& format, Findings& findings,
                                      const Progress& progress);
  /// The same from memory, for `name`. The bytes must outlive the source.
  static base::Result<OsmSource> open(std::string_view bytes, std::string name, const std::string& format, Findings& findings,
                                      const Progress& progress);
  OsmSource(OsmSource&&) noexcept;
  OsmSource& operator=(OsmSource&&) noexcept;
  ~OsmSource();

  const OsmHead& head() const;
  /// Reads the objects. Fails like open().
  base::Result<void> read(OsmVisitor& visitor, Findings& findings, const Progress& progress);

 private:
  struct State;
  explicit OsmSource(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace citiverse::ingest
