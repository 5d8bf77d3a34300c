// `citiverse serve`: a city folder becomes a node that people can visit.
#include <chrono>
#include <filesystem>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "api/ngsi_ld/refusals.h"
#include "api/routes.h"
#include "api/sign_in_services.h"
#include "api/version.h"
#include "base/log.h"
#include "city/city_folder.h"
#include "net/server.h"
#include "node_feeds.h"
#include "node_people.h"
#include "node_presence.h"
#include "node_twin.h"
#include "subcommands.h"
#include "tiles/tile_store.h"
#include "twin/moment.h"

namespace citiverse {
namespace {

using base::LogLevel;

constexpr int kHistoryDaysMax = 36'500;

struct ServeOptions {
  std::filesystem::path folder;
  std::filesystem::path web;
  PeopleOptions people;
  PresenceOptions presence;
  TwinOptions twin;
  std::filesystem::path mapping;
  net::ServerOptions server;
};

// web/dist of the source tree that the program was built in or lies in, or the installed share; nothing when there is none.
std::filesystem::path find_client() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  for (std::filesystem::path at = program.parent_path(); !error && at != at.parent_path(); at = at.parent_path()) {
    if (std::filesystem::exists(at / "web/dist/index.html", error)) return at / "web/dist";
    if (std::filesystem::exists(at / "share/citiverse/web/index.html", error)) return at / "share/citiverse/web";
  }
  return {};
}

void add_cache_metrics(net::Metrics& metrics, const net::AssetCache& cache, const std::atomic<std::uint64_t>& tiles_made) {
  metrics.add_value("citiverse_cache_hits_total", "Files found in memory.", "counter",
                    [&] { return static_cast<double>(cache.counts().hits); });
  metrics.add_value("citiverse_cache_misses_total", "Files not found in memory.", "counter",
                    [&] { return static_cast<double>(cache.counts().misses); });
  metrics.add_value("citiverse_cache_bytes", "Bytes of files in memory.", "gauge",
                    [&] { return static_cast<double>(cache.counts().bytes); });
  metrics.add_value("citiverse_tiles_asked_total", "Tiles taken from the store, made or found on the disk.", "counter",
                    [&] { return static_cast<double>(tiles_made.load()); });
}

std::unique_ptr<NodePeople> open_people(const ServeOptions& options, const std::string& city_name) {
  PeopleOptions people = options.people;
  people.state = state_folder_of(options.folder, people.state);
  people.public_origin = options.server.public_origin;
  people.city_name = city_name;
  auto opened = NodePeople::open(people);
  if (!opened) stop(opened.error());
  return *std::move(opened);
}

// Passkeys and providers need to know the node's address before it listens: without --public-origin a port of 0 leaves none.
std::unique_ptr<api::SignInServices> open_sign_in(const ServeOptions& options, NodePeople& people,
                                                  const std::string& city_name) {
  std::string origin = options.server.public_origin;
  if (origin.empty() && options.server.port != 0) {
    const std::string& host = options.server.host;
    origin = fmt::format("http://{}:{}", host.contains(':') ? "[" + host + "]" : host, options.server.port);
  }
  auto opened =
      api::SignInServices::open(people.api(), state_folder_of(options.folder, options.people.state), origin, city_name);
  if (!opened) stop(opened.error());
  return *std::move(opened);
}

std::unique_ptr<NodePresence> open_presence(const ServeOptions& options, NodePeople& people, const api::CityModel& model,
                                            net::Metrics& metrics) {
  auto opened = NodePresence::open(options.presence, people.identity(), state_folder_of(options.folder, options.people.state),
                                   model, metrics, options.server.limits);
  if (!opened) stop(opened.error());
  return *std::move(opened);
}

std::unique_ptr<NodeTwin> open_twin(const ServeOptions& options, const city::City& city, NodePeople& people,
                                    net::Metrics& metrics) {
  TwinOptions twin = options.twin;
  twin.folder = state_folder_of(options.folder, options.people.state) / "twin";
  twin.public_origin = options.server.public_origin;
  auto opened = NodeTwin::open(twin, city, people.identity(), metrics);
  if (!opened) stop(opened.error());
  return *std::move(opened);
}

std::unique_ptr<NodeFeeds> open_feeds(const ServeOptions& options, NodeTwin& twin, const city::City& city,
                                      net::Metrics& metrics) {
  auto opened = NodeFeeds::open(options.mapping, twin.sensor_things(), city, metrics);
  if (!opened) stop(opened.error());
  return *std::move(opened);
}

void serve(const ServeOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  auto city = city::open_city(options.folder);
  if (!city) stop(city.error());
  tiles::TileStore store(*city, options.folder / "tiles");
  std::atomic<std::uint64_t> tiles_asked{0};
  const api::TileSource tiles{store.version(), [&](std::string_view path) {
                                tiles_asked.fetch_add(1, std::memory_order_relaxed);
                                return store.ensure(path);
                              }};
  const api::CityModel model(*city, [] { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); });
  net::AssetCache cache(options.server.limits.cache_bytes_max);
  const std::filesystem::path web = options.web.empty() ? find_client() : options.web;
  const net::StaticFolder client(web, cache);
  net::Metrics metrics;
  add_cache_metrics(metrics, cache, tiles_asked);

