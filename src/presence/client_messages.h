// What clients say in bytes: reading (the server) and writing (the load generator, tests). Layouts: protocol/presence.md.
#pragma once

#include <optional>
#include <span>

#include "presence/wire.h"

namespace citiverse::presence {

struct Hello {
  std::uint8_t version = kWireVersion;
  Device device = Device::text;
  std::uint8_t rate_hz = 10;
  std::uint8_t slots = 32;
  std::uint16_t radius_m = 100;
  bool is_hidden = false;
  std::optional<ResumeToken> token;
  bool has_place = false;
  Place place;
  std::uint8_t heading = 0;
  std::uint8_t state = 0;
  friend bool operator==(const Hello&, const Hello&) = default;
};

struct Move {
  std::uint16_t sequence = 0;
  Place place;
  std::uint8_t heading = 0;
  std::uint8_t state = 0;
  const std::uint8_t* pose = nullptr;  ///< kPoseBytes of the message, or none.
};

struct View {
  std::uint8_t rate_hz = 10;
  std::uint8_t slots = 32;
  std::uint16_t radius_m = 100;
  std::uint8_t heading = 0;
  std::uint8_t half_opening = 0;  ///< 0: all around.
  friend bool operator==(const View&, const View&) = default;
};

struct ObjectMove {
  ObjectId object = 0;
  Place place;
  std::array<std::int16_t, 4> orientation{};
  friend bool operator==(const ObjectMove&, const ObjectMove&) = default;
};

/// A whole message, its type byte included. Nothing where the length or a value is not one of the protocol's; what is out of a
/// range but harmless (rate, slots, radius) is brought into it. Cost: no allocation; Move::pose points into `message`.
std::optional<Hello> read_hello(std::span<const std::uint8_t> message);
std::optional<Move> read_move(std::span<const std::uint8_t> message);
std::optional<View> read_view(std::span<const std::uint8_t> message);
std::optional<ObjectMove> read_object_move(std::span<const std::uint8_t> message);

std::array<std::uint8_t, kHelloBytes> hello_bytes(const Hello& hello);
/// Writes kMoveBytes, or kMoveBytes + kPoseBytes with a pose; returns how many.
std::size_t write_move(const Move& move, std::uint8_t* out);
std::array<std::uint8_t, kViewBytes> view_bytes(const View& view);
std::array<std::uint8_t, kObjectMoveBytes> object_move_bytes(const ObjectMove& move);

/// The greatest rate that the server serves which is not above the wish: 1, 2, 4, 5, 10 or 20 Hz.
std::uint8_t served_rate_hz(std::uint8_t wished_hz);

}  // namespace citiverse::presence
