// A sweep, measured against waiting for each socket's readiness (io_uring, epoll) on 10,000 sockets: what it takes is never
// old.
#include "net/web_socket_driver.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

#include "base/check.h"
#include "base/log.h"
#include "base/thread_share.h"
#include "net/metrics.h"
#include "net/web_socket_sweep.h"

namespace citiverse::net {
namespace {

using std::chrono::nanoseconds;

constexpr int kSendBufferBytes = 32 * 1024;  // In the kernel, a socket: what waits there cannot be replaced by something newer.
constexpr int kUnsentBytesMax = 4 * 1024;    // Of it, what has not left yet.
constexpr unsigned kUserTimeoutMs = 20'000;  // Without an acknowledgement, the connection is lost.

nanoseconds steady_now() { return std::chrono::steady_clock::now().time_since_epoch(); }

template <class Value>
void set_option(int descriptor, int level, int name, Value value) {
  ::setsockopt(descriptor, level, name, &value, sizeof value);
}

}  // namespace

void WebSocketDriver::Impl::run() {
  base::step_forward();
  bytes = std::make_unique<SocketBatches>(options.limits.web_sockets_max, options.may_use_ring);
  base::log(base::LogLevel::info, "web_sockets", {{"by", std::string_view(bytes->uses_ring() ? "io_uring" : "system calls")}});
  const nanoseconds step_time = options.period / phases.size();
  const nanoseconds start = steady_now();
  nanoseconds due = start;
  for (std::uint32_t phase = 0; !stopping.load(std::memory_order_relaxed); phase = (phase + 1) % phases.size()) {
    const timespec until{static_cast<time_t>(due.count() / 1'000'000'000), static_cast<long>(due.count() % 1'000'000'000)};
    while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
    }
    now = steady_now();
    if (now - due > options.period) {  // Overloaded or suspended: what was missed is not made up for, and the grid stays.
      count(late);
      const auto missed = static_cast<std::uint64_t>((now - due) / options.period);
      due += options.period * missed;
      round += missed;
    }
    step(phase, due);
    due += step_time;
    if (phase + 1 == phases.size()) {
      ++round;
      due = start + options.period * round;  // Where the period is no multiple of the steps, nothing adds up.
    }
  }
  end_all();
  bytes.reset();
}

void WebSocketDriver::Impl::step(std::uint32_t phase, nanoseconds due) {
  take_jobs_and_arrivals();
  send_pending();
  turn.clear();
  for (const SocketId id : phases[phase])
    if (sockets[id].state == SweptSocket::State::open && (round + id / phases.size()) % sockets[id].every == 0)
      turn.push_back(id);
  std::span<const SocketId> rest = turn;
  do {
    const auto batch = rest.first(std::min(rest.size(), SocketBatches::kBatchMax));
    sweep_batch(phase, batch, due);
    rest = rest.subspan(batch.size());
  } while (!rest.empty());
  for (const SocketId id : turn) {
    if (sockets[id].has_waiting() && !std::exchange(sockets[id].is_dirty, true)) dirty.push_back(id);
  }
  for (const SocketId id : dirty) {
    sockets[id].is_dirty = false;
    if (sockets[id].state == SweptSocket::State::open) flush(id);
  }
  dirty.clear();
  finish_ended();
  if (phase == 0) held.fetch_sub(static_cast<std::uint32_t>(lingering.sweep(now)), std::memory_order_relaxed);
}

// Received from and at once sent to: what the kernel and the app keep of a socket is still in the processor's cache then.
void WebSocketDriver::Impl::sweep_batch(std::uint32_t phase, std::span<const SocketId> batch, nanoseconds due) {
  app.expects(batch);
  receives.clear();
  for (const SocketId id : batch) {
    if (sockets[id].state != SweptSocket::State::open) continue;  // Another of this step has ended it.
    receives.push_back({id, std::span(in_batch).subspan(receives.size() * kBatchStrideBytes, kBatchReadBytes), 0});
  }
  bytes->receive(receives);
  answering.clear();
  for (const SocketBatches::Receive& received : receives) {
    const SocketId id = received.socket;
    if (sockets[id].state != SweptSocket::State::open) continue;
    take_received(received);
    if (sockets[id].state != SweptSocket::State::open) continue;
    check_time(id);
    answering.push_back(id);
  }
  std::erase_if(answering, [&](SocketId id) { return sockets[id].state != SweptSocket::State::open; });
  app.swept(phase, answering, due, now);
  send_pending();
}

