// What a client reads from the server: welcome and tick as values, for the load generator and tests. The engine writes ticks
// itself.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "presence/wire.h"

namespace citiverse::presence {

struct Welcome {
  PersonId person = kNobody;
  std::uint8_t slots = 0;
  std::uint8_t rate_hz = 0;
  std::uint16_t radius_m = 0;
  std::uint8_t ticks_per_second = 0;
  bool is_resumed = false;
  std::uint16_t tick = 0;
  std::uint64_t tick_at_us = 0;
  ResumeToken token{};
  Place place;
  std::uint8_t heading = 0;
  double origin_lat_deg = 0;
  double origin_lon_deg = 0;
  std::int32_t west = 0;  ///< Bounds of the space, cm.
  std::int32_t south = 0;
  std::int32_t east = 0;
  std::int32_t north = 0;
  friend bool operator==(const Welcome&, const Welcome&) = default;
};

std::array<std::uint8_t, kWelcomeBytes> welcome_bytes(const Welcome& welcome);
std::optional<Welcome> read_welcome(std::span<const std::uint8_t> message);

/// One tick, its sections as windows into the message: records are read where they lie.
struct TickView {
  std::uint16_t tick = 0;
  std::uint16_t acknowledged = 0;
  Correction correction = Correction::none;
  Place corrected_place;
  std::uint8_t corrected_heading = 0;
  std::span<const std::uint8_t> left;     ///< A slot each.
  std::span<const std::uint8_t> entered;  ///< kEnteredBytes each, and so on.
  std::span<const std::uint8_t> far_moves;
  std::span<const std::uint8_t> near_moves;
  std::span<const std::uint8_t> poses;
  std::int16_t density_column = 0;
  std::int16_t density_row = 0;
  bool has_density = false;
  std::span<const std::uint8_t> density;
  std::span<const std::uint8_t> objects;
};

/// Nothing where the message is not a whole tick. Cost: no allocation.
std::optional<TickView> read_tick(std::span<const std::uint8_t> message);

/// What a client knows of the people in its slots, as ticks tell it: the reference for what the rules of the protocol mean.
class SlotTable {
 public:
  struct Row {
    PersonId person = kNobody;  ///< kNobody: empty.
    Place place;
    std::uint8_t heading = 0;
    std::uint8_t state = 0;
    Pose pose{};
  };

  /// False where the tick moves an empty slot or names one that is not there: the server broke the protocol.
  bool apply(const TickView& tick);
  const Row& row(Slot slot) const { return rows_[slot]; }
  unsigned people() const;
  /// The slot of a person, or nothing.
  std::optional<Slot> find(PersonId person) const;

 private:
  std::array<Row, kSlotsMax> rows_{};
};

}  // namespace citiverse::presence
