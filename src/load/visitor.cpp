// Frames are made and read by hand: what the node's own code does with them is what is measured, so none of it is used here.
#include "load/visitor.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace citiverse::load {
namespace {

using std::chrono::microseconds;
using std::chrono::nanoseconds;

constexpr std::array<std::uint8_t, 4> kMask = {0x5A, 0xC3, 0x17, 0x88};  // RFC 6455, 5.3 wants surprise; a bench wants none.
constexpr std::size_t kSentBytesMax = 1024;
constexpr std::uint16_t kLost = 1006;

struct Frame {
  std::uint8_t opcode = 0;
  std::span<const std::uint8_t> payload;
  std::size_t bytes = 0;  // 0: it has not come whole.
};

// A server's frame: no mask (RFC 6455, 5.1).
Frame frame_at(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < 2) return {};
  std::size_t header = 2;
  std::size_t length = bytes[1] & 0x7Fu;
  if (length >= 126) {
    const std::size_t more = length == 126 ? 2 : 8;
    if (bytes.size() < header + more) return {};
    length = 0;
    for (std::size_t i = 0; i < more; ++i) length = length << 8 | bytes[header + i];
    header += more;
  }
  if (bytes.size() < header + length) return {};
  return {static_cast<std::uint8_t>(bytes[0] & 0x0Fu), bytes.subspan(header, length), header + length};
}

}  // namespace

void Visitor::greet(int socket, const Step& at, const VisitorWishes& wishes, bool is_checked) {
  presence::Hello hello;
  hello.device = presence::Device::three;
  hello.rate_hz = wishes.rate_hz;
  hello.slots = wishes.slots;
  hello.radius_m = wishes.radius_m;
  hello.has_place = true;
  hello.place = at.place;
  hello.heading = at.heading;
  if (welcome_ != nullptr) hello.token = welcome_->token;
  socket_ = socket;
  state_ = State::greeting;
  is_checked_ = is_checked;
  sequence_ = acknowledged_ = 0;
  partial_.clear();
  table_ = is_checked ? std::make_unique<presence::SlotTable>() : nullptr;
  const auto bytes = presence::hello_bytes(hello);
  send_frame(2, bytes, nullptr);
}

bool Visitor::send_frame(std::uint8_t opcode, std::span<const std::uint8_t> payload, Seen* seen) {
  std::array<std::uint8_t, kSentBytesMax> out;
  if (payload.size() + 8 > out.size()) return false;
  std::size_t at = 0;
  out[at++] = static_cast<std::uint8_t>(0x80u | opcode);
  if (payload.size() < 126) {
    out[at++] = static_cast<std::uint8_t>(0x80u | payload.size());
  } else {
    out[at++] = 0x80u | 126u;
    out[at++] = static_cast<std::uint8_t>(payload.size() >> 8);
    out[at++] = static_cast<std::uint8_t>(payload.size() & 0xFFu);
  }
  std::memcpy(out.data() + at, kMask.data(), kMask.size());
  at += kMask.size();
  for (std::size_t i = 0; i < payload.size(); ++i) out[at++] = payload[i] ^ kMask[i % kMask.size()];
  const ssize_t sent = ::send(socket_, out.data(), at, MSG_NOSIGNAL);
  if (sent > 0 && seen != nullptr) seen->bytes_up += static_cast<std::uint64_t>(sent);
  // Half a frame on its way cannot be taken back: the rest would be misread, so the visitor leaves.
  if (sent >= 0 && sent < static_cast<ssize_t>(at)) leave();
  return sent == static_cast<ssize_t>(at);
}

void Visitor::move(const Step& step, nanoseconds due, const VisitorWishes&, Seen& seen) {
  presence::Move move;
  move.sequence = ++sequence_;
  move.place = step.place;
  move.heading = step.heading;
  move_due_ = due;
  std::array<std::uint8_t, presence::kMoveBytes + presence::kPoseBytes> bytes;
  const std::size_t size = presence::write_move(move, bytes.data());
  ++seen.moves;
  if (!send_frame(2, std::span(bytes).first(size), &seen)) ++seen.moves_blocked;
}

