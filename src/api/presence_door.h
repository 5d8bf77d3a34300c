// Where visitors enter spaces: joins the sockets of net, the accounts behind them, and the space each is in.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/people_met.h"
#include "api/presence_accounts.h"
#include "api/running_space.h"
#include "api/shared_relay.h"
#include "net/metrics.h"
#include "net/router.h"
#include "net/web_socket_driver.h"

namespace citiverse::api {

inline constexpr std::chrono::seconds kHelloTime{10};
inline constexpr std::size_t kTicketsMax = 4096;  ///< Handshakes granted and not yet opened.
inline constexpr std::chrono::seconds kTicketTime{15};
inline constexpr std::size_t kEndingsMax = 4096;       ///< Remembered within kTicketTime; with more, all older tickets end.
inline constexpr unsigned kHotMessagesPerSecond = 30;  ///< Moves and views of one socket.
inline constexpr float kSaysPerSecond = 10;
inline constexpr float kSaysBurst = 20;
inline constexpr unsigned kFloodSeconds = 3;  ///< So many seconds beyond the limits in a row end the connection.

/// What the door asks of whoever keeps the spaces beside the city.
class SpaceKeeper {
 public:
  virtual ~SpaceKeeper() = default;
  /// How the space is to run, or the answer that is given instead: there is none, or this account may not enter. From any
  /// thread, within a millisecond.
  virtual std::expected<presence::SpaceOptions, net::Reply> enter(std::string_view space, const presence::Profile& who) = 0;
  /// Whether the space is open and lets them in still. In the door's thread, from memory.
  virtual bool lets_in(std::string_view space, const presence::Profile& who) = 0;
};

/// Everything runs in the driver's thread, but for what says otherwise. One connection an account and space: a second window
/// takes the place of the first. The city always runs; another space as long as somebody is in it, on a flat ground.
class PresenceDoor final : public net::WebSocketApp, public PeopleMet, private SpaceCarrier {
 public:
  /// All must outlive the door; `relay` may be absent. `fill_random`: a source of secrets, from any thread.
  PresenceDoor(presence::SpaceOptions city, const presence::Ground& ground, PresenceAccounts& accounts,
               presence::TalkRules& talk_rules, presence::VoiceRelay* relay,
               std::function<void(std::span<std::byte>)> fill_random);
  ~PresenceDoor() override;

  /// How the driver must sweep: in steps of a tick, a client of 20 Hz in each period.
  static net::WebSocketOptions socket_options(const net::Limits& limits);
  /// Before the driver starts; it must outlive every call but the destructor.
  void attach(net::WebSocketDriver& driver) { driver_ = &driver; }
  /// Before the driver starts; without one, there is the city only.
  void set_keeper(SpaceKeeper& keeper) { keeper_ = &keeper; }
  /// Before the driver starts; without it nothing stays when its owner goes.
  void set_things(ThingKeeper& things);
  /// `GET /api/v1/presence`.
  void add_routes(net::Router& router);
  void add_metrics(net::Metrics& metrics);

  // From any thread.

  std::optional<MetPerson> find(identity::AccountId asking, std::string_view space, presence::PersonId person) override;
  /// Two accounts must not, or may again, see each other.
  void set_apart(std::uint64_t one, std::uint64_t other, bool are_apart);
  /// Mutes or rights have changed: who may no longer speak together is parted.
  void rules_changed();
  /// Name, look or rights of an account have changed.
  void profile_changed(std::uint64_t account);
  void session_ended(std::uint64_t account, std::uint64_t session);
  /// A time-out: out at once, of every space.
  void shut_out(std::uint64_t account);
  /// The account may no longer be in this space; 0: nobody may, it is closed.
  void put_out(std::string_view space, std::uint64_t account, std::string_view reason);
  /// A space takes so many people from now on.
  void set_people_max(std::string_view space, std::uint32_t people_max);
  /// What ThingKeeper::keep() came to.
  void thing_answered(ThingAsker asker, base::Result<presence::KeptObject> kept);
  /// A thing stands again, or no more.
  void thing_changed(presence::KeptObject object, bool stands);
  /// How many people are in a space, the invisible included.
  std::size_t people_in(std::string_view space) const;
  /// As people are told: without the invisible.
  std::size_t people_shown_in(std::string_view space) const;
  /// Whose accounts they are.
  std::vector<std::uint64_t> accounts_in(std::string_view space) const;
  /// Spaces beside the city that the account is in; 0: that anybody is in.
  std::vector<std::string> halls_with(std::uint64_t account) const;
  const presence::SpaceOptions& city() const { return running_.front()->space().options(); }

  // For the driver.

