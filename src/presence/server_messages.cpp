// Reading of welcomes and ticks.
#include "presence/server_messages.h"

#include <algorithm>

#include "presence/place_bytes.h"

namespace citiverse::presence {
namespace {

// Wraps where a hostile server moves somebody beyond what an i32 holds.
std::int32_t moved(std::int32_t from, std::int32_t by) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(from) + static_cast<std::uint32_t>(by));
}

// Cuts sections off the front of a message; `good` turns false when it ends too early.
struct Cutter {
  std::span<const std::uint8_t> rest;
  bool good = true;

  std::span<const std::uint8_t> take(std::size_t bytes) {
    if (rest.size() < bytes) {
      good = false;
      return {};
    }
    const auto taken = rest.first(bytes);
    rest = rest.subspan(bytes);
    return taken;
  }
  std::span<const std::uint8_t> records(std::size_t bytes_each) {
    const auto count = take(1);
    return good ? take(count[0] * bytes_each) : count;
  }
};

}  // namespace

std::array<std::uint8_t, kWelcomeBytes> welcome_bytes(const Welcome& w) {
  std::array<std::uint8_t, kWelcomeBytes> bytes{};
  std::uint8_t* at = bytes.data();
  at[0] = static_cast<std::uint8_t>(MessageType::welcome);
  at[1] = kWireVersion;
  put(at + 2, w.person);
  at[6] = w.slots;
  at[7] = w.rate_hz;
  put(at + 8, w.radius_m);
  at[10] = w.ticks_per_second;
  at[11] = w.is_resumed ? 1 : 0;
  put(at + 12, w.tick);
  put(at + 14, w.tick_at_us);
  std::copy(w.token.begin(), w.token.end(), at + 22);
  put(at + 38, w.place.x);
  put(at + 42, w.place.y);
  put(at + 46, w.place.z);
  at[50] = w.heading;
  put(at + 52, w.origin_lat_deg);
  put(at + 60, w.origin_lon_deg);
  put(at + 68, w.west);
  put(at + 72, w.south);
  put(at + 76, w.east);
  put(at + 80, w.north);
  return bytes;
}

std::optional<Welcome> read_welcome(std::span<const std::uint8_t> message) {
  if (message.size() != kWelcomeBytes || message[0] != static_cast<std::uint8_t>(MessageType::welcome) ||
      message[1] != kWireVersion)
    return std::nullopt;
  const std::uint8_t* at = message.data();
  Welcome w;
  w.person = get<PersonId>(at + 2);
  w.slots = at[6];
  w.rate_hz = at[7];
  w.radius_m = get<std::uint16_t>(at + 8);
  w.ticks_per_second = at[10];
  w.is_resumed = (at[11] & 1) != 0;
  w.tick = get<std::uint16_t>(at + 12);
  w.tick_at_us = get<std::uint64_t>(at + 14);
  std::copy_n(at + 22, w.token.size(), w.token.begin());
  w.place = read_place(at + 38);
  w.heading = at[50];
  w.origin_lat_deg = get<double>(at + 52);
  w.origin_lon_deg = get<double>(at + 60);
  w.west = get<std::int32_t>(at + 68);
  w.south = get<std::int32_t>(at + 72);
  w.east = get<std::int32_t>(at + 76);
  w.north = get<std::int32_t>(at + 80);
  return w;
}

