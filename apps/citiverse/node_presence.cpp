// Opening the city's space, and telling its door what accounts and moderators decide.
#include "node_presence.h"

#include "api/safety_routes.h"

namespace citiverse {

base::Result<std::unique_ptr<NodePresence>> NodePresence::open(const PresenceOptions& options, identity::Identity& identity,
                                                               const std::filesystem::path& state, const api::CityModel& model,
                                                               net::Metrics& metrics, const net::Limits& limits) {
  std::unique_ptr<NodePresence> node(new NodePresence(options, model));
  auto safety = api::PeopleSafety::open(identity, state);
  if (!safety) return std::unexpected(safety.error());
  node->safety_ = *std::move(safety);
  node->people_.emplace(*node->safety_, model.city());
  node->door_ =
      std::make_unique<api::PresenceDoor>(api::city_space_options(model.city(), options.people_max), node->ground_,
                                          *node->people_, node->safety_->talk(), nullptr, identity.surroundings().fill_random);
  node->driver_ = std::make_unique<net::WebSocketDriver>(*node->door_, metrics, net::WebSocketOptions{.limits = limits});
  node->door_->attach(*node->driver_);
  node->door_->add_metrics(metrics);
  node->listen(identity);
  return node;
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
  identity.accounts().changed = [door, tell_sessions](identity::AccountId account) {
    if (tell_sessions) tell_sessions(account);
    door->profile_changed(account.value);
  };
  identity.accounts().profile_changed = [door](identity::AccountId account) { door->profile_changed(account.value); };
}

void NodePresence::add_routes(net::Router& router, const api::CityModel& model) {
  door_->add_routes(router);
  api::add_relation_routes(router, *safety_, *door_);
  api::add_report_routes(router, *safety_, *door_);
  api::add_moderation_routes(router, *safety_, *door_);
  api::add_notice_routes(router, *safety_, model);
  api::add_voice_routes(router, *safety_, options_.voice);
}

}  // namespace citiverse
