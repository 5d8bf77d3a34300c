#include "ingest/shape.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace citiverse::ingest {
namespace {

TEST(Shape, knows_simple_rings_from_crossed_ones) {
  const std::vector<geo::Vec2d> square = {{0, 0}, {10, 0}, {10, 10}, {0, 10}};
  EXPECT_TRUE(is_simple_ring(square));
  EXPECT_FALSE(is_simple_ring(std::vector<geo::Vec2d>{{0, 0}, {10, 10}, {10, 0}, {0, 10}}));          // A bow tie.
  EXPECT_FALSE(is_simple_ring(std::vector<geo::Vec2d>{{0, 0}, {10, 0}, {10, 10}, {5, 0}, {0, 10}}));  // Touches its base.
  EXPECT_FALSE(is_simple_ring(std::vector<geo::Vec2d>{{0, 0}, {10, 0}, {20, 0}, {10, 0}, {10, 10}, {0, 10}}));  // A spike.
  EXPECT_FALSE(is_simple_ring(std::vector<geo::Vec2d>{{0, 0}, {5, 5}, {10, 10}}));                              // No area.
}

// Every pair of edges, by the plainest test there is.
bool is_simple_by_all_pairs(const std::vector<geo::Vec2d>& ring) {
  const std::size_t n = ring.size();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 2; j < n; ++j) {
      if (i == 0 && j == n - 1) continue;
      const auto a = ring[i], b = ring[i + 1], c = ring[j], d = ring[(j + 1) % n];
      const auto side = [](geo::Vec2d p, geo::Vec2d q, geo::Vec2d r) { return geo::cross(q - p, r - p); };
      if ((side(a, b, c) > 0) != (side(a, b, d) > 0) && (side(c, d, a) > 0) != (side(c, d, b) > 0)) return false;
    }
  }
  return true;
}

TEST(Shape, finds_the_same_crossings_as_a_test_of_all_pairs) {
  int crossed = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    base::Random random(seed);
    std::vector<geo::Vec2d> ring(4 + random.below(6));
    for (auto& p : ring) p = {random.uniform(0, 100), random.uniform(0, 100)};
    EXPECT_EQ(is_simple_ring(ring), is_simple_by_all_pairs(ring)) << "seed " << seed;
    crossed += is_simple_ring(ring) ? 0 : 1;
  }
  EXPECT_GT(crossed, 500);
  EXPECT_LT(crossed, 1990);
}

TEST(Shape, repairs_a_bow_tie_into_its_two_wings) {
  const Shape tie = repaired(ring_shape({{0, 0}, {10, 10}, {10, 0}, {0, 10}}));
  ASSERT_EQ(tie.parts.size(), 2u);
  EXPECT_NEAR(tie.area_m2(), 50, 1e-9);
  for (const ShapePart& part : tie.parts) EXPECT_TRUE(is_simple_ring(part.points));
}

TEST(Shape, cuts_lines_and_polygons_at_the_box) {
  const geo::Box2d box{{0, 0}, {10, 10}};
  const Shape line = clipped(line_shape({{-5, 5}, {15, 5}, {15, 20}, {5, 20}, {5, 8}}), box);
  ASSERT_EQ(line.parts.size(), 2u);
  EXPECT_NEAR(line.length_m(), 12, 1e-9);
  EXPECT_NEAR(clipped(ring_shape({{5, 5}, {15, 5}, {15, 15}, {5, 15}}), box).area_m2(), 25, 1e-9);
  EXPECT_TRUE(clipped(line_shape({{20, 20}, {30, 30}}), box).parts.empty());
}

TEST(Shape, names_a_point_inside_even_of_a_ring_around_a_court) {
  Shape court = ring_shape({{0, 0}, {10, 0}, {10, 10}, {0, 10}});
  court.parts.push_back({{{1, 1}, {1, 9}, {9, 9}, {9, 1}}, true});
  EXPECT_TRUE(covers(court, point_inside(court)));
  EXPECT_FALSE(covers(court, {5, 5}));
}

}  // namespace
}  // namespace citiverse::ingest
