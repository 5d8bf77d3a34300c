// `citiverse bench`: how many people a node and its machine carry; what its twin does stands in bench_twin.cpp.
#include <map>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "city/city_folder.h"
#include "load/crowd.h"
#include "subcommands.h"

namespace citiverse {
namespace {

struct PresenceOptions {
  std::filesystem::path folder;
  load::CrowdPlan plan;
  double moves_per_second = 10;
  int seconds = 30;
};

void bench_presence(const PresenceOptions& options) {
  auto city = city::open_city(options.folder);
  if (!city) stop(city.error());
  load::CrowdPlan plan = options.plan;
  plan.wishes.move_period = std::chrono::nanoseconds(static_cast<std::int64_t>(1e9 / options.moves_per_second));
  plan.measure = std::chrono::seconds(options.seconds);
  auto report = load::measure_crowd(*city, plan);
  if (!report) stop(report.error());
  fmt::print("{}", load::text_of(plan, *report));
}

}  // namespace

void add_bench(CLI::App& app) {
  CLI::App* bench = app.add_subcommand("bench", "Measure a node that runs");
  bench->require_subcommand(1);
  add_bench_twin(*bench);
  auto options = std::make_shared<PresenceOptions>();
  load::CrowdPlan& plan = options->plan;
  CLI::App* command = bench->add_subcommand(
      "presence",
      "Let visitors walk in a node's city, in an open loop, and say how well the node kept up; run it on the node's machine");
  command->add_option("folder", options->folder, "City folder that the node serves: its paths are walked")->required();
  command->add_option("--host", plan.entrance.host, "Numeric address of the node")->capture_default_str();
  command->add_option("--port", plan.entrance.port, "Port of the node")->capture_default_str();
  command->add_option("--origin", plan.entrance.origin, "The node's public origin; http://HOST:PORT when not given");
  command->add_option("--visitors", plan.visitors, "So many people")
      ->check(CLI::Range(1u, load::kVisitorsMax))
      ->capture_default_str();
  command->add_option("--seconds", options->seconds, "Measured for so long")->check(CLI::Range(1, 3600))->capture_default_str();
  command->add_option("--moves", options->moves_per_second, "Moves a second, of each")
      ->check(CLI::Range(0.1, 20.0))
      ->capture_default_str();
  command->add_option("--rate", plan.wishes.rate_hz, "Ticks a second that each wishes")->capture_default_str();
  command->add_option("--slots", plan.wishes.slots, "Neighbours that each wishes to see singly")->capture_default_str();
  command->add_option("--radius", plan.wishes.radius_m, "Metres that each wishes to see")->capture_default_str();
  const std::map<std::string, load::Gathering> gatherings{
      {"spread", load::Gathering::spread}, {"point", load::Gathering::point}, {"square-metre", load::Gathering::square_metre}};
  command->add_option("--gather", plan.gathering, "Where they are: spread, point (all at one) or square-metre (one on each)")
      ->transform(CLI::CheckedTransformer(gatherings, CLI::ignore_case));
  command->add_option("--joins", plan.joins_per_second, "People who come in a second")
      ->check(CLI::Range(1.0, 1e5))
      ->capture_default_str();
  command->add_option("--says", plan.says_per_minute, "Things that each says a minute")
      ->check(CLI::Range(0.0, 600.0))
      ->capture_default_str();
  command->add_option("--addresses", plan.entrance.source_addresses, "Addresses of the loopback network they come from")
      ->check(CLI::Range(1u, 60'000u))
      ->capture_default_str();
  command->add_option("--hostile", plan.hostile, "So many more who break the rules")->capture_default_str();
  command->add_option("--node-process", plan.node_process, "The node's process id, to read what it uses")
      ->capture_default_str();
  command->add_option("--cookies", plan.cookies, "File that keeps the visitors' sessions from run to run");
  command->add_option("--seed", plan.seed, "Another seed, other ways")->capture_default_str();
  command->add_flag("--comes-back", plan.comes_back, "Who loses the connection comes back, with pauses that grow");
  command->add_flag("!--no-sign-in", plan.entrance.signs_in, "Come in without a session, where a server asks for none");
  command->callback([options] { bench_presence(*options); });
}

}  // namespace citiverse
