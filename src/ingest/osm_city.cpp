// The walk from one object to the features it is: an object may be several, such as a building that is a museum.
#include "ingest/osm_city.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/random.h"
#include "base/text.h"
#include "city/people_estimate.h"
#include "ingest/osm_values.h"
#include "ingest/time_zone.h"

namespace citiverse::ingest {
namespace {

using city::FeatureKind;

// Keys that are kept as attributes although no field holds them; sorted. All name:* and *:wikidata are kept too.
constexpr auto kKeptKeys = std::to_array<std::string_view>({"access",
                                                            "addr:country",
                                                            "addr:housename",
                                                            "alt_name",
                                                            "architect",
                                                            "artist_name",
                                                            "artwork_type",
                                                            "brand",
                                                            "building",
                                                            "building:architecture",
                                                            "building:material",
                                                            "building:part",
                                                            "bus",
                                                            "capacity:disabled",
                                                            "colour",
                                                            "contact:email",
                                                            "contact:phone",
                                                            "contact:website",
                                                            "covered",
                                                            "craft",
                                                            "crossing",
                                                            "cuisine",
                                                            "cycleway",
                                                            "cycleway:both",
                                                            "cycleway:left",
                                                            "cycleway:right",
                                                            "denomination",
                                                            "description",
                                                            "diet:vegan",
                                                            "diet:vegetarian",
                                                            "dispensing",
                                                            "ele",
                                                            "email",
                                                            "emergency",
                                                            "fee",
                                                            "genus",
                                                            "gtfs:route_id",
                                                            "gtfs:stop_code",
                                                            "gtfs:stop_id",
                                                            "gtfs_id",
                                                            "healthcare:speciality",
                                                            "heritage",
                                                            "highway",
                                                            "historic",
                                                            "image",
                                                            "incline",
                                                            "inscription",
                                                            "int_name",
                                                            "internet_access",
                                                            "landuse",
                                                            "leisure",
                                                            "lit",
                                                            "local_ref",
                                                            "material",
                                                            "maxheight",
                                                            "maxweight",
                                                            "memorial",
                                                            "museum",
                                                            "natural",
                                                            "network",
                                                            "official_name",
                                                            "old_name",
                                                            "operator",
                                                            "parking",
                                                            "population:date",
                                                            "ref",
                                                            "ref:IFOPT",
                                                            "religion",
                                                            "roof:material",
                                                            "rooms",
                                                            "route_ref",
                                                            "shelter_type",
                                                            "short_name",
                                                            "smoothness",
                                                            "social_facility",
                                                            "species",
                                                            "sport",
                                                            "stars",
                                                            "start_date",
                                                            "step_count",
                                                            "surface",
                                                            "tactile_paving",
                                                            "takeaway",
                                                            "tourism",
                                                            "traffic_calming",
                                                            "uic_ref",
                                                            "water",
                                                            "wikipedia"});
static_assert(std::is_sorted(kKeptKeys.begin(), kKeptKeys.end()));

bool is_kept(std::string_view key) {
  return key.starts_with("name:") || key == "wikidata" || key.ends_with(":wikidata") ||
         std::binary_search(kKeptKeys.begin(), kKeptKeys.end(), key);
}

std::string_view first_of(std::string_view a, std::string_view b) { return a.empty() ? b : a; }

}  // namespace

OsmCity::OsmCity(CityDraft& draft, std::string_view file, std::uint32_t source)
    : draft_(draft), builder_(draft.builder), file_(file), source_(source) {}

city::FeatureId OsmCity::id_of(FeatureKind kind, OsmType type, std::int64_t id) const {
  // Negative ids are of objects that have not been uploaded: they are only unique in their file.
  if (id < 0 || id >> 52 != 0) {
    const auto number = base::mix64(static_cast<std::uint64_t>(id) ^ (static_cast<std::uint64_t>(type) << 62));
    return city::FeatureId::of(kind, city::IdSource::hashed, number);
  }
  const auto source = type == OsmType::node  ? city::IdSource::osm_node
                      : type == OsmType::way ? city::IdSource::osm_way
                                             : city::IdSource::osm_relation;
  return city::FeatureId::of(kind, source, static_cast<std::uint64_t>(id));
}

void OsmCity::tell(const Object& object, std::string_view reason, std::string_view action, std::string_view detail) {
  draft_.findings.add(file_, osm_object_name(object.type, object.id), reason, action, detail);
}

void OsmCity::tell_faults(const Object& object) {
  for (const ValueFault& fault : faults_) tell(object, fault.reason, fault.action, fault.value);
  faults_.clear();
}

city::TextRef OsmCity::text_of(std::string_view text, const Object& object) {
  if (text.size() > city::kTextBytesMax) tell(object, "text longer than 1000 bytes", "cut", text.substr(0, 40));
  return builder_.text(text);
}

bool OsmCity::can_add(city::FeatureId id, const Object& object) {
  if (!builder_.contains(id)) return true;
  tell(object, "object twice in one file", "the first is kept");
  return false;
}

std::optional<city::Geometry> OsmCity::geometry_of(const Shape& shape, const Object& object) {
  city::Geometry geometry = builder_.begin(shape.type);
  bool has_outer = false;
  for (const ShapePart& part : shape.parts) {
    if (part.is_hole) {
      if (has_outer) static_cast<void>(builder_.add_part(geometry, part.points, true));
    } else {
      has_outer = builder_.add_part(geometry, part.points);
    }
  }
  if (geometry.parts.count > 0) return geometry;
  tell(object, "geometry smaller than a millimetre", "left out");
  return std::nullopt;
}

void OsmCity::describe(city::FeatureIndex feature, const Object& object) {
  builder_.set_source(feature, source_);
  const OsmTags& tags = object.tags;
  if (const auto country = tags["addr:country"]; country.size() == 2) ++draft_.countries[std::string(country)];
  if (const auto zone = tags["timezone"]; is_time_zone_name(zone)) ++draft_.zones[std::string(zone)];
  attributes_.clear();
  for (const auto& tag : tags.all()) {
    if (!is_kept(tag.key)) continue;
    if (attributes_.size() >= kAttributesMax) {
      tell(object, "more than 120 attributes", "the first 120 are kept");
      break;
    }
    const auto key = builder_.text(tag.key);
    const auto value = text_of(tag.value, object);
    if (!key.empty() && !value.empty()) attributes_.push_back({key, value});
  }
  if (!attributes_.empty()) builder_.set_attributes(feature, attributes_);
  const auto number = tags["addr:housenumber"];
  if (!number.empty() && builder_.feature(feature).id.kind() != FeatureKind::address) {
    builder_.set_address(feature,
                         {number, first_of(tags["addr:street"], tags["addr:place"]), tags["addr:postcode"], tags["addr:city"]});
  }
}

template <class Detail>
city::FeatureIndex OsmCity::put(FeatureKind kind, const Object& object, const Shape& shape, const Detail& detail) {
  const auto id = id_of(kind, object.type, object.id);
  if (!can_add(id, object)) return city::kNone;
  const auto geometry = geometry_of(shape, object);
  if (!geometry) return city::kNone;
  const auto feature = builder_.add(id, *geometry, text_of(object.tags["name"], object), detail);
  describe(feature, object);
  return feature;
}

bool OsmCity::keep_inside(Shape& shape, const Object& object) {
  const geo::Box2d box = shape.box();
  if (!box.intersects(draft_.box)) {
    tell(object, "object outside the data's box", "left out");
    return false;
  }
  const bool inside = draft_.box.contains(box.low) && draft_.box.contains(box.high);
  if (inside || shape.type == city::GeometryType::point) return true;
  shape = clipped(shape, draft_.box);
  if (shape.parts.empty()) {
    tell(object, "object outside the data's box", "left out");
    return false;
  }
  tell(object, "object that leaves the data's box", "cut 500 m outside it");
  return true;
}

city::FeatureIndex OsmCity::put_stop(const Object& object, geo::Vec2d point) {
  auto stop = stop_from(object.tags);
  if (!stop) return city::kNone;
  const auto code = first_of(object.tags["ref"], object.tags["local_ref"]);
  stop->code = builder_.text(code);
  const auto feature = put(FeatureKind::stop, object, point_shape(point), *stop);
  if (feature != city::kNone)
    stops_.emplace(static_cast<std::uint64_t>(object.id) << 2 | static_cast<std::uint64_t>(object.type), feature);
  return feature;
}

bool OsmCity::put_life(const Object& object, const Shape& shape) {
  const OsmTags& tags = object.tags;
  bool any = false;
  if (const auto found = place_from(tags)) {
    city::Place place;
    place.place_class = found->place_class;
    place.subtype = builder_.text(found->subtype);
    place.opening_hours = text_of(tags["opening_hours"], object);
    place.website = text_of(first_of(first_of(tags["website"], tags["contact:website"]), tags["url"]), object);
    place.phone = text_of(first_of(tags["phone"], tags["contact:phone"]), object);
    place.operator_name = text_of(tags["operator"], object);
    place.wheelchair = wheelchair_from(tags);
    if (const auto capacity = number_from(tags["capacity"]); capacity && *capacity >= 0 && *capacity < 1e7)
      place.capacity = static_cast<std::uint32_t>(*capacity);
    any |= put(FeatureKind::place, object, shape, place) != city::kNone;
  }
  const bool is_area = shape.type == city::GeometryType::polygons;
  const geo::Vec2d point = is_area ? point_inside(shape) : shape.parts[0].points[shape.parts[0].points.size() / 2];
  any |= put_stop(object, point) != city::kNone;
  if (const auto area = area_from(tags); area && shape.type != city::GeometryType::lines) {
    any |= put(FeatureKind::area, object, shape, *area) != city::kNone;
    const bool is_city = area->area_class == city::AreaClass::municipality && is_any(tags["place"], "city", "town", "village");
    if (is_city && (draft_.name.empty() || area->population > draft_.population)) {
      draft_.name = tags["name"];
      draft_.population = area->population;
    }
  }
  return any;
}

void OsmCity::node(std::int64_t id, geo::LatLon place, const OsmTags& tags) {
  const Object object{OsmType::node, id, tags};
  const geo::Vec2d point = builder_.plane().to_plane(place);
  if (tags.is("public_transport", "stop_position")) stop_positions_.emplace(id, point);
  const bool is_tree = tags.is("natural", "tree");
  const bool has_number = tags.has("addr:housenumber");
  Shape shape = point_shape(point);
  if (!draft_.box.contains(point)) {
    if (is_tree || has_number || place_from(tags) || stop_from(tags) || area_from(tags)) keep_inside(shape, object);
    return;
  }
  bool any = put_life(object, shape);
  if (is_tree) {
    any |= put(FeatureKind::tree, object, shape, tree_from(tags, faults_)) != city::kNone;
    tell_faults(object);
  }
  if (any || !has_number) return;
  const auto feature_id = id_of(FeatureKind::address, OsmType::node, id);
  if (!can_add(feature_id, object)) return;
  const auto geometry = geometry_of(shape, object);
  if (!geometry) return;
  const auto feature = builder_.add_address(
      feature_id, *geometry,
      {tags["addr:housenumber"], first_of(tags["addr:street"], tags["addr:place"]), tags["addr:postcode"], tags["addr:city"]});
  describe(feature, object);
}

void OsmCity::way(const OsmWay& way, const OsmTags& tags) {
  const Object object{OsmType::way, way.id, tags};
  std::vector<geo::Vec2d> points;
  points.reserve(way.places.size());
  for (const geo::LatLon& place : way.places) {
    const geo::Vec2d p = geo::snapped_to_mm(builder_.plane().to_plane(place));
    if (points.empty() || !(points.back() == p)) points.push_back(p);
  }
  if (points.size() < 2) {
    tell(object, "geometry smaller than a millimetre", "left out");
    return;
  }
  if (tags.is("natural", "coastline")) coastline_.push_back(points);
  if (way.is_closed && means_area(tags)) {
    Shape ring = ring_shape(points);
    if (!is_simple_ring(ring.parts[0].points)) {
      ring = repaired(ring);
      tell(object, "ring that crosses or touches itself", ring.parts.empty() ? "left out" : "split where it crosses");
    }
    if (!ring.parts.empty()) area_object(object, std::move(ring), way.is_outline_of_relation);
    // An enclosed area may carry the fence around it.
    if (tags.has("barrier") && !tags.is("area", "yes")) line_object(object, line_shape(std::move(points)));
    return;
  }
  if (tags.says_yes("building") || tags.says_yes("building:part"))
    tell(object, "building whose outline is not closed", "left out");
  line_object(object, line_shape(std::move(points)));
}

void OsmCity::line_object(const Object& object, Shape shape) {
  const OsmTags& tags = object.tags;
  const auto street = street_from(tags, faults_);
  const auto rail = rail_from(tags, faults_);
  const auto water = water_from(tags, false, faults_);
  const auto barrier = barrier_from(tags, faults_);
  const bool is_row = tags.is("natural", "tree_row");
  const bool has_life = tags.has("public_transport") || tags.has("railway") || tags.has("amenity") || tags.has("leisure");
  if (!street && !rail && !water && !barrier && !is_row && !has_life) return;
  if (!keep_inside(shape, object)) {
    faults_.clear();
    return;
  }
  if (street) put(FeatureKind::street, object, shape, *street);
  if (rail) put(FeatureKind::rail, object, shape, *rail);
  if (water) put(FeatureKind::water, object, shape, *water);
  if (barrier) put(FeatureKind::barrier, object, shape, *barrier);
  tell_faults(object);
  if (is_row) tree_row(object, shape);
  if (!street && !rail && !water && has_life) put_life(object, shape);
}

void OsmCity::tree_row(const Object& object, const Shape& shape) {
  city::Tree tree = tree_from(object.tags, faults_);
  tree.is_estimated = true;  // That a row has trees is said; where each of them stands is not.
  tell_faults(object);
  std::size_t count = 0;
  for (const ShapePart& part : shape.parts) {
    const double length = line_shape(part.points).length_m();
    const auto trees = static_cast<std::size_t>(length / kTreeRowStepM) + 1;
    const double step = trees > 1 ? length / static_cast<double>(trees - 1) : 0;
    double walked = 0;
    double next = 0;
    for (std::size_t i = 1; i < part.points.size(); ++i) {
      const double piece = geo::distance(part.points[i - 1], part.points[i]);
      for (; next <= walked + piece + 1e-6 && piece > 0; next += step) {
        if (count >= kTreesPerRowMax) {
          tell(object, "row of more than 2000 trees", "the first 2000 are kept");
          return;
        }
        const auto number = base::mix64(base::mix64(static_cast<std::uint64_t>(object.id)) + count++);
        const auto id = city::FeatureId::of(FeatureKind::tree, city::IdSource::hashed, number);
        const geo::Vec2d at = part.points[i - 1] + (part.points[i] - part.points[i - 1]) * ((next - walked) / piece);
        if (!can_add(id, object)) continue;
        if (const auto geometry = geometry_of(point_shape(at), object)) {
          builder_.set_source(builder_.add(id, *geometry, {}, tree), source_);
        }
        if (step <= 0) break;
      }
      walked += piece;
      if (step <= 0) break;
    }
  }
}

void OsmCity::area_object(const Object& object, Shape shape, bool skip_building) {
  const OsmTags& tags = object.tags;
  const double area_m2 = shape.area_m2();
  const bool is_part = tags.says_yes("building:part");
  bool any = false;
  if (auto building = building_from(tags, is_part, area_m2, faults_)) {
    if (!is_part) city::estimate_people(*building, area_m2);
    if (!shape.box().intersects(draft_.box)) {
      tell(object, "object outside the data's box", "left out");
      faults_.clear();
      return;
    }
    if (skip_building && !is_part) {
      tell(object, "building that is also the outline of a building relation", "the relation is kept");
    } else {
      const auto kind = is_part ? FeatureKind::building_part : FeatureKind::building;
      const auto feature = put(kind, object, shape, *building);
      if (feature != city::kNone) {
        (is_part ? parts_ : buildings_).push_back({feature, shape, shape.box()});
        if (!is_part && object.type == OsmType::way) building_of_way_.emplace(object.id, feature);
      }
    }
    any = true;
  } else if (!keep_inside(shape, object)) {
    return;
  }
  if (!any) {
    if (const auto water = water_from(tags, true, faults_))
      put(FeatureKind::water, object, shape, *water);
    else if (const auto green = green_from(tags))
      put(FeatureKind::green, object, shape, *green);
    if (const auto land_use = land_use_from(tags)) put(FeatureKind::land_use, object, shape, *land_use);
    if (const auto paved = paved_from(tags)) put(FeatureKind::paved, object, shape, *paved);
    if (const auto bridge = bridge_from(tags)) put(FeatureKind::bridge, object, shape, *bridge);
  }
  tell_faults(object);
  put_life(object, shape);
}

void OsmCity::area(std::int64_t relation, std::span<const OsmRing> rings, const OsmTags& tags) {
  const Object object{OsmType::relation, relation, tags};
  Shape shape{city::GeometryType::polygons, {}};
  for (const OsmRing& ring : rings) {
    ShapePart part{{}, ring.is_hole};
    for (const geo::LatLon& place : ring.places) part.points.push_back(geo::snapped_to_mm(builder_.plane().to_plane(place)));
    if (!part.points.empty()) part.points.pop_back();
    shape.parts.push_back(std::move(part));
  }
  if (tags.is("area", "no")) return;
  area_object(object, std::move(shape), false);
}

void OsmCity::finish(const LatLonBox& data_box) {
  link_parts();
  add_sea(data_box);
  add_lines();
}

}  // namespace citiverse::ingest
