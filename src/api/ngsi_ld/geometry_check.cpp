// Rings are swept from west to east, so that only segments over the same longitudes are held against each other.
#include "api/ngsi_ld/geometry_check.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

namespace citiverse::api::ngsi_ld {
namespace {

using base::ErrorCode;
using base::JsonValue;

struct Position {
  double x = 0, y = 0;
  friend bool operator==(const Position&, const Position&) = default;
};

std::unexpected<base::Error> wrong_geometry(std::string_view what) {
  return base::fail(ErrorCode::bad_input, fmt::format("geometry: {}", what));
}

double turn(Position a, Position b, Position c) { return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x); }

bool cross(Position a, Position b, Position c, Position d) {
  const double abc = turn(a, b, c), abd = turn(a, b, d), cda = turn(c, d, a), cdb = turn(c, d, b);
  return ((abc > 0 && abd < 0) || (abc < 0 && abd > 0)) && ((cda > 0 && cdb < 0) || (cda < 0 && cdb > 0));
}

bool crosses_itself(const std::vector<Position>& ring) {
  struct Segment {
    Position a, b;
    double west() const { return std::min(a.x, b.x); }
    double east() const { return std::max(a.x, b.x); }
  };
  std::vector<Segment> segments;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) segments.push_back({ring[i], ring[i + 1]});
  std::ranges::sort(segments, {}, &Segment::west);
  for (std::size_t i = 0; i < segments.size(); ++i)
    for (std::size_t j = i + 1; j < segments.size() && segments[j].west() <= segments[i].east(); ++j)
      if (cross(segments[i].a, segments[i].b, segments[j].a, segments[j].b)) return true;
  return false;
}

class Checker {
 public:
  base::Result<Position> position(JsonValue json) {
    if (++positions_ > kGeometryPositionsMax)
      return base::fail(ErrorCode::limit, fmt::format("geometry: more than {} positions", kGeometryPositionsMax));
    const auto lon = json[0].number(), lat = json[1].number();
    if (!json.is_array() || json.size() < 2 || json.size() > 3 || !lon || !lat || (json.size() == 3 && !json[2].number()))
      return wrong_geometry("a position is [longitude, latitude] or [longitude, latitude, height]");
    if (*lon < -180 || *lon > 180 || *lat < -90 || *lat > 90)
      return wrong_geometry("longitudes are -180 to 180, latitudes -90 to 90, in this order");
    return Position{*lon, *lat};
  }

  base::Result<std::vector<Position>> row(JsonValue json, std::size_t least) {
    if (!json.is_array() || json.size() < least)
      return wrong_geometry(fmt::format("{} positions or more are needed here", least));
    std::vector<Position> positions;
    for (std::size_t i = 0; i < json.size(); ++i) {
      auto each = position(json[i]);
      if (!each) return std::unexpected(std::move(each.error()));
      positions.push_back(*each);
    }
    return positions;
  }

  base::Result<void> polygon(JsonValue json) {
    if (!json.is_array() || json.size() == 0) return wrong_geometry("a polygon is an array of rings");
    for (std::size_t i = 0; i < json.size(); ++i) {
      auto ring = row(json[i], 4);
      if (!ring) return std::unexpected(std::move(ring.error()));
      if (ring->front() != ring->back()) return wrong_geometry("the last position of a ring is its first again");
      if (crosses_itself(*ring)) return wrong_geometry("a ring crosses itself");
    }
    return {};
  }

 private:
  std::size_t positions_ = 0;
};

template <class T>
base::Result<void> nothing(base::Result<T> result) {
  if (!result) return std::unexpected(std::move(result.error()));
  return {};
}

template <class Each>
base::Result<void> every(JsonValue json, const Each& each) {
  if (!json.is_array()) return wrong_geometry("coordinates must be an array");
  for (std::size_t i = 0; i < json.size(); ++i)
    if (auto done = each(json[i]); !done) return done;
  return {};
}

}  // namespace

bool is_geometry_type(std::string_view type) {
  static constexpr std::array<std::string_view, 6> kTypes{"Point",           "MultiPoint", "LineString",
                                                          "MultiLineString", "Polygon",    "MultiPolygon"};
  return std::ranges::find(kTypes, type) != kTypes.end();
}

bool looks_like_geometry(JsonValue value) {
  const auto type = value.find("type").text();
  return type && is_geometry_type(*type) && value.find("coordinates").is_array();
}

base::Result<void> check_geometry(JsonValue geometry) {
  const auto type = geometry.find("type").text();
  const JsonValue coordinates = geometry.find("coordinates");
  if (!geometry.is_object() || !type || !is_geometry_type(*type))
    return wrong_geometry(
        "a GeoJSON object is needed, of type Point, MultiPoint, LineString, MultiLineString, Polygon or MultiPolygon");
  Checker checker;
  if (*type == "Point") return nothing(checker.position(coordinates));
  if (*type == "MultiPoint") return nothing(checker.row(coordinates, 0));
  if (*type == "LineString") return nothing(checker.row(coordinates, 2));
  if (*type == "MultiLineString") return every(coordinates, [&](JsonValue each) { return nothing(checker.row(each, 2)); });
  if (*type == "Polygon") return checker.polygon(coordinates);
  return every(coordinates, [&](JsonValue each) { return checker.polygon(each); });
}

}  // namespace citiverse::api::ngsi_ld
