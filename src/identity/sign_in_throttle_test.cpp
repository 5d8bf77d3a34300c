#include "identity/sign_in_throttle.h"

#include <gtest/gtest.h>

#include "storage/rows.h"
#include "testing/test_people.h"

namespace citiverse::identity {
namespace {

using std::chrono::seconds;

constexpr Time kBegin{seconds{1'770'000'000}};

TEST(SignInThrottle, lets_a_person_mistype_and_then_waits_longer_each_time) {
  SignInThrottle throttle;
  const SignInAttempt attempt{.subject = 1, .address = 2};
  Time now = kBegin;
  for (int i = 0; i < kFreeFailures; ++i) EXPECT_FALSE(throttle.take(attempt, now));
  EXPECT_FALSE(throttle.take(attempt, now));
  seconds expected = kFirstWait;
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(throttle.take(attempt, now), expected);
    now += expected;
    EXPECT_FALSE(throttle.take(attempt, now));
    expected *= 2;
  }
}

TEST(SignInThrottle, forgets_slips_once_the_person_is_in) {
  SignInThrottle throttle;
  const SignInAttempt attempt{.subject = 1, .address = 2};
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < 4; ++i) {
      ASSERT_FALSE(throttle.take({.subject = 1, .address = 3 + static_cast<std::uint64_t>(round)}, kBegin));
    }
    ASSERT_FALSE(throttle.take(attempt, kBegin));
    throttle.succeeded(attempt, kBegin);
  }
}

// One password, many names, one address.
TEST(SignInThrottle, stops_spraying_from_one_address) {
  SignInThrottle throttle;
  int let_through = 0;
  for (std::uint64_t name = 1; name <= 1000; ++name)
    let_through += throttle.take({.subject = name, .address = 7}, kBegin) ? 0 : 1;
  EXPECT_EQ(let_through, kAddressFailuresMax);
  EXPECT_FALSE(throttle.take({.subject = 1, .address = 8}, kBegin)) << "others are unaffected";
  EXPECT_FALSE(throttle.take({.subject = 5000, .address = 7}, kBegin + kAddressWindow));
}

TEST(SignInThrottle, does_not_let_an_attacker_pay_with_an_account_of_their_own) {
  SignInThrottle throttle;
  int guesses = 0;
  for (std::uint64_t name = 1; name <= 1000; ++name) {
    guesses += throttle.take({.subject = name, .address = 7}, kBegin) ? 0 : 1;
    const SignInAttempt own{.subject = 99'999, .address = 7};
    if (!throttle.take(own, kBegin)) throttle.succeeded(own, kBegin);
  }
  EXPECT_LE(guesses, kAddressFailuresMax);
}

// One password, many names, many addresses: the whole node slows down for devices that it does not know, and only for these.
TEST(SignInThrottle, stops_spraying_from_everywhere_and_lets_known_devices_in) {
  SignInThrottle throttle;
  int let_through = 0;
  for (std::uint64_t i = 1; i <= 5000; ++i) let_through += throttle.take({.subject = i, .address = 10'000 + i}, kBegin) ? 0 : 1;
  EXPECT_EQ(let_through, kNodeFailuresMax);
  EXPECT_FALSE(throttle.take({.subject = 3, .address = 1, .device = 77}, kBegin));
  EXPECT_FALSE(throttle.take({.subject = 6000, .address = 1}, kBegin + kNodeWindow));
}

TEST(SignInThrottle, lets_nobody_lock_the_owner_out_from_elsewhere) {
  SignInThrottle throttle;
  Time now = kBegin;
  int guesses = 0;
  for (std::uint64_t i = 0; i < 2000; ++i, now += seconds(10))
    guesses += throttle.take({.subject = 1, .address = i}, now) ? 0 : 1;
  EXPECT_EQ(guesses, kAccountFailuresMax);
  EXPECT_TRUE(throttle.take({.subject = 1, .address = 3'000}, now));
  EXPECT_FALSE(throttle.take({.subject = 1, .address = 3'000, .device = 5}, now));
}

TEST(SignInThrottle, counts_a_known_device_too) {
  SignInThrottle throttle;
  const SignInAttempt attempt{.subject = 1, .address = 2, .device = 3};
  int let_through = 0;
  for (int i = 0; i < 100; ++i) let_through += throttle.take(attempt, kBegin) ? 0 : 1;
  EXPECT_EQ(let_through, kFreeFailures + 1);
}

TEST(SignInThrottle, gives_back_what_was_not_tried) {
  SignInThrottle throttle;
  const SignInAttempt attempt{.subject = 1, .address = 2};
  for (int i = 0; i < 100; ++i) {
    ASSERT_FALSE(throttle.take(attempt, kBegin));
    throttle.not_tried(attempt, kBegin);
  }
}

TEST(SignInThrottle, remembers_no_more_than_it_says) {
  SignInThrottle throttle;
  Time now = kBegin;
  for (std::uint64_t i = 0; i < 3 * kThrottledMax; ++i, now += seconds(1)) throttle.take({.subject = i, .address = i}, now);
  EXPECT_LE(throttle.size(), kThrottledMax + 8);
}

// A node that is restarted, or made to restart, gives no fresh guesses.
TEST(SignInThrottle, remembers_over_a_restart_what_was_tried) {
  testing_fixtures::TestPeople people;
  const Time now = people->surroundings().now();
  int guesses = 0;
  for (std::uint64_t name = 1; name <= 200; ++name) {
    guesses += people->throttle().take({.subject = name, .address = 7}, now) ? 0 : 1;
    if (name % 8 == 0) people.restart();
  }
  EXPECT_EQ(guesses, kAddressFailuresMax) << "one password, many names, one address";
  const SignInAttempt attempt{.subject = 1, .address = 2, .device = 3};
  int tries = 0;
  for (int restart = 0; restart < 4; ++restart, people.restart())
    for (int i = 0; i < 3; ++i) tries += people->throttle().take(attempt, now) ? 0 : 1;
  EXPECT_EQ(tries, kFreeFailures + 1) << "one account from one device";
  people->throttle().succeeded(attempt, now);
  people.restart();
  EXPECT_FALSE(people->throttle().take(attempt, now)) << "who got in begins anew";
}

TEST(SignInThrottle, keeps_no_count_longer_than_it_runs) {
  testing_fixtures::TestPeople people;
  const Time now = people->surroundings().now();
  people->throttle().take({.subject = 1, .address = 0xC0A80001}, now);
  const auto rows = [&] {
    return people->store()
        .read(
            [](storage::Database& database) { return storage::one_integer(database, "SELECT count(*) FROM sign_in_failures"); })
        .value()
        .value();
  };
  EXPECT_EQ(rows(), 4);
  people.advance(kAccountWindow + seconds(1));
  ASSERT_TRUE(people->throttle().sweep());
  EXPECT_EQ(rows(), 0);
}

TEST(SignInThrottle, limits_how_many_accounts_one_address_makes) {
  SignInThrottle throttle;
  for (int i = 0; i < kNewAccountsMax; ++i) EXPECT_FALSE(throttle.take_new_account(7, kBegin));
  EXPECT_EQ(throttle.take_new_account(7, kBegin), std::optional<seconds>(kAddressWindow));
  EXPECT_FALSE(throttle.take_new_account(8, kBegin));
  EXPECT_FALSE(throttle.take_new_account(7, kBegin + kAddressWindow));
}

}  // namespace
}  // namespace citiverse::identity
