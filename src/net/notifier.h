// Tells other machines of what happened, each at its own pace: one that is dead or slow never delays another.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/mqtt_publishing.h"

namespace citiverse::net {

struct NotifierOptions {
  /// "host:port" that may be told although their address is not public, and by plain http; the operator's, as in
  /// OutgoingPolicy. By plain mqtt likewise.
  std::vector<std::string> trusted_hosts;
  bool allows_private = false;                ///< Any address, and plain http to it: for tests and closed networks.
  std::filesystem::path authorities;          ///< PEM file of further certificate authorities.
  std::size_t endpoints_max = 2'000;          ///< That have something waiting, or had it lately.
  std::size_t queue_max = 5'000;              ///< Deliveries that wait for one endpoint; beyond, the oldest is dropped.
  std::size_t queue_bytes_max = 8 << 20;      ///< Likewise their bodies.
  std::size_t waiting_bytes_max = 256 << 20;  ///< Bodies that wait for all endpoints together; beyond, what comes is dropped.
  std::size_t lanes = 4;                      ///< Connections to one endpoint, at most.
  std::uint32_t attempts_max = 4;
  std::chrono::milliseconds request_time{5'000};  ///< Name, connection, TLS, request and answer of one attempt.
  std::chrono::milliseconds retry_time{200};   ///< Before the second attempt; doubles, and up to half of it is added by chance.
  std::uint32_t failures_to_open = 5;          ///< In a row: then the endpoint rests, and after that one delivery goes first.
  std::chrono::milliseconds rest_time{2'000};  ///< Doubles with each failed try after a rest.
  std::chrono::milliseconds rest_time_max{60'000};
  std::chrono::milliseconds idle_time{60'000};  ///< A connection that nothing was sent over is closed then.
};

struct Delivery {
  /// http, https, mqtt or mqtts (notifier_address.h); its scheme, host and port, and of MQTT user and version, are the
  /// endpoint.
  std::string url;
  std::string content_type = "application/json";
  std::string fields;  ///< Of HTTP: further ones, each ending in CRLF; checked by whoever made them: no controls from outside.
  std::string body;
  MqttVersion mqtt_version = MqttVersion::v5_0;
  std::uint8_t mqtt_quality = 0;  ///< QoS; one that the broker does not take becomes the best that it takes.
  /// Deliveries to one endpoint with the same number arrive in the order in which they were sent.
  std::uint64_t order = 0;
  /// Not 0: a delivery that waits with the same number is replaced by this one, which says what is newer.
  std::uint64_t replaces = 0;
  std::chrono::milliseconds request_time{0};  ///< Not 0: instead of the notifier's, and not longer.
  /// Not 0: after a failure nothing is sent to the endpoint for so long, and what comes meanwhile is dropped.
  std::chrono::milliseconds cooldown{0};
  /// Called once, on the notifier's thread: the status of the last answer, 0 where there was none. Not where it was replaced.
  /// Of MQTT, mqtt_status(): 200 where the broker has it.
  std::function<void(int status)> done;
};

/// Of all deliveries since the start: due = delivered + dropped + replaced + waiting, at every moment when nothing is sent.
struct NotifierCounts {
  std::uint64_t due = 0;
  std::uint64_t delivered = 0;  ///< Answered with 2xx.
  std::uint64_t dropped = 0;    ///< Dead letters: refused, given up after attempts_max, or too many waited.
  std::uint64_t replaced = 0;   ///< By newer ones.
  std::uint64_t waiting = 0;
  std::uint64_t retried = 0;
  std::uint64_t endpoints = 0;  ///< That have something waiting, or had it lately.
  std::uint64_t resting = 0;    ///< Of these, those that failed too often in a row.
};

/// One thread, and a few for names. HTTP/1.1 with connections that are kept; redirections are not followed and count as
/// refusals. MQTT 3.1.1 and 5.0 likewise: one message of a lane is under way until the broker has it, also with QoS 0. Every
/// address of a name must be allowed, and only such an address is connected to. A delivery arrives at least once or is counted
/// as dropped; it may arrive twice where an answer was lost. Threads: safe.
class Notifier {
 public:
  explicit Notifier(NotifierOptions options);
  /// What waits is dropped; `done` is still called.
  ~Notifier();
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  /// Whether an URL may be sent to as far as its text tells: addresses of names are known only when they are asked for.
  /// Fails: bad_input (the URL), denied (plain http, or an address that is not public, where the operator did not allow it).
  base::Result<void> check(std::string_view url) const;
  /// Never blocks. Fails as check(); then `done` is not called, and nothing is counted.
  base::Result<void> send(Delivery delivery);
  NotifierCounts counts() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace citiverse::net
