#include "sim/traffic/link_cost.h"

#include <gtest/gtest.h>

#include <cmath>

namespace citiverse::sim {
namespace {

// Link 1 to 2 of Sioux Falls: capacity 25,900.20064, 6 minutes, and in the published equilibrium 4,494.65765 at 6.00081624.
constexpr RoadLink kSiouxFalls{.capacity = 25900.20064, .free_flow_min = 6};

TEST(LinkCosts, are_those_of_a_published_equilibrium) {
  const LinkCosts costs = LinkCosts::of({&kSiouxFalls, 1});
  EXPECT_NEAR(costs.minutes(0, 4494.6576464564205), 6.0008162373543197, 1e-12);
  EXPECT_EQ(costs.minutes(0, 0), 6);
}

TEST(LinkCosts, have_the_slope_and_integral_of_their_minutes) {
  for (const double power : {1.0, 2.0, 4.0, 4.5, 8.0}) {
    RoadLink link{.capacity = 1000, .free_flow_min = 2, .b = 0.5, .power = power};
    link.junction_min = 0.25;
    link.junction_b = 0.75;
    link.junction_capacity = 800;
    const LinkCosts costs = LinkCosts::of({&link, 1});
    EXPECT_NEAR(costs.minutes(0, 1000), 2 * 1.5 + 0.25 + 0.75 * std::pow(1000.0 / 800, power), 1e-12) << power;
    EXPECT_NEAR(costs.slope(0, 900), (costs.minutes(0, 900.1) - costs.minutes(0, 899.9)) / 0.2, 1e-8) << power;
    EXPECT_NEAR(costs.minutes(0, 900), (costs.integral(0, 900.1) - costs.integral(0, 899.9)) / 0.2, 1e-6) << power;
    EXPECT_EQ(costs.integral(0, 0), 0) << power;
  }
}

TEST(LinkCosts, do_not_depend_on_the_volume_where_b_or_the_power_is_0) {
  const RoadLink links[] = {{.capacity = 1, .free_flow_min = 3, .b = 0},
                            {.capacity = 1, .free_flow_min = 3, .b = 1, .power = 0}};
  const LinkCosts costs = LinkCosts::of(links);
  EXPECT_EQ(costs.minutes(0, 1e6), 3);
  EXPECT_EQ(costs.minutes(1, 1e6), 6);
  EXPECT_EQ(costs.slope(0, 1e6) + costs.slope(1, 1e6), 0);
}

}  // namespace
}  // namespace citiverse::sim
