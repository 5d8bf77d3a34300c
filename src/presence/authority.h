// The server's word on where somebody is: every step is held against speed, bounds and walls.
#pragma once

#include "presence/body.h"
#include "presence/client_messages.h"
#include "presence/ground.h"

namespace citiverse::presence {

inline constexpr float kSpeedMaxCmS = 800;  ///< Over ground: a runner, a bicycle.
inline constexpr float kClimbMaxCmS = 400;  ///< Up or down.
inline constexpr float kAllowanceS = 1.0f;  ///< So much unused time may be caught up, since networks bunch messages.

/// Bounds of a space, centimetres; both corners belong to it.
struct Bounds {
  Place low;
  Place high;
};

struct Step {
  Place place;
  Correction correction = Correction::none;
};

/// Where a mover who is at `from` and says `to` is now. Counts what was used of the allowance. Cost: no wall is asked for while
/// one stays in the circle that was found free; otherwise one question to the ground and one search for the next circle.
Step judge_step(Mover& mover, Place from, Place to, std::int64_t now_us, const Bounds& bounds, const Ground& ground);

/// Forgets speed and free circle: after a teleport.
void settle(Mover& mover, std::int64_t now_us);

/// A height in whole steps of the wire.
std::int32_t stepped_height(std::int32_t z_cm);

}  // namespace citiverse::presence
