// Who breaks the rules on purpose, beside those who keep them.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>

#include "load/joiner.h"

namespace citiverse::load {

/// So many hostile clients on a thread of their own, each trying again and again, kAttemptsPerSecond altogether at most: frames
/// that break RFC 6455, messages that break the protocol, oversized and out-of-order ones, floods, teleport cheats, forged
/// sessions, foreign origins, password spraying, and handshakes left half open. They come from addresses of their own.
class Hostile {
 public:
  static constexpr double kAttemptsPerSecond = 500;

  Hostile(Entrance entrance, std::uint32_t clients, std::uint64_t seed);
  ~Hostile();
  Hostile(const Hostile&) = delete;
  Hostile& operator=(const Hostile&) = delete;
  /// Ends them; how often they tried.
  std::uint64_t finish();

 private:
  void run(const std::stop_token& stop, std::uint32_t clients, std::uint64_t seed);
  Entrance entrance_;
  std::atomic<std::uint64_t> attempts_{0};
  std::jthread thread_;
};

}  // namespace citiverse::load
