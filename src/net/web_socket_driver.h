// Established WebSockets by the ten thousand: one thread sweeps over them, takes what has come, asks the app, sends what it
// says.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "net/limits.h"

namespace citiverse::net {

class AddressAccount;
class Metrics;

/// A socket's place: small, dense, and used again after closed(); an app keeps what it knows of a socket in flat arrays by it.
using SocketId = std::uint32_t;

/// Why a socket ended or is to end: RFC 6455, 7.4.1, and this program's own from 4000 on (protocol/presence.md).
enum class CloseCode : std::uint16_t {
  done = 1000,
  going_away = 1001,
  protocol_error = 1002,
  not_understood = 1003,  ///< Text where only binary messages are spoken.
  none_given = 1005,      ///< The other side closed without a code; never sent.
  lost = 1006,            ///< The connection broke, or nothing was heard for too long; never sent.
  bad_payload = 1007,
  policy = 1008,
  too_big = 1009,
  try_later = 1013,  ///< Too slow for what it must not miss.
  signed_out = 4001,
  banned = 4002,
  space_full = 4003,
  flood = 4004,
  replaced = 4005,
  space_closed = 4007,
};

/// What lives behind the sockets. Every call comes from the driver's one thread, so an app needs no locks; none may block.
/// `now` is of the steady clock, the same through one step of a sweep.
class WebSocketApp {
 public:
  virtual ~WebSocketApp() = default;
  /// A socket stands. `ticket` is what Route::upgrade gave for it. Each comes once at most: a client may vanish after the
  /// upgrade was granted, so an app forgets tickets that were not opened within seconds.
  virtual void opened(SocketId socket, std::uint64_t ticket, std::chrono::nanoseconds now) = 0;
  /// These sockets are received from next: an app may fetch what it keeps of them into the processor's cache.
  virtual void expects(std::span<const SocketId> sockets) { (void)sockets; }
  /// One whole binary message of at most kWebSocketMessageBytesMax, unmasked; valid during the call. Within the limits of
  /// messages and bytes a second (net/limits.h).
  virtual void received(SocketId socket, std::span<const std::byte> message, std::chrono::nanoseconds now) = 0;
  /// The socket is gone; its id is given to another after this call. Comes once for every opened().
  virtual void closed(SocketId socket, CloseCode code) = 0;
  /// Sockets whose turn it is have been received from: now their messages are composed and sent. A step has this call once or
  /// several times, each for other sockets. `due` is when this step
  /// was due, on a fixed grid: the start + n × period + phase × period / phases, so that a tick's number follows from it; what
  /// is late is late against it. send() may also name other sockets, whose bytes leave at the end of this step.
  virtual void swept(std::uint32_t phase, std::span<const SocketId> sockets, std::chrono::nanoseconds due,
                     std::chrono::nanoseconds now) = 0;
};

struct WebSocketOptions {
  std::chrono::nanoseconds period{100'000'000};  ///< In which a socket is swept at most once: 10 Hz.
  /// A period is cut into so many steps, each for its share of the sockets: what has been composed leaves within a step's time,
  /// and the load is even. At least 1.
  std::uint32_t phases = 10;
  bool may_use_ring = true;  ///< io_uring where the system has it; otherwise a system call a socket.
  Limits limits;
};

/// Threads: the functions for the app are called from its callbacks and from posted jobs only; the others from anywhere.
/// Cost: one receive and one send a socket and period, no allocation a message, about 200 bytes a quiet socket.
/// Source: RFC 6455 (fragments, control frames, close codes; no extensions).
class WebSocketDriver {
 public:
  /// `app` and `metrics` must outlive the driver. Its gauges and counters are added to `metrics` here.
  WebSocketDriver(WebSocketApp& app, Metrics& metrics, WebSocketOptions options);
  ~WebSocketDriver();
  WebSocketDriver(const WebSocketDriver&) = delete;
  WebSocketDriver& operator=(const WebSocketDriver&) = delete;

  // For the app.

  /// Where a message is best composed: it is sent from here without a copy. Anew for each message.
  std::span<std::byte> space();
  /// Whether send_latest() would take a message now: ask it before composing one that counts what it says as said.
  bool takes_latest(SocketId socket);
  /// Sends a message that the next one makes old. False: the client has not taken what was sent before, and nothing was sent
  /// or kept; compose it anew at the next sweep. A slow client so gets fewer messages, never older ones. One message is kept
  /// that the kernel does not take at once. It leaves with others, before the end of this step.
  bool send_latest(SocketId socket, std::span<const std::byte> message);
  /// Sends a message that must not be missed, in order; it leaves with the socket's next send_latest() or at the end of this
  /// step. False: kWebSocketQueueBytesMax of such messages wait already, and the socket ends with try_later.
  bool send(SocketId socket, std::span<const std::byte> message);
  /// Says why (at most 123 bytes of UTF-8) and ends; nothing is received any more. closed() comes at the end of this step.
  void close(SocketId socket, CloseCode code, std::string_view reason = {});

  /// The phase in which this socket has its turn, as long as it stands.
  std::uint32_t phase_of(SocketId socket) const;
  /// The socket has its turn in every `every`-th period only (at first: in each): what comes from it waits as long, and
  /// swept() names it as rarely. 1 to 255.
  void set_cadence(SocketId socket, std::uint32_t every);

  // For any thread.

  /// Runs `job` on the driver's thread before its next step. False when kWebSocketJobsMax jobs wait.
  bool post(std::function<void()> job);
  /// Takes over a connected socket whose handshake has been answered, with bytes that came after it. Closes it when there are
  /// web_sockets_max already. Called by net.
  void adopt(int descriptor, std::uint64_t ticket, std::span<const char> received, std::shared_ptr<AddressAccount> account);
  /// False when there is no room for one more. Called by net before the handshake is answered.
  bool has_room() const;
  void start();
  /// Says going_away to all, waits at most stop_time for them, ends the thread.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace citiverse::net
