// What this node counts of itself, in the words of Prometheus.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace citiverse::net {

/// Counters of the server and gauges of others. Threads: counting and writing are safe once all gauges and routes are added.
class Metrics {
 public:
  static constexpr std::array<int, 38> kStatuses = {101, 200, 201, 202, 204, 206, 207, 302, 303, 304, 400, 401, 403,
                                                    404, 405, 406, 408, 409, 410, 412, 413, 414, 415, 416, 417, 422,
                                                    423, 426, 429, 431, 500, 501, 502, 503, 504, 505, 507, 0};
  /// Upper bounds of the latency histogram, in microseconds.
  static constexpr std::array<std::uint32_t, 12> kLatencyBoundsUs = {50,    100,    250,    500,     1'000,     2'500,
                                                                     5'000, 10'000, 50'000, 250'000, 1'000'000, 5'000'000};

  /// Names the routes that count() takes by position; one more counts what no route answered.
  void set_routes(std::vector<std::string> names);
  /// `read` is called when metrics are asked for. `type` is "gauge" or "counter".
  void add_value(std::string name, std::string help, std::string type, std::function<double()> read);

  void count(std::uint32_t route, int status, std::chrono::microseconds latency, std::uint64_t bytes);

  std::atomic<std::uint64_t> connections_accepted{0};
  std::atomic<std::uint64_t> connections_refused{0};
  std::atomic<std::uint64_t> connections_open{0};

  /// Text format 0.0.4.
  std::string text() const;

 private:
  struct alignas(64) RouteCounts {
    std::array<std::atomic<std::uint64_t>, kStatuses.size()> by_status{};
    std::array<std::atomic<std::uint64_t>, kLatencyBoundsUs.size() + 1> by_latency{};
    std::atomic<std::uint64_t> latency_us{0};
    std::atomic<std::uint64_t> bytes{0};
  };
  struct Value {
    std::string name;
    std::string help;
    std::string type;
    std::function<double()> read;
  };
  void write_requests(std::string& out) const;
  void write_latency(std::string& out) const;

  std::vector<std::string> names_;
  std::deque<RouteCounts> counts_;
  std::vector<Value> values_;
};

}  // namespace citiverse::net
