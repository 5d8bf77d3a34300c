// One socket of the sweep: its bytes, its frames, its limits and its end.
#include "net/web_socket_sweep.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/text.h"

namespace citiverse::net {
namespace {

using std::chrono::nanoseconds;

constexpr std::int64_t kBytesBurstSeconds = 4;

// The generic cell rate algorithm, as in rate_limit.h: `arrival` is when the bucket would be full again.
bool take(std::int64_t& arrival_ns, std::int64_t now_ns, std::int64_t cost_ns, std::int64_t burst_ns) {
  const std::int64_t next = std::max(arrival_ns, now_ns) + cost_ns;
  if (next - now_ns > burst_ns) return false;
  arrival_ns = next;
  return true;
}

}  // namespace

// False when the socket has ended or nothing has come.
bool WebSocketDriver::Impl::count_received(SocketId id, ssize_t result) {
  if (result <= 0) {
    if (result != -EAGAIN && result != -EINTR) fail(id, CloseCode::lost);
    return false;
  }
  SweptSocket& socket = sockets[id];
  count(bytes_in, static_cast<std::uint64_t>(result));
  socket.heard_ns = now.count();
  socket.is_asked = false;
  const std::int64_t byte_ns = 1'000'000'000 / options.limits.web_socket_bytes_per_second;
  if (take(socket.bytes_arrival_ns, now.count(), result * byte_ns, kBytesBurstSeconds * 1'000'000'000)) return true;
  close(id, CloseCode::flood, "too many bytes a second");
  return false;
}

void WebSocketDriver::Impl::take_received(const SocketBatches::Receive& received) {
  const SocketId id = received.socket;
  if (!count_received(id, received.result)) return;
  std::span<std::byte> came = received.into.first(static_cast<std::size_t>(received.result));
  if (SweptSocket& socket = sockets[id]; socket.rare != nullptr && !socket.rare->held.empty()) {
    std::vector<std::byte>& before = socket.rare->held;
    std::ranges::copy(before, in.begin());
    std::ranges::copy(came, in.begin() + static_cast<std::ptrdiff_t>(before.size()));
    came = std::span(in).first(before.size() + came.size());
    before.clear();
  }
  read_frames(id, came);
  if (received.result == static_cast<ssize_t>(received.into.size()) && sockets[id].state == SweptSocket::State::open)
    receive_more(id);
}

void WebSocketDriver::Impl::receive_more(SocketId id) {
  std::size_t kept = 0;
  if (const SweptSocket& socket = sockets[id]; socket.rare != nullptr && !socket.rare->held.empty()) {
    kept = socket.rare->held.size();
    std::ranges::copy(socket.rare->held, in.begin());
  }
  SocketBatches::Receive more{id, std::span(in).subspan(kept, kWebSocketReadBytesMax - kBatchReadBytes), 0};
  bytes->receive({&more, 1});
  if (!count_received(id, more.result)) return;
  if (kept > 0) sockets[id].rare->held.clear();
  read_frames(id, std::span(in).first(kept + static_cast<std::size_t>(more.result)));
}

void WebSocketDriver::Impl::read_frames(SocketId id, std::span<std::byte> rest) {
  const std::int64_t message_ns = 1'000'000'000 / options.limits.web_socket_messages_per_second;
  while (!rest.empty() && sockets[id].state == SweptSocket::State::open) {
    const FrameRead read = read_client_frame(rest, kWebSocketMessageBytesMax);
    if (read.state == FrameRead::State::refused) return fail(id, static_cast<CloseCode>(read.close_code));
    if (read.state == FrameRead::State::need_more) {
      sockets[id].rarely().held.assign(rest.begin(), rest.end());
      return;
    }
    rest = rest.subspan(read.bytes);
    if (!take(sockets[id].messages_arrival_ns, now.count(), message_ns,
              message_ns * options.limits.web_socket_messages_burst)) {
      return close(id, CloseCode::flood, "too many messages a second");
    }
    if (!take_frame(id, read.frame)) return;
  }
  std::unique_ptr<RareSocketState>& rare = sockets[id].rare;
  if (rare != nullptr && rare->is_empty()) rare.reset();
}

bool WebSocketDriver::Impl::take_frame(SocketId id, const Frame& frame) {
  if (frame.opcode >= Opcode::close) return take_control(id, frame);
  SweptSocket& socket = sockets[id];
  if (frame.opcode == Opcode::binary && frame.is_final && (socket.rare == nullptr || !socket.rare->is_joining)) {
    count(messages_in);
    app.received(id, frame.payload, now);
    return true;
  }
  if (frame.opcode == Opcode::text) {
    close(id, CloseCode::not_understood, "binary messages only");
    return false;
  }
  RareSocketState& rare = socket.rarely();
  const MessageJoiner::Joined joined = rare.joiner.take(frame, kWebSocketMessageBytesMax);
  if (joined.close_code != 0) {
    fail(id, static_cast<CloseCode>(joined.close_code));
    return false;
  }
  rare.is_joining = true;  // Also during the call, so that nothing frees the message meanwhile.
  if (!joined.is_whole) return true;
  count(messages_in);
  app.received(id, joined.message, now);
  rare.is_joining = false;
  return true;
}

bool WebSocketDriver::Impl::take_control(SocketId id, const Frame& frame) {
  if (frame.opcode == Opcode::pong) return true;
  if (frame.opcode == Opcode::ping) {
    if (!sockets[id].has_waiting() || sockets[id].rare->waiting().size() < kWebSocketQueueBytesMax) {
      enqueue(id, Opcode::pong, frame.payload);
    }
    return true;
  }
  CloseCode code = CloseCode::none_given;
  if (!frame.payload.empty()) {
    const auto number = frame.payload.size() < 2
                            ? 0u
                            : std::to_integer<unsigned>(frame.payload[0]) << 8 | std::to_integer<unsigned>(frame.payload[1]);
    if (!is_sendable_close_code(static_cast<std::uint16_t>(number))) {
      fail(id, CloseCode::protocol_error);
      return false;
    }
    const auto reason = frame.payload.subspan(2);
    if (!base::is_utf8({reinterpret_cast<const char*>(reason.data()), reason.size()})) {
      fail(id, CloseCode::bad_payload);
      return false;
    }
    code = static_cast<CloseCode>(number);
  }
  close(id, code == CloseCode::none_given ? CloseCode::done : code, {});  // The same code back (RFC 6455, 5.5.1).
  sockets[id].code = code;
  return false;
}

void WebSocketDriver::Impl::check_time(SocketId id) {
  SweptSocket& socket = sockets[id];
  const auto quiet = now - nanoseconds(socket.heard_ns);
  if (quiet < options.limits.web_socket_quiet_time) return;
  if (quiet >= options.limits.web_socket_lost_time) return fail(id, CloseCode::lost);
  if (!std::exchange(socket.is_asked, true)) enqueue(id, Opcode::ping, {});
}

// Ends what broke a rule of the protocol, or broke itself.
void WebSocketDriver::Impl::fail(SocketId id, CloseCode code) {
  if (code != CloseCode::lost) {
    count(cut_off);
    return close(id, code, {});
  }
  SweptSocket& socket = sockets[id];
  if (socket.state != SweptSocket::State::open) return;
  socket.state = SweptSocket::State::ended;
  socket.code = code;
  ended.push_back(id);
}

void WebSocketDriver::Impl::close(SocketId id, CloseCode code, std::string_view reason) {
  if (id >= sockets.size() || sockets[id].state != SweptSocket::State::open) return;
  std::array<std::byte, kControlBytesMax> payload{};
  reason = reason.substr(0, kControlBytesMax - 2);
  payload[0] = static_cast<std::byte>(static_cast<std::uint16_t>(code) >> 8);
  payload[1] = static_cast<std::byte>(static_cast<std::uint16_t>(code) & 0xFFu);
  std::ranges::copy(std::as_bytes(std::span(reason)), payload.begin() + 2);
  enqueue(id, Opcode::close, std::span(payload).first(2 + reason.size()));
  sockets[id].state = SweptSocket::State::ended;
  sockets[id].code = code;
  ended.push_back(id);
  if (code == CloseCode::flood) count(cut_off);
}

void WebSocketDriver::Impl::enqueue(SocketId id, Opcode opcode, std::span<const std::byte> payload) {
  SweptSocket& socket = sockets[id];
  std::vector<std::byte>& queue = socket.rarely().queue;
  std::array<std::byte, kOwnFrameHeaderBytesMax> header{};
  const std::size_t size = write_frame_header(header, opcode, payload.size());
  queue.insert(queue.end(), header.begin(), header.begin() + static_cast<std::ptrdiff_t>(size));
  queue.insert(queue.end(), payload.begin(), payload.end());
  count(messages_out);
  if (!std::exchange(socket.is_dirty, true)) dirty.push_back(id);
}

// True when nothing waits any more.
bool WebSocketDriver::Impl::flush(SocketId id) {
  SweptSocket& socket = sockets[id];
  if (!socket.has_waiting()) return true;
  send_pending();  // What was composed before leaves before.
  SocketBatches::Send one{id, socket.rare->waiting(), 0};
  bytes->send({&one, 1});
  if (one.result < 0) {
    if (one.result != -EAGAIN && one.result != -EINTR) fail(id, CloseCode::lost);
    return false;
  }
  count(bytes_out, static_cast<std::uint64_t>(one.result));
  RareSocketState& rare = *socket.rare;
  rare.queue_sent += static_cast<std::size_t>(one.result);
  if (rare.queue_sent < rare.queue.size()) return false;
  rare.queue = {};
  rare.queue_sent = 0;
  if (rare.is_empty()) socket.rare.reset();
  return true;
}

bool WebSocketDriver::Impl::takes_latest(SocketId id) {
  if (id >= sockets.size() || sockets[id].state != SweptSocket::State::open) return false;
  if (flush(id)) return true;
  count(skipped);
  return false;
}

std::span<std::byte> WebSocketDriver::Impl::space() {
  if (out.size() - out_at < kOwnFrameHeaderBytesMax + kWebSocketOutBytesMax) send_pending();
  return std::span(out).subspan(out_at + kOwnFrameHeaderBytesMax, kWebSocketOutBytesMax);
}

bool WebSocketDriver::Impl::send_latest(SocketId id, std::span<const std::byte> message) {
  if (sockets[id].state != SweptSocket::State::open) return false;
  if (!flush(id)) {
    count(skipped);
    return false;
  }
  std::byte* const body = space().data();
  if (message.data() != body) std::memmove(body, message.data(), message.size());
  std::array<std::byte, kOwnFrameHeaderBytesMax> header{};
  const std::size_t header_size = write_frame_header(header, Opcode::binary, message.size());
  std::byte* const begin = body - header_size;
  std::memcpy(begin, header.data(), header_size);
  out_at += kOwnFrameHeaderBytesMax + message.size();
  sends.push_back({id, {begin, header_size + message.size()}, 0});
  count(messages_out);
  if (sends.size() == SocketBatches::kBatchMax) send_pending();
  return true;
}

void WebSocketDriver::Impl::send_pending() {
  if (sends.empty()) return;
  bytes->send(sends);
  for (const SocketBatches::Send& one : sends) {
    if (one.result < 0 && one.result != -EAGAIN && one.result != -EINTR) {
      fail(one.socket, CloseCode::lost);
      continue;
    }
    const auto sent = static_cast<std::size_t>(std::max<ssize_t>(one.result, 0));
    count(bytes_out, sent);
    if (sent == one.bytes.size()) continue;
    // Its composer counts it as said: it waits, and is the only one that does; what was queued since then follows it.
    RareSocketState& rare = sockets[one.socket].rarely();
    const auto left = one.bytes.subspan(sent);
    rare.queue.insert(rare.queue.begin() + static_cast<std::ptrdiff_t>(rare.queue_sent), left.begin(), left.end());
  }
  sends.clear();
  out_at = 0;
}

}  // namespace citiverse::net
