// Messages in, ticks out.
#include "api/presence_door.h"

#include <algorithm>
#include <cstring>

#include "presence/client_messages.h"
#include "presence/server_messages.h"

namespace citiverse::api {
namespace {

using presence::MessageType;
using presence::PersonId;

constexpr std::int64_t kTalkTickUs = 100'000;

std::int64_t us(std::chrono::nanoseconds time) { return time.count() / 1000; }

std::span<const std::byte> bytes_of(std::span<const std::uint8_t> bytes) { return std::as_bytes(bytes); }

}  // namespace

PresenceDoor::PresenceDoor(presence::SpaceOptions city, const presence::Ground& ground, PresenceAccounts& accounts,
                           presence::TalkRules& talk_rules, presence::VoiceRelay* relay,
                           std::function<void(std::span<std::byte>)> fill_random)
    : accounts_(accounts), talk_rules_(talk_rules), fill_random_(std::move(fill_random)) {
  if (relay != nullptr) relay_.emplace(*relay);
  running_.push_back(
      std::make_unique<RunningSpace>(std::string(kCitySpace), std::move(city), ground,
                                     SpaceSurroundings{*this, accounts_, talk_rules_, pace_, relay_ ? &*relay_ : nullptr}));
}

PresenceDoor::~PresenceDoor() = default;

net::WebSocketOptions PresenceDoor::socket_options(const net::Limits& limits) {
  constexpr std::chrono::milliseconds kStep{10};
  return {.period = std::chrono::nanoseconds(1'000'000'000 / presence::kRateHzMax),
          .phases = static_cast<std::uint32_t>(1000 / presence::kRateHzMax / kStep.count()),
          .limits = limits};
}

// ---- the driver's calls ----------------------------------------------------------------------------------------------

void PresenceDoor::opened(net::SocketId socket, std::uint64_t ticket, std::chrono::nanoseconds now) {
  if (connections_.size() <= socket) connections_.resize(socket + 1);
  Connection& connection = connections_[socket];
  connection = {};
  connection.is_open = true;
  connection.second_us = connection.said_us = us(now);
  auto refused = net::CloseCode::policy;
  connection.waiting = take_ticket(ticket, refused);
  if (connection.waiting == nullptr) {
    end(socket, refused,
        refused == net::CloseCode::policy ? "this handshake took too long; try again" : "you may not be here now");
    return;
  }
  connection.account = connection.waiting->profile.account;
  connection.session = connection.waiting->profile.session;
  connection.waiting->opened_us = us(now);
}

void PresenceDoor::expects(std::span<const net::SocketId> sockets) {
  for (const net::SocketId socket : sockets) __builtin_prefetch(&connections_[socket], 1);
  for (const net::SocketId socket : sockets)
    if (const Connection& connection = connections_[socket]; connection.is_open && connection.in != nullptr)
      connection.in->space().expect(connection.person);
}

void PresenceDoor::received(net::SocketId socket, std::span<const std::byte> message, std::chrono::nanoseconds now) {
  const std::span<const std::uint8_t> bytes(reinterpret_cast<const std::uint8_t*>(message.data()), message.size());
  if (!connections_[socket].is_open) return;
  if (connections_[socket].person == presence::kNobody)
    greet(socket, bytes, us(now));
  else
    take(socket, bytes, us(now));
}

void PresenceDoor::greet(net::SocketId socket, std::span<const std::uint8_t> message, std::int64_t now_us) {
  const auto hello = presence::read_hello(message);
  Connection& connection = connections_[socket];
  if (!hello || connection.waiting == nullptr) {
    end(socket, static_cast<net::CloseCode>(presence::CloseCode::bad_hello), "the first message is hello, version 1");
    return;
  }
  const std::unique_ptr<Ticket> ticket = std::move(connection.waiting);
  if (ticket->space != kCitySpace && !keeper_->lets_in(ticket->space, ticket->profile)) {
    end(socket, net::CloseCode::space_closed, "this space has closed, or does not let you in any more");
    return;
  }
  RunningSpace& in = space_of(*ticket, now_us);
  presence::Space& space = in.space();
  const PersonId before = take_from_other_window(in, connection.account, now_us);
  presence::ResumeToken token;
  fill_random_(std::as_writable_bytes(std::span(token)));
  const auto welcome = space.join(std::move(ticket->profile), *hello, token, now_us);
  if (before != presence::kNobody && (!welcome || welcome->person != before)) space.leave(before);
  if (!welcome) {
    end(socket, net::CloseCode::space_full, welcome.error().message);
    return;
  }
  seat(socket, in, welcome->person);
  std::vector<std::uint64_t> all_apart = accounts_.apart_from(connection.account);
  for (const std::uint64_t apart : all_apart)
    if (const auto other = in.by_account.find(apart); other != in.by_account.end())
      space.set_blocked(welcome->person, connections_[other->second].person, true);
  space.set_apart_from(welcome->person, std::move(all_apart));
  driver_->send(socket, bytes_of(presence::welcome_bytes(*welcome)));
  set_cadence(socket, welcome->rate_hz);
  if (space.is_hidden(welcome->person)) carry(in, welcome->person, R"({"t":"hidden","on":true})");
}

RunningSpace* PresenceDoor::running(std::string_view space) const {
  const auto found = std::ranges::find_if(running_, [&](const auto& each) { return each->id() == space; });
  return found == running_.end() ? nullptr : found->get();
}

RunningSpace& PresenceDoor::space_of(const Ticket& ticket, std::int64_t now_us) {
  if (RunningSpace* found = running(ticket.space)) return *found;
  auto begun =
      std::make_unique<RunningSpace>(ticket.space, ticket.hall, hall_ground_,
                                     SpaceSurroundings{*this, accounts_, talk_rules_, pace_, relay_ ? &*relay_ : nullptr});
  begun->space().advance(now_us);
  if (things_ != nullptr) begun->set_things(*things_, ++spaces_begun_);
  const std::lock_guard lock(mutex_);
  running_.push_back(std::move(begun));
  return *running_.back();
}

void PresenceDoor::drop_empty_spaces() {
  const auto is_done = [](const auto& each) { return each->id() != kCitySpace && each->is_empty(); };
  if (std::ranges::none_of(running_, is_done)) return;
  const std::lock_guard lock(mutex_);
  std::erase_if(running_, is_done);
}

// Ends the connection that the account has; who was there may come back by this one's token.
PersonId PresenceDoor::take_from_other_window(RunningSpace& space, std::uint64_t account, std::int64_t now_us) {
  const auto other = space.by_account.find(account);
  if (other == space.by_account.end()) return presence::kNobody;
  const net::SocketId socket = other->second;
  const PersonId person = std::exchange(connections_[socket].person, presence::kNobody);
  space.by_account.erase(other);
  space.space().suspend(person, now_us);
  end(socket, net::CloseCode::replaced, "you are here in another window now");
  return person;
}

// What comes and what goes share a turn, so that no move waits longer than for the next tick; words of slow clients wait a
// quarter of a second at most.
void PresenceDoor::set_cadence(net::SocketId socket, std::uint8_t rate_hz) {
  driver_->set_cadence(socket, presence::kRateHzMax / std::max<std::uint8_t>(rate_hz, 4));
}

void PresenceDoor::seat(net::SocketId socket, RunningSpace& space, PersonId person) {
  Connection& connection = connections_[socket];
  connection.person = person;
  connection.in = &space;
  const presence::Row row = presence::row_of(person);
  if (space.sockets.size() <= row) space.sockets.resize(row + 1);
  space.sockets[row] = socket;
  space.by_account[connection.account] = socket;
  space.count();
  const std::lock_guard lock(mutex_);
  if (space.met.insert_or_assign(person, MetPerson{{connection.account}, space.space().profile(person)->name}).second)
    ++space.persons_of[connection.account];
}

// A bucket for what is said, a count a second for what is sent all the time.
bool PresenceDoor::is_within_limits(net::SocketId socket, bool is_say, std::int64_t now_us) {
  Connection& connection = connections_[socket];
  if (now_us - connection.second_us >= 1'000'000) {
    const bool is_flooding = connection.dropped > 0 && now_us - connection.second_us < 2'000'000;
    connection.flood_seconds = is_flooding ? static_cast<std::uint8_t>(connection.flood_seconds + 1) : 0;
    connection.second_us = now_us;
    connection.hot_messages = connection.dropped = 0;
    if (connection.flood_seconds >= kFloodSeconds) {
      end(socket, net::CloseCode::flood, "slower, please: 30 moves and 10 other messages a second");
      return false;
    }
  }
  bool is_within = false;
  if (is_say) {
    const float passed_s = static_cast<float>(now_us - connection.said_us) * 1e-6f;
    connection.says = std::min(kSaysBurst, connection.says + passed_s * kSaysPerSecond);
    connection.said_us = now_us;
    is_within = connection.says >= 1;
    if (is_within) connection.says -= 1;
  } else {
    is_within = ++connection.hot_messages <= kHotMessagesPerSecond;
  }
  if (!is_within) ++connection.dropped;
  return is_within;
}

void PresenceDoor::take(net::SocketId socket, std::span<const std::uint8_t> message, std::int64_t now_us) {
  const auto type = message.empty() ? MessageType{} : static_cast<MessageType>(message[0]);
  if (!is_within_limits(socket, type == MessageType::say, now_us)) return;
  const PersonId person = connections_[socket].person;
  RunningSpace& in = *connections_[socket].in;
  presence::Space& space = in.space();
  bool is_good = false;
  if (type == MessageType::move) {
    const auto move = presence::read_move(message);
    if (move) space.take(person, *move, now_us);
    is_good = move.has_value();
  } else if (type == MessageType::view) {
    const auto view = presence::read_view(message);
    if (view) {
      space.take(person, *view);
      set_cadence(socket, view->rate_hz);
    }
    is_good = view.has_value();
  } else if (type == MessageType::object_move) {
    const auto move = presence::read_object_move(message);
    if (move) space.take(person, *move);
    is_good = move.has_value();
  } else if (type == MessageType::say) {
    const std::string_view json(reinterpret_cast<const char*>(message.data()) + 1, message.size() - 1);
    is_good = presence::dispatch_say(in.says(), space, person, json, static_cast<std::uint64_t>(now_us / 1000));
  }
  if (!is_good) end(socket, net::CloseCode::protocol_error, "not a message of citiverse.presence.1");
}

void PresenceDoor::closed(net::SocketId socket, net::CloseCode code) {
  if (socket >= connections_.size()) return;
  Connection& connection = connections_[socket];
  if (connection.person != presence::kNobody) {
    RunningSpace& in = *connection.in;
    const auto mine = in.by_account.find(connection.account);
    if (mine != in.by_account.end() && mine->second == socket) in.by_account.erase(mine);
    // Who was cut off by the network, or by a node that stops, may come back to where they were.
    const bool may_come_back = code == net::CloseCode::lost || code == net::CloseCode::going_away ||
                               code == net::CloseCode::none_given || code == net::CloseCode::try_later;
    if (may_come_back)
      in.space().suspend(connection.person, in.space().now_us());
    else
      in.space().leave(connection.person);
    in.count();
  }
  connection = {};
}

void PresenceDoor::send_tick(net::SocketId socket) {
  const Connection& connection = connections_[socket];
  presence::Space& space = connection.in->space();
  if (!space.has_turn(connection.person) || !driver_->takes_latest(socket)) return;
  const std::span<std::byte> room = driver_->space();
  const std::size_t bytes = space.write_tick(connection.person, reinterpret_cast<std::uint8_t*>(room.data()));
  if (bytes != 0) driver_->send_latest(socket, room.first(bytes));
}

void PresenceDoor::swept(std::uint32_t, std::span<const net::SocketId> sockets, std::chrono::nanoseconds due,
                         std::chrono::nanoseconds now) {
  run_postponed();
  for (const auto& each : running_) each->space().advance(us(due));
  for (const net::SocketId socket : sockets) {
    const Connection& connection = connections_[socket];
    if (connection.person != presence::kNobody)
      send_tick(socket);
    else if (connection.is_open && connection.waiting != nullptr && us(now) - connection.waiting->opened_us > us(kHelloTime))
      end(socket, static_cast<net::CloseCode>(presence::CloseCode::bad_hello), "no hello came");
  }
  if (us(due) - talked_us_ < kTalkTickUs) return;
  talked_us_ = us(due);
  for (const auto& each : running_) {
    each->talk().tick(static_cast<std::uint64_t>(us(now) / 1000));
    each->count();  // Somebody may have become invisible.
  }
  drop_empty_spaces();
}

void PresenceDoor::end(net::SocketId socket, net::CloseCode code, std::string_view reason) {
  connections_[socket].is_open = false;
  driver_->close(socket, code, reason);
}

// ---- what the space says ---------------------------------------------------------------------------------------------

bool PresenceDoor::carry(RunningSpace& space, PersonId to, std::string_view json) {
  const presence::Row row = presence::row_of(to);
  if (row >= space.sockets.size() || json.size() > presence::kTellBytesMax - 1) return false;
  const net::SocketId socket = space.sockets[row];
  if (socket >= connections_.size()) return false;
  const Connection& connection = connections_[socket];
  if (connection.person != to || connection.in != &space || !connection.is_open) return false;
  tell_bytes_.resize(json.size() + 1);
  tell_bytes_[0] = static_cast<std::byte>(MessageType::tell);
  std::memcpy(tell_bytes_.data() + 1, json.data(), json.size());
  return driver_->send(socket, tell_bytes_);
}

std::vector<presence::Elsewhere> PresenceDoor::elsewhere(const RunningSpace& space, const presence::Profile& who,
                                                         std::string_view group_code) {
  std::vector<presence::Elsewhere> found;
  std::optional<std::vector<std::uint64_t>> apart;
  for (const auto& other : running_) {
    const presence::Space& there = other->space();
    const presence::Group* group = other.get() == &space ? nullptr : other->space().groups().find(group_code);
    if (group == nullptr || (other->id() != kCitySpace && !keeper_->lets_in(other->id(), who))) continue;
    if (!apart) apart = accounts_.apart_from(who.account);
    for (const PersonId member : group->members) {
      const presence::Profile* profile = there.profile(member);
      if (profile == nullptr || profile->account == who.account || there.is_hidden(member)) continue;
      if (std::ranges::find(*apart, profile->account) == apart->end())
        found.push_back({profile->name, other->id(), there.options().name});
    }
  }
  return found;
}

void PresenceDoor::went(RunningSpace& space, PersonId person) {
  const std::lock_guard lock(mutex_);
  const auto met = space.met.find(person);
  if (met == space.met.end()) return;
  const auto persons = space.persons_of.find(met->second.account.value);
  if (--persons->second == 0) space.persons_of.erase(persons);
  space.met.erase(met);
}

}  // namespace citiverse::api
