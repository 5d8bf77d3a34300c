// The addresses of presence, and what other threads tell the door: blocks, sessions that end, time-outs.
#include <algorithm>

#include "api/parameters.h"
#include "api/presence_door.h"
#include "api/problem.h"
#include "identity/policy.h"

namespace citiverse::api {

using presence::PersonId;

std::expected<std::uint64_t, net::Reply> PresenceDoor::grant(const net::Call& call) {
  Parameters parameters(call.request.query);
  Ticket granted{.space = parameters.text("space", 40).value_or(std::string(kCitySpace))};
  if (parameters.failure()) {
    return std::unexpected(net::problem(400, "bad_input", parameters.failure()->message, parameters.failure()->parameter));
  }
  const bool is_city = granted.space == kCitySpace;
  if (!is_city && keeper_ == nullptr) return std::unexpected(net::problem(404, "not_found", "there is no such space", "space"));
  auto profile = accounts_.profile(call.visitor);
  if (!profile) return std::unexpected(std::move(profile.error()));
  granted.profile = *std::move(profile);
  std::size_t people_max = city().people_max;
  if (!is_city) {
    auto hall = keeper_->enter(granted.space, granted.profile);
    if (!hall) return std::unexpected(std::move(hall.error()));
    granted.hall = *std::move(hall);
    people_max = granted.hall.people_max;
  }
  if (!driver_->has_room() || people_in(granted.space) >= people_max)
    return std::unexpected(net::problem(503, "space_full", "the space is full; try again when somebody has left", "space"));
  std::uint64_t ticket = 0;
  fill_random_(std::as_writable_bytes(std::span(&ticket, 1)));
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  if (tickets_.size() >= kTicketsMax) {
    std::erase_if(tickets_, [&](const auto& entry) { return now - entry.second.granted > kTicketTime; });
    if (tickets_.size() >= kTicketsMax)
      return std::unexpected(net::problem(503, "limit", "too many come in at once; try again in a moment"));
  }
  granted.granted = now;
  tickets_.insert_or_assign(ticket, std::move(granted));
  return ticket;
}

void PresenceDoor::add_routes(net::Router& router) {
  net::Route enter;
  enter.pattern = "/api/v1/presence";
  enter.access = static_cast<net::AccessRule>(identity::Permission::enter_spaces);
  enter.subprotocol = presence::kSubprotocol;
  enter.upgrade = [this](const net::Call& call) { return grant(call); };
  router.add(std::move(enter));
}

void PresenceDoor::add_metrics(net::Metrics& metrics) {
  metrics.add_value("citiverse_presence_people", "People who are in a space.", "gauge", [this] {
    const std::lock_guard lock(mutex_);
    std::size_t people = 0;
    for (const auto& each : running_) people += each->people.load(std::memory_order_relaxed);
    return static_cast<double>(people);
  });
  metrics.add_value("citiverse_presence_spaces", "Spaces that run because somebody is in them, the city included.", "gauge",
                    [this] {
                      const std::lock_guard lock(mutex_);
                      return static_cast<double>(running_.size());
                    });
}

std::size_t PresenceDoor::people_in(std::string_view space) const {
  const std::lock_guard lock(mutex_);
  const RunningSpace* found = running(space);
  return found == nullptr ? 0 : found->people.load(std::memory_order_relaxed);
}

std::vector<std::uint64_t> PresenceDoor::accounts_in(std::string_view space) const {
  std::vector<std::uint64_t> accounts;
  const std::lock_guard lock(mutex_);
  if (const RunningSpace* found = running(space))
    for (const auto& [account, persons] : found->persons_of) accounts.push_back(account);
  return accounts;
}

std::vector<std::string> PresenceDoor::halls_with(std::uint64_t account) const {
  std::vector<std::string> ids;
  const std::lock_guard lock(mutex_);
  for (const auto& each : running_)
    if (each->id() != kCitySpace && (account == 0 || each->persons_of.contains(account))) ids.push_back(each->id());
  return ids;
}

std::optional<MetPerson> PresenceDoor::find(identity::AccountId asking, std::string_view space, PersonId person) {
  std::optional<MetPerson> met;
  {
    const std::lock_guard lock(mutex_);
    const RunningSpace* in = running(space);
    if (in == nullptr) return std::nullopt;
    const auto found = in->met.find(person);
    if (found == in->met.end() || !in->persons_of.contains(asking.value)) return std::nullopt;
    met = found->second;
  }
  const std::vector<std::uint64_t> apart = accounts_.apart_from(asking.value);
  if (std::ranges::find(apart, met->account.value) != apart.end()) return std::nullopt;
  return met;
}

void PresenceDoor::set_apart(std::uint64_t one, std::uint64_t other, bool are_apart) {
  driver_->post([this, one, other, are_apart] {
    for (const auto& in : running_) {
      const auto a = in->by_account.find(one);
      const auto b = in->by_account.find(other);
      const auto person_of = [&](const auto& found) {
        return found == in->by_account.end() ? presence::kNobody : connections_[found->second].person;
      };
      in->space().set_blocked(person_of(a), person_of(b), are_apart);
      for (const auto& [person, account] : {std::pair(person_of(a), other), std::pair(person_of(b), one)}) {
        if (person == presence::kNobody) continue;
        in->space().set_apart_from(person, account, are_apart);
        in->gathering().list_objects(person);
      }
      in->talk().rules_changed();
    }
  });
}

void PresenceDoor::rules_changed() {
  driver_->post([this] {
    for (const auto& in : running_) in->talk().rules_changed();
  });
}

void PresenceDoor::profile_changed(std::uint64_t account) {
  driver_->post([this, account] {
    for (const auto& in : running_) renew_profile(*in, account);
  });
}

void PresenceDoor::renew_profile(RunningSpace& in, std::uint64_t account) {
  const auto found = in.by_account.find(account);
  if (found == in.by_account.end()) return;
  const Connection& connection = connections_[found->second];
  const presence::Profile* before = in.space().profile(connection.person);
  if (before == nullptr) return;
  auto profile = accounts_.profile({.account = account, .session = connection.session, .roles = before->roles});
  if (!profile) return;
  {
    const std::lock_guard lock(mutex_);
    if (const auto met = in.met.find(connection.person); met != in.met.end()) met->second.name = profile->name;
  }
  in.space().set_profile(connection.person, std::move(*profile));
  in.gathering().announce(connection.person);
  in.talk().rules_changed();
}

void PresenceDoor::put_out(std::string_view space, std::uint64_t account, std::string_view reason) {
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(tickets_, [&](const auto& entry) {
      return entry.second.space == space && (account == 0 || entry.second.profile.account == account);
    });
  }
  driver_->post([this, space = std::string(space), account, reason = std::string(reason)] {
    const RunningSpace* in = running(space);
    if (in == nullptr) return;
    for (net::SocketId socket = 0; socket < connections_.size(); ++socket) {
      const Connection& connection = connections_[socket];
      if (connection.is_open && connection.in == in && (account == 0 || connection.account == account))
        end(socket, net::CloseCode::space_closed, reason);
    }
  });
}

void PresenceDoor::set_people_max(std::string_view space, std::uint32_t people_max) {
  driver_->post([this, space = std::string(space), people_max] {
    if (RunningSpace* in = running(space)) in->space().set_people_max(people_max);
  });
}

void PresenceDoor::set_things(ThingKeeper& things) {
  things_ = &things;
  running_.front()->set_things(things, ++spaces_begun_);
}

void PresenceDoor::thing_answered(ThingAsker asker, base::Result<presence::KeptObject> kept) {
  driver_->post([this, asker = std::move(asker), kept = std::move(kept)] {
    if (RunningSpace* in = running(asker.space)) in->answered(asker, kept);
  });
}

void PresenceDoor::thing_changed(presence::KeptObject object, bool stands) {
  driver_->post([this, object = std::move(object), stands] {
    if (RunningSpace* in = running(object.space)) in->thing_changed(object, stands);
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
