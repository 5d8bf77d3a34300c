// The words of protocol/presence.md: types of messages, their sizes, and the limits that hold for everybody.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace citiverse::presence {

/// Somebody in a space, as others know them: new at each joining, never 0, never derived from an account.
using PersonId = std::uint32_t;
inline constexpr PersonId kNobody = 0;
/// A row of a client's table of the people it sees.
using Slot = std::uint8_t;
/// A shared object of a space; never 0.
using ObjectId = std::uint32_t;

inline constexpr std::uint8_t kWireVersion = 1;
inline constexpr const char* kSubprotocol = "citiverse.presence.1";

enum class MessageType : std::uint8_t {
  hello = 0x01,
  move = 0x02,
  view = 0x03,
  object_move = 0x04,
  say = 0x10,
  welcome = 0x81,
  tick = 0x82,
  tell = 0x90,
};

enum class Device : std::uint8_t { text, map, three, headset };

inline constexpr std::size_t kHelloBytes = 38;
inline constexpr std::size_t kMoveBytes = 18;
inline constexpr std::size_t kPoseBytes = 16;
inline constexpr std::size_t kViewBytes = 7;
inline constexpr std::size_t kObjectMoveBytes = 25;
inline constexpr std::size_t kWelcomeBytes = 84;
inline constexpr std::size_t kEnteredBytes = 19;
inline constexpr std::size_t kFarMoveBytes = 8;
inline constexpr std::size_t kNearMoveBytes = 5;
inline constexpr std::size_t kDensityCellBytes = 3;
inline constexpr std::size_t kObjectBytes = 24;

inline constexpr unsigned kSlotsMax = 128;
inline constexpr unsigned kRateHzMax = 20;
inline constexpr unsigned kRadiusMinM = 10;
inline constexpr unsigned kRadiusMaxM = 500;
/// Of one message from a client.
inline constexpr std::size_t kClientMessageBytesMax = 16 * 1024;
/// Of one JSON message to a client.
inline constexpr std::size_t kTellBytesMax = 64 * 1024;
inline constexpr std::size_t kWhoPeopleMax = 64;
inline constexpr std::size_t kSayCharactersMax = 500;
/// Heights of people go over the wire in steps of so many centimetres.
inline constexpr std::int32_t kHeightStepCm = 5;
inline constexpr std::int32_t kDensityCellCm = 3200;
inline constexpr int kDensityWindow = 9;
/// Fewer people than this in a cell are not a crowd, and are not told to whom does not see them singly.
inline constexpr unsigned kCrowdLeast = 8;

/// A place in a space's frame, centimetres: x east, y north, z up.
struct Place {
  std::int32_t x = 0;
  std::int32_t y = 0;
  std::int32_t z = 0;
  friend bool operator==(const Place&, const Place&) = default;
};

/// Bits of the state byte.
inline constexpr std::uint8_t kGestureBits = 0x1F;
inline constexpr std::uint8_t kSpeakingBit = 0x20;
inline constexpr std::uint8_t kSeatedBit = 0x40;
inline constexpr std::uint8_t kHeadsetBit = 0x80;

using Pose = std::array<std::uint8_t, kPoseBytes>;
using ResumeToken = std::array<std::uint8_t, 16>;

/// Why the server put somebody elsewhere than they said. Nobody is moved for personal_space: bodies fade in the client, and who
/// arrives is given a free place.
enum class Correction : std::uint8_t { none, speed, bounds, wall, teleport, personal_space };

/// Sections of a tick, in the order in which they follow.
inline constexpr std::uint8_t kCorrectionSection = 1;
inline constexpr std::uint8_t kLeftSection = 2;
inline constexpr std::uint8_t kEnteredSection = 4;
inline constexpr std::uint8_t kFarMovesSection = 8;
inline constexpr std::uint8_t kNearMovesSection = 16;
inline constexpr std::uint8_t kPosesSection = 32;
inline constexpr std::uint8_t kDensitySection = 64;
inline constexpr std::uint8_t kObjectsSection = 128;

/// Close codes of WebSocket connections (RFC 6455 clause 7.4, and the private ones from 4000).
enum class CloseCode : std::uint16_t {
  done = 1000,
  node_stops = 1001,
  malformed = 1002,
  not_utf8 = 1007,
  too_big = 1009,
  signed_out = 4001,
  banned = 4002,
  space_full = 4003,
  too_fast = 4004,
  replaced = 4005,
  bad_hello = 4006,
  space_closed = 4007,
};

}  // namespace citiverse::presence
