// The addresses of presence, and what other threads tell the door: blocks, sessions that end, time-outs.
#include <algorithm>

#include "api/parameters.h"
#include "api/presence_door.h"
#include "api/problem.h"
#include "base/json_writer.h"
#include "identity/policy.h"

namespace citiverse::api {

using presence::PersonId;

std::expected<std::uint64_t, net::Reply> PresenceDoor::grant(const net::Call& call) {
  Parameters parameters(call.request.query);
  const std::string space = parameters.text("space", 40).value_or("city");
  if (parameters.failure()) {
    return std::unexpected(net::problem(400, "bad_input", parameters.failure()->message, parameters.failure()->parameter));
  }
  if (space != space_.options().name) return std::unexpected(net::problem(404, "not_found", "there is no such space", "space"));
  if (!driver_->has_room() || people_.load(std::memory_order_relaxed) >= space_.options().people_max)
    return std::unexpected(net::problem(503, "limit", "the space is full; try again when somebody has left"));
  auto profile = accounts_.profile(call.visitor);
  if (!profile) return std::unexpected(std::move(profile.error()));
  std::uint64_t ticket = 0;
  fill_random_(std::as_writable_bytes(std::span(&ticket, 1)));
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  if (tickets_.size() >= kTicketsMax) {
    std::erase_if(tickets_, [&](const auto& entry) { return now - entry.second.granted > kTicketTime; });
    if (tickets_.size() >= kTicketsMax)
      return std::unexpected(net::problem(503, "limit", "too many come in at once; try again in a moment"));
  }
  tickets_.insert_or_assign(ticket, Ticket{std::move(*profile), now});
  return ticket;
}

net::Reply PresenceDoor::spaces_reply() const {
  const presence::SpaceOptions& options = space_.options();
  net::Reply reply;
  reply.has_etag = true;
  base::JsonWriter json(reply.body);
  json.begin_object().key("spaces").begin_array().begin_object().member("id", options.name);
  json.key("people").integer(people_.load(std::memory_order_relaxed)).key("people_max").integer(options.people_max);
  json.key("origin").begin_object().key("lat").number(options.origin.lat_deg, 7).key("lon").number(options.origin.lon_deg, 7);
  json.end_object().key("bounds_m").begin_array();
  for (const std::int32_t cm : {options.bounds.low.x, options.bounds.low.y, options.bounds.high.x, options.bounds.high.y})
    json.number(cm / 100.0, 2);
  json.end_array().end_object().end_array().end_object();
  return reply;
}

void PresenceDoor::add_routes(net::Router& router) {
  net::Route enter;
  enter.pattern = "/api/v1/presence";
  enter.access = static_cast<net::AccessRule>(identity::Permission::enter_spaces);
  enter.subprotocol = presence::kSubprotocol;
  enter.upgrade = [this](const net::Call& call) { return grant(call); };
  router.add(std::move(enter));
  net::Route spaces;
  spaces.pattern = "/api/v1/spaces";
  spaces.access = net::kOpenToAll;
  spaces.quick = [this](const net::Call&) -> std::optional<net::Reply> { return spaces_reply(); };
  router.add(std::move(spaces));
}

void PresenceDoor::add_metrics(net::Metrics& metrics) {
  metrics.add_value("citiverse_presence_people", "People who are in a space.", "gauge",
                    [this] { return static_cast<double>(people_.load(std::memory_order_relaxed)); });
}

std::optional<MetPerson> PresenceDoor::find(identity::AccountId asking, std::string_view space, PersonId person) {
  if (space != space_.options().name) return std::nullopt;
  std::optional<MetPerson> met;
  {
    const std::lock_guard lock(mutex_);
    const auto found = met_.find(person);
    if (found == met_.end() || !persons_of_.contains(asking.value)) return std::nullopt;
    met = found->second;
  }
  const std::vector<std::uint64_t> apart = accounts_.apart_from(asking.value);
  if (std::ranges::find(apart, met->account.value) != apart.end()) return std::nullopt;
  return met;
}

void PresenceDoor::set_apart(std::uint64_t one, std::uint64_t other, bool are_apart) {
  driver_->post([this, one, other, are_apart] {
    const auto a = by_account_.find(one);
    const auto b = by_account_.find(other);
    if (a != by_account_.end() && b != by_account_.end())
      space_.set_blocked(connections_[a->second].person, connections_[b->second].person, are_apart);
    talk_.rules_changed();
  });
}

void PresenceDoor::rules_changed() {
  driver_->post([this] { talk_.rules_changed(); });
}

void PresenceDoor::profile_changed(std::uint64_t account) {
  driver_->post([this, account] {
    const auto found = by_account_.find(account);
    if (found == by_account_.end()) return;
    const Connection& connection = connections_[found->second];
    const presence::Profile* before = space_.profile(connection.person);
    if (before == nullptr) return;
    auto profile = accounts_.profile({.account = account, .session = connection.session, .roles = before->roles});
    if (!profile) return;
    {
      const std::lock_guard lock(mutex_);
      if (const auto found_met = met_.find(connection.person); found_met != met_.end()) found_met->second.name = profile->name;
    }
    space_.set_profile(connection.person, std::move(*profile));
    gathering_.announce(connection.person);
    talk_.rules_changed();
  });
}

void PresenceDoor::end_account(std::uint64_t account, std::uint64_t session, net::CloseCode code, std::string_view reason) {
  driver_->post([this, account, session, code, reason = std::string(reason)] {
    for (net::SocketId socket = 0; socket < connections_.size(); ++socket) {
      const Connection& connection = connections_[socket];
      if (connection.is_open && connection.account == account && (session == 0 || connection.session == session))
        end(socket, code, reason);
    }
  });
}

void PresenceDoor::session_ended(std::uint64_t account, std::uint64_t session) {
  end_account(account, session, net::CloseCode::signed_out, "the session has ended");
}

void PresenceDoor::shut_out(std::uint64_t account) {
  end_account(account, 0, net::CloseCode::banned, "a moderator has given a time-out");
}

}  // namespace citiverse::api
