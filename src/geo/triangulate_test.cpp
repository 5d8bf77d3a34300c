#include "geo/triangulate.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

#include "geo/box.h"
#include "geo/orientation.h"
#include "testing/outlines.h"

namespace citiverse::geo {
namespace {

using testing_fixtures::Outline;

std::vector<Vec2d> all_vertices(const Outline& outline) {
  std::vector<Vec2d> all;
  for (const auto& ring : outline) all.insert(all.end(), ring.begin(), ring.end());
  return all;
}

double area_of_triangles(const std::vector<Vec2d>& vertices, const std::vector<std::uint32_t>& indices) {
  double sum = 0;
  for (std::size_t i = 0; i < indices.size(); i += 3) {
    const Vec2d a = vertices[indices[i]];
    sum += cross(vertices[indices[i + 1]] - a, vertices[indices[i + 2]] - a) / 2;
  }
  return sum;
}

double box_area(const std::vector<Vec2d>& vertices) {
  Box2d box;
  for (const Vec2d p : vertices) box.extend(p);
  return box.width() * box.height();
}

// What the header promises for a simple polygon with disjoint holes.
void expect_a_triangulation(const Outline& outline) {
  std::vector<std::uint32_t> indices;
  triangulate(testing_fixtures::spans_of(outline), indices);
  const auto vertices = all_vertices(outline);
  ASSERT_EQ(indices.size(), 3 * (vertices.size() - 2 + 2 * (outline.size() - 1)));
  std::map<std::pair<std::uint32_t, std::uint32_t>, int> edges;
  for (std::size_t i = 0; i < indices.size(); i += 3) {
    ASSERT_GT(orientation(vertices[indices[i]], vertices[indices[i + 1]], vertices[indices[i + 2]]), 0);
    for (std::size_t k = 0; k < 3; ++k) ++edges[{indices[i + k], indices[i + (k + 1) % 3]}];
  }
  // Every side of a ring is one triangle's, every other edge two triangles', once each way.
  std::size_t first = 0;
  for (const auto& ring : outline) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const auto a = static_cast<std::uint32_t>(first + i);
      const auto b = static_cast<std::uint32_t>(first + (i + 1) % ring.size());
      EXPECT_EQ((edges[{a, b}]), 1);
      EXPECT_EQ((edges[{b, a}]), 0);
      edges.erase({a, b});
      edges.erase({b, a});
    }
    first += ring.size();
  }
  for (const auto& [edge, count] : edges) {
    ASSERT_EQ(count, 1);
    ASSERT_TRUE(edges.contains({edge.second, edge.first}));
  }
  EXPECT_NEAR(area_of_triangles(vertices, indices), testing_fixtures::area_of(outline),
              kTriangulationAreaError * box_area(vertices));
}

TEST(Triangulate, covers_every_kind_of_outline_without_overlap_or_t_joint) {
  for (const auto kind : testing_fixtures::kOutlineKinds) {
    base::Random random(7, static_cast<std::uint64_t>(kind));
    for (int i = 0; i < 300; ++i) {
      const Outline outline = random_outline(kind, random);
      ASSERT_NO_FATAL_FAILURE(expect_a_triangulation(outline)) << "kind " << static_cast<int>(kind) << " try " << i;
    }
  }
}

TEST(Triangulate, holds_for_any_seed) {
  rc::check([](std::uint64_t seed) {
    base::Random random(seed);
    const auto kind = testing_fixtures::kOutlineKinds[random.below(std::size(testing_fixtures::kOutlineKinds))];
    expect_a_triangulation(random_outline(kind, random));
    RC_ASSERT(!::testing::Test::HasFailure());
  });
}

TEST(Triangulate, copes_with_many_holes_and_thousands_of_vertices) {
  base::Random random(3);
  Outline outline(1);
  constexpr int kCorners = 4000;
  for (int i = 0; i < kCorners; ++i) {
    const double a = 2 * std::numbers::pi * i / kCorners;
    const double r = 2000 + random.uniform(0, 200);
    outline[0].push_back(snapped_to_mm({r * std::cos(a), r * std::sin(a)}));
  }
  for (int y = -12; y <= 12; ++y) {
    for (int x = -12; x <= 12; ++x) {
      const Vec2d c{x * 100.0, y * 100.0};
      outline.push_back({c, {c.x, c.y + 40}, {c.x + 40, c.y + 40}, {c.x + 40, c.y}});
    }
  }
  expect_a_triangulation(outline);
}

TEST(Triangulate, takes_rings_in_either_direction_and_keeps_their_numbering) {
  const std::vector<Vec2d> clockwise = {{0, 0}, {0, 4}, {4, 4}, {4, 0}};
  std::vector<std::uint32_t> indices;
  triangulate(clockwise, indices);
  ASSERT_EQ(indices.size(), 6u);
  EXPECT_DOUBLE_EQ(area_of_triangles(clockwise, indices), 16);
}

