// One viewer's tick: what has changed among the people in its slots, as bytes (protocol/presence.md, 0x82).
#pragma once

#include <span>

#include "presence/body.h"
#include "presence/crowd_map.h"
#include "presence/shared_objects.h"

namespace citiverse::presence {

inline constexpr std::size_t kPosesMax = 12;  ///< A tick; with more headsets around they take turns.
/// No tick is longer.
inline constexpr std::size_t kTickBytesMax = 4096;

/// Makes a change of a body visible: counts its version up and writes the records that viewers copy. False when nothing
/// changed.
bool publish(Body& body, Place place, std::uint8_t heading, std::uint8_t state, bool has_pose);
/// The same, somewhere else without a path between.
void publish_whole(Body& body, Place place, std::uint8_t heading, std::uint8_t state);
/// Nobody sees the body any more, or they do again: viewers find out at their next tick.
void set_away(Body& body, bool is_away);

struct TickContext {
  std::span<const Body> bodies;
  std::span<const Pose> poses;
  const CrowdMap& crowd;
  const SharedObjects& objects;
  MaySeeObject may_see_object;
  std::uint32_t tick;
  std::uint32_t ticks_per_second;
};

/// Writes into kTickBytesMax bytes and takes it as sent. 0: nothing to say. Cost: no allocation; a slot whose person has not
/// moved costs one comparison, one who has a copy of 5 or 8 bytes.
std::size_t write_tick(const TickContext& context, Row self, Viewer& viewer, std::uint8_t* out);

}  // namespace citiverse::presence
