// /health, /metrics and the client's files.
#include "api/routes.h"
#include "api/version.h"
#include "base/json_writer.h"

namespace citiverse::api {

void add_node_routes(net::Router& router, const net::Metrics& metrics, std::string city_name,
                     std::function<bool()> is_stopping) {
  net::Route route;
  route.access = net::kOpenToAll;
  route.pattern = "/health";
  route.quick = [name = std::move(city_name),
                 stopping = std::move(is_stopping)](const net::Call&) -> std::optional<net::Reply> {
    const bool ready = !stopping();
    net::Reply reply;
    reply.status = ready ? 200 : 503;
    base::JsonWriter json(reply.body);
    json.begin_object()
        .member("status", ready ? "ready" : "stopping")
        .member("version", kVersion)
        .member("city", name)
        .end_object();
    return reply;
  };
  router.add(std::move(route));
  net::Route metrics_route;
  metrics_route.access = net::kOpenToAll;
  metrics_route.pattern = "/metrics";
  metrics_route.quick = [&metrics](const net::Call&) -> std::optional<net::Reply> {
    net::Reply reply;
    reply.media_type = "text/plain; version=0.0.4; charset=utf-8";
    reply.body = metrics.text();
    return reply;
  };
  router.add(std::move(metrics_route));
}

void add_client_routes(net::Router& router, const net::StaticFolder& client) {
  const auto add = [&](std::string pattern, auto&& name_of_call, std::string_view cache_control) {
    net::Route route;
    route.access = net::kOpenToAll;
    route.work = net::Work::long_;  // A file's first compression takes as long as a tile.
    route.pattern = std::move(pattern);
    route.quick = [&client, name_of_call, cache_control](const net::Call& call) {
      return client.find(name_of_call(call), cache_control, call.request);
    };
    route.make = [&client, name_of_call, cache_control](const net::Call& call) {
      return client.make(name_of_call(call), cache_control, call.request);
    };
    router.add(std::move(route));
  };
  const auto own_path = [](const net::Call& call) { return call.request.path.substr(1); };
  // The client has one address; its state is in the query.
  add("/", [](const net::Call&) { return std::string_view("index.html"); }, net::kRevalidate);
  add("/assets/{path*}", own_path, net::kImmutable);
  add("/{path*}", own_path, net::kRevalidate);
}

}  // namespace citiverse::api
