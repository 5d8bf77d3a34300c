// Every request says MSG_DONTWAIT, so a ring answers all of a batch before the call that submits it returns.
#include "net/socket_batches.h"

#include <liburing.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "base/check.h"

namespace citiverse::net {
namespace {

constexpr unsigned kFixedFdInstall = 54;  // IORING_OP_FIXED_FD_INSTALL, which is newer than liburing 2.3.
constexpr int kNoFile = -1;

bool has_all(io_uring* ring) {
  io_uring_probe* const probe = ::io_uring_get_probe_ring(ring);
  if (probe == nullptr) return false;
  const bool has = ::io_uring_opcode_supported(probe, IORING_OP_RECV) != 0 &&
                   ::io_uring_opcode_supported(probe, IORING_OP_SEND) != 0 &&
                   ::io_uring_opcode_supported(probe, kFixedFdInstall) != 0;
  ::io_uring_free_probe(probe);
  return has;
}

unsigned table_size(std::size_t sockets_max) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  return static_cast<unsigned>(std::min<rlim_t>(limit.rlim_cur, sockets_max));
}

}  // namespace

struct SocketBatches::Ring {
  io_uring ring{};
  unsigned files = 0;

  // Submits what has been prepared, waits for all of it, and hands over each result with what it was prepared with.
  template <class F>
  void run(unsigned count, F&& f) {
    for (unsigned done = 0; done < count;) {
      const int submitted = ::io_uring_submit_and_wait(&ring, count - done);
      CITIVERSE_CHECK(submitted >= 0 || submitted == -EINTR || submitted == -EAGAIN, "a ring of this thread takes what fits");
      io_uring_cqe* completion = nullptr;
      unsigned head = 0;
      unsigned seen = 0;
      io_uring_for_each_cqe(&ring, head, completion) {
        f(::io_uring_cqe_get_data64(completion), completion->res);
        ++seen;
      }
      ::io_uring_cq_advance(&ring, seen);
      done += seen;
    }
  }
};

SocketBatches::SocketBatches(std::size_t sockets_max, bool may_use_ring) {
  if (!may_use_ring) return;
  auto made = std::make_unique<Ring>();
  if (::io_uring_queue_init(2 * kBatchMax, &made->ring, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN) != 0) return;
  made->files = table_size(sockets_max);
  if (!has_all(&made->ring) || ::io_uring_register_files_sparse(&made->ring, made->files) != 0) {
    ::io_uring_queue_exit(&made->ring);
    return;
  }
  ring_ = std::move(made);
}

SocketBatches::~SocketBatches() {
  if (ring_ != nullptr) ::io_uring_queue_exit(&ring_->ring);
}

void SocketBatches::hold(SocketId socket, FileHandle handle) {
  if (handles_.size() <= socket) handles_.resize(socket + 1);
  if (ring_ != nullptr && socket < ring_->files) {
    const int descriptor = handle.get();
    if (::io_uring_register_files_update(&ring_->ring, socket, &descriptor, 1) == 1) return;  // The ring has its own hold.
  }
  handles_[socket] = std::move(handle);
}

FileHandle SocketBatches::let_go(SocketId socket) {
  if (!is_in_ring(socket)) return std::exchange(handles_[socket], FileHandle());
  io_uring_sqe* const entry = ::io_uring_get_sqe(&ring_->ring);
  ::io_uring_prep_nop(entry);
  entry->opcode = kFixedFdInstall;
  entry->fd = static_cast<int>(socket);
  entry->flags |= IOSQE_FIXED_FILE;
  int descriptor = kNoFile;
  ring_->run(1, [&](std::uint64_t, int result) { descriptor = std::max(result, kNoFile); });
  close(socket);
  return FileHandle(descriptor);
}

void SocketBatches::close(SocketId socket) {
  if (is_in_ring(socket)) ::io_uring_register_files_update(&ring_->ring, socket, &kNoFile, 1);
  handles_[socket] = FileHandle();
}

void SocketBatches::receive(std::span<Receive> batch) {
  unsigned in_ring = 0;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    Receive& one = batch[i];
    if (is_in_ring(one.socket)) {
      io_uring_sqe* const entry = ::io_uring_get_sqe(&ring_->ring);
      ::io_uring_prep_recv(entry, static_cast<int>(one.socket), one.into.data(), one.into.size(), MSG_DONTWAIT);
      entry->flags |= IOSQE_FIXED_FILE;
      ::io_uring_sqe_set_data64(entry, i);
      ++in_ring;
    } else {
      one.result = ::recv(handles_[one.socket].get(), one.into.data(), one.into.size(), MSG_DONTWAIT);
      if (one.result < 0) one.result = -errno;
    }
  }
  if (in_ring > 0) ring_->run(in_ring, [&](std::uint64_t i, int result) { batch[i].result = result; });
}

void SocketBatches::send(std::span<Send> batch) {
  constexpr int kFlags = MSG_DONTWAIT | MSG_NOSIGNAL;
  unsigned in_ring = 0;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    Send& one = batch[i];
    if (is_in_ring(one.socket)) {
      io_uring_sqe* const entry = ::io_uring_get_sqe(&ring_->ring);
      ::io_uring_prep_send(entry, static_cast<int>(one.socket), one.bytes.data(), one.bytes.size(), kFlags);
      entry->flags |= IOSQE_FIXED_FILE;
      ::io_uring_sqe_set_data64(entry, i);
      ++in_ring;
    } else {
      one.result = ::send(handles_[one.socket].get(), one.bytes.data(), one.bytes.size(), kFlags);
      if (one.result < 0) one.result = -errno;
    }
  }
  if (in_ring > 0) ring_->run(in_ring, [&](std::uint64_t i, int result) { batch[i].result = result; });
}

}  // namespace citiverse::net
