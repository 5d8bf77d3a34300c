// Opening people.db for a node and sweeping it until the node stops.
#include "node_people.h"

#include <chrono>

#include "base/log.h"

namespace citiverse {
namespace {

constexpr std::chrono::seconds kSweepTime{5};

}  // namespace

std::filesystem::path state_folder_of(const std::filesystem::path& city_folder, const std::filesystem::path& named) {
  if (!named.empty()) return named;
  // "city/" and "city" are one folder.
  std::filesystem::path folder = city_folder.has_filename() ? city_folder : city_folder.parent_path();
  folder += ".state";
  return folder;
}

base::Result<std::unique_ptr<NodePeople>> NodePeople::open(const PeopleOptions& options) {
  std::unique_ptr<NodePeople> people(new NodePeople);
  identity::Passwords::Options passwords;
  passwords.guessable_words = {"citiverse", options.city_name};
  if (!options.breached_passwords.empty()) {
    auto list = identity::BreachedPasswords::open(options.breached_passwords);
    if (!list) return std::unexpected(list.error());
    people->breached_ = *std::move(list);
    passwords.breached = &*people->breached_;
  }
  auto opened = identity::Identity::open(options.state, identity::real_surroundings(), std::move(passwords));
  if (!opened) return std::unexpected(opened.error());
  people->identity_ = *std::move(opened);
  people->api_.emplace(*people->identity_, options.public_origin.starts_with("https:"));
  people->gate_.emplace(*people->identity_);
  return people;
}

std::jthread NodePeople::start_sweeping() {
  return std::jthread([this](const std::stop_token& stopping) {
    std::mutex mutex;
    std::condition_variable_any waking;
    std::unique_lock hold(mutex);
    while (!waking.wait_for(hold, stopping, kSweepTime, [&] { return stopping.stop_requested(); })) {
      if (const auto swept = identity_->sweep(); !swept)
        base::log(base::LogLevel::error, "sweep_failed", {{"reason", std::string_view(swept.error().message)}});
    }
  });
}

}  // namespace citiverse