std::optional<TickView> read_tick(std::span<const std::uint8_t> message) {
  if (message.size() < 6 || message[0] != static_cast<std::uint8_t>(MessageType::tick)) return std::nullopt;
  TickView tick;
  tick.tick = get<std::uint16_t>(message.data() + 1);
  tick.acknowledged = get<std::uint16_t>(message.data() + 3);
  const std::uint8_t sections = message[5];
  Cutter cutter{message.subspan(6)};
  if (sections & kCorrectionSection) {
    const auto bytes = cutter.take(14);
    if (!cutter.good || bytes[13] == 0 || bytes[13] > static_cast<std::uint8_t>(Correction::personal_space))
      return std::nullopt;
    tick.corrected_place = read_place(bytes.data());
    tick.corrected_heading = bytes[12];
    tick.correction = static_cast<Correction>(bytes[13]);
  }
  if (sections & kLeftSection) tick.left = cutter.records(1);
  if (sections & kEnteredSection) tick.entered = cutter.records(kEnteredBytes);
  if (sections & kFarMovesSection) tick.far_moves = cutter.records(kFarMoveBytes);
  if (sections & kNearMovesSection) tick.near_moves = cutter.records(kNearMoveBytes);
  if (sections & kPosesSection) tick.poses = cutter.records(1 + kPoseBytes);
  if (sections & kDensitySection) {
    const auto corner = cutter.take(4);
    if (!cutter.good) return std::nullopt;
    tick.has_density = true;
    tick.density_column = get<std::int16_t>(corner.data());
    tick.density_row = get<std::int16_t>(corner.data() + 2);
    tick.density = cutter.records(kDensityCellBytes);
  }
  if (sections & kObjectsSection) tick.objects = cutter.records(kObjectBytes);
  if (!cutter.good || !cutter.rest.empty()) return std::nullopt;
  return tick;
}

bool SlotTable::apply(const TickView& tick) {
  const auto is_taken = [&](Slot slot) { return slot < kSlotsMax && rows_[slot].person != kNobody; };
  for (const Slot slot : tick.left) {
    if (!is_taken(slot)) return false;
    rows_[slot] = {};
  }
  for (std::size_t i = 0; i < tick.entered.size(); i += kEnteredBytes) {
    const std::uint8_t* at = tick.entered.data() + i;
    if (at[0] >= kSlotsMax) return false;
    rows_[at[0]] = {get<PersonId>(at + 1), read_place(at + 5), at[17], at[18], {}};
  }
  for (std::size_t i = 0; i < tick.far_moves.size(); i += kFarMoveBytes) {
    const std::uint8_t* at = tick.far_moves.data() + i;
    if (!is_taken(at[0])) return false;
    Row& row = rows_[at[0]];
    const std::int32_t step = row.place.z / kHeightStepCm;
    row.place.x =
        moved(row.place.x, static_cast<std::int16_t>(get<std::uint16_t>(at + 1) - static_cast<std::uint32_t>(row.place.x)));
    row.place.y =
        moved(row.place.y, static_cast<std::int16_t>(get<std::uint16_t>(at + 3) - static_cast<std::uint32_t>(row.place.y)));
    row.place.z = moved(row.place.z, static_cast<std::int8_t>(at[5] - step) * kHeightStepCm);
    row.heading = at[6];
    row.state = at[7];
  }
  for (std::size_t i = 0; i < tick.near_moves.size(); i += kNearMoveBytes) {
    const std::uint8_t* at = tick.near_moves.data() + i;
    if (!is_taken(at[0])) return false;
    Row& row = rows_[at[0]];
    row.place.x = moved(row.place.x, static_cast<std::int8_t>(at[1]));
    row.place.y = moved(row.place.y, static_cast<std::int8_t>(at[2]));
    row.place.z = moved(row.place.z, static_cast<std::int8_t>(at[3]) * kHeightStepCm);
    row.heading = at[4];
  }
  for (std::size_t i = 0; i < tick.poses.size(); i += 1 + kPoseBytes) {
    if (!is_taken(tick.poses[i])) return false;
    std::copy_n(tick.poses.data() + i + 1, kPoseBytes, rows_[tick.poses[i]].pose.begin());
  }
  return true;
}

unsigned SlotTable::people() const {
  return static_cast<unsigned>(std::ranges::count_if(rows_, [](const Row& row) { return row.person != kNobody; }));
}

std::optional<Slot> SlotTable::find(PersonId person) const {
  const auto found = std::ranges::find(rows_, person, &Row::person);
  if (found == rows_.end()) return std::nullopt;
  return static_cast<Slot>(found - rows_.begin());
}

}  // namespace citiverse::presence
