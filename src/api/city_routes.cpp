// GET /api/v1/city: what a client needs to begin.
#include <fmt/format.h>

#include "api/parameters.h"
#include "api/problem.h"
#include "api/routes.h"
#include "api/summary_json.h"
#include "city/class_names.h"

namespace citiverse::api {
namespace {

using base::JsonWriter;

void write_counts(JsonWriter& json, const CityModel& model) {
  const city::City& city = model.city();
  json.key("counts").begin_object();
  for (std::size_t kind = 1; kind < city::kFeatureKinds; ++kind) {
    const auto feature_kind = static_cast<city::FeatureKind>(kind);
    json.key(city::name_of(feature_kind)).integer(city.of_kind(feature_kind).count);
  }
  json.end_object();
  const CityTotals& totals = model.totals();
  json.key("place_counts").begin_object();
  for (std::size_t i = 0; i < kPlaceClasses; ++i) {
    if (totals.places_by_class[i] == 0) continue;
    json.key(city::name_of(static_cast<city::PlaceClass>(i))).integer(totals.places_by_class[i]);
  }
  json.end_object();
  json.key("people").integer(totals.people).key("jobs").integer(totals.jobs).key("homes").integer(totals.homes);
  json.key("generated").boolean(totals.generated).key("languages").begin_array();
  for (const std::string& language : totals.languages) json.text(language);
  json.end_array();
}

void write_viewpoints(JsonWriter& json, const CityModel& model, std::string_view language) {
  const city::City& city = model.city();
  json.key("viewpoints").begin_array();
  for (const Viewpoint& view : model.viewpoints()) {
    json.begin_object();
    if (view.object == city::kNone) {
      json.member("name", city.name());
    } else {
      json.member("name", city.name_in(city.feature(view.object), language));
      json.member("id", city::to_string(city.feature(view.object).id));
    }
    write_place(json, city, view.eye);
    json.key("ground_height_m").number(city.terrain().height_at(view.eye), kMetreDecimals);
    json.key("height_m").number(view.height_m, kMetreDecimals).key("heading_deg").number(view.heading_deg, 1);
    json.key("pitch_deg").number(view.pitch_deg, 1).end_object();
  }
  json.end_array();
}

net::Reply city_reply(const CityModel& model, std::string_view tiles_version, const net::Call& call) {
  Parameters parameters(call.request.query);
  const std::string language = parameters.language();
  if (const auto& failure = parameters.failure()) return bad_parameter(*failure);
  const city::City& city = model.city();
  std::string body;
  JsonWriter json(body);
  json.begin_object().member("name", city.name()).member("time_zone", model.clock().time_zone());
  json.member("local_time", model.clock().text(model.clock().now()));
  const geo::LatLon origin = city.plane().origin();
  json.key("origin").begin_object().key("lat").number(origin.lat_deg, 9).key("lon").number(origin.lon_deg, 9).end_object();
  json.key("box");
  write_box(json, city, city.box());
  json.key("ground_height_m").number(city.terrain().height_at({0, 0}), kMetreDecimals);
  write_counts(json, model);
  json.key("sources").begin_array();
  for (const city::Source& source : city.columns().sources) write_source(json, city, source);
  json.end_array();
  json.key("tiles").begin_object().member("version", tiles_version);
  json.member("tileset_url", fmt::format("/tiles/{}/3d/tileset.json", tiles_version));
  json.member("tilejson_url", fmt::format("/tiles/{}/map/tilejson.json", tiles_version)).end_object();
  write_viewpoints(json, model, language);
  json.end_object();
  return json_reply(std::move(body));
}

}  // namespace

net::Reply json_reply(std::string body) {
  net::Reply reply;
  reply.cache_control = kShortCache;
  reply.body = std::move(body);
  reply.has_etag = true;
  return reply;
}

void add_city_routes(net::Router& router, const CityModel& model, const TileSource& tiles) {
  net::Route route;
  route.pattern = "/api/v1/city";
  route.access = net::kOpenToAll;
  route.make = [&model, version = tiles.version](const net::Call& call) { return city_reply(model, version, call); };
  router.add(std::move(route));
}

}  // namespace citiverse::api
