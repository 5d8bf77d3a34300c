// Reading and writing of what clients say.
#include "presence/client_messages.h"

#include <algorithm>

#include "presence/place_bytes.h"

namespace citiverse::presence {
namespace {

constexpr std::uint8_t kPlaceGiven = 1;
constexpr std::uint8_t kHiddenGiven = 2;
constexpr std::uint8_t kTokenGiven = 4;
constexpr std::uint8_t kPoseGiven = 1;

bool is(std::span<const std::uint8_t> message, MessageType type, std::size_t bytes) {
  return message.size() == bytes && message[0] == static_cast<std::uint8_t>(type);
}

std::uint8_t slots_in_range(std::uint8_t slots) { return std::min<std::uint8_t>(slots, kSlotsMax); }
std::uint16_t radius_in_range(std::uint16_t radius_m) { return std::clamp<std::uint16_t>(radius_m, kRadiusMinM, kRadiusMaxM); }

}  // namespace

std::uint8_t served_rate_hz(std::uint8_t wished_hz) {
  for (const std::uint8_t rate : {20, 10, 5, 4, 2})
    if (wished_hz >= rate) return rate;
  return 1;
}

std::optional<Hello> read_hello(std::span<const std::uint8_t> message) {
  if (!is(message, MessageType::hello, kHelloBytes)) return std::nullopt;
  const std::uint8_t* at = message.data();
  if (at[1] != kWireVersion || at[2] > static_cast<std::uint8_t>(Device::headset)) return std::nullopt;
  Hello hello;
  hello.device = static_cast<Device>(at[2]);
  hello.rate_hz = served_rate_hz(at[3]);
  hello.slots = slots_in_range(at[4]);
  hello.radius_m = radius_in_range(get<std::uint16_t>(at + 5));
  const std::uint8_t flags = at[7];
  hello.is_hidden = (flags & kHiddenGiven) != 0;
  if (flags & kTokenGiven) std::copy_n(at + 8, hello.token.emplace().size(), hello.token->begin());
  hello.has_place = (flags & kPlaceGiven) != 0;
  hello.place = read_place(at + 24);
  hello.heading = at[36];
  hello.state = at[37];
  return hello;
}

std::optional<Move> read_move(std::span<const std::uint8_t> message) {
  if (message.size() < kMoveBytes || message[0] != static_cast<std::uint8_t>(MessageType::move)) return std::nullopt;
  const std::uint8_t* at = message.data();
  const bool has_pose = (at[3] & kPoseGiven) != 0;
  if (message.size() != kMoveBytes + (has_pose ? kPoseBytes : 0)) return std::nullopt;
  return Move{get<std::uint16_t>(at + 1), read_place(at + 4), at[16], at[17], has_pose ? at + kMoveBytes : nullptr};
}

std::optional<View> read_view(std::span<const std::uint8_t> message) {
  if (!is(message, MessageType::view, kViewBytes)) return std::nullopt;
  const std::uint8_t* at = message.data();
  return View{served_rate_hz(at[1]), slots_in_range(at[2]), radius_in_range(get<std::uint16_t>(at + 3)), at[5], at[6]};
}

std::optional<ObjectMove> read_object_move(std::span<const std::uint8_t> message) {
  if (!is(message, MessageType::object_move, kObjectMoveBytes)) return std::nullopt;
  const std::uint8_t* at = message.data();
  ObjectMove move{get<std::uint32_t>(at + 1), read_place(at + 5), {}};
  for (std::size_t i = 0; i < 4; ++i) move.orientation[i] = get<std::int16_t>(at + 17 + 2 * i);
  return move;
}

std::array<std::uint8_t, kHelloBytes> hello_bytes(const Hello& hello) {
  std::array<std::uint8_t, kHelloBytes> bytes{};
  bytes[0] = static_cast<std::uint8_t>(MessageType::hello);
  bytes[1] = hello.version;
  bytes[2] = static_cast<std::uint8_t>(hello.device);
  bytes[3] = hello.rate_hz;
  bytes[4] = hello.slots;
  put(bytes.data() + 5, hello.radius_m);
  bytes[7] = static_cast<std::uint8_t>((hello.has_place ? kPlaceGiven : 0) | (hello.is_hidden ? kHiddenGiven : 0) |
                                       (hello.token ? kTokenGiven : 0));
  if (hello.token) std::copy(hello.token->begin(), hello.token->end(), bytes.begin() + 8);
  put_place(bytes.data() + 24, hello.place);
  bytes[36] = hello.heading;
  bytes[37] = hello.state;
  return bytes;
}

std::size_t write_move(const Move& move, std::uint8_t* out) {
  out[0] = static_cast<std::uint8_t>(MessageType::move);
  put(out + 1, move.sequence);
  out[3] = move.pose != nullptr ? kPoseGiven : 0;
  put_place(out + 4, move.place);
  out[16] = move.heading;
  out[17] = move.state;
  if (move.pose == nullptr) return kMoveBytes;
  std::copy_n(move.pose, kPoseBytes, out + kMoveBytes);
  return kMoveBytes + kPoseBytes;
}

std::array<std::uint8_t, kViewBytes> view_bytes(const View& view) {
  std::array<std::uint8_t, kViewBytes> bytes{};
  bytes[0] = static_cast<std::uint8_t>(MessageType::view);
  bytes[1] = view.rate_hz;
  bytes[2] = view.slots;
  put(bytes.data() + 3, view.radius_m);
  bytes[5] = view.heading;
  bytes[6] = view.half_opening;
  return bytes;
}

std::array<std::uint8_t, kObjectMoveBytes> object_move_bytes(const ObjectMove& move) {
  std::array<std::uint8_t, kObjectMoveBytes> bytes{};
  bytes[0] = static_cast<std::uint8_t>(MessageType::object_move);
  put(bytes.data() + 1, move.object);
  put_place(bytes.data() + 5, move.place);
  for (std::size_t i = 0; i < 4; ++i) put(bytes.data() + 17 + 2 * i, move.orientation[i]);
  return bytes;
}

}  // namespace citiverse::presence