void WebSocketDriver::Impl::take_jobs_and_arrivals() {
  std::vector<ArrivedSocket> new_arrivals;
  std::vector<std::function<void()>> new_jobs;
  {
    const std::lock_guard lock(mutex);
    new_arrivals.swap(arrivals);
    new_jobs.swap(jobs);
  }
  for (ArrivedSocket& arrival : new_arrivals) open(std::move(arrival));
  for (const auto& job : new_jobs) job();
}

void WebSocketDriver::Impl::open(ArrivedSocket arrival) {
  SocketId id = static_cast<SocketId>(sockets.size());
  if (free_ids.empty()) {
    sockets.emplace_back();
  } else {
    id = free_ids.back();
    free_ids.pop_back();
  }
  const auto shortest = std::ranges::min_element(phases, {}, [](const auto& list) { return list.size(); });
  SweptSocket& socket = sockets[id];
  socket = SweptSocket{};
  bytes->hold(id, std::move(arrival.handle));
  socket.account = std::move(arrival.account);
  socket.heard_ns = now.count();
  socket.phase = static_cast<std::uint16_t>(shortest - phases.begin());
  socket.place = static_cast<std::uint32_t>(shortest->size());
  socket.state = SweptSocket::State::open;
  shortest->push_back(id);
  count(open_count);
  app.opened(id, arrival.ticket, now);
  if (sockets[id].state != SweptSocket::State::open || arrival.received.empty()) return;
  read_frames(id, arrival.received);
}

// Only here a socket's id becomes free: not in the middle of something that still names it.
void WebSocketDriver::Impl::finish_ended() {
  for (std::size_t i = 0; i < ended.size(); ++i) {  // closed() may end others.
    const SocketId id = ended[i];
    app.closed(id, sockets[id].code);
    SweptSocket& socket = sockets[id];
    std::vector<SocketId>& list = phases[socket.phase];
    list[socket.place] = list.back();
    sockets[list.back()].place = socket.place;
    list.pop_back();
    FileHandle handle;
    if (socket.code == CloseCode::lost) {
      bytes->close(id);
    } else {
      flush(id);
      handle = bytes->let_go(id);
    }
    if (handle.get() < 0) {
      AddressBook::close(*socket.account);
      held.fetch_sub(1, std::memory_order_relaxed);
    } else {
      std::vector<std::byte> left;
      if (socket.has_waiting()) left.assign(socket.rare->waiting().begin(), socket.rare->waiting().end());
      lingering.add(std::move(handle), std::move(left), std::move(socket.account), now);
    }
    socket = SweptSocket{};
    free_ids.push_back(id);
    count(open_count, static_cast<std::uint64_t>(-1));
  }
  ended.clear();
}

void WebSocketDriver::Impl::end_all() {
  now = steady_now();
  take_jobs_and_arrivals();
  for (SocketId id = 0; id < sockets.size(); ++id) close(id, CloseCode::going_away, "this node stops; come back in a moment");
  finish_ended();
  const nanoseconds deadline = now + options.limits.stop_time;
  while (lingering.size() > 0 && now < deadline) {
    held.fetch_sub(static_cast<std::uint32_t>(lingering.sweep(now)), std::memory_order_relaxed);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    now = steady_now();
  }
}

