// `citiverse grant`: gives a role from the command line. So the first operator comes to be.
#include <filesystem>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "identity/identity.h"
#include "node_people.h"
#include "subcommands.h"

namespace citiverse {
namespace {

struct GrantOptions {
  std::filesystem::path folder;
  std::filesystem::path state;
  std::string account;
  std::string role;
  bool takes = false;
};

identity::AccountId find_account(identity::Identity& people, const std::string& text) {
  const auto named = people.accounts().find_sign_in_name(text);
  if (!named) stop(named.error());
  if (*named) return **named;
  const auto id = identity::parse_id<identity::AccountId>(text);
  if (id && people.accounts().get(*id)) return *id;
  stop({base::ErrorCode::not_found, fmt::format("{}: nobody has this sign-in name or id here", text)});
}

void grant(const GrantOptions& options) {
  const std::filesystem::path state = state_folder_of(options.folder, options.state);
  if (!std::filesystem::exists(state / "people.db"))
    stop({base::ErrorCode::not_found, fmt::format("{}: nobody has an account here yet; serve the city, register, then grant",
                                                  (state / "people.db").string())});
  identity::Role role{};
  if (!identity::parse_role(options.role, role))
    stop({base::ErrorCode::bad_input,
          fmt::format("{}: roles are planner, office, merchant, teacher, moderator and operator", options.role)});
  auto people = identity::Identity::open(state, identity::real_surroundings(), {});
  if (!people) stop(people.error());
  const identity::AccountId account = find_account(**people, options.account);
  const auto done = (*people)->store().write([&](storage::Database&) -> base::Result<void> {
    auto& accounts = (*people)->accounts();
    if (auto changed = options.takes ? accounts.take_role(account, role) : accounts.give_role(account, role); !changed)
      return changed;
    return (*people)->audit().add({}, options.takes ? "role.take" : "role.give", account, options.role);
  });
  if (!done) stop(done.error());
  fmt::print("{} {} the role {}; a running node knows within seconds\n", options.account,
             options.takes ? "no longer has" : "has", options.role);
}

}  // namespace

void add_grant(CLI::App& app) {
  auto options = std::make_shared<GrantOptions>();
  CLI::App* command = app.add_subcommand("grant", "Give somebody a role, such as the first operator theirs");
  command->add_option("folder", options->folder, "City folder, as it is served")->required();
  command->add_option("account", options->account, "Sign-in name or id of the account")->required();
  command->add_option("role", options->role, "planner, office, merchant, teacher, moderator or operator")->required();
  command->add_flag("--take", options->takes, "Take the role away instead");
  command->add_option("--state", options->state, "State folder, where serve was given one");
  command->callback([options] { grant(*options); });
}

}  // namespace citiverse
