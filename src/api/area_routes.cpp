// GET /api/v1/areas, /api/v1/areas/{id} and /api/v1/streets: the city as a book, for those who read it.
#include <algorithm>

#include "api/nearest.h"
#include "api/parameters.h"
#include "api/problem.h"
#include "api/routes.h"
#include "api/summary_json.h"
#include "city/class_names.h"
#include "city/measure.h"

namespace citiverse::api {
namespace {

using base::JsonWriter;
using city::City;
using city::FeatureIndex;

void write_area_item(JsonWriter& json, const CityModel& model, const AreaFacts& facts, std::string_view language) {
  const City& city = model.city();
  const city::Feature& feature = city.feature(facts.area);
  const city::Area& area = city.area(feature);
  json.begin_object().member("id", city::to_string(feature.id)).member("class", city::name_of(area.area_class));
  json.member("name", city.name_in(feature, language));
  write_place(json, city, city.anchor(feature));
  json.key("box");
  write_box(json, city, feature.box);
  json.key("area_km2").number(facts.area_m2 / 1e6, 4);
  if (facts.parent != city::kNone) json.member("parent", city::to_string(city.feature(facts.parent).id));
  if (area.population > 0) json.key("population").integer(area.population);
  json.key("people").integer(facts.people).key("places").integer(facts.places).end_object();
}

struct ListedStreet {
  const NamedStreet* street = nullptr;
  city::NearestPoint nearest;
};

bool is_in(const City& city, const NamedStreet& street, const city::Feature& area) {
  return std::any_of(street.pieces.begin(), street.pieces.end(), [&](FeatureIndex piece) {
    const city::Feature& feature = city.feature(piece);
    return feature.box.intersects(area.box) && city::contains(city, area, city.anchor(feature));
  });
}

// All streets that are asked for: by name, or nearest first.
std::vector<ListedStreet> list_streets(const CityModel& model, const city::Feature* area, std::optional<geo::Vec2d> near) {
  const City& city = model.city();
  std::vector<ListedStreet> listed;
  for (const NamedStreet& street : model.streets()) {
    if (area != nullptr && !is_in(city, street, *area)) continue;
    ListedStreet entry{&street, {}};
    if (near) {
      entry.nearest.distance_m = std::numeric_limits<double>::infinity();
      for (const FeatureIndex piece : street.pieces) {
        const city::Feature& feature = city.feature(piece);
        if (feature.box.squared_distance(*near) >= entry.nearest.distance_m * entry.nearest.distance_m) continue;
        const city::NearestPoint nearest = city::nearest_point(city, feature, *near);
        if (nearest.distance_m < entry.nearest.distance_m) entry.nearest = nearest;
      }
    }
    listed.push_back(entry);
  }
  if (near) {
    std::stable_sort(listed.begin(), listed.end(),
                     [](const ListedStreet& a, const ListedStreet& b) { return a.nearest.distance_m < b.nearest.distance_m; });
  }
  return listed;
}

void write_streets(JsonWriter& json, const CityModel& model, std::span<const ListedStreet> streets, std::size_t first,
                   std::size_t limit, std::optional<geo::Vec2d> near, std::string_view language) {
  const City& city = model.city();
  json.begin_object().key("items").begin_array();
  const std::size_t end = std::min(streets.size(), first + limit);
  for (std::size_t i = std::min(first, end); i < end; ++i) {
    const NamedStreet& street = *streets[i].street;
    const city::Feature& feature = city.feature(street.longest);
    json.begin_object().member("id", city::to_string(feature.id)).member("name", city.name_in(feature, language));
    json.member("class", city::class_of(city, feature)).key("length_m").number(street.length_m, kMetreDecimals);
    write_place(json, city, city.anchor(feature));
    if (near) {
      json.key("distance_m").number(streets[i].nearest.distance_m, 1);
      json.key("bearing_deg").number(bearing_deg(*near, streets[i].nearest.point), 0);
    }
    json.end_object();
  }
  json.end_array().key("total").integer(streets.size());
  if (end < streets.size() && end <= kCursorItemsMax) json.member("next_cursor", Parameters::next_cursor(end));
  json.end_object();
}

// The area of an id, or nothing.
const AreaFacts* find_area(const CityModel& model, std::string_view text) {
  const auto id = city::feature_id_from(text);
  if (!id || id->kind() != city::FeatureKind::area) return nullptr;
  const auto index = model.city().find(*id);
  return index ? model.areas().find(*index) : nullptr;
}

net::Reply areas_reply(const CityModel& model, const net::Call& call) {
  Parameters parameters(call.request.query);
  const std::string language = parameters.language();
  if (const auto& failure = parameters.failure()) return bad_parameter(*failure);
  std::string body;
  JsonWriter json(body);
  json.begin_object().key("areas").begin_array();
  for (const AreaFacts& facts : model.areas().areas()) write_area_item(json, model, facts, language);
  json.end_array().end_object();
  return json_reply(std::move(body));
}

net::Reply area_reply(const CityModel& model, const net::Call& call) {
  Parameters parameters(call.request.query);
  const std::string language = parameters.language();
  const std::size_t limit = parameters.count_or("limit", 1, 200, 50);
  const std::size_t first = parameters.cursor();
  if (const auto& failure = parameters.failure()) return bad_parameter(*failure);
  const AreaFacts* facts = find_area(model, call.parameters[0]);
  if (facts == nullptr) return net::problem(404, "not_found", "the city has no such area; /api/v1/areas lists them", "id");
  std::string body;
  JsonWriter json(body);
  json.begin_object().key("area");
  write_area_item(json, model, *facts, language);
  json.key("people").integer(facts->people).key("jobs").integer(facts->jobs).key("homes").integer(facts->homes);
  json.key("buildings").integer(facts->buildings).key("place_counts").begin_object();
  for (std::size_t i = 0; i < kPlaceClasses; ++i) {
    if (facts->places_by_class[i] == 0) continue;
    json.key(city::name_of(static_cast<city::PlaceClass>(i))).integer(facts->places_by_class[i]);
  }
  json.end_object().key("areas").begin_array();
  for (const AreaFacts& inner : model.areas().areas()) {
    if (inner.parent == facts->area) write_area_item(json, model, inner, language);
  }
  json.end_array().key("streets");
  const auto streets = list_streets(model, &model.city().feature(facts->area), std::nullopt);
  write_streets(json, model, streets, first, limit, std::nullopt, language);
  json.end_object();
  return json_reply(std::move(body));
}

net::Reply streets_reply(const CityModel& model, const net::Call& call) {
  Parameters parameters(call.request.query);
  const std::string language = parameters.language();
  const std::size_t limit = parameters.count_or("limit", 1, 200, 50);
  const std::size_t first = parameters.cursor();
  const auto area_id = parameters.text("area", 100);
  std::optional<geo::Vec2d> near;
  if (const auto place = parameters.place()) near = plane_point(model.city(), *place, parameters);
  if (const auto& failure = parameters.failure()) return bad_parameter(*failure);
  const city::Feature* area = nullptr;
  if (area_id) {
    const AreaFacts* facts = find_area(model, *area_id);
    if (facts == nullptr) return net::problem(404, "not_found", "the city has no such area; /api/v1/areas lists them", "area");
    area = &model.city().feature(facts->area);
  }
  std::string body;
  JsonWriter json(body);
  write_streets(json, model, list_streets(model, area, near), first, limit, near, language);
  return json_reply(std::move(body));
}

}  // namespace

void add_area_routes(net::Router& router, const CityModel& model) {
  net::Route route;
  route.access = net::kOpenToAll;
  route.pattern = "/api/v1/areas";
  route.make = [&model](const net::Call& call) { return areas_reply(model, call); };
  router.add(route);
  route.pattern = "/api/v1/areas/{id}";
  route.make = [&model](const net::Call& call) { return area_reply(model, call); };
  router.add(route);
  route.pattern = "/api/v1/streets";
  route.make = [&model](const net::Call& call) { return streets_reply(model, call); };
  router.add(std::move(route));
}

}  // namespace citiverse::api
