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
  // Whatever ends from now on ends this as well.
  const auto now = std::chrono::steady_clock::now();
  Ticket granted{.space = parameters.text("space", 40).value_or(std::string(kCitySpace)), .granted = now};
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
  const std::lock_guard lock(mutex_);
  if (tickets_.size() >= kTicketsMax) {
    std::erase_if(tickets_, [&](const auto& entry) { return now - entry.second.granted > kTicketTime; });
    if (tickets_.size() >= kTicketsMax)
      return std::unexpected(net::problem(503, "limit", "too many come in at once; try again in a moment"));
  }
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

std::size_t PresenceDoor::people_shown_in(std::string_view space) const {
  const std::lock_guard lock(mutex_);
  const RunningSpace* found = running(space);
  return found == nullptr ? 0 : found->people_shown.load(std::memory_order_relaxed);
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
  order([this, one, other, are_apart] {
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
        in->gathering().sight_changed(person);
      }
      in->talk().rules_changed();
    }
  });
}

void PresenceDoor::rules_changed() {
  order([this] {
    for (const auto& in : running_) in->talk().rules_changed();
  });
}

bool PresenceDoor::is_anywhere(std::uint64_t account) const {
  const std::lock_guard lock(mutex_);
  return std::ranges::any_of(running_, [&](const auto& each) { return each->persons_of.contains(account); });
}

// Read here, where somebody waits for an answer, and not in the thread of the sockets, where everybody would.
void PresenceDoor::profile_changed(std::uint64_t account) {
  if (!is_anywhere(account)) return;
  const std::lock_guard lock(renewing_);
  auto profile = accounts_.profile({.account = account});
  if (!profile) return;
  order([this, profile = *std::move(profile)] {
    for (const auto& in : running_) renew_profile(*in, profile);
  });
}

void PresenceDoor::renew_profile(RunningSpace& in, const presence::Profile& renewed) {
  const auto found = in.by_account.find(renewed.account);
  if (found == in.by_account.end()) return;
  const Connection& connection = connections_[found->second];
  if (in.space().profile(connection.person) == nullptr) return;
  presence::Profile profile = renewed;
  profile.session = connection.session;
  {
    const std::lock_guard lock(mutex_);
    if (const auto met = in.met.find(connection.person); met != in.met.end()) met->second.name = profile.name;
  }
  in.space().set_profile(connection.person, std::move(profile));
  in.gathering().announce(connection.person);
  in.talk().rules_changed();
}

bool PresenceDoor::Ending::ends(const Ticket& ticket) const {
  return ticket.granted <= at && (account == 0 || ticket.profile.account == account) &&
         (session == 0 || ticket.profile.session == session) && (space.empty() || ticket.space == space);
}

std::unique_ptr<PresenceDoor::Ticket> PresenceDoor::take_ticket(std::uint64_t number, net::CloseCode& refused) {
  const std::lock_guard lock(mutex_);
  const auto found = tickets_.find(number);
  if (found == tickets_.end()) return nullptr;
  auto ticket = std::make_unique<Ticket>(std::move(found->second));
  tickets_.erase(found);
  if (ticket->granted < tickets_good_from_ || std::chrono::steady_clock::now() - ticket->granted > kTicketTime) return nullptr;
  for (const Ending& ending : endings_) {
    if (!ending.ends(*ticket)) continue;
    refused = ending.code;
    return nullptr;
  }
  return ticket;
}

void PresenceDoor::order(std::function<void()> job) {
  const std::lock_guard lock(mutex_);
  if (!postponed_.empty() || !driver_->post(job)) postponed_.push_back(std::move(job));
}

void PresenceDoor::run_postponed() {
  std::deque<std::function<void()>> jobs;
  {
    const std::lock_guard lock(mutex_);
    jobs.swap(postponed_);
  }
  for (const auto& job : jobs) job();
}

void PresenceDoor::end_connections(Ending ending, std::string_view reason) {
  ending.at = std::chrono::steady_clock::now();
  {
    const std::lock_guard lock(mutex_);
    while (!endings_.empty() && ending.at - endings_.front().at > kTicketTime) endings_.pop_front();
    if (endings_.size() >= kEndingsMax) {
      tickets_good_from_ = endings_.front().at;
      endings_.pop_front();
    }
    endings_.push_back(ending);
  }
  order([this, ending = std::move(ending), reason = std::string(reason)] {
    const RunningSpace* in = running(ending.space);
    for (net::SocketId socket = 0; socket < connections_.size(); ++socket) {
      const Connection& connection = connections_[socket];
      const bool is_meant = connection.is_open && (ending.account == 0 || connection.account == ending.account) &&
                            (ending.session == 0 || connection.session == ending.session) &&
                            (ending.space.empty() || (in != nullptr && connection.in == in));
      if (is_meant) end(socket, ending.code, reason);
    }
  });
}

void PresenceDoor::put_out(std::string_view space, std::uint64_t account, std::string_view reason) {
  end_connections({.account = account, .space = std::string(space), .code = net::CloseCode::space_closed}, reason);
}

void PresenceDoor::set_people_max(std::string_view space, std::uint32_t people_max) {
  order([this, space = std::string(space), people_max] {
    if (RunningSpace* in = running(space)) in->space().set_people_max(people_max);
  });
}

void PresenceDoor::set_things(ThingKeeper& things) {
  things_ = &things;
  running_.front()->set_things(things, ++spaces_begun_);
}

void PresenceDoor::thing_answered(ThingAsker asker, base::Result<presence::KeptObject> kept) {
  order([this, asker = std::move(asker), kept = std::move(kept)] {
    if (RunningSpace* in = running(asker.space)) in->answered(asker, kept);
  });
}

void PresenceDoor::thing_changed(presence::KeptObject object, bool stands) {
  order([this, object = std::move(object), stands] {
    if (RunningSpace* in = running(object.space)) in->thing_changed(object, stands);
  });
}

void PresenceDoor::session_ended(std::uint64_t account, std::uint64_t session) {
  end_connections({.account = account, .session = session, .code = net::CloseCode::signed_out}, "the session has ended");
}

void PresenceDoor::shut_out(std::uint64_t account) {
  end_connections({.account = account, .code = net::CloseCode::banned}, "a moderator has given a time-out");
}

}  // namespace citiverse::api
