// Judging steps.
#include "presence/authority.h"

#include <algorithm>
#include <cmath>

namespace citiverse::presence {
namespace {

constexpr double kFreeFarM = 16;

geo::Vec2d metres(Place place) { return {place.x / 100.0, place.y / 100.0}; }

std::int32_t between(std::int32_t from, std::int32_t to, float part) {
  return from + static_cast<std::int32_t>((static_cast<double>(to) - from) * part);
}

Place within(Place place, const Bounds& bounds) {
  return {std::clamp(place.x, bounds.low.x, bounds.high.x), std::clamp(place.y, bounds.low.y, bounds.high.y),
          std::clamp(place.z, bounds.low.z, bounds.high.z)};
}

bool is_free(const Mover& mover, geo::Vec2d to) {
  const double dx = to.x - mover.free_x_m;
  const double dy = to.y - mover.free_y_m;
  return mover.free_m > 0 && dx * dx + dy * dy < static_cast<double>(mover.free_m) * mover.free_m;
}

}  // namespace

std::int32_t stepped_height(std::int32_t z_cm) {
  const std::int32_t half = z_cm >= 0 ? kHeightStepCm / 2 : -(kHeightStepCm / 2);
  return (z_cm + half) / kHeightStepCm * kHeightStepCm;
}

void settle(Mover& mover, std::int64_t now_us) {
  mover.moved_us = now_us;
  mover.ground_allowance_cm = kSpeedMaxCmS * kAllowanceS;
  mover.climb_allowance_cm = kClimbMaxCmS * kAllowanceS;
  mover.free_m = -1;
}

Step judge_step(Mover& mover, Place from, Place to, std::int64_t now_us, const Bounds& bounds, const Ground& ground) {
  const float passed_s = std::min(static_cast<float>(now_us - mover.moved_us) * 1e-6f, kAllowanceS);
  mover.moved_us = now_us;
  mover.ground_allowance_cm = std::min(mover.ground_allowance_cm + passed_s * kSpeedMaxCmS, kSpeedMaxCmS * kAllowanceS);
  mover.climb_allowance_cm = std::min(mover.climb_allowance_cm + passed_s * kClimbMaxCmS, kClimbMaxCmS * kAllowanceS);

  Step step{within(to, bounds), Correction::none};
  if (step.place != to) step.correction = Correction::bounds;
  const double dx = static_cast<double>(step.place.x) - from.x;
  const double dy = static_cast<double>(step.place.y) - from.y;
  const auto walked_cm = static_cast<float>(std::sqrt(dx * dx + dy * dy));
  const auto climbed_cm = static_cast<float>(std::abs(static_cast<double>(step.place.z) - from.z));
  float part = 1;
  if (walked_cm > mover.ground_allowance_cm) part = mover.ground_allowance_cm / walked_cm;
  if (climbed_cm > mover.climb_allowance_cm) part = std::min(part, mover.climb_allowance_cm / climbed_cm);
  if (part < 1) {
    step = {{between(from.x, step.place.x, part), between(from.y, step.place.y, part), between(from.z, step.place.z, part)},
            Correction::speed};
  }
  mover.ground_allowance_cm -= walked_cm * part;
  mover.climb_allowance_cm -= climbed_cm * part;

  const geo::Vec2d target = metres(step.place);
  if (walked_cm > 0 && !is_free(mover, target)) {
    if (ground.is_walled(metres(from), target)) return {from, Correction::wall};
    mover.free_x_m = static_cast<float>(target.x);
    mover.free_y_m = static_cast<float>(target.y);
    // A centimetre less: the centre is rounded.
    mover.free_m = static_cast<float>(ground.clearance_m(target, kFreeFarM)) - 0.01f;
  }
  step.place.z = stepped_height(step.place.z);
  return step;
}

}  // namespace citiverse::presence
