#include "tiles/ground_partition.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"

namespace citiverse::tiles {
namespace {

constexpr GridPoint kLow{0, 0};
constexpr GridPoint kHigh{4096, 4096};

struct PlotOutline {
  std::vector<GridPoint> ring;
  std::uint32_t surface;
};

/// How often a ring winds around p.
int winding(const std::vector<GridPoint>& ring, GridPoint p) {
  int count = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const GridPoint a = ring[i], b = ring[(i + 1) % ring.size()];
    const auto side = GroundTriangulation::turn(a, b, p);
    if (a.y <= p.y && b.y > p.y && side > 0) ++count;
    if (a.y > p.y && b.y <= p.y && side < 0) --count;
  }
  return count;
}

double distance_to(const std::vector<GridPoint>& ring, GridPoint p) {
  double nearest = 1e18;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const GridPoint a = ring[i], b = ring[(i + 1) % ring.size()];
    const double ux = b.x - a.x, uy = b.y - a.y, vx = p.x - a.x, vy = p.y - a.y;
    const double size = ux * ux + uy * uy;
    const double k = size > 0 ? std::clamp((ux * vx + uy * vy) / size, 0.0, 1.0) : 0.0;
    nearest = std::min(nearest, std::hypot(vx - k * ux, vy - k * uy));
  }
  return nearest;
}

void expect_sound(const GroundPartition& partition) {
  const auto points = partition.points();
  const auto triangles = partition.triangles();
  std::int64_t area_twice = 0;
  for (std::uint32_t t = 0; t < triangles.size(); ++t) {
    const auto& here = triangles[t];
    if (here.v[0] == GroundPartition::kNoSurface) continue;
    const auto turn = GroundTriangulation::turn(points[here.v[0]], points[here.v[1]], points[here.v[2]]);
    ASSERT_GT(turn, 0);
    area_twice += turn;
    for (int edge = 0; edge < 3; ++edge) {
      if (here.n[edge] == GroundTriangulation::kNoTriangle) continue;
      const auto& there = triangles[here.n[edge]];
      const int back = GroundTriangulation::edge_to(there, t);
      ASSERT_EQ(there.n[back], t);
      ASSERT_EQ(there.v[(back + 1) % 3], here.v[(edge + 2) % 3]);
      ASSERT_EQ(there.v[(back + 2) % 3], here.v[(edge + 1) % 3]);
    }
  }
  EXPECT_EQ(area_twice, 2LL * 4096 * 4096);
}

/// Points that are not near an outline must belong to the lowest surface around them.
void expect_owners(const GroundPartition& partition, const std::vector<PlotOutline>& outlines, base::Random& random,
                   double slack) {
  const auto points = partition.points();
  for (int i = 0; i < 200; ++i) {
    const GridPoint p{static_cast<std::int32_t>(random.uniform(1, 4095)), static_cast<std::int32_t>(random.uniform(1, 4095))};
    std::uint32_t expected = GroundPartition::kNoSurface;
    double nearest = 1e18;
    std::vector<int> windings(64);
    for (const auto& outline : outlines) {
      nearest = std::min(nearest, distance_to(outline.ring, p));
      windings[outline.surface] += winding(outline.ring, p);
    }
    if (nearest < slack) continue;
    for (std::uint32_t s = 64; s-- > 0;) {
      if (windings[s] != 0) expected = s;
    }
    for (std::uint32_t t = 0; t < partition.triangles().size(); ++t) {
      const auto& here = partition.triangles()[t];
      if (here.v[0] == GroundPartition::kNoSurface) continue;
      bool inside = true;
      for (int edge = 0; edge < 3; ++edge) {
        inside = inside && GroundTriangulation::turn(points[here.v[edge]], points[here.v[(edge + 1) % 3]], p) > 0;
      }
      if (inside) {
        EXPECT_EQ(partition.owners()[t], expected) << "at " << p.x << ", " << p.y;
      }
    }
  }
}

