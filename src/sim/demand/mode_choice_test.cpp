#include "sim/demand/mode_choice.h"

#include <cmath>
#include <limits>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace citiverse::sim {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr double kNotThere = -std::numeric_limits<double>::infinity();

struct Chosen {
  std::vector<double> shares;
  double logsum;
};
Chosen chosen(const ModeChoice& choice, const std::vector<double>& utilities) {
  Chosen made{std::vector<double>(utilities.size()), 0};
  made.logsum = choice.choose(utilities, made.shares);
  return made;
}

TEST(ModeChoice, of_alternatives_in_nests_of_their_own_is_multinomial) {
  const ModeChoice choice = *ModeChoice::of(3, {{.modes = {0}}, {.modes = {1}}, {.modes = {2}}});
  const auto [shares, logsum] = chosen(choice, {std::log(1), std::log(2), std::log(5)});
  EXPECT_THAT(shares, ElementsAre(DoubleNear(0.125, 1e-15), DoubleNear(0.25, 1e-15), DoubleNear(0.625, 1e-15)));
  EXPECT_NEAR(logsum, std::log(8), 1e-15);
  const auto together = chosen(*ModeChoice::of(3, {{.modes = {0, 1, 2}, .scale = 1}}), {std::log(1), std::log(2), std::log(5)});
  EXPECT_THAT(together.shares, ElementsAre(DoubleNear(0.125, 1e-15), DoubleNear(0.25, 1e-15), DoubleNear(0.625, 1e-15)));
}

// The example that made nests necessary (Debreu 1960; Train 2009, 3.3.2): a bus painted blue takes from the red one, not from
// cars.
TEST(ModeChoice, lets_a_blue_bus_take_riders_from_the_red_one) {
  const std::vector<double> equal = {0, 0, 0};
  const auto as_different = chosen(*ModeChoice::of(3, {{.modes = {0}}, {.modes = {1, 2}, .scale = 1}}), equal);
  EXPECT_NEAR(as_different.shares[0], 1.0 / 3, 1e-12);
  const auto as_one = chosen(*ModeChoice::of(3, {{.modes = {0}}, {.modes = {1, 2}, .scale = 1e-6}}), equal);
  EXPECT_THAT(as_one.shares, ElementsAre(DoubleNear(0.5, 1e-6), DoubleNear(0.25, 1e-6), DoubleNear(0.25, 1e-6)));
}

// P(i) = P(i | nest) · P(nest) by the definition (Train 2009, equation 4.2), written out.
TEST(ModeChoice, shares_by_the_definition_of_a_nested_logit) {
  const double scale = 0.4;
  const std::vector<double> utilities = {-1.2, -0.3, -0.9, 0.1};
  const auto [shares, logsum] = chosen(*ModeChoice::of(4, {{.modes = {3, 0}}, {.modes = {1, 2}, .scale = scale}}), utilities);
  const auto e = [&](int i, double by) { return std::exp(utilities[static_cast<std::size_t>(i)] / by); };
  const double transit = e(1, scale) + e(2, scale);
  const double other = e(0, 1) + e(3, 1);
  const double all = other + std::pow(transit, scale);
  EXPECT_NEAR(shares[0], e(0, 1) / all, 1e-14);
  EXPECT_NEAR(shares[1], e(1, scale) * std::pow(transit, scale - 1) / all, 1e-14);
  EXPECT_NEAR(shares[2], e(2, scale) * std::pow(transit, scale - 1) / all, 1e-14);
  EXPECT_NEAR(logsum, std::log(all), 1e-14);
}

// Williams 1977: the derivative of the logsum by a utility is the share.
TEST(ModeChoice, has_shares_that_are_the_slopes_of_its_logsum) {
  const ModeChoice choice = *ModeChoice::of(4, {{.modes = {0}}, {.modes = {1, 2, 3}, .scale = 0.3}});
  const std::vector<double> utilities = {-2, -1.5, -1.1, -3};
  const auto [shares, logsum] = chosen(choice, utilities);
  for (std::size_t i = 0; i < 4; ++i) {
    std::vector<double> more = utilities;
    more[i] += 1e-6;
    EXPECT_NEAR((chosen(choice, more).logsum - logsum) / 1e-6, shares[i], 1e-5);
  }
}

TEST(ModeChoice, knows_what_is_not_there_and_never_overflows) {
  const ModeChoice choice = *ModeChoice::of(3, {{.modes = {0, 1}, .scale = 0.5}, {.modes = {2}}});
  EXPECT_THAT(chosen(choice, {kNotThere, 0, 0}).shares, ElementsAre(0, 0.5, 0.5));
  EXPECT_THAT(chosen(choice, {kNotThere, kNotThere, -900}).shares, ElementsAre(0, 0, 1));
  EXPECT_THAT(chosen(choice, {1e6, 0, 1e6}).shares, ElementsAre(0.5, 0, 0.5));
  const auto nothing = chosen(choice, {kNotThere, kNotThere, kNotThere});
  EXPECT_THAT(nothing.shares, ElementsAre(0, 0, 0));
  EXPECT_EQ(nothing.logsum, kNotThere);
}

TEST(ModeChoice, refuses_nests_that_are_none) {
  EXPECT_THAT(ModeChoice::of(2, {{.modes = {0, 1}, .scale = 0}}).error().message, HasSubstr("nest 0 has scale 0"));
  EXPECT_THAT(ModeChoice::of(2, {{.modes = {0, 1}, .scale = 1.2}}).error().message, HasSubstr("scale 1.2"));
  EXPECT_THAT(ModeChoice::of(2, {{.modes = {0}}}).error().message, HasSubstr("alternative 1 is in no nest"));
  EXPECT_THAT(ModeChoice::of(2, {{.modes = {0}}, {.modes = {1, 0}}}).error().message, HasSubstr("in a nest already"));
  EXPECT_THAT(ModeChoice::of(2, {{.modes = {0, 2}}}).error().message, HasSubstr("does not exist"));
  EXPECT_EQ(ModeChoice::of(kModesMax + 1, {}).error().code, base::ErrorCode::limit);
}

}  // namespace
}  // namespace citiverse::sim
