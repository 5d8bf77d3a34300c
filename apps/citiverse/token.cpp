// `citiverse token`: access tokens of programs from the command line, such as the one that feeds the first sensors.
#include <chrono>
#include <filesystem>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "identity/identity.h"
#include "node_people.h"
#include "subcommands.h"

namespace citiverse {
namespace {

struct TokenOptions {
  std::filesystem::path folder;
  std::filesystem::path state;
  std::string name;
  std::vector<std::string> tenants;
  int days = 365;
  std::uint32_t requests_per_second = identity::kMachineRequestsPerSecond;
  bool only_reads = false;
  bool lists = false;
  std::string revoked;
};

void list(identity::Identity& people) {
  for (const identity::Machine& machine : people.machines().list()) {
    std::string rights;
    for (const identity::Permission permission : machine.permissions) rights += fmt::format(" {}", policy_of(permission).name);
    for (const std::string& tenant : machine.tenants) rights += fmt::format(" tenant:{}", tenant);
    fmt::print("{}  until {:%F}  {}:{}\n", to_text(machine.id), machine.expires_at, machine.name,
               rights.empty() ? " reads" : rights);
  }
}

void revoke(identity::Identity& people, const std::string& text) {
  const auto id = identity::parse_id<identity::MachineId>(text);
  if (!id) stop({base::ErrorCode::bad_input, fmt::format("{}: this is no id; --list shows them", text)});
  const auto done = people.store().write([&](storage::Database&) -> base::Result<void> {
    if (auto gone = people.machines().revoke(*id); !gone) return gone;
    return people.audit().add({}, "machine.revoke", {}, text);
  });
  if (!done) stop(done.error());
  fmt::print("{} is revoked; a running node knows within seconds\n", text);
}

void make(identity::Identity& people, const TokenOptions& options) {
  identity::Machine asked;
  asked.name = options.name;
  if (!options.only_reads) asked.permissions = {identity::Permission::write_live_values};
  asked.tenants = options.tenants;
  asked.expires_at = people.surroundings().now() + std::chrono::days(options.days);
  asked.requests_per_second = options.requests_per_second;
  const auto made = people.store().write([&](storage::Database&) -> base::Result<identity::MadeMachine> {
    auto machine = people.machines().make(asked);
    if (!machine) return machine;
    if (auto kept = people.audit().add({}, "machine.make", {}, to_text(machine->machine.id)); !kept)
      return std::unexpected(kept.error());
    return machine;
  });
  if (!made) stop(made.error());
  fmt::print(stderr, "{} may use this token until {:%F}; it is shown once, and a running node knows it within seconds:\n",
             made->machine.name, made->machine.expires_at);
  fmt::print("{}\n", made->token);
}

void token(const TokenOptions& options) {
  auto people = identity::Identity::open(state_folder_of(options.folder, options.state), identity::real_surroundings(), {});
  if (!people) stop(people.error());
  if (options.lists) return list(**people);
  if (!options.revoked.empty()) return revoke(**people, options.revoked);
  if (options.name.empty())
    stop({base::ErrorCode::bad_input, "name the program that the token is for, such as \"air sensors\""});
  make(**people, options);
}

}  // namespace

void add_token(CLI::App& app) {
  auto options = std::make_shared<TokenOptions>();
  CLI::App* command = app.add_subcommand("token", "Make, list or revoke access tokens of programs that write live values");
  command->add_option("folder", options->folder, "City folder, as it is served")->required();
  command->add_option("name", options->name, "What the token is for, such as \"air sensors\"");
  command->add_option("--tenant", options->tenants, "A tenant it may use beside the default one, or * for all; several times");
  command->add_option("--days", options->days, "How long it is good")->capture_default_str();
  command->add_option("--requests-per-second", options->requests_per_second, "Its pace")->capture_default_str();
  command->add_flag("--reads", options->only_reads, "It may not write");
  command->add_flag("--list", options->lists, "List those that are good");
  command->add_option("--revoke", options->revoked, "Revoke the one with this id");
  command->add_option("--state", options->state, "State folder, where serve was given one");
  command->callback([options] { token(*options); });
}

}  // namespace citiverse
