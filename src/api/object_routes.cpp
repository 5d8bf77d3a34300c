// GET /api/v1/objects/{id}: everything that is known of one object.
#include <fmt/format.h>

#include "api/contact.h"
#include "api/detail_json.h"
#include "api/parameters.h"
#include "api/problem.h"
#include "api/related_json.h"
#include "api/routes.h"
#include "city/class_names.h"
#include "city/opening_hours.h"

namespace citiverse::api {
namespace {

using base::JsonWriter;
using city::City;
using city::Feature;
using city::FeatureKind;

void write_names(JsonWriter& json, const City& city, const Feature& feature) {
  json.key("names").begin_object();
  if (!feature.name.empty()) json.member("", city.text(feature.name));
  for (const city::Attribute& attribute : city.attributes(feature)) {
    const std::string_view key = city.text(attribute.key);
    if (key.starts_with("name:") && key.size() > 5) json.member(key.substr(5), city.text(attribute.value));
  }
  json.end_object();
}

void write_address(JsonWriter& json, const City& city, const Feature& feature) {
  if (feature.address == city::kNone) return;
  const city::Address& address = city.columns().addresses[feature.address];
  json.key("address").begin_object().member("text", address_line(city, feature));
  json.member_if_known("house_number", city.text(address.house_number)).member_if_known("street", city.text(address.street));
  json.member_if_known("postcode", city.text(address.postcode)).member_if_known("city", city.text(address.city));
  json.end_object();
}

void write_opening_hours(JsonWriter& json, const CityModel& model, std::string_view text, const Moment& time) {
  if (text.empty()) return;
  const auto hours = city::OpeningHours::parse(text);
  json.key("opening_hours").begin_object().member("text", text).key("understood").boolean(hours.has_value());
  if (hours) {
    json.key("open_now").boolean(hours->is_open(time.local));
    if (const auto change = hours->next_change(time.local)) {
      json.member("next_change", model.clock().text(model.clock().at_local(*change)));
    }
  }
  json.end_object();
}

void write_service(JsonWriter& json, const CityModel& model, const Feature& feature, const Moment& time) {
  const City& city = model.city();
  auto wheelchair = city::Wheelchair::unknown;
  if (feature.id.kind() == FeatureKind::place) {
    const city::Place& place = city.place(feature);
    write_opening_hours(json, model, city.text(place.opening_hours), time);
    json.member_if_known("website", checked_website(city.text(place.website)));
    json.member_if_known("phone", checked_phone(city.text(place.phone)));
    wheelchair = place.wheelchair;
  } else if (feature.id.kind() == FeatureKind::stop) {
    wheelchair = city.stop(feature).wheelchair;
  }
  if (wheelchair != city::Wheelchair::unknown) json.member("wheelchair", city::name_of(wheelchair));
}

void write_attributes(JsonWriter& json, const City& city, const Feature& feature) {
  json.key("attributes").begin_array();
  for (const city::Attribute& attribute : city.attributes(feature)) {
    const std::string_view key = city.text(attribute.key);
    if (key.starts_with("name:")) continue;  // Among the names.
    json.begin_object().member("key", key).member("value", city.text(attribute.value)).end_object();
  }
  json.end_array();
}

net::Reply object_reply(const CityModel& model, const net::Call& call) {
  Parameters parameters(call.request.query);
  const bool with_geometry = parameters.boolean("geometry");
  const std::string language = parameters.language();
  Moment time = model.clock().now();
  if (const auto text = parameters.text("time", 40)) {
    if (auto parsed = model.clock().parse(*text))
      time = *parsed;
    else
      parameters.fail("time", parsed.error().message);
  }
  if (const auto& failure = parameters.failure()) return bad_parameter(*failure);
  const auto id = city::feature_id_from(call.parameters[0]);
  if (!id) return net::problem(404, "not_found", "this is not the id of an object; ids are like building-w4097656", "id");
  const City& city = model.city();
  const auto index = city.find(*id);
  if (!index) return net::problem(404, "not_found", "the city has no such object", "id");
  const Feature& feature = city.feature(*index);
  const geo::Vec2d anchor = city.anchor(feature);

  std::string body;
  JsonWriter json(body);
  json.begin_object().member("id", city::to_string(feature.id)).member("kind", city::name_of(feature.id.kind()));
  json.member("class", city::class_of(city, feature)).member("name", city.name_in(feature, language));
  write_names(json, city, feature);
  write_place(json, city, anchor);
  json.key("ground_height_m").number(city.terrain().height_at(anchor), kMetreDecimals).key("box");
  write_box(json, city, feature.box);
  if (with_geometry) {
    json.key("geometry");
    write_geometry(json, city, feature);
  }
  write_detail(json, city, feature);
  write_address(json, city, feature);
  write_service(json, model, feature, time);
  write_attributes(json, city, feature);
  if (feature.source != city::kNone) {
    json.key("source");
    write_source(json, city, city.columns().sources[feature.source]);
  }
  json.key("related");
  write_related(json, model, *index, {language, std::nullopt, time}, time);
  json.end_object();
  return json_reply(std::move(body));
}

}  // namespace

void add_object_routes(net::Router& router, const CityModel& model) {
  net::Route route;
  route.pattern = "/api/v1/objects/{id}";
  route.access = net::kOpenToAll;
  route.make = [&model](const net::Call& call) { return object_reply(model, call); };
  router.add(std::move(route));
}

}  // namespace citiverse::api
