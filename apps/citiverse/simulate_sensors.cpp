// `citiverse simulate-sensors`: gives a practice city a pulse through the door that every real sensor comes by.
#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/file.h"
#include "base/log.h"
#include "city/city_folder.h"
#include "city/local_time.h"
#include "load/practice_entities.h"
#include "net/http_client.h"
#include "net/outgoing_url.h"
#include "subcommands.h"

namespace citiverse {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr std::size_t kEntitiesPerRequest = 500;
constexpr std::size_t kTokenBytesMax = 4'096;
constexpr seconds kPastStep{300};
constexpr seconds kRetryLeast{1};
constexpr seconds kRetryMost{30};
// A node that runs knows a new token within seconds.
constexpr seconds kTokenPatience{15};

struct SimulateOptions {
  std::filesystem::path folder;
  std::string node = "http://127.0.0.1:8080";
  std::filesystem::path token_file;
  std::uint64_t seed = 1;
  int vehicle_seconds = 2;
  int past_hours = 0;
  int for_seconds = 0;
};

volatile std::sig_atomic_t stop_asked = 0;

sys_seconds now() { return std::chrono::floor<seconds>(std::chrono::system_clock::now()); }

// Sends batches to a node; goes on when the node is away for a while, and ends when it says no.
class Door {
 public:
  Door(const std::string& node, std::string token, net::OutgoingPolicy policy)
      : client_(std::move(policy)), base_(node), authorization_(token.empty() ? "" : "Bearer " + std::move(token)) {}

  void send(std::string_view operation, std::string body) {
    const net::OutgoingRequest request{.method = net::Method::post,
                                       .url = fmt::format("{}/ngsi-ld/v1/entityOperations/{}", base_, operation),
                                       .content_type = "application/json",
                                       .authorization = authorization_,
                                       .body = std::move(body)};
    for (seconds wait = kRetryLeast; stop_asked == 0; wait = std::min(wait * 2, kRetryMost)) {
      const auto answer = client_.send(request);
      if (answer && answer->status < 300) return;
      const bool may_be_known_soon =
          answer && answer->status == 401 && !authorization_.empty() && now() < begin_ + kTokenPatience;
      if (answer && answer->status != 429 && answer->status < 500 && !may_be_known_soon)
        stop({base::ErrorCode::denied, fmt::format("{} answered {}: {}", base_, answer->status, answer->body.substr(0, 500))});
      base::log(base::LogLevel::warning, "node_away",
                {{"status", static_cast<std::int64_t>(answer ? answer->status : 0)}, {"again_in_s", wait.count()}});
      for (auto left = wait; left.count() > 0 && stop_asked == 0; --left) std::this_thread::sleep_for(seconds{1});
    }
  }

 private:
  net::HttpClient client_;
  std::string base_;
  std::string authorization_;
  sys_seconds begin_ = now();
};

class Simulation {
 public:
  Simulation(const city::City& city, const SimulateOptions& options, Door& door)
      : city_(city),
        sensors_(city, options.seed),
        vehicles_(city, options.seed),
        source_(fmt::format("CitiVerse practice sensors, seed {}", options.seed)),
        entities_(city, source_),
        door_(door) {}

  std::size_t sensor_count() const { return sensors_.all().size(); }

  // What was measured up to now, oldest first, so that history begins with something to look at.
  void tell_past(sys_seconds from, sys_seconds to) {
    for (sys_seconds moment = from; moment < to && stop_asked == 0; moment += kPastStep) {
      for (const load::PracticeSensor& sensor : sensors_.all()) add(sensor, moment);
      flush();
    }
  }

  // What is due at a moment: each kind of sensor in its own period.
  void tell(sys_seconds moment, sys_seconds before, bool with_vehicles) {
    for (const load::PracticeSensor& sensor : sensors_.all()) {
      const auto period = load::facts_of(sensor.kind).period.count();
      const bool is_due = moment.time_since_epoch().count() / period != before.time_since_epoch().count() / period;
      if (is_due) add(sensor, moment);
    }
    if (with_vehicles) tell_vehicles(moment);
    flush();
  }

  // Nobody shall take a vehicle for one that still runs.
  void end() {
    stop_asked = 0;
    remove(std::exchange(running_, {}));
  }

 private:
  std::chrono::local_seconds on_the_wall(sys_seconds moment) const {
    const auto local = city::local_time_in(city_.time_zone(), moment);
    if (!local) stop(local.error());
    return std::chrono::local_seconds(*local) + (moment - std::chrono::floor<std::chrono::minutes>(moment));
  }