TEST(GroundPartition, stays_sound_under_outlines_without_reason) {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    SCOPED_TRACE(seed);
    base::Random random(seed);
    GroundPartition partition;
    partition.reset(kLow, kHigh);
    // A coarse lattice makes points, edges and crossings fall on one another; a fine one makes near misses.
    const double lattice = seed % 3 == 0 ? 512 : seed % 3 == 1 ? 64 : 1;
    const auto coordinate = [&] {
      return static_cast<std::int32_t>(std::floor(random.uniform(-1000, 5096) / lattice) * lattice);
    };
    std::vector<PlotOutline> outlines;
    for (std::uint32_t surface = 0; surface < 12; ++surface) {
      PlotOutline outline{{}, surface};
      const int corners = 3 + static_cast<int>(random.uniform(0, 9));
      for (int i = 0; i < corners; ++i) outline.ring.push_back({coordinate(), coordinate()});
      outlines.push_back(outline);
    }
    for (int i = 0; i < 20; ++i) partition.add_crease({coordinate(), coordinate()}, {coordinate(), coordinate()});
    for (const auto& outline : outlines) partition.add_ring(outline.ring, outline.surface);
    partition.solve(std::vector<GroundPartition::Surface>(12), 1.5);
    expect_sound(partition);
    // Hundreds of crossings bend each other: rounding adds up to a few units.
    expect_owners(partition, outlines, random, 12);
  }
}

TEST(GroundPartition, stays_sound_under_lines_that_nearly_coincide) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(seed);
    base::Random random(seed);
    GroundPartition partition;
    partition.reset(kLow, kHigh);
    std::vector<PlotOutline> outlines;
    for (std::uint32_t surface = 0; surface < 40; ++surface) {
      // Slivers across the whole tile, a unit or two apart.
      const auto wobble = [&] { return static_cast<std::int32_t>(random.uniform(-3, 3)); };
      PlotOutline outline{
          {{100 + wobble(), 100 + wobble()}, {4000 + wobble(), 3900 + wobble()}, {2000 + wobble(), 2100 + wobble()}}, surface};
      outlines.push_back(outline);
      partition.add_ring(outline.ring, surface);
    }
    const std::vector<GroundPartition::Surface> surfaces(40, {seed % 2 == 0, seed % 3 == 0});
    partition.solve(surfaces, seed % 4 < 2 ? 1.5 : 64, 4096);
    expect_sound(partition);
  }
}

TEST(GroundPartition, keeps_no_vertex_that_separates_nothing) {
  GroundPartition partition;
  partition.reset(kLow, kHigh);
  const std::vector<GridPoint> over = {{512, 512}, {3584, 512}, {3584, 3584}, {512, 3584}};
  const std::vector<GridPoint> hidden = {{1024, 1024}, {2048, 1100}, {2000, 2048}};
  partition.add_ring(hidden, 1);
  partition.add_ring(over, 0);
  partition.solve(std::vector<GroundPartition::Surface>(2), 1.5);
  const auto alive =
      std::ranges::count_if(partition.triangles(), [](const auto& t) { return t.v[0] != GroundPartition::kNoSurface; });
  EXPECT_EQ(alive, 10);  // A square in a square.
}

TEST(GroundPartition, gives_small_islands_to_what_surrounds_them) {
  GroundPartition partition;
  partition.reset(kLow, kHigh);
  const std::vector<GridPoint> street = {{512, 512}, {3584, 512}, {3584, 3584}, {512, 3584}};
  const std::vector<GridPoint> gap = {{1024, 1024}, {1024, 1064}, {1064, 1064}};
  partition.add_ring(street, 0);
  partition.add_ring(gap, 0);  // Clockwise: a hole.
  partition.solve(std::vector<GroundPartition::Surface>(1), 1.5, 4096);
  EXPECT_EQ(std::ranges::count_if(partition.triangles(), [](const auto& t) { return t.v[0] != GroundPartition::kNoSurface; }),
            10);
}

TEST(GroundPartition, cuts_rings_at_its_border) {
  GroundPartition partition;
  partition.reset(kLow, kHigh);
  const std::vector<GridPoint> around = {{-100, -100}, {5000, -100}, {5000, 5000}, {-100, 5000}};
  const std::vector<GridPoint> beside = {{-500, 0}, {-400, 0}, {-400, 4000}};
  partition.add_ring(around, 0);
  partition.add_ring(beside, 1);
  partition.solve(std::vector<GroundPartition::Surface>(2), 1.5);
  EXPECT_EQ(partition.triangles().size(), 2u);
  EXPECT_EQ(partition.owners()[0], 0u);
  EXPECT_EQ(partition.owners()[1], 0u);
}

}  // namespace
}  // namespace citiverse::tiles
