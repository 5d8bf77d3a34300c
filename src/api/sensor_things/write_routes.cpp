// POST, PATCH and DELETE, and CreateObservations (OGC 18-088, 10 and 13.2).
#include <algorithm>

#include <fmt/format.h>

#include "api/sensor_things/answer.h"
#include "api/sensor_things/changes.h"
#include "api/sensor_things/ids.h"
#include "api/sensor_things/resource.h"
#include "base/json_writer.h"

namespace citiverse::api::sensor_things {
namespace {

using base::JsonValue;

constexpr std::string_view kJsonBodies = "application/json";
constexpr std::string_view kPatchBodies = "application/json, application/merge-patch+json";
constexpr std::size_t kComponentsMax = 16;  // Of one data array.

net::Reply wrong_method(std::string_view allowed, std::string_view why) {
  net::Reply reply = net::problem(405, "method_not_allowed", why);
  reply.fields += fmt::format("Allow: {}\r\n", allowed);
  return reply;
}

Answered<base::JsonDocument> json_body(const net::Call& call) {
  auto body = base::JsonDocument::parse(call.request.body, kBodyDepthMax);
  if (!body) return std::unexpected(net::problem(400, "bad_input", "the body is " + body.error().message));
  return *std::move(body);
}

Answered<Resource> one_entity(Reader& reader, const net::Call& call) {
  auto resource = follow(reader, call.parameters[0]);
  if (!resource) return resource;
  if (resource->is_collection || resource->path.end != ResourcePath::End::entities)
    return std::unexpected(
        wrong_method("GET, HEAD, POST, OPTIONS", "one entity is changed or deleted at a time, by its own address"));
  return resource;
}

net::Reply post_entity(const SensorThingsApi& api, const net::Call& call) {
  Reader reader(api);
  const auto resource = follow(reader, call.parameters[0]);
  if (!resource) return resource.error();
  if (!resource->is_collection || resource->path.end != ResourcePath::End::entities)
    return wrong_method("GET, HEAD, PATCH, DELETE, OPTIONS", "entities are posted to a collection");
  const auto body = json_body(call);
  if (!body) return body.error();
  Plan plan(api);
  Creation creation(api, reader, plan);
  const Item* const owner = resource->item ? &*resource->item : nullptr;
  auto created = creation.create(resource->kind(), body->root(), owner);
  if (!created)
    return refusal(created.error().code == base::ErrorCode::not_found
                       ? base::Error{base::ErrorCode::bad_input, created.error().message}
                       : created.error());
  if (auto done = plan.commit(); !done) return refusal(done.error());
  std::vector<Made> made{*std::move(created)};
  plan.find_ids(made);
  net::Reply reply{.status = 201};
  reply.fields = fmt::format("Location: {}\r\n", self_link(service_root(api, call.request), made[0].kind, made[0].id));
  return reply;
}

net::Reply patch_entity(const SensorThingsApi& api, const net::Call& call) {
  Reader reader(api);
  const auto resource = one_entity(reader, call);
  if (!resource) return resource.error();
  const auto body = json_body(call);
  if (!body) return body.error();
  Changes changes(api, reader);
  const auto id = changes.change(*resource->item, body->root());
  if (!id) return refusal(id.error());
  net::Reply reply{.status = 204};
  reply.fields = fmt::format("Location: {}\r\n", self_link(service_root(api, call.request), resource->item->kind, *id));
  return reply;
}

net::Reply delete_entity(const SensorThingsApi& api, const net::Call& call) {
  Reader reader(api);
  const auto resource = one_entity(reader, call);
  if (!resource) return resource.error();
  Changes changes(api, reader);
  if (auto done = changes.remove(*resource->item); !done) return refusal(done.error());
  return {.status = 204};
}

// Values of many Datastreams at once; each row is taken or told to be wrong (13.2).
class DataArrays {
 public:
  DataArrays(const SensorThingsApi& api, std::string root)
      : root_(std::move(root)), reader_(api), plan_(api), creation_(api, reader_, plan_) {}

