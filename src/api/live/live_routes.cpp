// GET /api/v1/live: what lives at an object, near a point or in a box; /api/v1/live/stream: the same, told as it changes.
#include "api/live/live_routes.h"

#include <algorithm>
#include <charconv>

#include "api/live/live_past.h"
#include "api/parameters.h"
#include "api/problem.h"
#include "api/routes.h"
#include "twin/expiry.h"
#include "twin/moment.h"
#include "twin/query/geo_query.h"

namespace citiverse::api {
namespace {

constexpr std::size_t kTypeBytesMax = 256;
constexpr double kRadiusMaxM = 5'000;
constexpr std::size_t kItemsMax = 500;
constexpr twin::TimeUs kClockSlackUs = 60'000'000;  // The asker's clock may be ahead of ours.

std::optional<twin::LonLatBox> read_box(Parameters& parameters) {
  const auto parts = parameters.list("bbox", 4);
  if (parts.empty()) return std::nullopt;
  std::array<double, 4> edges{};
  bool is_good = parts.size() == 4;
  for (std::size_t i = 0; is_good && i < 4; ++i) {
    const char* const end = parts[i].data() + parts[i].size();
    const auto read = std::from_chars(parts[i].data(), end, edges[i]);
    is_good = read.ec == std::errc() && read.ptr == end && std::abs(edges[i]) <= (i % 2 == 0 ? 180 : 90);
  }
  if (!is_good || edges[1] > edges[3]) {
    parameters.fail("bbox", "bbox is west,south,east,north in degrees, such as bbox=8.5,47.3,8.6,47.4");
    return std::nullopt;
  }
  return twin::LonLatBox{edges[0], edges[1], edges[2], edges[3]};
}

LiveInterest read_interest(Parameters& parameters) {
  LiveInterest interest;
  for (const std::string& type : parameters.list("types", kLiveListMax)) {
    if (type.size() > kTypeBytesMax) parameters.fail("types", "types is a list such as AirQualityObserved,Vehicle");
    interest.types.push_back(type.find(':') == std::string::npos ? std::string(kDefaultVocabulary) + type : type);
  }
  interest.ids = parameters.list("ids", kLiveListMax);
  interest.box = read_box(parameters);
  return interest;
}

struct Hit {
  double distance_m = 0;
  twin::EntityPtr entity;
};

bool is_of_types(const twin::Entity& entity, const LiveInterest& interest, const twin::Names& names) {
  return interest.types.empty() || std::ranges::any_of(entity.types, [&](twin::NameId type) {
           return std::ranges::find(interest.types, names.text(type)) != interest.types.end();
         });
}

// The nearest first; of what is not near a point, in the order in which it came to be.
std::vector<Hit> find_hits(const LiveHub& hub, const LiveInterest& interest, std::optional<twin::LonLat> near, double radius_m,
                           bool& is_truncated) {
  std::vector<Hit> hits;
  std::size_t looked_at = 0;
  const auto narrowing = hub.narrowing_of(interest);
  const twin::TimeUs now_us = hub.store().now_us();
  hub.store().scan(twin::kDefaultTenant, narrowing, 0, [&](twin::Slot, const twin::EntityPtr& kept) {
    if (++looked_at > kLiveScanMax) {
      is_truncated = true;
      return false;
    }
    const twin::EntityPtr entity = twin::without_expired(kept, now_us);
    if (entity == nullptr || !is_of_types(*entity, interest, hub.store().names())) return true;
    const auto place = place_of(*entity, hub.location(), hub.anchor());
    if (interest.box && !place.point) return true;
    if (interest.box && !twin::is_inside(*interest.box, *place.point)) return true;
    const double distance_m = near ? twin::distance_m(*near, *place.point) : 0;
    if (!near || distance_m <= radius_m) hits.push_back({distance_m, entity});
    return true;
  });
  std::ranges::stable_sort(hits, {}, &Hit::distance_m);
  return hits;
}

struct LiveQuestion {
  LiveInterest interest;
  std::optional<std::string> object;
  std::optional<twin::LonLat> near;
  double radius_m = 0;
  std::size_t limit = 0;
  std::optional<twin::TimeUs> at_us;
};

LiveQuestion read_question(Parameters& parameters, twin::TimeUs now_us) {
  LiveQuestion question;
  question.interest = read_interest(parameters);
  question.object = parameters.text("object", 64);
  const auto place = parameters.place();
  question.radius_m = parameters.number_or("radius_m", 1, kRadiusMaxM, 500);
  question.limit = parameters.count_or("limit", 1, kItemsMax, 100);
  if (const auto at = parameters.text("at", 40)) {
    question.at_us = twin::parse_moment(*at);
    if (!question.at_us) parameters.fail("at", "at is a time such as 2026-05-04T18:30:00Z");
    if (question.at_us && *question.at_us > now_us + kClockSlackUs) parameters.fail("at", "at is a moment that is gone by");
  }
  const int questions =
      (question.object ? 1 : 0) + (place ? 1 : 0) + (question.interest.box ? 1 : 0) + (question.interest.ids.empty() ? 0 : 1);
  if (questions != 1) parameters.fail("object", "say one of: object; lat and lon, perhaps with radius_m; bbox; ids");
  if (!place) return question;
  question.near = twin::LonLat{place->lon_deg, place->lat_deg};
  question.interest.box = twin::box_around(*question.near, question.radius_m);
  return question;
}

std::vector<Hit> find_living(const LiveHub& hub, const LiveQuestion& question, bool& is_truncated) {
  if (!question.object) return find_hits(hub, question.interest, question.near, question.radius_m, is_truncated);
  std::vector<Hit> hits;
  for (auto& entity : hub.anchored_to(*question.object, kItemsMax))
    if (is_of_types(*entity, question.interest, hub.store().names())) hits.push_back({0, std::move(entity)});
  return hits;
}

base::Result<std::vector<Hit>> find_past(const LiveHub& hub, const twin::history::History& history,
                                         const LiveQuestion& question, bool& is_truncated) {
  auto past = things_at(hub, history, {question.interest, question.object, *question.at_us});
  if (!past) return std::unexpected(past.error());
  is_truncated = past->is_truncated;
  std::vector<Hit> hits;
  for (auto& entity : past->entities) {
    const auto place = place_of(*entity, hub.location(), hub.anchor());
    const double distance_m = question.near ? twin::distance_m(*question.near, *place.point) : 0;
    if (!question.near || distance_m <= question.radius_m) hits.push_back({distance_m, std::move(entity)});
  }
  std::ranges::stable_sort(hits, {}, &Hit::distance_m);
  return hits;
}

net::Reply live_reply(const LiveHub& hub, const twin::history::History* history, const net::Call& call) {
  Parameters parameters(call.request.query);
  const LiveQuestion question = read_question(parameters, hub.store().now_us());
  if (const auto& failure = parameters.failure()) return bad_parameter(*failure);
  bool is_truncated = false;
  std::vector<Hit> hits;
  if (question.at_us && history != nullptr) {
    auto past = find_past(hub, *history, question, is_truncated);
    if (!past) return problem_from(past.error());
    hits = std::move(*past);
  } else if (!question.at_us) {
    hits = find_living(hub, question, is_truncated);
  }
  std::string body;
  base::JsonWriter json(body);
  json.begin_object().key("items").begin_array();
  for (std::size_t i = 0; i < std::min(question.limit, hits.size()); ++i)
    write_live_item(json, *hits[i].entity, hub.store().names(), place_of(*hits[i].entity, hub.location(), hub.anchor()),
                    question.near ? std::optional(hits[i].distance_m) : std::nullopt);
  json.end_array().key("truncated").boolean(is_truncated || hits.size() > question.limit);
  if (question.at_us) json.member("at", twin::moment_text(*question.at_us));
  json.end_object();
  net::Reply reply = json_reply(std::move(body));
  reply.cache_control = "no-cache";
  return reply;
}

net::Reply stream_reply(LiveHub& hub, const net::Call& call) {
  Parameters parameters(call.request.query);
  LiveInterest interest = read_interest(parameters);
  if (!interest.box && interest.ids.empty() && interest.types.empty())
    parameters.fail("bbox", "say what to look at: bbox, types or ids");
  if (const auto& failure = parameters.failure()) return bad_parameter(*failure);
  if (call.request.is_head()) return {};
  auto stream = hub.open(std::move(interest));
  if (!stream) return problem_from(stream.error());
  net::Reply reply;
  reply.events = std::move(*stream);
  return reply;
}

}  // namespace

void add_live_routes(net::Router& router, LiveHub& hub, const twin::history::History* history) {
  net::Route route;
  route.access = net::kOpenToAll;
  route.pattern = "/api/v1/live";
  route.make = [&hub, history](const net::Call& call) { return live_reply(hub, history, call); };
  router.add(route);
  route.pattern = "/api/v1/live/stream";
  route.make = [&hub](const net::Call& call) { return stream_reply(hub, call); };
  router.add(std::move(route));
}

}  // namespace citiverse::api
