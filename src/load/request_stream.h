// HTTP requests that are sent when they are due, whatever the node does, and how long each took from then.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "load/percentiles.h"

namespace citiverse::load {

inline constexpr std::uint32_t kStreamConnectionsMax = 4'096;

struct RequestPlan {
  std::string host = "127.0.0.1";  ///< Numeric, IPv4.
  std::uint16_t port = 8080;
  std::uint32_t connections = 64;  ///< Kept open; each has one request under way at most.
  /// Requests a second, evenly spaced, in an open loop (Schroeder, Wierman & Harchol-Balter 2006): time counts from when a
  /// request was due. 0: a closed loop, the next as soon as a connection is free; that finds the most a node can do, and says
  /// nothing of waiting.
  double rate = 0;
  std::chrono::nanoseconds measure{std::chrono::seconds(10)};
  std::chrono::nanoseconds warm_up{std::chrono::seconds(1)};  ///< Sent likewise before, and not counted.
  std::uint64_t requests_max = UINT64_MAX;                    ///< Ends when so many were answered, warm-up included.
};

struct RequestReport {
  double seconds = 0;          ///< Measured for so long.
  std::uint64_t due = 0;       ///< In the measured time; a closed loop makes as many due as it sends.
  std::uint64_t answered = 0;  ///< Of these with a status of 2xx, until the measured time ended.
  std::uint64_t refused = 0;   ///< Of these with another status.
  std::uint64_t bytes_in = 0;
  Percentiles time;           ///< From due to the last byte of the answer.
  std::string first_refusal;  ///< Status line and body of the first refusal, at most 1 kB.
};

/// Appends the bytes of the request with number `index` (0, 1, 2, ...) to `out`, head and body.
using WriteRequest = std::function<void(std::uint64_t index, std::string& out)>;

/// Sends and measures in this thread. Fails: unavailable (cannot connect, or the node closed every connection), bad_input
/// (host).
base::Result<RequestReport> measure_requests(const RequestPlan& plan, const WriteRequest& write);

}  // namespace citiverse::load
