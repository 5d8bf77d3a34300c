// Writing ticks.
#include "presence/tick_writer.h"

#include <algorithm>
#include <cstdlib>

#include "presence/interest.h"
#include "presence/place_bytes.h"

namespace citiverse::presence {
namespace {

// How far somebody may go until 16 bits of centimetres, or 8 of height steps, could be read two ways.
constexpr std::int32_t kAnchorReachCm = 16'000;
constexpr std::int32_t kAnchorReachStepsCm = 60 * kHeightStepCm;

bool is_far_from_anchor(const Body& body, const Place& place) {
  return std::abs(static_cast<std::int64_t>(place.x) - body.anchor.x) > kAnchorReachCm ||
         std::abs(static_cast<std::int64_t>(place.y) - body.anchor.y) > kAnchorReachCm ||
         std::abs(static_cast<std::int64_t>(place.z) - body.anchor.z) > kAnchorReachStepsCm;
}

void write_far_move(Body& body) {
  std::uint8_t* at = body.far_move.data();
  put(at + 1, static_cast<std::uint16_t>(body.at.x));
  put(at + 3, static_cast<std::uint16_t>(body.at.y));
  at[5] = static_cast<std::uint8_t>(body.at.z / kHeightStepCm);
  at[6] = body.heading;
  at[7] = body.state;
}

// The sections that are written in one walk over the slots, put together afterwards.
struct Sections {
  std::array<std::uint8_t, kSlotsMax> left;
  std::array<std::uint8_t, kSlotsMax * kEnteredBytes> entered;
  std::array<std::uint8_t, kSlotsMax * kFarMoveBytes> far_moves;
  std::array<std::uint8_t, kSlotsMax * kNearMoveBytes + 8> near_moves;  // Copied by eights.
  std::array<std::uint8_t, kSlotsMax> posing;
  unsigned left_count = 0;
  unsigned entered_count = 0;
  unsigned far_count = 0;
  unsigned near_count = 0;
  unsigned posing_count = 0;
};

void write_entered(const Body& body, unsigned slot, std::uint8_t* at) {
  at[0] = static_cast<std::uint8_t>(slot);
  put(at + 1, body.person);
  put_place(at + 5, body.at);
  at[17] = body.heading;
  at[18] = body.state;
}

SlotSet due_slots(const Viewer& viewer) {
  SlotSet due;
  const std::uint64_t every_second = 0x5555555555555555ull << (viewer.ticks % 2);
  const std::uint64_t every_fourth = 0x1111111111111111ull << (viewer.ticks % 4);
  for (std::size_t i = 0; i < due.words.size(); ++i) {
    const std::uint64_t slower = viewer.half_rate.words[i] | viewer.quarter_rate.words[i];
    due.words[i] = (viewer.taken.words[i] & ~slower) | (viewer.half_rate.words[i] & every_second) |
                   (viewer.quarter_rate.words[i] & every_fourth);
  }
  return due;
}

void walk_slots(const TickContext& context, Viewer& viewer, Sections& s) {
  viewer.left.for_each([&](unsigned slot) {
    // Who is in the slot now replaces who was.
    if (!viewer.taken.has(slot)) s.left[s.left_count++] = static_cast<std::uint8_t>(slot);
  });
  viewer.left.clear();
  const Body* const bodies = context.bodies.data();
  const SlotSet due = due_slots(viewer);
  due.for_each([&](unsigned slot) { __builtin_prefetch(&bodies[viewer.rows[slot]]); });
  due.for_each([&](unsigned slot) {
    const Body& body = bodies[viewer.rows[slot]];
    const std::uint32_t seen = viewer.seen[slot];
    if (seen == body.version) return;
    if (body.is_away) [[unlikely]] {
      Interest::empty_slot(viewer, slot);
      if (seen != 0) s.left[s.left_count++] = static_cast<std::uint8_t>(slot);
      viewer.left.remove(slot);
      return;
    }
    viewer.seen[slot] = body.version;
    if (seen < body.whole_version) {
      write_entered(body, slot, s.entered.data() + kEnteredBytes * s.entered_count++);
    } else if (seen + 1 == body.version && body.near_holds) {
      std::uint8_t* at = s.near_moves.data() + kNearMoveBytes * s.near_count++;
      std::memcpy(at, body.near_move.data(), 8);
      at[0] = static_cast<std::uint8_t>(slot);
    } else {
      std::uint8_t* at = s.far_moves.data() + kFarMoveBytes * s.far_count++;
      std::memcpy(at, body.far_move.data(), kFarMoveBytes);
      at[0] = static_cast<std::uint8_t>(slot);
    }
    if (body.has_pose) [[unlikely]]
      s.posing[s.posing_count++] = static_cast<std::uint8_t>(slot);
  });
}

std::uint8_t* append(std::uint8_t* at, std::uint8_t& sections, std::uint8_t section, const std::uint8_t* records,
                     unsigned count, std::size_t bytes_each) {
  if (count == 0) return at;
  sections |= section;
  *at++ = static_cast<std::uint8_t>(count);
  std::memcpy(at, records, count * bytes_each);
  return at + count * bytes_each;
}

std::uint8_t* append_poses(const TickContext& context, const Viewer& viewer, const Sections& s, std::uint8_t& sections,
                           std::uint8_t* at) {
  if (s.posing_count == 0) return at;
  sections |= kPosesSection;
  const auto count = std::min<unsigned>(s.posing_count, kPosesMax);
  const unsigned first = s.posing_count > kPosesMax ? viewer.ticks * static_cast<unsigned>(kPosesMax) % s.posing_count : 0;
  *at++ = static_cast<std::uint8_t>(count);
  for (unsigned i = 0; i < count; ++i) {
    const std::uint8_t slot = s.posing[(first + i) % s.posing_count];
    *at++ = slot;
    std::memcpy(at, context.poses[viewer.rows[slot]].data(), kPoseBytes);
    at += kPoseBytes;
  }
  return at;
}

std::uint8_t* append_density(const TickContext& context, const Body& body, Viewer& viewer, std::uint8_t& sections,
                             std::uint8_t* at) {
  if (context.tick - viewer.density_tick < context.ticks_per_second) return at;
  viewer.density_tick = context.tick;
  std::size_t bytes = context.crowd.write_window(body.at, at);
  const bool has_density = bytes != 0;
  if (!has_density && viewer.had_density) bytes = CrowdMap::write_empty(body.at, at);
  viewer.had_density = has_density;
  if (bytes != 0) sections |= kDensitySection;
  return at + bytes;
}

}  // namespace

bool publish(Body& body, Place place, std::uint8_t heading, std::uint8_t state, bool has_pose) {
  const bool is_same = place == body.at && heading == body.heading && state == body.state;
  if (is_same && !has_pose) return false;
  const std::int64_t dx = static_cast<std::int64_t>(place.x) - body.at.x;
  const std::int64_t dy = static_cast<std::int64_t>(place.y) - body.at.y;
  const std::int64_t dz = (static_cast<std::int64_t>(place.z) - body.at.z) / kHeightStepCm;
  const auto fits = [](std::int64_t d) { return d >= -128 && d <= 127; };
  body.near_holds = state == body.state && fits(dx) && fits(dy) && fits(dz);
  body.at = place;
  body.heading = heading;
  body.state = state;
  body.has_pose = has_pose;
  ++body.version;
  if (is_far_from_anchor(body, place)) {
    body.anchor = place;
    body.whole_version = body.version;
  }
  body.near_move = {0, static_cast<std::uint8_t>(dx), static_cast<std::uint8_t>(dy), static_cast<std::uint8_t>(dz), heading};
  write_far_move(body);
  return true;
}

void publish_whole(Body& body, Place place, std::uint8_t heading, std::uint8_t state) {
  body.at = place;
  body.anchor = place;
  body.heading = heading;
  body.state = state;
  body.has_pose = false;
  body.near_holds = false;
  body.whole_version = ++body.version;
  write_far_move(body);
}

void set_away(Body& body, bool is_away) {
  if (body.is_away == is_away) return;
  body.is_away = is_away;
  publish_whole(body, body.at, body.heading, body.state);
}

std::size_t write_tick(const TickContext& context, Row self, Viewer& viewer, std::uint8_t* out) {
  Sections s;
  walk_slots(context, viewer, s);
  ++viewer.ticks;

  std::uint8_t sections = 0;
  std::uint8_t* at = out + 6;
  if (viewer.correction != Correction::none) {
    sections |= kCorrectionSection;
    put_place(at, viewer.correction_place);
    at[12] = viewer.correction_heading;
    at[13] = static_cast<std::uint8_t>(viewer.correction);
    at += 14;
    viewer.correction = Correction::none;
  }
  at = append(at, sections, kLeftSection, s.left.data(), s.left_count, 1);
  at = append(at, sections, kEnteredSection, s.entered.data(), s.entered_count, kEnteredBytes);
  at = append(at, sections, kFarMovesSection, s.far_moves.data(), s.far_count, kFarMoveBytes);
  at = append(at, sections, kNearMovesSection, s.near_moves.data(), s.near_count, kNearMoveBytes);
  at = append_poses(context, viewer, s, sections, at);
  at = append_density(context, context.bodies[self], viewer, sections, at);
  if (context.objects.changed_tick() > viewer.objects_tick) {
    const auto moves =
        context.objects.write_moves(context.bodies[self].at, context.may_see_object, viewer.objects_tick, viewer.ticks, at);
    if (moves.bytes != 0) sections |= kObjectsSection;
    at += moves.bytes;
    if (moves.is_all) viewer.objects_tick = context.tick;
  }
  if (sections == 0 && context.tick - viewer.sent_tick < context.ticks_per_second) return 0;
  viewer.sent_tick = context.tick;
  out[0] = static_cast<std::uint8_t>(MessageType::tick);
  put(out + 1, static_cast<std::uint16_t>(context.tick));
  put(out + 3, viewer.acknowledged);
  out[5] = sections;
  return static_cast<std::size_t>(at - out);
}

}  // namespace citiverse::presence