WebSocketDriver::WebSocketDriver(WebSocketApp& app, Metrics& metrics, WebSocketOptions options)
    : impl_(std::make_unique<Impl>(app, options)) {
  const auto add = [&](std::string name, std::string help, std::string type, const std::atomic<std::uint64_t>& value) {
    metrics.add_value("citiverse_web_socket" + std::move(name), std::move(help), std::move(type),
                      [&value] { return static_cast<double>(value.load(std::memory_order_relaxed)); });
  };
  Impl& in = *impl_;
  add("s_open", "WebSockets that stand now.", "gauge", in.open_count);
  add("_messages_received_total", "Messages from clients.", "counter", in.messages_in);
  add("_messages_sent_total", "Messages to clients.", "counter", in.messages_out);
  add("_received_bytes_total", "Bytes from clients.", "counter", in.bytes_in);
  add("_sent_bytes_total", "Bytes to clients.", "counter", in.bytes_out);
  add("_skipped_total", "Messages not sent because a client had not taken the one before.", "counter", in.skipped);
  add("_cut_off_total", "WebSockets ended for breaking the protocol or its limits.", "counter", in.cut_off);
  add("_late_total", "Times that a sweep was late by more than its period.", "counter", in.late);
}

WebSocketDriver::~WebSocketDriver() { stop(); }

std::span<std::byte> WebSocketDriver::space() { return impl_->space(); }

bool WebSocketDriver::takes_latest(SocketId socket) { return impl_->takes_latest(socket); }

bool WebSocketDriver::send_latest(SocketId socket, std::span<const std::byte> message) {
  CITIVERSE_CHECK(message.size() <= kWebSocketOutBytesMax, "a message fits in space()");
  return impl_->send_latest(socket, message);
}

bool WebSocketDriver::send(SocketId socket, std::span<const std::byte> message) {
  Impl& in = *impl_;
  if (in.sockets[socket].state != SweptSocket::State::open) return false;
  const std::size_t waiting = in.sockets[socket].has_waiting() ? in.sockets[socket].rare->waiting().size() : 0;
  if (waiting + message.size() > kWebSocketQueueBytesMax && !(in.flush(socket) && message.size() <= kWebSocketQueueBytesMax)) {
    in.close(socket, CloseCode::try_later, "messages wait that you did not take");
    return false;
  }
  in.enqueue(socket, Opcode::binary, message);
  return true;
}

void WebSocketDriver::close(SocketId socket, CloseCode code, std::string_view reason) { impl_->close(socket, code, reason); }

std::uint32_t WebSocketDriver::phase_of(SocketId socket) const { return impl_->sockets[socket].phase; }

void WebSocketDriver::set_cadence(SocketId socket, std::uint32_t every) {
  impl_->sockets[socket].every = static_cast<std::uint8_t>(std::clamp(every, 1u, 255u));
}

bool WebSocketDriver::post(std::function<void()> job) {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->jobs.size() >= kWebSocketJobsMax) return false;
  impl_->jobs.push_back(std::move(job));
  return true;
}

bool WebSocketDriver::has_room() const {
  return impl_->held.load(std::memory_order_relaxed) < impl_->options.limits.web_sockets_max;
}

void WebSocketDriver::adopt(int descriptor, std::uint64_t ticket, std::span<const char> received,
                            std::shared_ptr<AddressAccount> account) {
  ArrivedSocket arrival{FileHandle(descriptor), ticket, {}, std::move(account)};
  const auto bytes = std::as_bytes(received);
  arrival.received.assign(bytes.begin(), bytes.end());
  Impl& in = *impl_;
  if (in.held.fetch_add(1, std::memory_order_relaxed) >= in.options.limits.web_sockets_max || in.stopping.load()) {
    in.held.fetch_sub(1, std::memory_order_relaxed);
    AddressBook::close(*arrival.account);
    return;
  }
  set_option(descriptor, SOL_SOCKET, SO_SNDBUF, kSendBufferBytes);
  set_option(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, kUnsentBytesMax);
  set_option(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, kUserTimeoutMs);
  const std::lock_guard lock(in.mutex);
  in.arrivals.push_back(std::move(arrival));
}

void WebSocketDriver::start() {
  CITIVERSE_CHECK(!impl_->thread.joinable(), "a driver is started once");
  impl_->thread = std::jthread([this] { impl_->run(); });
}

void WebSocketDriver::stop() {
  impl_->stopping.store(true);
  if (impl_->thread.joinable()) impl_->thread.join();
}

}  // namespace citiverse::net