  const auto people = open_people(options, city->name());
  const auto sign_in = open_sign_in(options, *people, city->name());
  const auto presence = open_presence(options, *people, model, metrics);
  const auto twin = open_twin(options, *city, *people, metrics);
  const auto feeds = open_feeds(options, *twin, *city, metrics);

  net::Router router;
  std::atomic<const net::Server*> running{nullptr};
  api::add_tile_routes(router, tiles, cache);
  api::add_search_routes(router, model);
  api::add_object_routes(router, model);
  api::add_area_routes(router, model);
  api::add_city_routes(router, model, tiles);
  api::add_identity_routes(router, people->api());
  api::add_passkey_routes(router, *sign_in);
  api::add_provider_routes(router, *sign_in);
  twin->add_routes(router);
  feeds->add_routes(router);
  presence->add_routes(router, model);
  api::add_node_routes(router, metrics, city->name(), [&] {
    const net::Server* server = running.load();
    return server != nullptr && server->is_stopping();
  });
  if (web.empty())
    base::log(LogLevel::warning, "no_client", {{"fix", "build it with tools/build_web, or name it with --web"}});
  else
    api::add_client_routes(router, client);

  net::ServerOptions server_options = options.server;
  server_options.gate = &people->gate();
  server_options.tell_refusal = api::ngsi_ld::tell_refusal;
  server_options.web_sockets = &presence->sockets();
  net::Server server(router, metrics, server_options);
  if (auto started = server.start(); !started) stop(started.error());
  running.store(&server);
  twin->start();
  feeds->start();
  const std::jthread sweeping = people->start_sweeping();
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  base::log(LogLevel::info, "ready",
            {{"city", std::string_view(city->name())},
             {"host", std::string_view(options.server.host)},
             {"port", static_cast<std::int64_t>(server.port())},
             {"version", api::kVersion},
             {"ms", took.count()}});
  fmt::print("{} is at http://{}:{}/\n", city->name(), options.server.host, server.port());
  std::fflush(stdout);
  // What searches and lists need is made while the first visitor looks around.
  const std::jthread warming([&] {
    presence->prepare();
    model.warm_up();
  });
  server.run_until_signal();
  base::flush_log();
}

}  // namespace

