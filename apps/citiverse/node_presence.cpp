// Opening the city's space, and telling its door what accounts and moderators decide.
#include "node_presence.h"

#include <condition_variable>
#include <fstream>
#include <mutex>
#include <string>
#include <vector>

#include "api/safety_routes.h"
#include "base/log.h"
#include "net/outgoing_url.h"

namespace citiverse {
namespace {

constexpr std::chrono::minutes kSweepTime{5};

// The lines of a file of secrets, at least one; an empty one where no file is named.
base::Result<std::vector<std::string>> secret_lines(const std::filesystem::path& file) {
  std::vector<std::string> lines;
  if (!file.empty()) {
    std::ifstream in(file);
    if (!in) return base::fail(base::ErrorCode::unavailable, file.string() + ": cannot be read; name a file with the secret");
    for (std::string line; std::getline(in, line);) lines.push_back(line);
  }
  if (lines.empty()) lines.emplace_back();
  return lines;
}

}  // namespace

base::Result<std::unique_ptr<NodePresence>> NodePresence::open(const PresenceOptions& options, identity::Identity& identity,
                                                               const std::filesystem::path& state, const api::CityModel& model,
                                                               net::Metrics& metrics, const net::Limits& limits) {
  std::unique_ptr<NodePresence> node(new NodePresence(model));
  auto safety = api::PeopleSafety::open(identity, state);
  if (!safety) return std::unexpected(safety.error());
  node->safety_ = *std::move(safety);
  if (auto found = node->find_voice(options, identity); !found) return std::unexpected(found.error());
  node->people_.emplace(*node->safety_, model.city());
  node->door_ = std::make_unique<api::PresenceDoor>(api::city_space_options(model.city(), options.people_max), node->ground_,
                                                    *node->people_, node->safety_->talk(), node->relay_.get(),
                                                    identity.surroundings().fill_random);
  node->driver_ = std::make_unique<net::WebSocketDriver>(*node->door_, metrics, api::PresenceDoor::socket_options(limits));
  node->door_->attach(*node->driver_);
  node->things_.emplace(*node->safety_, *node->door_);
  node->door_->set_things(*node->things_);
  if (auto opened = node->open_spaces(identity, state); !opened) return std::unexpected(opened.error());
  node->door_->add_metrics(metrics);
  node->listen(identity);
  node->sweeping_ = std::jthread([self = node.get()](const std::stop_token& stop) { self->sweep(stop); });
  return node;
}

NodePresence::~NodePresence() {
  if (driver_) driver_->stop();  // Its thread asks for what goes now.
}

base::Result<void> NodePresence::open_spaces(identity::Identity& identity, const std::filesystem::path& state) {
  auto store = storage::Store::open(state / "spaces.db");
  if (!store) return std::unexpected(store.error());
  space_store_ = *std::move(store);
  auto book =
      presence::SpaceBook::load(*space_store_, {[&identity] { return identity.surroundings().now(); },
                                                [&identity] { return identity::random_id_value(identity.surroundings()); }});
  if (!book) return std::unexpected(book.error());
  book_ = *std::move(book);
  spaces_.emplace(*book_, identity, *door_);
  door_->set_keeper(*spaces_);
  identity.erasure().add(*spaces_);
  return {};
}

void NodePresence::sweep(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any waking;
  std::unique_lock hold(mutex);
  do {
    for (const auto& swept : {safety_->sweep(), spaces_->sweep()})
      if (!swept) base::log(base::LogLevel::error, "sweep_failed", {{"reason", std::string_view(swept.error().message)}});
  } while (!waking.wait_for(hold, stop, kSweepTime, [&] { return stop.stop_requested(); }));
}

base::Result<void> NodePresence::find_voice(const PresenceOptions& options, identity::Identity& identity) {
  voice_.stun = options.stun;
  voice_.turn = options.turn;
  const auto secrets = secret_lines(options.turn_secret_file);
  if (!secrets) return std::unexpected(secrets.error());
  voice_.turn_secret = secrets->front();
  if (options.turn.empty() != options.turn_secret_file.empty())
    return base::fail(base::ErrorCode::bad_input, "--turn and --turn-secret-file go together; give both");
  if (options.janus_url.empty()) return {};
  if (const auto url = net::parse_outgoing_url(options.janus_url); !url)
    return base::fail(base::ErrorCode::bad_input, "--janus " + options.janus_url + ": " + url.error().message);
  auto janus = secret_lines(options.janus_secret_file);
  if (!janus) return std::unexpected(janus.error());
  janus->resize(2);
  voice_.has_gateway = true;
  relay_ = std::make_unique<api::JanusRelay>(
      api::JanusOptions{.url = options.janus_url, .api_secret = janus->at(0), .admin_key = janus->at(1)},
      [&surroundings = identity.surroundings()] { return identity::random_id_value(surroundings); });
  return {};
}

void NodePresence::listen(identity::Identity& identity) {
  api::PresenceDoor* door = door_.get();
  api::PeopleSafety* safety = safety_.get();
  safety_->set_changes({.relation =
                            [door, safety](identity::AccountId one, identity::AccountId other) {
                              door->set_apart(one.value, other.value, safety->relations().are_apart(one, other));
                            },
                        .restriction =
                            [door, safety, &identity](identity::AccountId account) {
                              const auto restriction = safety->cases().restriction_of(account);
                              if (restriction.shut_out_until > identity.surroundings().now())
                                door->shut_out(account.value);
                              else
                                door->profile_changed(account.value);
                            }});
  identity.sessions().on_ended(
      [door](identity::AccountId account, identity::SessionId session) { door->session_ended(account.value, session.value); });
  const auto tell_sessions = identity.accounts().changed;
  api::NodeSpaces* spaces = &*spaces_;
  api::NodeThings* things = &*things_;
  identity.accounts().changed = [door, spaces, things, tell_sessions](identity::AccountId account) {
    if (tell_sessions) tell_sessions(account);
    door->profile_changed(account.value);
    spaces->review_account(account);
    things->review_account(account);
  };
  identity.organisations().parted = [spaces](identity::OrganisationId) { spaces->review_all(); };
  // Before the answer: what somebody agreed to holds from their next word on, and so does taking it back.
  identity.consents().changed = [door, safety](identity::AccountId account) {
    safety->talk().learn(account);
    door->profile_changed(account.value);
  };
  identity.accounts().profile_changed = [door](identity::AccountId account) { door->profile_changed(account.value); };
}

void NodePresence::add_routes(net::Router& router, const api::CityModel& model) {
  door_->add_routes(router);
  api::add_space_routes(router, *spaces_, model);
  api::add_relation_routes(router, *safety_, *door_);
  api::add_report_routes(router, *safety_, *door_);
  api::add_moderation_routes(router, *safety_, *door_);
  api::add_notice_routes(router, *safety_, model);
  api::add_thing_routes(router, *safety_);
  api::add_voice_routes(router, *safety_, voice_);
}

}  // namespace citiverse
