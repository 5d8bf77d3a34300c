// Every number that comes in is looked at: what JSON can say and a plan cannot hold is refused here.
#include "plan/edit_json.h"

#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "plan/family.h"
#include "plan/limits.h"

namespace citiverse::plan {
namespace {

using base::ErrorCode;
using base::fail;
using base::JsonValue;
using base::JsonWriter;
using base::Result;

constexpr std::array<std::string_view, 3> kActionWords{"add", "change", "remove"};
constexpr int kDegreeDecimals = 9;
constexpr int kValueDecimals = 4;

std::unexpected<base::Error> bad_json(std::string message) { return fail(ErrorCode::bad_input, std::move(message)); }

void write_position(JsonWriter& json, const geo::CityPlane& plane, geo::Vec2d p) {
  const geo::LatLon at = plane.to_lat_lon(p);
  json.begin_array().number(at.lon_deg, kDegreeDecimals).number(at.lat_deg, kDegreeDecimals).end_array();
}

void write_ring(JsonWriter& json, const geo::CityPlane& plane, const Ring& ring, bool closed) {
  json.begin_array();
  for (const geo::Vec2d& p : ring.points) write_position(json, plane, p);
  if (closed && !ring.points.empty()) write_position(json, plane, ring.points[0]);
  json.end_array();
}

void write_shape(JsonWriter& json, const geo::CityPlane& plane, const Shape& shape) {
  json.begin_object();
  switch (shape.type) {
    case city::GeometryType::point:
      json.member("type", "Point").key("coordinates");
      write_position(json, plane, shape.parts[0].points[0]);
      break;
    case city::GeometryType::lines:
      json.member("type", "LineString").key("coordinates");
      write_ring(json, plane, shape.parts[0], false);
      break;
    case city::GeometryType::polygons: {
      json.member("type", "MultiPolygon").key("coordinates").begin_array();
      for (std::size_t i = 0; i < shape.parts.size();) {
        json.begin_array();
        do write_ring(json, plane, shape.parts[i++], true);
        while (i < shape.parts.size() && shape.parts[i].is_hole);
        json.end_array();
      }
      json.end_array();
      break;
    }
  }
  json.end_object();
}

struct WriteValue {
  JsonWriter& json;
  const geo::CityPlane& plane;
  void operator()(std::monostate) const { json.null(); }
  void operator()(bool v) const { json.boolean(v); }
  void operator()(double v) const { json.number(v, kValueDecimals); }
  void operator()(const std::string& v) const { json.text(v); }
  void operator()(const Shape& v) const { write_shape(json, plane, v); }
  void operator()(const Section& v) const {
    json.begin_array();
    for (const Lane& lane : v) {
      json.begin_object().member("use", word_for(lane.use)).member("direction", word_for(lane.direction));
      json.key("width_m").number(lane.width_m, kValueDecimals).end_object();
    }
    json.end_array();
  }
  void operator()(const std::vector<Crossing>& v) const {
    json.begin_array();
    for (const Crossing& c : v)
      json.begin_object().key("at_m").number(c.at_m, kValueDecimals).member("kind", word_for(c.kind)).end_object();
    json.end_array();
  }
  void operator()(const std::vector<city::FeatureId>& v) const {
    json.begin_array();
    for (const city::FeatureId id : v) json.text(city::to_string(id));
    json.end_array();
  }
};

// ---- reading -------------------------------------------------------------------------------------------------------

Result<geo::Vec2d> read_position(JsonValue json, const geo::CityPlane& plane) {
  const auto lon = json[0].number();
  const auto lat = json[1].number();
  if (!lon || !lat || json.size() < 2 || json.size() > 3 || std::abs(*lat) > 90 || std::abs(*lon) > 180)
    return bad_json("a position is [longitude, latitude] in degrees");
  constexpr double kPlaneDomainDeg = 30;
  const geo::LatLon origin = plane.origin();
  if (std::abs(*lon - origin.lon_deg) > kPlaneDomainDeg || std::abs(*lat - origin.lat_deg) > kPlaneDomainDeg)
    return bad_json(fmt::format("the position {:.4f}, {:.4f} lies in another part of the world", *lat, *lon));
  return geo::snapped_to_mm(plane.to_plane({*lat, *lon}));
}

Result<Ring> read_ring(JsonValue json, const geo::CityPlane& plane, bool is_hole) {
  if (!json.is_array()) return bad_json("coordinates: an array of positions is needed");
  if (json.size() > kOutlinePointsMax + 1)
    return bad_json(fmt::format("it has {} points; {} is the most", json.size(), kOutlinePointsMax));
  Ring ring{{}, is_hole};
  ring.points.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    auto p = read_position(json[i], plane);
    if (!p) return bad_json(fmt::format("point {}: {}", i + 1, p.error().message));
    ring.points.push_back(*p);
  }
  return ring;
}

Result<void> read_polygon(JsonValue json, const geo::CityPlane& plane, Shape& shape) {
  if (!json.is_array() || json.size() == 0) return bad_json("coordinates: rings of positions are needed");
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (shape.parts.size() >= kRingsMax) return bad_json(fmt::format("it has more than {} rings", kRingsMax));
    auto ring = read_ring(json[i], plane, i > 0);
    if (!ring) return bad_json(fmt::format("ring {}: {}", i + 1, ring.error().message));
    // GeoJSON closes its rings, the city does not.
    if (ring->points.size() > 1 && ring->points.front() == ring->points.back()) ring->points.pop_back();
    shape.parts.push_back(std::move(*ring));
  }
  return {};
}

