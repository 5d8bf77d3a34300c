// Where visitors enter a space: joins the sockets of net, the accounts behind them, and the space they are in.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/people_met.h"
#include "api/presence_accounts.h"
#include "net/metrics.h"
#include "net/router.h"
#include "net/web_socket_driver.h"
#include "presence/gathering.h"
#include "presence/space.h"
#include "presence/talk.h"

namespace citiverse::api {

inline constexpr std::chrono::seconds kHelloTime{10};
inline constexpr std::size_t kTicketsMax = 4096;  ///< Handshakes granted and not yet opened.
inline constexpr std::chrono::seconds kTicketTime{15};
inline constexpr unsigned kHotMessagesPerSecond = 30;  ///< Moves and views of one socket.
inline constexpr double kSaysPerSecond = 10;
inline constexpr double kSaysBurst = 20;
inline constexpr unsigned kFloodSeconds = 3;  ///< So many seconds beyond the limits in a row end the connection.

/// Everything runs in the driver's thread, but for what says otherwise. One connection an account and space: a second window
/// takes the place of the first.
class PresenceDoor final : public net::WebSocketApp, public PeopleMet, private presence::Teller {
 public:
  /// All must outlive the door; `relay` may be absent. `fill_random`: a source of secrets, from any thread.
  PresenceDoor(presence::SpaceOptions options, const presence::Ground& ground, PresenceAccounts& accounts,
               presence::TalkRules& talk_rules, presence::VoiceRelay* relay,
               std::function<void(std::span<std::byte>)> fill_random);
  ~PresenceDoor() override;

  /// How the driver must sweep: in steps of a tick, a client of 20 Hz in each period.
  static net::WebSocketOptions socket_options(const net::Limits& limits);
  /// Before the driver starts; it must outlive every call but the destructor.
  void attach(net::WebSocketDriver& driver) { driver_ = &driver; }
  /// `GET /api/v1/presence` and `GET /api/v1/spaces`.
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
  /// A time-out: out at once.
  void shut_out(std::uint64_t account);

  // For the driver.

  void opened(net::SocketId socket, std::uint64_t ticket, std::chrono::nanoseconds now) override;
  void received(net::SocketId socket, std::span<const std::byte> message, std::chrono::nanoseconds now) override;
  void closed(net::SocketId socket, net::CloseCode code) override;
  void swept(std::uint32_t phase, std::span<const net::SocketId> sockets, std::chrono::nanoseconds due,
             std::chrono::nanoseconds now) override;

 private:
  struct Connection {
    presence::PersonId person = presence::kNobody;
    std::uint8_t flood_seconds = 0;
    bool is_open = false;
    std::uint32_t hot_messages = 0;  // In this second.
    std::uint32_t dropped = 0;
    std::int64_t second_us = 0;
    std::int64_t opened_us = 0;
    double says = kSaysBurst;
    std::int64_t said_us = 0;
    std::unique_ptr<presence::Profile> waiting;  // Until hello.
    std::uint64_t account = 0;
    std::uint64_t session = 0;
  };
  struct Ticket {
    presence::Profile profile;
    std::chrono::steady_clock::time_point granted;
  };

  bool tell(presence::PersonId to, std::string_view json) override;
  void goes(presence::PersonId person) override;

  std::expected<std::uint64_t, net::Reply> grant(const net::Call& call);
  void greet(net::SocketId socket, std::span<const std::uint8_t> message, std::int64_t now_us);
  void take(net::SocketId socket, std::span<const std::uint8_t> message, std::int64_t now_us);
  bool is_within_limits(net::SocketId socket, bool is_say, std::int64_t now_us);
  presence::PersonId take_from_other_window(std::uint64_t account, std::int64_t now_us);
  void set_cadence(net::SocketId socket, std::uint8_t rate_hz);
  void seat(net::SocketId socket, presence::PersonId person);
  void send_tick(net::SocketId socket);
  void end(net::SocketId socket, net::CloseCode code, std::string_view reason);
  void end_account(std::uint64_t account, std::uint64_t session, net::CloseCode code, std::string_view reason);
  net::Reply spaces_reply() const;

  PresenceAccounts& accounts_;
  std::function<void(std::span<std::byte>)> fill_random_;
  presence::Space space_;
  presence::Gathering gathering_;
  presence::Talk talk_;
  presence::SayTable says_;
  net::WebSocketDriver* driver_ = nullptr;
  std::vector<Connection> connections_;                          // By socket.
  std::vector<net::SocketId> sockets_;                           // By the person's row.
  std::unordered_map<std::uint64_t, net::SocketId> by_account_;  // Those who have said hello.
  std::vector<std::byte> tell_bytes_;
  std::int64_t talked_us_ = 0;

  std::mutex mutex_;  // Of what follows.
  std::unordered_map<std::uint64_t, Ticket> tickets_;
  std::unordered_map<presence::PersonId, MetPerson> met_;
  std::unordered_map<std::uint64_t, std::uint32_t> persons_of_;  // How many persons of an account there are.
  std::atomic<std::size_t> people_{0};
};

}  // namespace citiverse::api
