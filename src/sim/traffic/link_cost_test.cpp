#include "sim/traffic/link_cost.h"

#include <gtest/gtest.h>

#include <cmath>

namespace citiverse::sim {
namespace {

// Link 1 to 2 of Sioux Falls: capacity 25,900.20064, 6 minutes, and in the published equilibrium 4,494.65765 at 6.00081624.
constexpr RoadLink kSiouxFalls{.capacity = 25900.20064, .free_flow_min = 6};

TEST(LinkCost, is_that_of_a_published_equilibrium) {
  const LinkCost cost = LinkCost::of(kSiouxFalls);
  EXPECT_NEAR(cost.minutes(4494.6576464564205), 6.0008162373543197, 1e-12);
  EXPECT_EQ(cost.minutes(0), 6);
}

TEST(LinkCost, has_the_slope_and_integral_of_its_minutes) {
  for (const double power : {1.0, 2.0, 4.0, 4.5, 8.0}) {
    RoadLink link{.capacity = 1000, .free_flow_min = 2, .b = 0.5, .power = power};
    link.junction_min = 0.25;
    link.junction_b = 0.75;
    link.junction_capacity = 800;
    const LinkCost cost = LinkCost::of(link);
    EXPECT_NEAR(cost.minutes(1000), 2 * 1.5 + 0.25 + 0.75 * std::pow(1000.0 / 800, power), 1e-12) << power;
    EXPECT_NEAR(cost.slope(900), (cost.minutes(900.1) - cost.minutes(899.9)) / 0.2, 1e-8) << power;
    EXPECT_NEAR(cost.minutes(900), (cost.integral(900.1) - cost.integral(899.9)) / 0.2, 1e-6) << power;
    EXPECT_EQ(cost.integral(0), 0) << power;
  }
}

TEST(LinkCost, does_not_depend_on_the_volume_where_b_or_the_power_is_0) {
  const LinkCost flat = LinkCost::of({.capacity = 1, .free_flow_min = 3, .b = 0});
  const LinkCost constant = LinkCost::of({.capacity = 1, .free_flow_min = 3, .b = 1, .power = 0});
  EXPECT_EQ(flat.minutes(1e6), 3);
  EXPECT_EQ(constant.minutes(1e6), 6);
  EXPECT_EQ(flat.slope(1e6) + constant.slope(1e6), 0);
}

}  // namespace
}  // namespace citiverse::sim
