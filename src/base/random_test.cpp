#include "base/random.h"

#include <gtest/gtest.h>

namespace citiverse::base {
namespace {

TEST(Random, matches_the_published_splitmix64_sequence) {
  // The first outputs for seed 1234567, as listed by the reference implementation's test vectors (Rosetta Code, "Pseudo-random
  // numbers/Splitmix64").
  Random random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317ull);
  EXPECT_EQ(random.next(), 3203168211198807973ull);
  EXPECT_EQ(random.next(), 9817491932198370423ull);
}

TEST(Random, stays_in_its_bounds_and_reaches_every_value) {
  Random random(7);
  int seen[6] = {};
  for (int i = 0; i < 6000; ++i) ++seen[random.below(6)];
  for (const int count : seen) EXPECT_NEAR(count, 1000, 150);
  for (int i = 0; i < 1000; ++i) {
    const double u = random.uniform();
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
  }
}

TEST(Random, streams_of_one_seed_are_independent_of_what_others_draw) {
  Random roofs(1, 2);
  const auto first = roofs.next();
  Random trees(1, 3);
  trees.next();
  EXPECT_EQ(Random(1, 2).next(), first);
  EXPECT_NE(Random(1, 3).next(), first);
}

}  // namespace
}  // namespace citiverse::base