void add_serve(CLI::App& app) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* command = app.add_subcommand("serve", "Serve a city folder: browser client, tiles and API");
  command->add_option("folder", options->folder, "City folder, as ingest and generate make it")->required();
  command->add_option("--host", options->server.host, "Address to listen on; 0.0.0.0 for all")->capture_default_str();
  command->add_option("--port", options->server.port, "Port; 0 for any free one")->capture_default_str();
  command->add_option("--web", options->web, "Folder of the built client");
  command->add_option("--state", options->people.state, "Folder of accounts and what people say; default FOLDER.state");
  command->add_option("--public-origin", options->server.public_origin,
                      "Address as browsers see it, such as https://city.example; default http://HOST:PORT");
  command->add_option("--breached-passwords", options->people.breached_passwords,
                      "File of stolen passwords that nobody may choose: sorted lines of SHA-1");
  PresenceOptions& presence = options->presence;
  command->add_option("--people", presence.people_max, "People in the city's space at once")->capture_default_str();
  command->add_option("--stun", presence.stun, "Server that tells browsers their address, such as stun:host:3478");
  command->add_option("--turn", presence.turn, "Server that carries voice where nothing else gets through: turn:host:3478");
  command->add_option("--turn-secret-file", presence.turn_secret_file, "File with the secret that coturn shares");
  command->add_option("--janus", presence.janus_url, "Gateway for large conversations, such as http://127.0.0.1:8088/janus");
  command->add_option("--janus-secret-file", presence.janus_secret_file, "File with its api_secret and, below, its admin_key");
  using twin::Durability;
  const std::map<std::string, Durability> durabilities{
      {"memory", Durability::memory}, {"batched", Durability::batched}, {"strict", Durability::strict}};
  command
      ->add_option(
          "--durability", options->twin.durability,
          "What an acknowledged live value survives: memory (nothing), batched (everything; writes share a sync), strict "
          "(everything; a sync each)")
      ->transform(CLI::CheckedTransformer(durabilities))
      ->default_str("batched");
  const auto keeps_days = [options](twin::TimeUs twin::history::Retention::* kept) {
    return [options, kept](int days) { options->twin.retention.*kept = days * twin::kDayUs; };
  };
  using Retention = twin::history::Retention;
  command
      ->add_option_function<int>("--history-days", keeps_days(&Retention::raw_us),
                                 "Keep live values as they came for so many days; for ever when not given")
      ->check(CLI::Range(1, kHistoryDaysMax));
  command
      ->add_option_function<int>("--history-hourly-days", keeps_days(&Retention::hour_us),
                                 "Keep hourly figures of what is older for so many days; none when not given")
      ->check(CLI::Range(1, kHistoryDaysMax));
  command->add_option("--context-host", options->twin.context_hosts,
                      "Host that JSON-LD contexts may be fetched from, instead of the usual ones; may be given several times");
  command->add_option("--mapping", options->mapping,
                      "File that says which messages of brokers and other systems become live values; docs/guides/mapping.md");
  command->add_option("--rules", options->twin.rules,
                      "File that says which values are derived from others; docs/guides/rules.md");
  command->add_option("--notify-host", options->twin.notifier.trusted_hosts,
                      "HOST:PORT that notifications may go to although its address is not public, and by plain http; may be "
                      "given several times");
  command->add_flag("--notify-anywhere", options->twin.notifier.allows_private,
                    "Let notifications go to any address, and by plain http: for tests and closed networks");
  net::Limits& limits = options->server.limits;
  command->add_option(
      "--trusted-proxy", options->server.trusted_proxies,
      "Address of a proxy in front of this node, whose X-Forwarded-For is believed; may be given several times");
  command->add_option("--threads", options->server.threads, "Threads for connections; 0 for one a core");
  command->add_option("--requests-per-second", limits.requests_per_second, "An address may ask so often; 0 for no limit")
      ->capture_default_str();
  command->add_option("--connections", limits.connections_max, "Connections at once")->capture_default_str();
  command->add_option("--connections-per-address", limits.connections_per_address_max, "Connections of one address at once")
      ->capture_default_str();
  command->add_option("--cache-bytes", limits.cache_bytes_max, "Files kept in memory")->capture_default_str();
  command->add_flag("--log-requests", options->server.logs_requests, "One log line a request");
  command->callback([options] { serve(*options); });
}

}  // namespace citiverse