Result<Value> read_shape(JsonValue json, ValueType type, const geo::CityPlane& plane) {
  const std::string_view wanted = type == ValueType::point ? "Point" : type == ValueType::line ? "LineString" : "Polygon";
  const std::string_view given = json.find("type").text().value_or("");
  const JsonValue coordinates = json.find("coordinates");
  if (given != wanted && !(type == ValueType::outline && given == "MultiPolygon"))
    return bad_json(fmt::format("a GeoJSON geometry of type {} is needed", wanted));
  Shape shape;
  if (type == ValueType::point) {
    auto p = read_position(coordinates, plane);
    if (!p) return std::unexpected(p.error());
    shape = {city::GeometryType::point, {{{*p}, false}}};
  } else if (type == ValueType::line) {
    auto ring = read_ring(coordinates, plane, false);
    if (!ring) return std::unexpected(ring.error());
    shape = {city::GeometryType::lines, {std::move(*ring)}};
  } else {
    shape.type = city::GeometryType::polygons;
    if (given == "Polygon") {
      if (auto good = read_polygon(coordinates, plane, shape); !good) return std::unexpected(good.error());
    } else {
      if (!coordinates.is_array() || coordinates.size() == 0) return bad_json("coordinates: polygons are needed");
      for (std::size_t i = 0; i < coordinates.size(); ++i)
        if (auto good = read_polygon(coordinates[i], plane, shape); !good) return std::unexpected(good.error());
    }
  }
  return Value{std::move(shape)};
}

template <class Enum>
std::optional<Enum> read_word(JsonValue json, std::span<const std::string_view> words) {
  const auto text = json.text();
  for (std::size_t i = 0; text && i < words.size(); ++i)
    if (words[i] == *text) return static_cast<Enum>(i);
  return std::nullopt;
}

Result<Value> read_section(JsonValue json) {
  if (!json.is_array() || json.size() > kLanesMax)
    return bad_json(fmt::format("an array of 1 to {} lanes is needed", kLanesMax));
  Section section;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const JsonValue lane = json[i];
    const auto use = read_word<LaneUse>(lane.find("use"), lane_use_words());
    const auto width = lane.find("width_m").number();
    const JsonValue direction_json = lane.find("direction");
    const auto direction = direction_json.is_absent() ? std::optional(LaneDirection::none)
                                                      : read_word<LaneDirection>(direction_json, lane_direction_words());
    if (!use || !width || !direction || !std::isfinite(*width))
      return bad_json(fmt::format("lane {}: it has a use ({}), a width_m, and a direction ({})", i + 1,
                                  fmt::join(lane_use_words(), ", "), fmt::join(lane_direction_words(), ", ")));
    section.push_back({*use, *direction, *width});
  }
  return Value{std::move(section)};
}

Result<Value> read_crossings(JsonValue json) {
  if (!json.is_array() || json.size() > kCrossingsMax)
    return bad_json(fmt::format("an array of at most {} crossings is needed", kCrossingsMax));
  std::vector<Crossing> crossings;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto at = json[i].find("at_m").number();
    const auto kind = read_word<CrossingKind>(json[i].find("kind"), crossing_words());
    if (!at || !kind || !std::isfinite(*at))
      return bad_json(fmt::format("crossing {}: it has an at_m and a kind ({})", i + 1, fmt::join(crossing_words(), ", ")));
    crossings.push_back({*at, *kind});
  }
  return Value{std::move(crossings)};
}

Result<Value> read_stops(JsonValue json) {
  if (!json.is_array() || json.size() > kLineStopsMax)
    return bad_json(fmt::format("an array of at most {} stops is needed", kLineStopsMax));
  std::vector<city::FeatureId> stops;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto id = city::feature_id_from(json[i].text().value_or(""));
    if (!id) return bad_json(fmt::format("number {} is not the id of a stop", i + 1));
    stops.push_back(*id);
  }
  return Value{std::move(stops)};
}

