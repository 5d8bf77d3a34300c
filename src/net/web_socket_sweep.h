// What the driver keeps of each socket, and what it does with them. Private to the room.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <thread>
#include <vector>

#include "net/asset.h"
#include "net/rate_limit.h"
#include "net/socket_batches.h"
#include "net/web_socket_driver.h"
#include "net/web_socket_frame.h"
#include "net/web_socket_linger.h"

namespace citiverse::net {

// What a quiet socket does not need.
struct RareSocketState {
  std::vector<std::byte> held;   // The beginning of a frame that has not come whole.
  std::vector<std::byte> queue;  // Frames that the client has not taken, from `queue_sent` on.
  std::size_t queue_sent = 0;
  MessageJoiner joiner;
  bool is_joining = false;

  std::span<const std::byte> waiting() const { return std::span(queue).subspan(queue_sent); }
  bool is_empty() const { return held.empty() && queue.empty() && !is_joining; }
};

struct alignas(64) SweptSocket {  // One cache line.
  enum class State : std::uint8_t { free, open, ended };
  std::unique_ptr<RareSocketState> rare;
  std::shared_ptr<AddressAccount> account;
  std::int64_t messages_arrival_ns = 0;
  std::int64_t bytes_arrival_ns = 0;
  std::int64_t heard_ns = 0;
  std::uint32_t place = 0;  // In its phase's list.
  std::uint16_t phase = 0;
  CloseCode code = CloseCode::lost;
  std::uint8_t every = 1;  // Periods from turn to turn.
  State state = State::free;
  bool is_asked = false;  // For a sign of life.
  bool is_dirty = false;  // Its queue is to be flushed at the end of the step.

  RareSocketState& rarely() {
    if (rare == nullptr) rare = std::make_unique<RareSocketState>();
    return *rare;
  }
  bool has_waiting() const { return rare != nullptr && !rare->queue.empty(); }
};
static_assert(sizeof(SweptSocket) == 64);

inline constexpr std::size_t kBatchReadBytes = 2048;  // First taken from each socket of a batch; where there is more, the rest.
inline constexpr std::size_t kBatchStrideBytes = kBatchReadBytes + 64;  // So that not all begin in one set of the cache.

inline void count(std::atomic<std::uint64_t>& counter, std::uint64_t more = 1) {
  counter.store(counter.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
}

struct ArrivedSocket {
  FileHandle handle;
  std::uint64_t ticket = 0;
  std::vector<std::byte> received;
  std::shared_ptr<AddressAccount> account;
};

struct WebSocketDriver::Impl {
  Impl(WebSocketApp& app_, WebSocketOptions options_)
      : app(app_),
        options(options_),
        phases(std::clamp<std::size_t>(options_.phases, 1, 0xFFFF)),
        lingering(options_.limits.linger_time) {}

  // The thread's life.
  void run();
  void step(std::uint32_t phase, std::chrono::nanoseconds due);
  void sweep_batch(std::uint32_t phase, std::span<const SocketId> batch, std::chrono::nanoseconds due);
  void take_jobs_and_arrivals();
  void open(ArrivedSocket arrival);
  void finish_ended();
  void end_all();

  // One socket.
  void take_received(const SocketBatches::Receive& received);
  void receive_more(SocketId id);
  bool count_received(SocketId id, ssize_t result);
  void read_frames(SocketId id, std::span<std::byte> bytes);
  bool take_frame(SocketId id, const Frame& frame);
  bool take_control(SocketId id, const Frame& frame);
  void check_time(SocketId id);
  void fail(SocketId id, CloseCode code);
  void close(SocketId id, CloseCode code, std::string_view reason);
  void enqueue(SocketId id, Opcode opcode, std::span<const std::byte> payload);
  bool flush(SocketId id);
  bool takes_latest(SocketId id);
  std::span<std::byte> space();
  bool send_latest(SocketId id, std::span<const std::byte> message);
  void send_pending();

  WebSocketApp& app;
  WebSocketOptions options;
  std::chrono::nanoseconds now{};
  std::vector<SweptSocket> sockets;
  std::vector<SocketId> free_ids;
  std::vector<std::vector<SocketId>> phases;
  std::uint64_t round = 0;          // Periods since the start.
  std::vector<SocketId> turn;       // Whose turn it is in this step.
  std::vector<SocketId> answering;  // Of its batch, those that have been received from.
  std::vector<SocketId> ended;
  std::vector<SocketId> dirty;
  LingeringSockets lingering;
  std::vector<std::byte> in = std::vector<std::byte>(kWebSocketReadBytesMax + kWebSocketMessageBytesMax + kFrameHeaderBytesMax);
  std::vector<std::byte> in_batch = std::vector<std::byte>(SocketBatches::kBatchMax * kBatchStrideBytes);
  std::vector<SocketBatches::Receive> receives;
  // Messages of a batch lie behind one another from here to `out_at`, each after its header, until they are sent together.
  std::vector<std::byte> out = std::vector<std::byte>(2 * (kOwnFrameHeaderBytesMax + kWebSocketOutBytesMax));
  std::size_t out_at = 0;
  std::vector<SocketBatches::Send> sends;
  std::unique_ptr<SocketBatches> bytes;  // From the thread's beginning to its end.

  std::mutex mutex;  // Of the two queues.
  std::vector<ArrivedSocket> arrivals;
  std::vector<std::function<void()>> jobs;
  std::atomic<bool> stopping{false};
  std::atomic<std::uint32_t> held{0};  // Established, arriving and lingering.
  std::jthread thread;

  // Written by the sockets' thread only, so that counting needs no locked instruction.
  std::atomic<std::uint64_t> open_count{0}, messages_in{0}, messages_out{0}, bytes_in{0}, bytes_out{0}, skipped{0}, late{0};
  std::atomic<std::uint64_t> cut_off{0};
};

}  // namespace citiverse::net
