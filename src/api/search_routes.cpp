// GET /api/v1/search, /api/v1/nearby and /api/v1/at: by name, by distance, by point.
#include <algorithm>

#include <fmt/format.h>

#include "api/nearest.h"
#include "api/parameters.h"
#include "api/problem.h"
#include "api/routes.h"
#include "api/summary_json.h"
#include "city/class_names.h"

namespace citiverse::api {
namespace {

using base::JsonWriter;
using city::City;
using city::Feature;
using city::FeatureIndex;
using city::FeatureKind;

net::Reply search_reply(const CityModel& model, const net::Call& call) {
  Parameters parameters(call.request.query);
  const auto query = parameters.text("q", city::SearchIndex::kQueryBytesMax);
  const std::string language = parameters.language();
  const std::size_t limit = parameters.count_or("limit", 1, 50, 10);
  std::optional<geo::Vec2d> near;
  if (const auto place = parameters.place()) near = plane_point(model.city(), *place, parameters);
  if (!query || query->empty()) parameters.fail("q", "q is what to search for, such as q=station");
  if (const auto& failure = parameters.failure()) return bad_parameter(*failure);
  std::string body;
  JsonWriter json(body);
  json.begin_object().key("items").begin_array();
  for (const city::SearchHit& hit : model.search().find(*query, near, language, limit)) {
    write_summary(json, model, hit.feature, {language, near, std::nullopt});
  }
  json.end_array().end_object();
  return json_reply(std::move(body));
}

struct NearbyQuestion {
  std::uint32_t kinds = 0;  // Bit set by kind; 0: the default.
  std::vector<std::string> classes;
  bool open_only = false;
  Moment time;
};

bool is_wanted(const City& city, const Feature& feature, const NearbyQuestion& question) {
  const FeatureKind kind = feature.id.kind();
  if (question.kinds != 0) {
    if ((question.kinds >> static_cast<unsigned>(kind) & 1) == 0) return false;
  } else if (kind == FeatureKind::green || kind == FeatureKind::paved) {
    if (feature.name.empty()) return false;
  } else if (kind != FeatureKind::place && kind != FeatureKind::stop) {
    return false;
  }
  if (!question.classes.empty()) {
    const std::string_view own = city::class_of(city, feature);
    if (std::find(question.classes.begin(), question.classes.end(), own) == question.classes.end()) return false;
  }
  return !question.open_only || open_at(city, feature, question.time).value_or(false);
}

NearbyQuestion nearby_question(const CityModel& model, Parameters& parameters) {
  constexpr std::size_t kClassesMax = 30;
  NearbyQuestion question;
  for (const std::string& name : parameters.list("kinds", city::kFeatureKinds)) {
    const auto kind = city::feature_kind_from(name);
    if (kind)
      question.kinds |= 1u << static_cast<unsigned>(*kind);
    else
      parameters.fail("kinds", "kinds is a list such as place,stop; see Kind in protocol/openapi.yaml");
  }
  question.classes = parameters.list("classes", kClassesMax);
  question.open_only = parameters.boolean("open_now");
  question.time = model.clock().now();
  if (const auto text = parameters.text("time", 40)) {
    if (auto parsed = model.clock().parse(*text))
      question.time = *parsed;
    else
      parameters.fail("time", parsed.error().message);
  }
  return question;
}

net::Reply nearby_reply(const CityModel& model, const net::Call& call) {
  const City& city = model.city();
  Parameters parameters(call.request.query);
  const geo::Vec2d from = plane_point(city, parameters.required_place(), parameters);
  const double radius_m = parameters.number_or("radius_m", 1, 20'000, 1000);
  const std::size_t limit = parameters.count_or("limit", 1, 200, 50);
  const std::size_t first = parameters.cursor();
  const std::string language = parameters.language();
  const NearbyQuestion question = nearby_question(model, parameters);
  if (const auto& failure = parameters.failure()) return bad_parameter(*failure);
  std::string body;
  JsonWriter json(body);
  json.begin_object().key("items").begin_array();
  std::size_t seen = 0;
  bool more = false;
  visit_nearest(
      city, from, radius_m, [&](const Feature& f) { return is_wanted(city, f, question); },
      [&](const Neighbour& neighbour) {
        more = seen == first + limit;
        if (!more && seen++ >= first) {
          write_summary(json, model, neighbour.feature, {language, from, question.time}, &neighbour.nearest);
        }
        return !more;
      });
  json.end_array();
  if (more && seen <= kCursorItemsMax) json.member("next_cursor", Parameters::next_cursor(seen));
  json.end_object();
  return json_reply(std::move(body));
}

// The smallest feature at a point that `wanted` takes, or kNone.
template <class Wanted>
FeatureIndex smallest_at(const City& city, geo::Vec2d point, Wanted&& wanted) {
  FeatureIndex found = city::kNone;
  double least = std::numeric_limits<double>::infinity();
  city.index().visit_box({point, point}, [&](std::uint32_t item) {
    const Feature& feature = city.feature(item);
    if (!wanted(feature) || !city::contains(city, feature, point)) return;
    const double size = feature.box.width() * feature.box.height();
    if (size > least || (size == least && item > found)) return;
    least = size;
    found = item;
  });
  return found;
}

net::Reply here_reply(const CityModel& model, const net::Call& call) {
  constexpr double kStreetHereReachM = 500;
  constexpr double kAddressReachM = 100;
  const City& city = model.city();
  Parameters parameters(call.request.query);
  const geo::LatLon place = parameters.required_place();
  const geo::Vec2d point = plane_point(city, place, parameters);
  const std::string language = parameters.language();
  if (const auto& failure = parameters.failure()) return bad_parameter(*failure);
  const SummaryView view{language, point, std::nullopt};
  std::string body;
  JsonWriter json(body);
  json.begin_object().key("lat").number(place.lat_deg, kDegreeDecimals).key("lon").number(place.lon_deg, kDegreeDecimals);
  json.key("inside").boolean(city.box().contains(point));
  json.key("ground_height_m").number(city.terrain().height_at(point), kMetreDecimals);
  const auto add = [&](std::string_view name, FeatureIndex feature) {
    if (feature == city::kNone) return;
    json.key(name);
    write_summary(json, model, feature, view);
  };
  add("street",
      nearest_of(city, point, kStreetHereReachM, [&](const Feature& f) { return is_street_of_address(city, f); }).feature);
  add("address", nearest_of(city, point, kAddressReachM, [&](const Feature& f) {
                   return f.address != city::kNone && !city.columns().addresses[f.address].house_number.empty();
                 }).feature);
  add("building", smallest_at(city, point, [](const Feature& f) { return f.id.kind() == FeatureKind::building; }));
  add("green", smallest_at(city, point, [](const Feature& f) {
        return (f.id.kind() == FeatureKind::green || f.id.kind() == FeatureKind::paved) && !f.name.empty();
      }));
  json.key("areas").begin_array();
  for (const FeatureIndex area : model.areas().holding(point)) write_summary(json, model, area, {language, {}, {}});
  json.end_array().end_object();
  return json_reply(std::move(body));
}

}  // namespace

void add_search_routes(net::Router& router, const CityModel& model) {
  net::Route route;
  route.access = net::kOpenToAll;
  route.pattern = "/api/v1/search";
  route.make = [&model](const net::Call& call) { return search_reply(model, call); };
  router.add(route);
  route.pattern = "/api/v1/nearby";
  route.make = [&model](const net::Call& call) { return nearby_reply(model, call); };
  router.add(route);
  route.pattern = "/api/v1/at";
  route.make = [&model](const net::Call& call) { return here_reply(model, call); };
  router.add(std::move(route));
}

}  // namespace citiverse::api
