// Visitors on their way in, on a thread of their own: coming in blocks, walking must not.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <queue>
#include <string>
#include <thread>
#include <vector>

#include "load/joiner.h"

namespace citiverse::load {

/// Threads: every function from the owner's thread.
class Arrivals {
 public:
  /// `cookies`: a session of each visitor, or empty ones that are filled.
  Arrivals(Entrance entrance, std::vector<std::string> cookies);
  ~Arrivals();

  /// The visitor tries to come in at a time of the steady clock.
  void expect(std::uint32_t visitor, std::chrono::nanoseconds at);
  struct Arrival {
    std::uint32_t visitor = 0;
    int socket = -1;  ///< −1: refused.
    std::string refusal;
  };
  /// Those that have come in or been refused since the last call.
  std::vector<Arrival> take();
  /// Ends the thread; the sessions as they are then.
  std::vector<std::string> finish();

 private:
  struct Expected {
    std::chrono::nanoseconds at;
    std::uint32_t visitor;
    bool operator>(const Expected& other) const { return at > other.at; }
  };
  void run(const std::stop_token& stop);

  Entrance entrance_;
  std::vector<std::string> cookies_;
  std::mutex mutex_;
  std::condition_variable_any woken_;
  std::priority_queue<Expected, std::vector<Expected>, std::greater<>> expected_;
  std::vector<Arrival> arrived_;
  std::jthread thread_;
};

}  // namespace citiverse::load
