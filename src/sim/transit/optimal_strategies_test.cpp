#include "sim/transit/optimal_strategies.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"

namespace citiverse::sim {
namespace {

constexpr double kNever = OptimalStrategies::kNever;

// The paper's own network (Spiess & Florian 1989, section 2): four lines from A to B by X and Y. Each line has a node of its
// own at each of its stops.
struct Published {
  enum Node : std::uint32_t { A, X, Y, B, l1a, l1b, l2a, l2x, l2y, l3x, l3y, l3b, l4y, l4b, count };
  enum Link : std::uint32_t { board1, board2, board2x, board3x, board3y, board4 };
  std::vector<TransitLink> links = {
      {A, l1a, 0, 6}, {A, l2a, 0, 6}, {X, l2x, 0, 6}, {X, l3x, 0, 15}, {Y, l3y, 0, 15}, {Y, l4y, 0, 3},
      {l1a, l1b, 25}, {l2a, l2x, 7},  {l2x, l2y, 6},  {l3x, l3y, 4},   {l3y, l3b, 4},   {l4y, l4b, 10},
      {l1b, B},       {l2x, X},       {l2y, Y},       {l3y, Y},        {l3b, B},        {l4b, B},
  };
  TransitNetwork network = *TransitNetwork::of(count, links);
};

TEST(OptimalStrategies, take_as_long_as_the_paper_says) {
  const Published published;
  OptimalStrategies strategies(published.network);
  strategies.find(Published::B);
  EXPECT_NEAR(strategies.expected_min(Published::A), 27.75, 1e-12);
  EXPECT_NEAR(strategies.expected_min(Published::Y), 11.5, 1e-12);
  EXPECT_NEAR(strategies.share(Published::board1), 0.5, 1e-12);
  EXPECT_NEAR(strategies.share(Published::board2), 0.5, 1e-12);
  EXPECT_NEAR(strategies.share(Published::board3y), 1.0 / 6, 1e-12);
  EXPECT_NEAR(strategies.share(Published::board4), 5.0 / 6, 1e-12);
}

TEST(OptimalStrategies, load_each_line_with_its_share_of_all_who_come_together) {
  const Published published;
  OptimalStrategies strategies(published.network);
  strategies.find(Published::B);
  std::vector<double> demand(Published::count);
  demand[Published::A] = 120;
  demand[Published::Y] = 30;
  std::vector<double> volumes(published.links.size());
  const auto [served, unserved] = strategies.load(demand, volumes);
  EXPECT_EQ(served, 150);
  EXPECT_EQ(unserved, 0);
  EXPECT_NEAR(volumes[Published::board1], 60, 1e-9);
  EXPECT_NEAR(volumes[Published::board4], (60 + 30) * 5.0 / 6, 1e-9);
  EXPECT_NEAR(volumes[Published::board3y], (60 + 30) / 6.0, 1e-9);
  EXPECT_EQ(volumes[Published::board3x], 0);
}

TEST(OptimalStrategies, count_who_cannot_get_there) {
  const std::vector<TransitLink> links = {{0, 1, 5, 3}, {1, 2, 4}};
  const TransitNetwork network = *TransitNetwork::of(4, links);
  OptimalStrategies strategies(network);
  strategies.find(1);
  EXPECT_EQ(strategies.expected_min(0), 8);
  EXPECT_EQ(strategies.expected_min(2), kNever);
  std::vector<double> volumes(2);
  const auto [served, unserved] = strategies.load(std::vector<double>{10, 3, 2, 1}, volumes);
  EXPECT_EQ(served, 13);
  EXPECT_EQ(unserved, 3);
  EXPECT_THAT(volumes, testing::ElementsAre(10, 0));
}

TEST(OptimalStrategies, walk_at_once_where_waiting_takes_no_less) {
  // A bus in 5 minutes that takes 2 on average 10 minutes from now, or 9 minutes on foot.
  const std::vector<TransitLink> links = {{0, 1, 2, 10}, {0, 1, 9}, {0, 1, 9}};
  const TransitNetwork network = *TransitNetwork::of(2, links);
  OptimalStrategies strategies(network);
  strategies.find(1);
  EXPECT_EQ(strategies.expected_min(0), 9);
  EXPECT_EQ(strategies.share(0), 0);
  EXPECT_EQ(strategies.share(1) + strategies.share(2), 1);
}

TEST(OptimalStrategies, refuse_links_that_cannot_be_and_say_which) {
  const std::vector<TransitLink> nowhere = {{0, 1, 1}, {0, 7, 1}};
  EXPECT_THAT(TransitNetwork::of(2, nowhere).error().message, testing::HasSubstr("link 1"));
  for (const double bad : {-1.0, std::nan(""), HUGE_VAL}) {
    EXPECT_FALSE(TransitNetwork::of(2, std::vector<TransitLink>{{0, 1, bad}}));
    EXPECT_FALSE(TransitNetwork::of(2, std::vector<TransitLink>{{0, 1, 1, bad}}));
  }
}

// Of each set of lines one might wait for at a node, the expected time; the best of all sets. Nodes are numbered so that links
// lead to lower ones.
std::vector<double> by_all_sets(std::uint32_t nodes, const std::vector<TransitLink>& links) {
  std::vector<double> best(nodes, kNever);
  best[0] = 0;
  for (std::uint32_t node = 1; node < nodes; ++node) {
    std::vector<TransitLink> out;
    for (const TransitLink& link : links)
      if (link.from == node && !std::isinf(best[link.to])) out.push_back(link);
    for (std::uint32_t set = 1; set < 1u << out.size(); ++set) {
      double vehicles = 0;
      double sum = 1;
      double on_foot = kNever;
      for (std::size_t i = 0; i < out.size(); ++i) {
        if ((set >> i & 1) == 0) continue;
        const double minutes = out[i].minutes + best[out[i].to];
        if (out[i].wait_min == 0)
          on_foot = std::min(on_foot, minutes);
        else
          vehicles += 1 / out[i].wait_min, sum += minutes / out[i].wait_min;
      }
      best[node] = std::min({best[node], on_foot, vehicles > 0 ? sum / vehicles : kNever});
    }
  }
  return best;
}

TEST(OptimalStrategies, are_the_best_of_all_sets_of_lines_on_networks_by_chance) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    base::Random random(seed, 0x57A7);
    constexpr std::uint32_t kNodes = 8;
    std::vector<TransitLink> links;
    for (std::uint32_t node = 1; node < kNodes; ++node) {
      for (std::uint64_t i = random.below(6); i > 0; --i) {
        links.push_back({node, static_cast<std::uint32_t>(random.below(node)), static_cast<double>(random.below(4) * 5),
                         random.chance(0.3) ? 0.0 : static_cast<double>(1 + random.below(3) * 5)});
      }
    }
    const TransitNetwork network = *TransitNetwork::of(kNodes, links);
    OptimalStrategies strategies(network);
    strategies.find(kNodes - 1);  // What was found before leaves nothing behind.
    strategies.find(0);
    const std::vector<double> best = by_all_sets(kNodes, links);
    std::vector<double> shares(kNodes);
    for (std::uint32_t i = 0; i < links.size(); ++i) shares[links[i].from] += strategies.share(i);
    // Whoever sets out arrives, also where links of no minutes are as good as one another.
    std::vector<double> volumes(links.size());
    const auto [served, unserved] = strategies.load(std::vector<double>(kNodes, 1), volumes);
    double arrived = 1;
    for (std::uint32_t i = 0; i < links.size(); ++i) arrived += links[i].to == 0 ? volumes[i] : 0;
    EXPECT_NEAR(arrived, served, 1e-9) << seed;
    EXPECT_EQ(served + unserved, kNodes) << seed;
    for (std::uint32_t node = 0; node < kNodes; ++node) {
      if (std::isinf(best[node])) {
        EXPECT_EQ(strategies.expected_min(node), kNever) << seed << ' ' << node;
      } else {
        EXPECT_NEAR(strategies.expected_min(node), best[node], 1e-9) << seed << ' ' << node;
      }
      if (node == 0) continue;
      EXPECT_NEAR(shares[node], std::isinf(best[node]) ? 0 : 1, 1e-9) << seed << ' ' << node;
    }
  }
}

}  // namespace
}  // namespace citiverse::sim
