// A function a kind. Zeros that mean 'not known' are left out.
#include "api/detail_json.h"

#include "city/class_names.h"
#include "city/measure.h"

namespace citiverse::api {
namespace {

using base::JsonWriter;
using city::City;
using city::Feature;
using city::FeatureKind;

void metres(JsonWriter& json, std::string_view name, double value) { json.key(name).number(value, kMetreDecimals); }

void metres_if(JsonWriter& json, std::string_view name, double value) {
  if (value > 0) metres(json, name, value);
}

template <class T>
void count_if(JsonWriter& json, std::string_view name, T value) {
  if (value > 0) json.key(name).integer(value);
}

void colour_if(JsonWriter& json, std::string_view name, std::uint32_t rgb) {
  if (rgb != city::kNone) json.member(name, colour_text(rgb));
}

void write_building(JsonWriter& json, const City& city, const Feature& feature) {
  const city::Building& building = city.building(feature);
  json.key("building").begin_object().member("use", city::name_of(building.use));
  metres(json, "height_m", building.height_m);
  metres_if(json, "min_height_m", building.min_height_m);
  count_if(json, "levels", building.levels);
  if (building.roof != city::RoofShape::unknown) {
    json.member("roof", city::name_of(building.roof)).member("roof_orientation", city::name_of(building.roof_orientation));
  }
  metres_if(json, "roof_height_m", building.roof_height_m);
  if (building.roof_direction_deg >= 0) json.key("roof_direction_deg").number(building.roof_direction_deg, 1);
  colour_if(json, "colour", building.colour_rgb);
  colour_if(json, "roof_colour", building.roof_colour_rgb);
  count_if(json, "year_built", building.year_built);
  metres_if(json, "footprint_m2", city::area_m2(city, feature));
  count_if(json, "homes", building.homes);
  count_if(json, "people", building.people);
  count_if(json, "jobs", building.jobs);
  json.end_object();
}

void write_modes(JsonWriter& json, std::string_view name, std::uint8_t modes) {
  json.key(name).begin_array();
  if ((modes & city::kWalk) != 0) json.text("walk");
  if ((modes & city::kCycle) != 0) json.text("cycle");
  if ((modes & city::kDrive) != 0) json.text("drive");
  if ((modes & city::kBus) != 0) json.text("bus");
  json.end_array();
}

void write_street(JsonWriter& json, const City& city, const Feature& feature) {
  const city::Street& street = city.street(feature);
  json.key("street").begin_object().member("class", city::name_of(street.street_class));
  metres(json, "length_m", city::length_m(city, feature));
  metres(json, "width_m", street.width_m);
  metres_if(json, "pavement_left_m", street.pavement_left_m);
  metres_if(json, "pavement_right_m", street.pavement_right_m);
  count_if(json, "speed_kmh", street.speed_kmh);
  count_if(json, "lanes_forward", street.lanes_forward);
  count_if(json, "lanes_backward", street.lanes_backward);
  write_modes(json, "forward", street.forward);
  write_modes(json, "backward", street.backward);
  json.key("one_way").boolean(((street.forward ^ street.backward) & city::kDrive) != 0);
  if (street.surface != city::Surface::unknown) json.member("surface", city::name_of(street.surface));
  json.member("structure", city::name_of(street.structure));
  if (street.layer != 0) json.key("layer").integer(static_cast<int>(street.layer));
  json.key("lit").boolean(street.is_lit);
  if (street.is_roundabout) json.key("roundabout").boolean(true);
  json.end_object();
}

void write_rail(JsonWriter& json, const City& city, const Feature& feature) {
  const city::Rail& rail = city.rail(feature);
  json.key("rail").begin_object().member("class", city::name_of(rail.rail_class)).key("gauge_m").number(rail.gauge_m, 3);
  metres(json, "length_m", city::length_m(city, feature));
  json.member("structure", city::name_of(rail.structure));
  if (rail.layer != 0) json.key("layer").integer(static_cast<int>(rail.layer));
  json.end_object();
}

void write_surface(JsonWriter& json, const City& city, const Feature& feature) {
  json.key("surface").begin_object().member("class", city::class_of(city, feature));
  if (feature.geometry.type == city::GeometryType::lines)
    metres(json, "length_m", city::length_m(city, feature));
  else
    metres_if(json, "area_m2", city::area_m2(city, feature));
  if (feature.id.kind() == FeatureKind::water) metres_if(json, "width_m", city.water(feature).width_m);
  if (feature.id.kind() == FeatureKind::paved && city.paved(feature).surface != city::Surface::unknown) {
    json.member("surface", city::name_of(city.paved(feature).surface));
  }
  json.end_object();
}

void write_barrier(JsonWriter& json, const City& city, const Feature& feature) {
  const city::Barrier& barrier = city.barrier(feature);
  json.key("barrier").begin_object().member("class", city::name_of(barrier.barrier_class));
  metres(json, "height_m", barrier.height_m);
  metres_if(json, "length_m", city::length_m(city, feature));
  json.end_object();
}

void write_tree(JsonWriter& json, const City& city, const Feature& feature) {
  const city::Tree& tree = city.tree(feature);
  json.key("tree").begin_object();
  metres(json, "height_m", tree.height_m);
  metres(json, "crown_diameter_m", tree.crown_diameter_m);
  if (tree.leaf != city::LeafType::unknown) json.member("leaf", city::name_of(tree.leaf));
  json.end_object();
}

void write_place_detail(JsonWriter& json, const City& city, const Feature& feature) {
  const city::Place& place = city.place(feature);
  json.key("place").begin_object().member("class", city::name_of(place.place_class));
  json.member_if_known("subtype", city.text(place.subtype)).member_if_known("operator", city.text(place.operator_name));
  count_if(json, "capacity", place.capacity);
  json.end_object();
}

void write_stop(JsonWriter& json, const City& city, const Feature& feature) {
  const city::Stop& stop = city.stop(feature);
  json.key("stop").begin_object().member("mode", city::name_of(stop.mode)).key("station").boolean(stop.is_station);
  json.key("shelter").boolean(stop.has_shelter).member_if_known("code", city.text(stop.code)).end_object();
}

void write_area(JsonWriter& json, const City& city, const Feature& feature) {
  const city::Area& area = city.area(feature);
  json.key("area").begin_object().member("class", city::name_of(area.area_class));
  count_if(json, "population", area.population);
  count_if(json, "admin_level", area.admin_level);
  json.key("area_km2").number(city::area_m2(city, feature) / 1e6, 4).end_object();
}

void write_line(JsonWriter& json, const City& city, const Feature& feature) {
  const city::Line& line = city.line(feature);
  json.key("line").begin_object().member("mode", city::name_of(line.mode));
  json.member_if_known("reference", city.text(line.reference)).member_if_known("operator", city.text(line.operator_name));
  json.member_if_known("from", city.text(line.from)).member_if_known("to", city.text(line.to));
  colour_if(json, "colour", line.colour_rgb);
  metres(json, "length_m", city::length_m(city, feature));
  std::uint32_t trips = 0;
  for (std::uint32_t p = line.patterns.first; p < line.patterns.first + line.patterns.count; ++p) {
    trips += city.columns().patterns[p].trips.count;
  }
  count_if(json, "trips", trips);
  json.end_object();
}

void write_estimated(JsonWriter& json, const City& city, const Feature& feature) {
  json.key("estimated").begin_array();
  const auto add = [&](bool is_estimated, std::string_view name) {
    if (is_estimated) json.text(name);
  };
  switch (feature.id.kind()) {
    case FeatureKind::building:
    case FeatureKind::building_part: {
      const auto bits = city.building(feature).estimated;
      add((bits & city::kHeightEstimated) != 0, "height_m");
      add((bits & city::kLevelsEstimated) != 0, "levels");
      add((bits & city::kRoofEstimated) != 0, "roof");
      add((bits & city::kPeopleEstimated) != 0, "people");
      add((bits & city::kPeopleEstimated) != 0, "jobs");
      add((bits & city::kPeopleEstimated) != 0, "homes");
      break;
    }
    case FeatureKind::street: {
      const auto bits = city.street(feature).estimated;
      add((bits & city::kSpeedEstimated) != 0, "speed_kmh");
      add((bits & city::kLanesEstimated) != 0, "lanes_forward");
      add((bits & city::kLanesEstimated) != 0, "lanes_backward");
      add((bits & city::kWidthEstimated) != 0, "width_m");
      add((bits & city::kPavementEstimated) != 0, "pavement_left_m");
      add((bits & city::kPavementEstimated) != 0, "pavement_right_m");
      break;
    }
    case FeatureKind::barrier: add(city.barrier(feature).height_estimated, "height_m"); break;
    case FeatureKind::tree:
      add(city.tree(feature).is_estimated, "height_m");
      add(city.tree(feature).is_estimated, "crown_diameter_m");
      break;
    default: break;
  }
  json.end_array();
}

void write_position(JsonWriter& json, const City& city, geo::Vec2d point) {
  const geo::LatLon place = city.plane().to_lat_lon(point);
  json.begin_array().number(place.lon_deg, kDegreeDecimals).number(place.lat_deg, kDegreeDecimals).end_array();
}

void write_positions(JsonWriter& json, const City& city, const city::Part& part, bool closed) {
  const auto vertices = city.vertices(part);
  json.begin_array();
  for (const geo::Vec2d& vertex : vertices) write_position(json, city, vertex);
  if (closed) write_position(json, city, vertices.front());
  json.end_array();
}

}  // namespace

void write_detail(JsonWriter& json, const City& city, const Feature& feature) {
  switch (feature.id.kind()) {
    case FeatureKind::building:
    case FeatureKind::building_part: write_building(json, city, feature); break;
    case FeatureKind::street: write_street(json, city, feature); break;
    case FeatureKind::rail: write_rail(json, city, feature); break;
    case FeatureKind::water:
    case FeatureKind::green:
    case FeatureKind::land_use:
    case FeatureKind::paved:
    case FeatureKind::bridge: write_surface(json, city, feature); break;
    case FeatureKind::barrier: write_barrier(json, city, feature); break;
    case FeatureKind::tree: write_tree(json, city, feature); break;
    case FeatureKind::place: write_place_detail(json, city, feature); break;
    case FeatureKind::stop: write_stop(json, city, feature); break;
    case FeatureKind::area: write_area(json, city, feature); break;
    case FeatureKind::line: write_line(json, city, feature); break;
    case FeatureKind::address: break;
  }
  write_estimated(json, city, feature);
}

void write_geometry(JsonWriter& json, const City& city, const Feature& feature) {
  const auto parts = city.parts(feature.geometry);
  json.begin_object();
  switch (feature.geometry.type) {
    case city::GeometryType::point:
      if (parts.size() == 1 && parts[0].count == 1) {
        json.member("type", "Point").key("coordinates");
        write_position(json, city, city.vertices(parts[0])[0]);
        break;
      }
      json.member("type", "MultiPoint").key("coordinates").begin_array();
      for (const city::Part& part : parts) {
        for (const geo::Vec2d& vertex : city.vertices(part)) write_position(json, city, vertex);
      }
      json.end_array();
      break;
    case city::GeometryType::lines:
      json.member("type", "MultiLineString").key("coordinates").begin_array();
      for (const city::Part& part : parts) write_positions(json, city, part, false);
      json.end_array();
      break;
    case city::GeometryType::polygons:
      json.member("type", "MultiPolygon").key("coordinates").begin_array();
      for (std::size_t i = 0; i < parts.size();) {
        json.begin_array();
        do write_positions(json, city, parts[i], true);
        while (++i < parts.size() && parts[i].is_hole);
        json.end_array();
      }
      json.end_array();
      break;
  }
  json.end_object();
}

}  // namespace citiverse::api
