// `citiverse bench twin`: how many values a second a node takes, and how many questions it answers.
#include <filesystem>
#include <map>
#include <thread>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/file.h"
#include "load/joiner.h"
#include "load/process_usage.h"
#include "load/request_stream.h"
#include "load/twin_requests.h"
#include "subcommands.h"

namespace citiverse {
namespace {

constexpr std::size_t kTokenBytesMax = 4'096;
constexpr std::uint32_t kCreateBatch = 500;
constexpr std::chrono::seconds kTokenPatience{15};
constexpr std::chrono::milliseconds kTokenPause{200};

enum class Ask : std::uint8_t { create, update, batch, list, near };

struct TwinOptions {
  load::RequestPlan plan;
  Ask ask = Ask::update;
  std::filesystem::path token_file;
  std::uint64_t seed = 1;
  load::TwinRequests::Size size;
  std::uint32_t batch = 100;
  double seconds = 10;
  int node_process = 0;
};

load::WriteRequest writer_of(const TwinOptions& options, const load::TwinRequests& requests) {
  switch (options.ask) {
    case Ask::create: return [&](std::uint64_t index, std::string& out) { requests.write_create(index, kCreateBatch, out); };
    case Ask::update: return [&](std::uint64_t index, std::string& out) { requests.write_update(index, out); };
    case Ask::batch:
      return [&](std::uint64_t index, std::string& out) { requests.write_batch_update(index, options.batch, out); };
    case Ask::list: return [&](std::uint64_t index, std::string& out) { requests.write_list(index, out); };
    case Ask::near: return [&](std::uint64_t index, std::string& out) { requests.write_near(index, out); };
  }
  std::unreachable();
}

// A node that runs knows a new token within seconds.
void wait_until_known(const TwinOptions& options, const std::string& token) {
  load::Entrance entrance;
  entrance.host = options.plan.host;
  entrance.port = options.plan.port;
  const std::string request =
      fmt::format("GET /ngsi-ld/v1/types?limit=1 HTTP/1.1\r\nHost: {}:{}\r\nAuthorization: Bearer {}\r\n\r\n", entrance.host,
                  entrance.port, token);
  for (const auto end = std::chrono::steady_clock::now() + kTokenPatience;;) {
    auto doorstep = load::Doorstep::connect(entrance, 0);
    if (!doorstep) stop(doorstep.error());
    const auto answer = doorstep->ask(request);
    if (!answer) stop(answer.error());
    if (!answer->starts_with("HTTP/1.1 401")) return;
    if (std::chrono::steady_clock::now() > end)
      stop({base::ErrorCode::denied, fmt::format("{}: the node does not know this token", options.token_file.string())});
    std::this_thread::sleep_for(kTokenPause);
  }
}

void bench_twin(TwinOptions options) {
  std::string token;
  if (!options.token_file.empty()) {
    auto read = base::read_file(options.token_file, kTokenBytesMax);
    if (!read) stop(read.error());
    token = read->substr(0, read->find_first_of("\r\n"));
    wait_until_known(options, token);
  }
  options.plan.measure = std::chrono::nanoseconds(static_cast<std::int64_t>(options.seconds * 1e9));
  if (options.ask == Ask::create) {
    options.plan.warm_up = {};
    options.plan.requests_max = (options.size.entities + kCreateBatch - 1) / kCreateBatch;
    options.plan.connections = 1;
  }
  const load::TwinRequests requests(options.seed, options.size, {},
                                    {fmt::format("{}:{}", options.plan.host, options.plan.port), token});
  const auto before = load::usage_of(options.node_process);
  auto report = load::measure_requests(options.plan, writer_of(options, requests));
  if (!report) stop(report.error());
  const auto after = load::usage_of(options.node_process);
  const double values = options.ask == Ask::batch ? options.batch : options.ask == Ask::create ? kCreateBatch : 1;
  fmt::print("due {}\nanswered {}\nrefused {}\nrequests_a_second {:.0f}\nvalues_a_second {:.0f}\nbytes_in {}\n", report->due,
             report->answered, report->refused, static_cast<double>(report->answered) / report->seconds,
             values * static_cast<double>(report->answered) / report->seconds, report->bytes_in);
  fmt::print("time_p50 {:.1f}\ntime_p99 {:.1f}\ntime_max {:.1f}\n", report->time.at_ms(0.5), report->time.at_ms(0.99),
             report->time.max_ms());
  if (options.node_process != 0 && before && after) {
    fmt::print("node_cpu_s {:.2f}\nnode_resident_bytes {}\n", after->cpu_s() - before->cpu_s(), after->resident_bytes);
  }
  if (report->first_refusal.empty()) return;
  fmt::print(stderr, "the first refusal: {}\n", report->first_refusal);
  if (report->answered == 0) stop({base::ErrorCode::denied, "the node refused every request"});
}

}  // namespace

void add_bench_twin(CLI::App& bench) {
  auto options = std::make_shared<TwinOptions>();
  load::RequestPlan& plan = options->plan;
  CLI::App* command = bench.add_subcommand(
      "twin", "Send live values to a node, or ask for them, and say how many a second it answers and how soon");
  const std::map<std::string, Ask> asks{
      {"create", Ask::create}, {"update", Ask::update}, {"batch", Ask::batch}, {"list", Ask::list}, {"near", Ask::near}};
  command
      ->add_option("ask", options->ask,
                   "create (the entities that the others need), update (one value a request), batch (many), list (20 of a "
                   "type), near (20 of a type within 500 m)")
      ->required()
      ->transform(CLI::CheckedTransformer(asks, CLI::ignore_case));
  command->add_option("--host", plan.host, "Numeric address of the node")->capture_default_str();
  command->add_option("--port", plan.port, "Port of the node")->capture_default_str();
  command->add_option("--token-file", options->token_file, "File with a machine's token, as 'citiverse token' prints it");
  command->add_option("--rate", plan.rate, "Requests a second in an open loop; 0: as many as connections allow")
      ->check(CLI::Range(0.0, 1e6))
      ->capture_default_str();
  command->add_option("--connections", plan.connections, "Connections kept open")
      ->check(CLI::Range(1u, load::kStreamConnectionsMax))
      ->capture_default_str();
  command->add_option("--entities", options->size.entities, "Entities there are")
      ->check(CLI::Range(1u, 9'999'999u))
      ->capture_default_str();
  command->add_option("--measures", options->size.measures, "Values measured of each entity")
      ->check(CLI::Range(1u, load::kTwinMeasuresMax))
      ->capture_default_str();
  command->add_option("--batch", options->batch, "Entities in a batch")->check(CLI::Range(1u, 1'000u))->capture_default_str();
  command->add_option("--seconds", options->seconds, "Measured for so long")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  command->add_option("--node-process", options->node_process, "The node's process id, to read what it uses")
      ->capture_default_str();
  command->add_option("--seed", options->seed, "Another seed, other entities")->capture_default_str();
  command->callback([options] { bench_twin(*options); });
}

}  // namespace citiverse