Result<void> read_set(JsonValue set, const Family& family, const geo::CityPlane& plane, Edit& edit) {
  for (std::size_t i = 0; i < set.size(); ++i) {
    const auto [name, json] = set.member(i);
    const auto property = family.property(name);
    if (!property) return bad_json(fmt::format("set.{}: a {} has no such property", base::clean_text(name, 40), family.name));
    auto value = read_value(json, family.properties[*property].type, plane);
    if (!value) return bad_json(fmt::format("{}: {}", name, value.error().message));
    edit.writes.push_back({*property, std::move(*value)});
  }
  return {};
}

}  // namespace

std::string_view word_for(Action action) { return kActionWords[static_cast<std::size_t>(action)]; }

void write_value(JsonWriter& json, const geo::CityPlane& plane, const Value& value) {
  std::visit(WriteValue{json, plane}, value);
}

void write_edit(JsonWriter& json, const geo::CityPlane& plane, const Edit& edit) {
  json.begin_object().member("edit", word_for(edit.action)).member("object", to_string(edit.object));
  if (!edit.writes.empty()) {
    const Family* family = family_of(edit.object.kind());
    json.key("set").begin_object();
    for (const PropertyWrite& write : edit.writes) {
      json.key(family->properties[write.property].name);
      write_value(json, plane, write.value);
    }
    json.end_object();
  }
  json.end_object();
}

Result<Value> read_value(JsonValue json, ValueType type, const geo::CityPlane& plane) {
  if (json.is_null()) return Value{};
  switch (type) {
    case ValueType::boolean:
      if (const auto v = json.boolean()) return Value{*v};
      return bad_json("true or false is needed");
    case ValueType::number:
    case ValueType::whole_number:
      if (const auto v = json.number()) return Value{*v};
      return bad_json("a number is needed");
    case ValueType::text:
    case ValueType::word:
      if (const auto v = json.text()) return Value{std::string(*v)};
      return bad_json("a text is needed");
    case ValueType::point:
    case ValueType::line:
    case ValueType::outline: return read_shape(json, type, plane);
    case ValueType::section: return read_section(json);
    case ValueType::crossings: return read_crossings(json);
    case ValueType::stops: return read_stops(json);
  }
  return bad_json("this cannot be read");
}

Result<Edit> read_edit(JsonValue json, const geo::CityPlane& plane, const Plan& plan, std::size_t number) {
  if (!json.is_object())
    return bad_json("an object is needed, such as {\"edit\": \"change\", \"object\": \"building-w42\", \"set\": {}}");
  for (std::size_t i = 0; i < json.size(); ++i) {
    const std::string_view name = json.member(i).first;
    if (name != "edit" && name != "object" && name != "kind" && name != "set")
      return bad_json(fmt::format("{}: an edit has edit, object or kind, and set", base::clean_text(name, 40)));
  }
  const auto action = read_word<Action>(json.find("edit"), kActionWords);
  if (!action) return bad_json("edit: add, change or remove");
  Edit edit{*action, {}, {}};
  if (const JsonValue object = json.find("object"); !object.is_absent()) {
    const auto id = object_id_from(object.text().value_or(""));
    if (!id) return bad_json("object: this is not the id of an object; ids are like building-w4097656");
    edit.object = *id;
  } else {
    const Family* family = family_named(json.find("kind").text().value_or(""));
    if (family == nullptr || *action != Action::add)
      return bad_json("object: it is needed; only what is added can have a kind instead");
    edit.object = plan.next_id(family->kind, number);
  }
  const Family* family = family_of(edit.object.kind());
  if (family == nullptr)
    return bad_json(fmt::format("object: a plan cannot change a {}", city::name_of(edit.object.feature().kind())));
  const JsonValue set = json.find("set");
  if (!set.is_absent() && !set.is_object()) return bad_json("set: an object with the properties is needed");
  if (auto good = read_set(set, *family, plane, edit); !good) return std::unexpected(good.error());
  return edit;
}

Result<std::vector<Edit>> read_edits(JsonValue json, const geo::CityPlane& plane, const Plan& plan) {
  if (!json.is_array()) return bad_json("edits: an array is needed");
  if (json.size() > kEditsAtOnceMax)
    return fail(ErrorCode::limit, fmt::format("edits: {} at once; {} is the most", json.size(), kEditsAtOnceMax));
  std::vector<Edit> edits;
  for (std::size_t i = 0; i < json.size(); ++i) {
    auto edit = read_edit(json[i], plane, plan, i);
    if (!edit) return bad_json(fmt::format("edit {}: {}", i + 1, edit.error().message));
    edits.push_back(std::move(*edit));
  }
  return edits;
}

}  // namespace citiverse::plan