  void add(const load::PracticeSensor& sensor, sys_seconds moment) {
    readings_.clear();
    sensors_.read(sensor, moment, on_the_wall(moment), readings_);
    entities_.add(sensor, readings_, moment);
    if (entities_.size() == kEntitiesPerRequest) flush();
  }

  void tell_vehicles(sys_seconds moment) {
    std::vector<load::VehicleNow> vehicles;
    vehicles_.under_way(moment, on_the_wall(moment), vehicles);
    std::set<std::string> running;
    for (const load::VehicleNow& vehicle : vehicles) {
      running.insert(vehicle.id);
      entities_.add(vehicle, moment);
      if (entities_.size() == kEntitiesPerRequest) flush();
    }
    std::set<std::string> arrived;
    std::ranges::set_difference(running_, running, std::inserter(arrived, arrived.end()));
    remove(arrived);
    running_ = std::move(running);
  }

  void flush() {
    if (entities_.size() > 0) door_.send("upsert?options=update", entities_.take());
  }

  void remove(const std::set<std::string>& ids) {
    if (ids.empty()) return;
    std::string body;
    for (const std::string& id : ids) body += fmt::format("{}\"{}\"", body.empty() ? "[" : ",", id);
    door_.send("delete", body + "]");
  }

  const city::City& city_;
  load::PracticeSensors sensors_;
  load::PracticeVehicles vehicles_;
  std::string source_;
  load::EntityArray entities_;
  Door& door_;
  std::vector<load::Reading> readings_;
  std::set<std::string> running_;  // Vehicles that were told and have not arrived.
};

std::string read_token(const std::filesystem::path& file) {
  if (file.empty()) return {};
  auto token = base::read_file(file, kTokenBytesMax);
  if (!token) stop(token.error());
  token->erase(std::ranges::find_if(*token, [](char c) { return c == '\n' || c == '\r'; }), token->end());
  return *std::move(token);
}

void simulate(const SimulateOptions& options) {
  auto city = city::open_city(options.folder);
  if (!city) stop(city.error());
  const auto url = net::parse_outgoing_url(options.node);
  if (!url) stop(url.error());
  // Whoever runs this names the node, so its address may be private and plain.
  Door door(options.node, read_token(options.token_file), {.trusted_hosts = {url->authority()}});
  Simulation simulation(*city, options, door);
  std::signal(SIGINT, [](int) { stop_asked = 1; });
  std::signal(SIGTERM, [](int) { stop_asked = 1; });

  const sys_seconds begin = now();
  if (options.past_hours > 0) simulation.tell_past(begin - std::chrono::hours(options.past_hours), begin);
  fmt::print("{} simulated sensors of {} report to {}\n", simulation.sensor_count(), city->name(), options.node);
  std::fflush(stdout);
  sys_seconds before{};  // Everybody reports at first.
  sys_seconds vehicles_told{};
  while (stop_asked == 0 && (options.for_seconds == 0 || now() < begin + seconds{options.for_seconds})) {
    const sys_seconds moment = now();
    if (moment != before) {
      const bool with_vehicles = moment - vehicles_told >= seconds{options.vehicle_seconds};
      simulation.tell(moment, before, with_vehicles);
      if (with_vehicles) vehicles_told = moment;
      before = moment;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  simulation.end();
  base::flush_log();
}

}  // namespace

void add_simulate_sensors(CLI::App& app) {
  auto options = std::make_shared<SimulateOptions>();
  CLI::App* command = app.add_subcommand(
      "simulate-sensors", "Let sensors and vehicles that do not exist report to a node, labelled as simulated; for practice");
  command->add_option("folder", options->folder, "City folder that the node serves")->required();
  command->add_option("--to", options->node, "Address of the node")->capture_default_str();
  command->add_option("--token-file", options->token_file, "File with an access token that may write live values");
  command->add_option("--seed", options->seed, "The same seed gives the same readings")->capture_default_str();
  command->add_option("--vehicles-every", options->vehicle_seconds, "Seconds between places of a vehicle")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  command->add_option("--past", options->past_hours, "First tell what was measured in so many hours before now")
      ->check(CLI::Range(0, 24 * 31));
  command->add_option("--for", options->for_seconds, "End after so many seconds; 0: when stopped")
      ->check(CLI::Range(0, 86'400));
  command->callback([options] { simulate(*options); });
}

}  // namespace citiverse
