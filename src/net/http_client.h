// What this node asks of others: one HTTPS request with bounds, that cannot be led into the city's own network.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/request.h"

namespace citiverse::net {

inline constexpr std::size_t kOutgoingAnswerBytesMax = 256 * 1024;  ///< Body of an answer, unless a policy says otherwise.
inline constexpr std::size_t kOutgoingHeaderBytesMax = 16 * 1024;   ///< Status line and fields of an answer.

/// What the operator decides about calls to other machines.
struct OutgoingPolicy {
  /// "host:port" of machines that may be called although their address is not public, and by plain http too: a city's own
  /// sign-in server. Everything else must be https on a public address.
  std::vector<std::string> trusted_hosts;
  /// PEM file of further certificate authorities; the system's own are always used.
  std::filesystem::path authorities;
  std::chrono::milliseconds time_max{8'000};  ///< For name, connection, TLS and answer together.
  std::size_t answer_bytes_max = kOutgoingAnswerBytesMax;
};

struct OutgoingRequest {
  Method method = Method::get;  ///< get or post.
  std::string url;
  std::string accept = "application/json";
  std::string content_type;   ///< Of the body; empty without one.
  std::string authorization;  ///< A whole field value, or empty.
  std::string body;
};

struct OutgoingAnswer {
  int status = 0;
  std::string media_type;  ///< Lower case, without parameters.
  std::string cache_control;
  std::string body;
};

/// Holds no connection between calls and follows no redirection. Every address that a name has must be allowed, and the
/// connection goes to exactly the addresses that were checked, so that a second look-up cannot answer otherwise.
/// TLS 1.2 or later; certificate and host name are checked (RFC 9525). Threads: safe. Blocks up to `time_max`; a name server
/// that does not answer may hold the call as long as the system's resolver waits.
class HttpClient {
 public:
  explicit HttpClient(OutgoingPolicy policy = {}) : policy_(std::move(policy)) {}

  /// Any status is an answer. Fails: bad_input (the URL), denied (a host that may not be called), limit (too long an answer),
  /// unavailable (no connection, certificate, time), each naming the host; never the path, which may hold secrets.
  base::Result<OutgoingAnswer> send(const OutgoingRequest& request) const;

 private:
  OutgoingPolicy policy_;
};

}  // namespace citiverse::net
