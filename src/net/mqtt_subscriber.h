// Listening to a broker of MQTT 3.1.1 so that nothing is acknowledged before it is kept.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace citiverse::net {

inline constexpr std::size_t kMqttBatchMax = 1'024;            ///< Messages handed on at once.
inline constexpr std::size_t kMqttWaitingMax = 16 * 1'024;     ///< Messages that were handed on and are not kept yet.
inline constexpr std::size_t kMqttWaitingBytesMax = 32 << 20;  ///< Of them, together.
inline constexpr std::size_t kMqttPasswordBytesMax = 4'096;

struct MqttOptions {
  std::string name;  ///< For the log.
  std::string host;
  std::uint16_t port = 1883;
  std::string client_id;  ///< The broker keeps what comes for it while this node is away.
  std::string user;
  std::filesystem::path password_file;  ///< Read at each connection; its first line. Empty: none.
  bool is_tls = false;                  ///< TLS 1.2 or later; certificate and host name are checked.
  std::filesystem::path authorities;    ///< PEM file of further authorities.
  std::vector<std::string> filters;     ///< Subscribed to with QoS 1.
  std::chrono::seconds keep_alive{30};
  std::chrono::milliseconds pause_least{1'000};  ///< Before it connects again, doubled each time …
  std::chrono::milliseconds pause_most{60'000};  ///< … up to this.
  std::chrono::milliseconds connect_time{10'000};
};

struct MqttMessage {
  std::string topic;
  std::string payload;
  bool is_retained = false;
};

/// Since the start.
struct MqttFigures {
  std::atomic<std::uint64_t> messages = 0;      ///< Handed on and taken.
  std::atomic<std::uint64_t> acknowledged = 0;  ///< Of QoS 1.
  std::atomic<std::uint64_t> connections = 0;
  std::atomic<bool> is_connected = false;  ///< And subscribed.
};

/// One connection on a thread of its own. Connects until it is destroyed, by a session that lasts beyond connections (clean
/// session 0), so that what was not acknowledged comes again. Reads no more from the broker than may wait, so that what nobody
/// can keep waits there. The broker is one that the operator named: its address may be private.
/// Source: MQTT Version 3.1.1 (OASIS, 2014). Debian's libmosquitto cannot do this: it acknowledges before it tells
/// (docs/decisions/0015).
class MqttSubscriber {
 public:
  /// Says whether messages were kept; otherwise the connection ends and the broker sends them again. Once, on any thread.
  using Done = std::function<void(bool is_kept)>;
  /// Takes messages, in the order in which they came, and calls `done` when they are kept. False: not now, and `done` is not
  /// called; the same messages are offered again after a pause. On the subscriber's thread.
  using Take = std::function<bool(std::span<const MqttMessage> messages, Done done)>;

  MqttSubscriber(MqttOptions options, Take take);
  /// Ends the connection. What was taken and is kept later is not acknowledged any more.
  ~MqttSubscriber();
  MqttSubscriber(const MqttSubscriber&) = delete;
  MqttSubscriber& operator=(const MqttSubscriber&) = delete;

  const MqttFigures& figures() const;

 private:
  struct Data;
  std::shared_ptr<Data> data_;
  std::jthread thread_;
};

}  // namespace citiverse::net