TEST(Triangulate, gives_the_right_area_where_rings_touch) {
  const Outline cases[] = {
      {{{0, 0}, {10, 0}, {10, 10}, {0, 10}}, {{0, 5}, {3, 8}, {3, 3}}},  // a hole's corner on a side
      {{{0, 0}, {10, 0}, {10, 10}, {0, 10}}, {{0, 0}, {3, 6}, {6, 3}}},  // a hole at a corner
      {{{0, 0}, {10, 0}, {10, 10}, {0, 10}},
       {{2, 2}, {2, 4}, {4, 4}, {4, 2}},
       {{4, 4}, {4, 6}, {6, 6}, {6, 4}}},                                                    // holes touch
      {{{0, 0}, {5, 5}, {10, 0}, {10, 10}, {5, 5}, {0, 10}}},                                // a bow tie touching itself
      {{{0, 0}, {10, 0}, {10, 10}, {10, 12}, {10, 10}, {0, 10}}},                            // a spike
      {{{0, 0}, {0, 0}, {10, 0}, {10, 0}, {10, 10}, {10, 10}, {10, 10}, {0, 10}, {0, 10}}},  // repeated vertices
      {{{0, 0}, {10, 0}, {10, 10}, {0, 10}}, {{2, 5}, {5, 5}, {2, 5}}},                      // a hole without area
  };
  for (const Outline& outline : cases) {
    std::vector<std::uint32_t> indices;
    triangulate(testing_fixtures::spans_of(outline), indices);
    EXPECT_NEAR(area_of_triangles(all_vertices(outline), indices), testing_fixtures::area_of(outline), 1e-9);
  }
}

TEST(Triangulate, ends_with_valid_triangles_on_any_heap_of_points) {
  rc::check([](std::uint64_t seed) {
    base::Random random(seed);
    Outline outline(1 + random.below(4));
    // A small grid, so that repeats, crossings and straight runs are many.
    const auto side = 2 + random.below(30);
    for (auto& ring : outline) {
      const auto n = random.below(120);
      for (std::uint32_t i = 0; i < n; ++i) {
        ring.push_back({static_cast<double>(random.below(side)), static_cast<double>(random.below(side))});
      }
    }
    std::vector<std::uint32_t> indices;
    triangulate(testing_fixtures::spans_of(outline), indices);
    const auto vertices = all_vertices(outline);
    RC_ASSERT(indices.size() % 3 == 0u);
    for (std::size_t i = 0; i < indices.size(); i += 3) {
      for (std::size_t k = 0; k < 3; ++k) RC_ASSERT(indices[i + k] < vertices.size());
      RC_ASSERT(orientation(vertices[indices[i]], vertices[indices[i + 1]], vertices[indices[i + 2]]) > 0);
    }
  });
}

TEST(Triangulate, gives_nothing_for_what_has_no_area_or_no_number) {
  std::vector<std::uint32_t> indices = {1, 2, 3};
  triangulate(std::span<const std::span<const Vec2d>>{}, indices);
  EXPECT_TRUE(indices.empty());
  triangulate(std::vector<Vec2d>{{0, 0}, {1, 1}}, indices);
  EXPECT_TRUE(indices.empty());
  triangulate(std::vector<Vec2d>{{0, 0}, {1, 1}, {2, 2}, {5, 5}}, indices);
  EXPECT_TRUE(indices.empty());
  triangulate(std::vector<Vec2d>{{0, 0}, {1, 0}, {1, std::nan("")}}, indices);
  EXPECT_TRUE(indices.empty());
  triangulate(std::vector<Vec2d>{{0, 0}, {1e300, 0}, {1, 1e300}}, indices);
  EXPECT_TRUE(indices.empty());
}

TEST(Orientation, is_exact_where_doubles_are_not) {
  // The classic trial of Kettner et al. 2008: a grid of neighbouring doubles against a line; the sign must be that of exact
  // arithmetic, so it is antisymmetric and the same for all rotations of its arguments.
  const Vec2d q{12, 12};
  const Vec2d r{24, 24};
  for (int i = 0; i < 64; ++i) {
    for (int k = 0; k < 64; ++k) {
      const Vec2d p{0.5 + i * 0x1p-53, 0.5 + k * 0x1p-53};
      const int expected = (k > i) - (k < i);  // Left of the diagonal is above it.
      EXPECT_EQ(orientation(q, r, p), expected);
      EXPECT_EQ(orientation(p, q, r), expected);
      EXPECT_EQ(orientation(r, q, p), -expected);
    }
  }
}

}  // namespace
}  // namespace citiverse::geo
