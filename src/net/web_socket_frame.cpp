// Everything is judged from the header, before any payload is waited for: what will be refused costs nothing.
#include "net/web_socket_frame.h"

#include <cstring>
#include <utility>

namespace citiverse::net {
namespace {

constexpr std::uint16_t kProtocolError = 1002;
constexpr std::uint16_t kTooBig = 1009;

FrameRead refused(std::uint16_t code) {
  return {.state = FrameRead::State::refused, .close_code = code, .bytes = 0, .frame = {}};
}

bool is_control(std::uint8_t opcode) { return (opcode & 8u) != 0; }
bool is_known(std::uint8_t opcode) { return opcode <= 2 || (opcode >= 8 && opcode <= 10); }

std::uint64_t big_endian(std::span<const std::byte> bytes) {
  std::uint64_t value = 0;
  for (const std::byte b : bytes) value = value << 8 | std::to_integer<std::uint64_t>(b);
  return value;
}

}  // namespace

void apply_mask(std::span<std::byte> payload, std::array<std::byte, 4> mask) {
  std::uint32_t mask4 = 0;
  std::memcpy(&mask4, mask.data(), sizeof mask4);
  const std::uint64_t mask8 = static_cast<std::uint64_t>(mask4) << 32 | mask4;
  std::size_t i = 0;
  for (; i + sizeof mask8 <= payload.size(); i += sizeof mask8) {
    std::uint64_t word = 0;
    std::memcpy(&word, payload.data() + i, sizeof word);
    word ^= mask8;
    std::memcpy(payload.data() + i, &word, sizeof word);
  }
  for (; i < payload.size(); ++i) payload[i] ^= mask[i % 4];
}

FrameRead read_client_frame(std::span<std::byte> bytes, std::size_t payload_bytes_max) {
  if (bytes.empty()) return {};
  const auto first = std::to_integer<std::uint8_t>(bytes[0]);
  const std::uint8_t opcode = first & 0x0Fu;
  const bool is_final = (first & 0x80u) != 0;
  if ((first & 0x70u) != 0 || !is_known(opcode) || (is_control(opcode) && !is_final)) return refused(kProtocolError);
  if (bytes.size() < 2) return {};
  const auto second = std::to_integer<std::uint8_t>(bytes[1]);
  std::uint64_t length = second & 0x7Fu;
  if ((second & 0x80u) == 0 || (is_control(opcode) && length > kControlBytesMax)) return refused(kProtocolError);
  const std::size_t length_bytes = length == 126 ? 2 : length == 127 ? 8 : 0;
  if (length_bytes > 0) {
    if (bytes.size() < 2 + length_bytes) return {};
    length = big_endian(bytes.subspan(2, length_bytes));
    if (length < (length_bytes == 2 ? 126u : 0x10000u) || length >> 63 != 0) return refused(kProtocolError);
  }
  if (length > payload_bytes_max) return refused(kTooBig);
  const std::size_t header = 2 + length_bytes + 4;
  FrameRead read;
  read.bytes = header + static_cast<std::size_t>(length);
  if (bytes.size() < read.bytes) return read;
  std::array<std::byte, 4> mask{};
  std::memcpy(mask.data(), bytes.data() + header - mask.size(), mask.size());
  read.state = FrameRead::State::whole;
  read.frame = {static_cast<Opcode>(opcode), is_final, bytes.subspan(header, static_cast<std::size_t>(length))};
  apply_mask(read.frame.payload, mask);
  return read;
}

std::size_t write_frame_header(std::span<std::byte, kOwnFrameHeaderBytesMax> into, Opcode opcode, std::size_t payload_bytes) {
  const std::size_t size = frame_header_bytes(payload_bytes);
  const std::size_t marker = size == 2 ? payload_bytes : size == 4 ? 126 : 127;
  into[0] = static_cast<std::byte>(0x80u | static_cast<std::uint8_t>(opcode));
  into[1] = static_cast<std::byte>(marker);
  for (std::size_t i = size; i-- > 2; payload_bytes >>= 8) into[i] = static_cast<std::byte>(payload_bytes & 0xFFu);
  return size;
}

bool is_sendable_close_code(std::uint16_t code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

MessageJoiner::Joined MessageJoiner::take(const Frame& frame, std::size_t message_bytes_max) {
  const bool is_under_way = opcode_ != Opcode::continuation;
  if (is_under_way != (frame.opcode == Opcode::continuation)) return {.close_code = kProtocolError, .message = {}};
  if (!is_under_way && frame.is_final) return {.is_whole = true, .opcode = frame.opcode, .message = frame.payload};
  if (!is_under_way) {
    opcode_ = frame.opcode;
    parts_.clear();
  }
  if (parts_.size() + frame.payload.size() > message_bytes_max) return {.close_code = kTooBig, .message = {}};
  parts_.insert(parts_.end(), frame.payload.begin(), frame.payload.end());
  if (!frame.is_final) return {.message = {}};
  return {.is_whole = true, .opcode = std::exchange(opcode_, Opcode::continuation), .message = parts_};
}

}  // namespace citiverse::net