  net::Reply take(JsonValue body) {
    if (!body.is_array()) return net::problem(400, "bad_input", "an array of data arrays, one a Datastream, is needed");
    for (std::size_t i = 0; i < body.size(); ++i)
      if (auto done = take_array(body[i]); !done) {
        base::Error error = std::move(done.error());
        error.message = fmt::format("data array {}: {}", i + 1, error.message);
        return refusal(error);
      }
    if (auto done = plan_.commit(); !done) return refusal(done.error());
    plan_.find_ids(made_);
    net::Reply reply{.status = 201};
    base::JsonWriter json(reply.body);
    json.begin_array();
    for (std::size_t row = 0, next = 0; row < is_taken_.size(); ++row) {
      if (is_taken_[row])
        json.text(self_link(root_, Kind::observation, made_[next++].id));
      else
        json.text("error");
    }
    json.end_array();
    return reply;
  }

 private:
  base::Result<void> take_array(JsonValue array) {
    const auto id = linked_id(array.find("Datastream"));
    const JsonValue components = array.find("components"), rows = array.find("dataArray");
    const auto wrong = [](std::string_view what) { return base::fail(base::ErrorCode::bad_input, std::string(what)); };
    if (!id) return wrong("Datastream: {\"@iot.id\": …} is missing");
    if (!components.is_array() || components.size() == 0 || components.size() > kComponentsMax)
      return wrong("components: an array of names of Observation properties is needed");
    if (!rows.is_array()) return wrong("dataArray: an array of rows is needed");
    if (is_taken_.size() + rows.size() > kLiveBatchItemsMax)
      return base::fail(base::ErrorCode::limit, fmt::format("at most {} rows in one request", kLiveBatchItemsMax));
    std::vector<std::string> names;
    for (std::size_t i = 0; i < components.size(); ++i) {
      const std::string_view name = components[i].text().value_or("");
      if (!is_id_name(name) && name != "FeatureOfInterest/id" && !has_property(Kind::observation, name))
        return wrong("components: each is a property of Observations, or FeatureOfInterest/id");
      names.emplace_back(name);
    }
    auto datastream = reader_.find(Kind::datastream, *id);
    if (!datastream) return std::unexpected(std::move(datastream.error()));
    if (!*datastream) return wrong("Datastream: there is none of this id");
    auto place = creation_.place_of(**datastream);
    if (!place) return std::unexpected(std::move(place.error()));
    for (std::size_t row = 0; row < rows.size(); ++row) take_row(*place, names, rows[row]);
    return {};
  }

  void take_row(const DatastreamPlace& place, const std::vector<std::string>& names, JsonValue row) {
    is_taken_.push_back(false);
    if (!row.is_array() || row.size() != names.size()) return;
    const auto cell = [&](std::string_view name) {
      const auto at = std::ranges::find(names, name);
      return at == names.end() ? JsonValue() : row[static_cast<std::size_t>(at - names.begin())];
    };
    const JsonValue feature = cell("FeatureOfInterest/id");
    std::string feature_id;
    if (!feature.is_absent() && !feature.is_null()) {
      feature_id = feature.integer() ? std::to_string(*feature.integer()) : std::string(feature.text().value_or(""));
      const auto found = reader_.find(Kind::feature_of_interest, feature_id);
      if (!found || !*found) return;
    }
    auto made = creation_.observe(place, cell, feature_id);
    if (!made) return;
    made_.push_back(*std::move(made));
    is_taken_.back() = true;
  }

  const std::string root_;
  Reader reader_;
  Plan plan_;
  Creation creation_;
  std::vector<Made> made_;
  std::vector<bool> is_taken_;  // A row each.
};

net::Reply create_observations(const SensorThingsApi& api, const net::Call& call) {
  const auto body = json_body(call);
  return body ? DataArrays(api, service_root(api, call.request)).take(body->root()) : body.error();
}

}  // namespace

void add_write_routes(net::Router& router, const SensorThingsApi& api) {
  const auto add = [&](net::Method method, std::string_view path,
                       net::Reply (*answer)(const SensorThingsApi&, const net::Call&), std::string_view bodies) {
    add_live_route(router, {.method = method,
                            .pattern = std::string(kBase).append(path),
                            .answer = [&api, answer](const net::Call& call) { return answer(api, call); },
                            .is_batch = method == net::Method::post,
                            .body_media_types = bodies});
  };
  add(net::Method::post, "/CreateObservations", create_observations, kJsonBodies);  // Before what takes every path.
  add(net::Method::post, "/{path*}", post_entity, kJsonBodies);
  add(net::Method::patch, "/{path*}", patch_entity, kPatchBodies);
  add(net::Method::delete_, "/{path*}", delete_entity, kJsonBodies);
}

}  // namespace citiverse::api::sensor_things
