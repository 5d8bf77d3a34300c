// GET of everything: the service root, entities, collections, properties, references (OGC 18-088, 9.2 and 9.3).
#include <array>

#include <fmt/format.h>

#include "api/sensor_things/answer.h"
#include "api/sensor_things/resource.h"
#include "base/json_writer.h"
#include "net/target.h"

namespace citiverse::api::sensor_things {
namespace {

constexpr std::string_view kRequirements = "http://www.opengis.net/spec/iot_sensing/1.1/req/";
// What docs/sensor-things.md calls done.
constexpr std::array<std::string_view, 22> kConformance{
    "datamodel",
    "resource-path/resource-path-to-entities",
    "request-data/status-code",
    "request-data/query-status-code",
    "request-data/order",
    "request-data/expand",
    "request-data/select",
    "request-data/orderby",
    "request-data/top",
    "request-data/skip",
    "request-data/count",
    "request-data/filter",
    "request-data/built-in-filter-operations",
    "request-data/built-in-query-functions",
    "request-data/pagination",
    "create-update-delete/create-entity",
    "create-update-delete/link-to-existing-entities",
    "create-update-delete/deep-insert",
    "create-update-delete/deep-insert-status-code",
    "create-update-delete/update-entity",
    "create-update-delete/delete-entity",
    "data-array/data-array",
};

net::Reply service_document(const SensorThingsApi& api, const net::Call& call) {
  const std::string root = service_root(api, call.request);
  net::Reply reply;
  base::JsonWriter json(reply.body);
  json.begin_object().key("value").begin_array();
  for (std::size_t i = 0; i < kKinds; ++i) {
    const std::string_view set = set_name(static_cast<Kind>(i));
    json.begin_object().member("name", set).member("url", root + "/" + std::string(set)).end_object();
  }
  json.end_array().key("serverSettings").begin_object().key("conformance").begin_array();
  for (const std::string_view each : kConformance) json.text(std::string(kRequirements).append(each));
  const std::string by_mqtt = std::string(kRequirements) + "create-observations-via-mqtt/observations-creation";
  if (!api.mqtt_endpoints.empty()) json.text(by_mqtt);
  json.end_array();
  if (!api.mqtt_endpoints.empty()) {
    json.key(by_mqtt).begin_object().key("endpoints").begin_array();
    for (const std::string& each : api.mqtt_endpoints) json.text(each);
    json.end_array().end_object();
  }
  json.end_object().end_object();
  return reply;
}

Answered<net::QueryParameters> parameters_of(const net::Call& call) {
  auto parameters = net::parse_query(call.request.query);
  if (!parameters) return std::unexpected(refusal(parameters.error()));
  for (const auto& [name, value] : *parameters)
    if (name.starts_with('$') && !is_query_option(name))
      return std::unexpected(net::problem(501, "not_implemented", "there is no such query option", name));
  return *std::move(parameters);
}

net::Reply written(base::Result<void> done, std::string body) {
  if (!done) return refusal(done.error());
  net::Reply reply;
  reply.body = std::move(body);
  return reply;
}

class GetRequest {
 public:
  GetRequest(const SensorThingsApi& api, const net::Call& call)
      : call_(call),
        root_(service_root(api, call.request)),
        reader_(api),
        evaluator_(reader_),
        writer_(root_, api.store.names(), reader_, evaluator_) {}

  net::Reply answer() {
    const auto parameters = parameters_of(call_);
    if (!parameters) return parameters.error();
    const auto resource = follow(reader_, call_.parameters[0]);
    if (!resource) return resource.error();
    auto query = read_query(*parameters, resource->kind());
    if (!query) return refusal(query.error());
    using End = ResourcePath::End;
    const End end = resource->path.end;
    if (end == End::property || end == End::value) return property(*resource);
    if (resource->is_collection) return collection(*resource, *query);
    std::string body;
    if (end == End::reference) {
      base::JsonWriter json(body);
      json.begin_object().member("@iot.selfLink", self_link(root_, resource->kind(), resource->item->id)).end_object();
      return written({}, std::move(body));
    }
    Item item = *resource->item;
    auto done = writer_.entity(body, item, *query);
    return written(std::move(done), std::move(body));
  }

 private:
  net::Reply collection(const Resource& resource, const Query& query) {
    const std::size_t top = query.top.value_or(kTopDefault);
    auto page = find_page(evaluator_, source_of(reader_, resource), query, top);
    if (!page) return refusal(page.error());
    std::string next_link;
    if (page->has_next && top > 0)
      next_link = fmt::format("{}/{}?{}", root_, call_.parameters[0], next_options(query, query.skip + top));
    std::string body;
    base::Result<void> done;
    if (resource.path.end == ResourcePath::End::reference)
      writer_.references(body, *page, next_link);
    else if (query.is_data_array)
      writer_.data_arrays(body, *page, query, next_link);
    else
      done = writer_.collection(body, *page, query, next_link);
    return written(std::move(done), std::move(body));
  }

  // One property, or a part of it; null is an empty answer (9.2.4).
  net::Reply property(const Resource& resource) {
    Item item = *resource.item;
    if (auto done = reader_.complete(item); !done) return refusal(done.error());
    const std::vector<std::string>& names = resource.path.property;
    Datum value;
    if (is_id_name(names.front()))
      value = item.id;
    else if (const Datum* found = item.find(names.front()))
      value = *found;
    for (std::size_t i = 1; i < names.size(); ++i) value = member_of(value, names[i]);
    net::Reply reply;
    if (is_null(value)) {
      reply.status = 204;
      return reply;
    }
    if (resource.path.end == ResourcePath::End::value) {
      reply.media_type = std::holds_alternative<twin::Json>(value) ? "application/json" : "text/plain; charset=utf-8";
      reply.body = raw_text(value);
      return reply;
    }
    base::JsonWriter json(reply.body);
    json.begin_object().key(names.back());
    std::string text;
    append_datum(text, value);
    json.raw(text).end_object();
    return reply;
  }

  const net::Call& call_;
  const std::string root_;
  Reader reader_;
  Evaluator evaluator_;
  AnswerWriter writer_;
};

}  // namespace

void add_read_routes(net::Router& router, const SensorThingsApi& api) {
  for (const std::string_view end : {"", "/"})
    add_live_route(router, {.method = net::Method::get,
                            .pattern = std::string(kBase).append(end),
                            .answer = [&api](const net::Call& call) { return service_document(api, call); },
                            .is_quick = true});
  add_live_route(router, {.method = net::Method::get,
                          .pattern = std::string(kBase) + "/{path*}",
                          .answer = [&api](const net::Call& call) { return GetRequest(api, call).answer(); }});
}

void add_sensor_things_routes(net::Router& router, const SensorThingsApi& api) {
  add_write_routes(router, api);
  add_read_routes(router, api);
}

}  // namespace citiverse::api::sensor_things
