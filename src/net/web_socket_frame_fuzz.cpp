// Any bytes as a client's frames, whole and cut: what is read never leaves its bounds, and cutting changes nothing.
#include <algorithm>

#include "base/check.h"
#include "net/web_socket_frame.h"

namespace {

using namespace citiverse::net;

constexpr std::size_t kMessageBytesMax = 300;

struct Outcome {
  std::vector<std::vector<std::byte>> messages;
  std::uint16_t close_code = 0;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

// As the driver reads: `step` bytes come at a time, what is not whole is held.
Outcome read_in_steps(std::span<const std::byte> bytes, std::size_t step) {
  Outcome outcome;
  MessageJoiner joiner;
  std::vector<std::byte> held;
  while (!bytes.empty()) {
    const std::size_t count = std::min(step, bytes.size());
    held.insert(held.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
    bytes = bytes.subspan(count);
    std::span<std::byte> rest = held;
    for (;;) {
      const FrameRead read = read_client_frame(rest, kMessageBytesMax);
      if (read.state == FrameRead::State::need_more) break;
      if (read.state == FrameRead::State::refused) {
        CITIVERSE_CHECK(read.close_code == 1002 || read.close_code == 1009, "a refusal has a close code");
        outcome.close_code = read.close_code;
        return outcome;
      }
      CITIVERSE_CHECK(read.bytes <= rest.size() && read.frame.payload.size() <= kMessageBytesMax,
                      "a frame is within its bounds");
      rest = rest.subspan(read.bytes);
      if (read.frame.opcode >= Opcode::close) continue;
      const auto joined = joiner.take(read.frame, kMessageBytesMax);
      if (joined.close_code != 0) {
        outcome.close_code = joined.close_code;
        return outcome;
      }
      CITIVERSE_CHECK(joined.message.size() <= kMessageBytesMax, "a message is within its bounds");
      if (joined.is_whole) outcome.messages.emplace_back(joined.message.begin(), joined.message.end());
    }
    held.erase(held.begin(), held.end() - static_cast<std::ptrdiff_t>(rest.size()));
    CITIVERSE_CHECK(held.size() < kMessageBytesMax + kFrameHeaderBytesMax, "no more is held than one frame");
  }
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto bytes = std::as_bytes(std::span(data, size)).subspan(1);
  const Outcome whole = read_in_steps(bytes, bytes.size());
  const Outcome cut = read_in_steps(bytes, data[0] % 16 + 1u);
  CITIVERSE_CHECK(whole == cut, "how the bytes are cut changes nothing");
  return 0;
}
