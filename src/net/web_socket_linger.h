// The last seconds of sockets that have ended: their close frame still has to arrive. Private to the room.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

#include "net/asset.h"
#include "net/rate_limit.h"

namespace citiverse::net {

/// Sends what is left, then reads and drops until the client closes too: a close with unread bytes would reset the connection,
/// and the reason could be lost (RFC 6455, 7.1.1; RFC 9112, 9.6). Threads: one owner.
class LingeringSockets {
 public:
  explicit LingeringSockets(std::chrono::nanoseconds time) : time_(time) {}

  void add(FileHandle socket, std::vector<std::byte> left, std::shared_ptr<AddressAccount> account,
           std::chrono::nanoseconds now);
  /// Goes over all once; returns how many ended.
  std::size_t sweep(std::chrono::nanoseconds now);
  std::size_t size() const { return sockets_.size(); }

 private:
  struct Lingering {
    FileHandle socket;
    std::vector<std::byte> left;
    std::size_t sent = 0;
    std::size_t dropped = 0;
    bool has_said_all = false;
    std::shared_ptr<AddressAccount> account;
    std::chrono::nanoseconds deadline{};
  };
  static bool has_ended(Lingering& lingering);

  std::chrono::nanoseconds time_;
  std::vector<Lingering> sockets_;
};

}  // namespace citiverse::net
