// The HTTP server: sockets, threads, time-outs and stopping. Which address is answered how is the Router's business.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/limits.h"
#include "net/metrics.h"
#include "net/router.h"
#include "net/web_socket_driver.h"

namespace citiverse::net {

struct ServerOptions {
  std::string host = "127.0.0.1";   ///< A numeric address, v4 or v6.
  std::uint16_t port = 8080;        ///< 0: any free port; see Server::port().
  std::uint32_t threads = 0;        ///< For connections; 0: one a core.
  std::uint32_t brief_workers = 0;  ///< 0: one a core.
  std::uint32_t long_workers = 0;   ///< 0: one a core.
  Gate* gate = nullptr;             ///< Asked on every request; must outlive the server. Absent: net/gate.h.
  /// As Doorway::tell_refusal (net/dispatch.h).
  std::function<std::optional<Reply>(const Request& request, int status, std::string_view detail)> tell_refusal = {};
  WebSocketDriver* web_sockets = nullptr;  ///< Drives what Route::upgrade lets in; started and stopped with the server.
  std::string public_origin;  ///< As browsers see this node, "https://city.example"; empty: http://HOST:PORT (net/origin.h).
  /// Numeric addresses of proxies in front of this node. Of a request from one, the address is what its X-Forwarded-For says
  /// last.
  std::vector<std::string> trusted_proxies;
  bool logs_requests = false;  ///< One log line a request: route, status, bytes, time. Never the query.
  Limits limits;
};

/// HTTP/1.1 (RFC 9112) with keep-alive and pipelining, one event loop a core, connections given to them in turn.
/// Threads: stop() may be called from any thread and from a signal-waiting one; the rest by the owner.
class Server {
 public:
  /// `router` and `metrics` must outlive the server; metrics' routes are set here.
  Server(const Router& router, Metrics& metrics, ServerOptions options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Listens and starts its threads. Fails: bad_input for an address or a public origin that is none, unavailable when the port
  /// is taken.
  base::Result<void> start();
  /// The port that is listened on, after start().
  std::uint16_t port() const;
  /// Stops accepting, closes idle connections, lets running requests finish within stop_time.
  void stop();
  bool is_stopping() const;
  /// Waits until every connection has ended.
  void wait();
  /// Waits for SIGINT or SIGTERM, then stops and waits.
  void run_until_signal();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace citiverse::net
