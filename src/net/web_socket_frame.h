// The frames of a WebSocket: bytes in place, no copies, no state beyond what fragments need.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace citiverse::net {

/// RFC 6455, 11.8.
enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

inline constexpr std::size_t kFrameHeaderBytesMax = 14;     ///< Of a client's frame, its mask included.
inline constexpr std::size_t kOwnFrameHeaderBytesMax = 10;  ///< Of a server's frame, which has no mask.
inline constexpr std::size_t kControlBytesMax = 125;        ///< Payload of close, ping and pong (RFC 6455, 5.5).

struct Frame {
  Opcode opcode = Opcode::binary;
  bool is_final = true;
  std::span<std::byte> payload;  ///< Unmasked, within the bytes that were read.
};

/// What stands at the beginning of some bytes.
struct FrameRead {
  enum class State : std::uint8_t { whole, need_more, refused } state = State::need_more;
  std::uint16_t close_code = 0;  ///< After refused: 1002 or 1009.
  std::size_t bytes = 0;         ///< After whole: of the frame with its header. After need_more: of the frame, or 0 if unknown.
  Frame frame;
};

/// Reads one frame of a client and unmasks its payload where it lies. Refuses what RFC 6455, 5.1, 5.2 and 5.5 forbid: frames
/// without a mask, reserved bits and opcodes, control frames that are long or cut, lengths not in their shortest form; and
/// payloads over `payload_bytes_max`, as soon as their header has come. Cost: one pass over the payload, no allocation.
FrameRead read_client_frame(std::span<std::byte> bytes, std::size_t payload_bytes_max);

/// Writes the header of an unmasked, final frame; returns its size: 2, 4 or 10.
std::size_t write_frame_header(std::span<std::byte, kOwnFrameHeaderBytesMax> into, Opcode opcode, std::size_t payload_bytes);
/// The size that write_frame_header() would return.
constexpr std::size_t frame_header_bytes(std::size_t payload_bytes) {
  return payload_bytes < 126 ? 2 : payload_bytes <= 0xFFFF ? 4 : 10;
}

/// payload[i] ^= mask[i mod 4] (RFC 6455, 5.3).
void apply_mask(std::span<std::byte> payload, std::array<std::byte, 4> mask);

/// Whether a close code may be sent (RFC 6455, 7.4): 1000 to 1003, 1007 to 1014, 3000 to 4999.
bool is_sendable_close_code(std::uint16_t code);

/// Puts fragments together (RFC 6455, 5.4). Holds memory only while a fragmented message is under way.
class MessageJoiner {
 public:
  struct Joined {
    bool is_whole = false;         ///< `message` is a whole message, valid until the next call.
    std::uint16_t close_code = 0;  ///< Not 0: the fragments break the order (1002) or grow over the bound (1009).
    Opcode opcode = Opcode::binary;
    std::span<const std::byte> message;
  };
  /// Takes a data frame. A message in one frame is passed on without a copy.
  Joined take(const Frame& frame, std::size_t message_bytes_max);

 private:
  std::vector<std::byte> parts_;
  Opcode opcode_ = Opcode::continuation;  // Continuation: none is under way.
};

}  // namespace citiverse::net
