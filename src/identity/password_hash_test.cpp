#include "identity/password_hash.h"

#include <sodium.h>

#include <thread>

#include <gtest/gtest.h>

#include "testing/test_people.h"

namespace citiverse::identity {
namespace {

constexpr HashCost kCheap{.bytes = 64u << 10, .passes = 2};
constexpr std::string_view kPassword = "kindly carry seven melons";

class PasswordHashTest : public ::testing::Test {
 protected:
  Surroundings surroundings_ = real_surroundings();
  PasswordHash hash_{surroundings_, kCheap};
};

// libsodium has an argon2 of its own: each reads what the other wrote.
TEST_F(PasswordHashTest, is_read_by_libsodium) {
  const std::string made = hash_.make(kPassword).value();
  EXPECT_EQ(crypto_pwhash_str_verify(made.c_str(), kPassword.data(), kPassword.size()), 0) << made;
  EXPECT_NE(crypto_pwhash_str_verify(made.c_str(), "x", 1), 0);
}

TEST_F(PasswordHashTest, reads_what_libsodium_wrote) {
  char text[crypto_pwhash_STRBYTES];
  ASSERT_EQ(crypto_pwhash_str_alg(text, kPassword.data(), kPassword.size(), 3, 128u << 10, crypto_pwhash_ALG_ARGON2ID13), 0);
  EXPECT_TRUE(hash_.matches(text, kPassword).value());
  EXPECT_FALSE(hash_.matches(text, "kindly carry seven lemons").value());
  EXPECT_TRUE(hash_.is_outdated(text));
  EXPECT_FALSE(hash_.is_outdated(hash_.make(kPassword).value()));
}

TEST_F(PasswordHashTest, is_another_each_time) { EXPECT_NE(hash_.make(kPassword).value(), hash_.make(kPassword).value()); }

TEST_F(PasswordHashTest, matches_nothing_where_the_stored_text_is_none) {
  const std::string good = hash_.make(kPassword).value();
  for (const std::string& bad :
       {std::string(), std::string("$"), good.substr(0, good.size() - 50), good + "$", "$argon2i" + good.substr(9),
        std::string("$argon2id$v=19$m=99999999999,t=2,p=1$c29tZXNhbHQ$AAAA"),
        std::string("$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$AAAA"), std::string("$argon2id$v=19$m=64,t=2,p=1$$")})
    EXPECT_FALSE(hash_.matches(bad, kPassword).value()) << bad;
}

TEST_F(PasswordHashTest, works_for_many_at_once) {
  const std::string made = hash_.make(kPassword).value();
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&, i] {
        for (int n = 0; n < 20; ++n) right += hash_.matches(made, i % 2 == 0 ? kPassword : "wrong").value() ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(right, 80);
}

}  // namespace
}  // namespace citiverse::identity
