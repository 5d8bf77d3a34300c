// What needs more than one object: parts of buildings, lines of transport, the sea.
#include <algorithm>
#include <map>
#include <set>

#include "ingest/coastline.h"
#include "ingest/osm_city.h"
#include "ingest/osm_values.h"

namespace citiverse::ingest {
namespace {

using city::FeatureKind;

// Parts must cover this much of a building before they replace it; a lone tower leaves the rest standing.
constexpr double kPartsCoverMin = 0.4;
// A stop position on the street belongs to a stop this near.
constexpr double kStopNearM = 40;

bool names_in_timetable(std::string_view key) { return key.starts_with("gtfs:") || key == "gtfs_id" || key == "ref:IFOPT"; }

std::uint64_t stop_key(OsmType type, std::int64_t id) {
  return static_cast<std::uint64_t>(id) << 2 | static_cast<std::uint64_t>(type);
}

}  // namespace

void OsmCity::relation(const OsmRelation& relation, const OsmTags& tags) {
  if (tags.is("type", "building")) {
    std::int64_t outline = 0;
    for (const OsmMember& m : relation.members) {
      if (m.type == OsmType::way && m.role == "outline") outline = m.id;
    }
    for (const OsmMember& m : relation.members) {
      if (outline != 0 && m.type == OsmType::way && m.role == "part") named_building_of_part_.emplace(m.id, outline);
    }
    return;
  }
  const auto mode = route_mode_from(tags);
  if (!mode) return;  // Hiking routes and the like are no lines of transport.
  Route route;
  route.id = relation.id;
  route.is_master = tags.is("type", "route_master");
  route.mode = *mode;
  route.name = tags["name"];
  route.reference = tags["ref"];
  route.operator_name = tags["operator"].empty() ? tags["network"] : tags["operator"];
  route.from = tags["from"];
  route.to = tags["to"];
  route.colour = tags["colour"];
  for (const auto& tag : tags.all()) {
    if (tag.key.starts_with("name:") || tag.key == "wikidata" || tag.key == "network" || tag.key == "opening_hours" ||
        tag.key == "interval" || names_in_timetable(tag.key))
      route.names.emplace_back(tag.key, tag.value);
  }
  route.members.assign(relation.members.begin(), relation.members.end());
  for (const auto& course : relation.ways) {
    std::vector<geo::Vec2d> points;
    for (const geo::LatLon& place : course) points.push_back(geo::snapped_to_mm(builder_.plane().to_plane(place)));
    route.course.push_back(std::move(points));
  }
  routes_.push_back(std::move(route));
}

void OsmCity::link_parts() {
  // Buildings by the column of a coarse grid that their west edge lies in: parts only look near themselves.
  std::vector<const Outline*> by_west;
  for (const Outline& b : buildings_) by_west.push_back(&b);
  std::sort(by_west.begin(), by_west.end(), [](auto* a, auto* b) {
    return a->box.low.x < b->box.low.x || (a->box.low.x == b->box.low.x && a->feature < b->feature);
  });
  double widest = 0;
  for (const Outline& b : buildings_) widest = std::max(widest, b.box.width());
  std::map<city::FeatureIndex, double> covered_m2;
  for (const Outline& part : parts_) {
    const geo::Vec2d point = point_inside(part.shape);
    city::FeatureIndex parent = city::kNone;
    double smallest = 0;
    const auto& id = builder_.feature(part.feature).id;
    const auto named = id.source() == city::IdSource::osm_way
                           ? named_building_of_part_.find(static_cast<std::int64_t>(id.number()))
                           : named_building_of_part_.end();
    if (named != named_building_of_part_.end()) {
      const auto at = building_of_way_.find(named->second);
      if (at != building_of_way_.end()) parent = at->second;
    }
    auto at = std::lower_bound(by_west.begin(), by_west.end(), point.x - widest,
                               [](const Outline* b, double x) { return b->box.low.x < x; });
    for (; parent == city::kNone && at != by_west.end() && (*at)->box.low.x <= point.x; ++at) {
      const Outline& b = **at;
      if (!b.box.contains(point) || !covers(b.shape, point)) continue;
      const double area = b.shape.area_m2();
      if (smallest == 0 || area < smallest) {
        smallest = area;
        parent = b.feature;
        break;
      }
    }
    if (parent == city::kNone) continue;  // A part may stand alone; it is drawn as a building of its own.
    builder_.building(part.feature).parent = parent;
    if (builder_.building(part.feature).min_height_m <= 0.1f || !builder_.building(parent).has_parts)
      covered_m2[parent] += part.shape.area_m2();
  }
  for (const Outline& b : buildings_) {
    const auto covered = covered_m2.find(b.feature);
    if (covered == covered_m2.end()) continue;
    if (covered->second >= kPartsCoverMin * b.shape.area_m2()) {
      builder_.building(b.feature).has_parts = true;
    } else {
      draft_.findings.add(file_, city::to_string(builder_.feature(b.feature).id),
                          "building parts that cover little of their building", "the building is drawn too");
    }
  }
}

void OsmCity::add_sea(const LatLonBox& data_box) {
  if (coastline_.empty()) return;
  geo::Box2d box;
  for (const geo::LatLon& corner : {data_box.low, geo::LatLon{data_box.low.lat_deg, data_box.high.lon_deg}, data_box.high,
                                    geo::LatLon{data_box.high.lat_deg, data_box.low.lon_deg}})
    box.extend(builder_.plane().to_plane(corner));
  const Sea sea = sea_from(coastline_, box);
  if (sea.loose_ends > 0)
    draft_.findings.add(file_, "coastline", "coastline that ends inside the data", "led on straight to the border of the data");
  std::size_t n = 0;
  for (const Shape& shape : sea.areas) {
    const auto id = city::FeatureId::of(FeatureKind::water, city::IdSource::hashed, ++n);
    city::Geometry geometry = builder_.begin(city::GeometryType::polygons);
    for (const ShapePart& part : shape.parts) static_cast<void>(builder_.add_part(geometry, part.points, part.is_hole));
    if (geometry.parts.count == 0 || builder_.contains(id)) continue;
    city::Water water;
    water.water_class = city::WaterClass::sea;
    builder_.set_source(builder_.add(id, geometry, {}, water), source_);
  }
}

city::FeatureIndex OsmCity::stop_of(const OsmMember& member) const {
  const auto known = stops_.find(stop_key(member.type, member.id));
  if (known != stops_.end()) return known->second;
  if (member.type != OsmType::node) return city::kNone;
  const auto at = stop_positions_.find(member.id);
  if (at == stop_positions_.end()) return city::kNone;
  city::FeatureIndex nearest = city::kNone;
  double distance = kStopNearM;
  for (const auto& [key, feature] : stops_) {
    const double d = geo::distance(builder_.feature(feature).box.center(), at->second);
    if (d < distance || (d == distance && feature < nearest)) {
      distance = d;
      nearest = feature;
    }
  }
  return nearest;
}

void OsmCity::add_lines() {
  std::map<std::int64_t, const Route*> by_id;
  for (const Route& r : routes_) {
    if (!r.is_master) by_id.emplace(r.id, &r);
  }
  std::set<std::int64_t> told;
  for (const Route& r : routes_) {
    if (!r.is_master) continue;
    std::vector<const Route*> courses;
    for (const OsmMember& m : r.members) {
      const auto at = by_id.find(m.id);
      if (m.type == OsmType::relation && at != by_id.end() && told.insert(m.id).second) courses.push_back(at->second);
    }
    if (!courses.empty()) add_line(r, courses);
  }
  for (const auto& [id, route] : by_id) {
    if (!told.contains(id)) add_line(*route, std::span(&route, 1));
  }
}

void OsmCity::add_line(const Route& line, std::span<const Route* const> courses) {
  const OsmTags no_tags;
  const Object object{OsmType::relation, line.id, no_tags};
  const auto id = id_of(FeatureKind::line, OsmType::relation, line.id);
  if (!can_add(id, object)) return;
  Shape shape{city::GeometryType::lines, {}};
  std::set<std::vector<std::pair<double, double>>> drawn;  // Both ways of a line often use one street.
  for (const Route* course : courses) {
    for (const auto& points : course->course) {
      std::vector<std::pair<double, double>> key;
      for (const auto& p : points) key.emplace_back(p.x, p.y);
      if (drawn.insert(std::move(key)).second) shape.parts.push_back({points, false});
    }
  }
  if (shape.parts.empty()) {
    tell(object, "line whose ways are not in the file", "left out");
    return;
  }
  if (!keep_inside(shape, object)) return;
  const auto geometry = geometry_of(shape, object);
  if (!geometry) return;
  city::Line row;
  row.mode = line.mode;
  row.reference = text_of(line.reference, object);
  row.operator_name = text_of(line.operator_name, object);
  row.from = text_of(line.from.empty() ? courses.front()->from : line.from, object);
  row.to = text_of(line.to.empty() ? courses.front()->to : line.to, object);
  row.colour_rgb = colour_from(line.colour.empty() ? courses.front()->colour : line.colour).value_or(city::kNone);
  for (const Route* course : courses) {
    std::vector<city::PatternStop> stops;
    std::size_t unknown = 0;
    for (const OsmMember& m : course->members) {
      if (!m.role.starts_with("stop") && !m.role.starts_with("platform")) continue;
      const auto stop = stop_of(m);
      if (stop == city::kNone) ++unknown;
      // The stop position and the platform of one halt follow each other.
      else if (stops.empty() || stops.back().stop != stop)
        stops.push_back({stop, 0, 0});
    }
    if (unknown > 0) tell(object, "stops of a line that are not in the file", "left out of its course");
    if (stops.size() < 2) continue;
    const auto pattern = builder_.add_pattern(stops, {});
    if (row.patterns.count++ == 0) row.patterns.first = pattern;
  }
  const auto feature = builder_.add(id, *geometry, text_of(line.name, object), row);
  builder_.set_source(feature, source_);
  attributes_.clear();
  const auto keep = [&](const std::string& key, const std::string& value) {
    if (attributes_.size() < kAttributesMax) attributes_.push_back({builder_.text(key), text_of(value, object)});
  };
  for (const auto& [key, value] : line.names) keep(key, value);
  // Mappers write what a timetable calls a line on its courses as often as on the line itself.
  if (std::ranges::none_of(line.names, [](const auto& tag) { return names_in_timetable(tag.first); })) {
    for (const auto& [key, value] : courses.front()->names) {
      if (names_in_timetable(key)) keep(key, value);
    }
  }
  if (!attributes_.empty()) builder_.set_attributes(feature, attributes_);
}

}  // namespace citiverse::ingest