void Visitor::say(std::string_view json, Seen& seen) {
  std::vector<std::uint8_t> bytes(1, static_cast<std::uint8_t>(presence::MessageType::say));
  bytes.insert(bytes.end(), json.begin(), json.end());
  send_frame(2, bytes, &seen);
}

void Visitor::leave() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
  state_ = State::away;
  if (close_code_ == 0) close_code_ = kLost;
}

bool Visitor::read(std::span<std::uint8_t> space, nanoseconds now, const VisitorWishes& wishes, Seen& seen) {
  const std::size_t kept = partial_.size();
  std::ranges::copy(partial_, space.begin());
  const ssize_t count = ::recv(socket_, space.data() + kept, space.size() - kept, 0);
  if (count <= 0) {
    if (count == 0 || (errno != EAGAIN && errno != EINTR)) leave();
    return false;
  }
  seen.bytes_down += static_cast<std::uint64_t>(count);
  partial_.clear();
  bool is_corrected = false;
  std::span<const std::uint8_t> rest = space.first(kept + static_cast<std::size_t>(count));
  while (!rest.empty()) {
    const Frame frame = frame_at(rest);
    if (frame.bytes == 0) {
      partial_.assign(rest.begin(), rest.end());
      break;
    }
    rest = rest.subspan(frame.bytes);
    if (frame.opcode == 2) {
      is_corrected |= take_message(frame.payload, now, wishes, seen);
    } else if (frame.opcode == 9) {
      send_frame(10, frame.payload, &seen);
    } else if (frame.opcode == 8) {
      if (frame.payload.size() >= 2) close_code_ = static_cast<std::uint16_t>(frame.payload[0] << 8 | frame.payload[1]);
      leave();
      return false;
    }
  }
  return is_corrected;
}

bool Visitor::take_message(std::span<const std::uint8_t> message, nanoseconds now, const VisitorWishes& wishes, Seen& seen) {
  if (message.empty()) {
    ++seen.protocol_errors;
    return false;
  }
  switch (static_cast<presence::MessageType>(message[0])) {
    case presence::MessageType::tick: return take_tick(message, now, wishes, seen);
    case presence::MessageType::tell: ++seen.tells; return false;
    case presence::MessageType::welcome: {
      auto welcome = presence::read_welcome(message);
      if (!welcome || welcome->ticks_per_second == 0) break;
      last_tick_ = welcome->tick;
      tick_due_ = microseconds(welcome->tick_at_us);
      tick_time_ = nanoseconds(1'000'000'000 / welcome->ticks_per_second);
      welcome_ = std::make_unique<presence::Welcome>(*welcome);
      state_ = State::here;
      close_code_ = 0;
      return false;
    }
    default: break;
  }
  ++seen.protocol_errors;
  return false;
}

bool Visitor::take_tick(std::span<const std::uint8_t> message, nanoseconds now, const VisitorWishes& wishes, Seen& seen) {
  const auto tick = presence::read_tick(message);
  if (!tick || state_ != State::here) {
    ++seen.protocol_errors;
    return false;
  }
  tick_due_ += tick_time_ * static_cast<std::int16_t>(tick->tick - last_tick_);
  last_tick_ = tick->tick;
  ++seen.ticks;
  seen.tick_to_client.add(now - tick_due_);
  if (tick->acknowledged != acknowledged_) {
    acknowledged_ = tick->acknowledged;
    const auto behind = static_cast<std::uint16_t>(sequence_ - acknowledged_);
    seen.input_age.add(tick_due_ - (move_due_ - wishes.move_period * behind));
  }
  const std::size_t far = tick->far_moves.size() / presence::kFarMoveBytes;
  const std::size_t near = tick->near_moves.size() / presence::kNearMoveBytes;
  seen.moving_neighbours += far + near;
  seen.moving_bytes += tick->far_moves.size() + tick->near_moves.size();
  if (is_checked_) {
    if (!table_->apply(*tick)) ++seen.protocol_errors;
    seen.slots_filled += table_->people();
    ++seen.slots_looked_at;
  }
  if (tick->correction == presence::Correction::none) return false;
  ++seen.corrections;
  return true;
}

}  // namespace citiverse::load