  void opened(net::SocketId socket, std::uint64_t ticket, std::chrono::nanoseconds now) override;
  void received(net::SocketId socket, std::span<const std::byte> message, std::chrono::nanoseconds now) override;
  void expects(std::span<const net::SocketId> sockets) override;
  void closed(net::SocketId socket, net::CloseCode code) override;
  void swept(std::uint32_t phase, std::span<const net::SocketId> sockets, std::chrono::nanoseconds due,
             std::chrono::nanoseconds now) override;

 private:
  struct Ticket {
    presence::Profile profile;
    std::string space;
    presence::SpaceOptions hall;                    // Unless it is the city.
    std::chrono::steady_clock::time_point granted;  // Before the account was asked about.
    std::int64_t opened_us = 0;
  };
  // Somebody may not be here any more: no ticket from before is good.
  struct Ending {
    std::chrono::steady_clock::time_point at;
    std::uint64_t account = 0;  // 0: everybody's.
    std::uint64_t session = 0;  // 0: all of the account's.
    std::string space;          // Empty: every space.
    net::CloseCode code{};
    bool ends(const Ticket& ticket) const;
  };
  struct alignas(64) Connection {  // One cache line.
    presence::PersonId person = presence::kNobody;
    std::uint8_t flood_seconds = 0;
    bool is_open = false;
    std::uint16_t hot_messages = 0;  // In this second.
    RunningSpace* in = nullptr;      // Where the person is.
    std::uint32_t dropped = 0;
    float says = kSaysBurst;
    std::int64_t second_us = 0;
    std::int64_t said_us = 0;
    std::unique_ptr<Ticket> waiting;  // Until hello.
    std::uint64_t account = 0;
    std::uint64_t session = 0;
  };
  static_assert(sizeof(Connection) == 64);

  bool carry(RunningSpace& space, presence::PersonId to, std::string_view json) override;
  void went(RunningSpace& space, presence::PersonId person) override;
  std::vector<presence::Elsewhere> elsewhere(const RunningSpace& space, const presence::Profile& who,
                                             std::string_view group_code) override;

  std::expected<std::uint64_t, net::Reply> grant(const net::Call& call);
  void greet(net::SocketId socket, std::span<const std::uint8_t> message, std::int64_t now_us);
  void take(net::SocketId socket, std::span<const std::uint8_t> message, std::int64_t now_us);
  bool is_within_limits(net::SocketId socket, bool is_say, std::int64_t now_us);
  RunningSpace& space_of(const Ticket& ticket, std::int64_t now_us);
  RunningSpace* running(std::string_view space) const;
  void drop_empty_spaces();
  presence::PersonId take_from_other_window(RunningSpace& space, std::uint64_t account, std::int64_t now_us);
  void set_cadence(net::SocketId socket, std::uint8_t rate_hz);
  void seat(net::SocketId socket, RunningSpace& space, presence::PersonId person);
  void send_tick(net::SocketId socket);
  void end(net::SocketId socket, net::CloseCode code, std::string_view reason);
  void end_connections(Ending ending, std::string_view reason);
  std::unique_ptr<Ticket> take_ticket(std::uint64_t number, net::CloseCode& refused);
  /// In the driver's thread, soon, whatever else waits there: a block or a time-out is never lost.
  void order(std::function<void()> job);
  void run_postponed();
  bool is_anywhere(std::uint64_t account) const;
  void renew_profile(RunningSpace& space, const presence::Profile& renewed);

  PresenceAccounts& accounts_;
  presence::TalkRules& talk_rules_;
  std::function<void(std::span<std::byte>)> fill_random_;
  std::optional<SharedRelay> relay_;
  presence::TalkPace pace_;
  const presence::OpenGround hall_ground_;
  SpaceKeeper* keeper_ = nullptr;
  ThingKeeper* things_ = nullptr;
  std::uint64_t spaces_begun_ = 0;
  net::WebSocketDriver* driver_ = nullptr;
  std::vector<Connection> connections_;  // By socket.
  std::vector<std::byte> tell_bytes_;
  std::int64_t talked_us_ = 0;

  mutable std::mutex mutex_;  // Of what follows; the driver's thread alone changes running_, and reads it without.
  std::vector<std::unique_ptr<RunningSpace>> running_;  // The city first.
  std::unordered_map<std::uint64_t, Ticket> tickets_;
  std::deque<Ending> endings_;                               // Of the last kTicketTime.
  std::chrono::steady_clock::time_point tickets_good_from_;  // Where endings_ was too short.
  std::deque<std::function<void()>> postponed_;              // Orders that the driver had no room for.
  std::mutex renewing_;                                      // Profiles are told in the order in which they were read.
};

}  // namespace citiverse::api
