// Bytes from and to many sockets: one system call a batch where the system has io_uring, one a socket where not.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "net/asset.h"
#include "net/web_socket_driver.h"

namespace citiverse::net {

/// Holds connected sockets by their SocketId. Nothing here waits: what cannot be done at once is answered with −EAGAIN.
/// With io_uring a socket stands in the ring's own table and takes no descriptor of the process, so that RLIMIT_NOFILE holds
/// for each of the two alone. Needs Linux 6.8 for that (IORING_OP_FIXED_FD_INSTALL). Threads: the one that made it. Source:
/// io_uring_enter(2), io_uring_register(2).
class SocketBatches {
 public:
  static constexpr std::size_t kBatchMax = 32;
  struct Receive {
    SocketId socket = 0;
    std::span<std::byte> into;
    ssize_t result = 0;  ///< Bytes; 0: the other side has ended; below: −errno.
  };
  struct Send {
    SocketId socket = 0;
    std::span<const std::byte> bytes;
    ssize_t result = 0;
  };

  /// Without io_uring where `may_use_ring` is false or the system refuses.
  SocketBatches(std::size_t sockets_max, bool may_use_ring);
  ~SocketBatches();
  SocketBatches(const SocketBatches&) = delete;
  SocketBatches& operator=(const SocketBatches&) = delete;

  bool uses_ring() const { return ring_ != nullptr; }
  void hold(SocketId socket, FileHandle handle);
  /// Gives the socket back; nothing (−1) where the process has no descriptor left: then it is closed.
  FileHandle let_go(SocketId socket);
  void close(SocketId socket);
  /// At most kBatchMax.
  void receive(std::span<Receive> batch);
  /// At most kBatchMax, in their order.
  void send(std::span<Send> batch);

 private:
  struct Ring;
  bool is_in_ring(SocketId socket) const { return ring_ != nullptr && handles_[socket].get() < 0; }

  std::unique_ptr<Ring> ring_;
  std::vector<FileHandle> handles_;  // Of those that are not in the ring.
};

}  // namespace citiverse::net
