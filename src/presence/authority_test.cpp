// The server's word: speed, bounds and walls, however a client bunches or exaggerates its steps.
#include "presence/authority.h"

#include <gtest/gtest.h>

namespace citiverse::presence {
namespace {

constexpr Bounds kWalkBounds{{-100'000, -100'000, -1000}, {100'000, 100'000, 10'000}};

// A wall along y = 10 m, from x = −5 m to 5 m.
class OneWall : public OpenGround {
 public:
  double clearance_m(geo::Vec2d p, double far_m) const override {
    ++questions;
    const double dx = std::max(0.0, std::abs(p.x) - 5);
    return std::min(far_m, std::hypot(dx, p.y - 10));
  }
  bool is_walled(geo::Vec2d from, geo::Vec2d to) const override {
    if ((from.y < 10) == (to.y < 10)) return false;
    const double x = from.x + (to.x - from.x) * (10 - from.y) / (to.y - from.y);
    return std::abs(x) <= 5;
  }
  mutable int questions = 0;
};

TEST(Authority, a_walkers_steps_pass_as_they_are) {
  const OpenGround ground;
  Mover mover;
  settle(mover, 0);
  Place at;
  for (int i = 1; i <= 100; ++i) {
    const Step step = judge_step(mover, at, {14 * i, 0, 5 * (i % 3)}, i * 100'000, kWalkBounds, ground);
    EXPECT_EQ(step.correction, Correction::none);
    EXPECT_EQ(step.place, (Place{14 * i, 0, 5 * (i % 3)}));
    at = step.place;
  }
}

TEST(Authority, who_claims_to_be_faster_than_is_allowed_gains_no_more_than_the_allowance) {
  const OpenGround ground;
  Mover mover;
  settle(mover, 0);
  Place at;
  for (int i = 1; i <= 100; ++i) at = judge_step(mover, at, {at.x + 5000, 0, 0}, i * 100'000, kWalkBounds, ground).place;
  EXPECT_LE(at.x, 10 * kSpeedMaxCmS + kSpeedMaxCmS * kAllowanceS);
  EXPECT_GE(at.x, 10 * kSpeedMaxCmS * 0.95f);
}

TEST(Authority, steps_that_the_network_bunched_are_made_up_for) {
  const OpenGround ground;
  Mover mover;
  settle(mover, 0);
  Place at;
  for (int i = 1; i <= 10; ++i) {
    const Step step = judge_step(mover, at, {60 * i, 0, 0}, 1'000'000, kWalkBounds, ground);
    EXPECT_EQ(step.correction, Correction::none) << i;
    at = step.place;
  }
}

TEST(Authority, a_teleport_by_moving_is_cut_off) {
  const OpenGround ground;
  Mover mover;
  settle(mover, 0);
  const Step step = judge_step(mover, {}, {50'000, 50'000, 0}, 1000, kWalkBounds, ground);
  EXPECT_EQ(step.correction, Correction::speed);
  EXPECT_LE(std::hypot(step.place.x, step.place.y), kSpeedMaxCmS * 1.01);
  const Step up = judge_step(mover, step.place, {step.place.x, step.place.y, 9000}, 2000, kWalkBounds, ground);
  EXPECT_EQ(up.correction, Correction::speed);
  EXPECT_LE(up.place.z, kClimbMaxCmS + kHeightStepCm);
}

TEST(Authority, nobody_leaves_the_bounds) {
  const OpenGround ground;
  Mover mover;
  settle(mover, 0);
  const Step step = judge_step(mover, {99'900, 0, 0}, {100'400, 0, -99'999}, 1'000'000, kWalkBounds, ground);
  EXPECT_NE(step.correction, Correction::none);
  EXPECT_LE(step.place.x, 100'000);
  EXPECT_GE(step.place.z, -1000);
  const Step extreme = judge_step(mover, {0, 0, 0}, {INT32_MIN, INT32_MAX, INT32_MIN}, 3'000'000, kWalkBounds, ground);
  EXPECT_EQ(extreme.correction, Correction::speed);
}

TEST(Authority, a_wall_stops_and_going_round_it_does_not) {
  const OneWall ground;
  Mover mover;
  settle(mover, 0);
  EXPECT_EQ(judge_step(mover, {0, 900, 0}, {0, 1100, 0}, 1'000'000, kWalkBounds, ground).correction, Correction::wall);
  EXPECT_EQ(judge_step(mover, {0, 900, 0}, {0, 1100, 0}, 2'000'000, kWalkBounds, ground).place, (Place{0, 900, 0}));
  EXPECT_EQ(judge_step(mover, {600, 900, 0}, {600, 1100, 0}, 3'000'000, kWalkBounds, ground).correction, Correction::none);
}

TEST(Authority, walls_are_asked_for_seldom_and_missed_never) {
  const OneWall ground;
  Mover mover;
  settle(mover, 0);
  Place at{0, -3000, 0};
  int steps = 0;
  for (; steps < 1000; ++steps) {
    const Step step = judge_step(mover, at, {0, at.y + 14, 0}, (steps + 1) * 100'000, kWalkBounds, ground);
    if (step.correction == Correction::wall) break;
    at = step.place;
  }
  EXPECT_LT(at.y, 1000);
  EXPECT_GE(at.y, 1000 - 14);
  EXPECT_LT(ground.questions, steps / 5);
}

}  // namespace
}  // namespace citiverse::presence
