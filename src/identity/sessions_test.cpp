#include "identity/sessions.h"

#include <thread>

#include <gtest/gtest.h>

#include "base/file.h"

#include "testing/test_people.h"

namespace citiverse::identity {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;
using testing_fixtures::TestPeople;

std::string sign_in(TestPeople& people, AccountId account, std::string_view replaced = {}) {
  return people->sessions().start(account, SignInMethod::password, "Firefox on Linux", replaced)->token;
}

TEST(Sessions, know_whose_token_it_is_and_forget_it_never_by_a_restart) {
  TestPeople people;
  const AccountId ana = people.member("ana");
  const std::string token = sign_in(people, ana);
  EXPECT_EQ(token.size(), kTokenCharacters);
  const auto before = people->sessions().find(token);
  people.restart();
  const auto after = people->sessions().find(token);
  ASSERT_TRUE(before && after);
  EXPECT_EQ(after->account, ana);
  EXPECT_EQ(after->session, before->session);
  EXPECT_EQ(after->standing, kMember | kNew);
}

TEST(Sessions, take_no_token_that_was_never_given) {
  TestPeople people;
  const std::string token = sign_in(people, people.member("ana"));
  std::string other = token;
  other[5] = other[5] == 'A' ? 'B' : 'A';
  for (const std::string& wrong : {std::string(), other, token + "A", token.substr(1), std::string(kTokenCharacters, 'A')})
    EXPECT_FALSE(people->sessions().find(wrong));
}

TEST(Sessions, keep_no_token_in_their_files) {
  TestPeople people;
  const std::string token = sign_in(people, people.member("ana"));
  ASSERT_TRUE(people->store().checkpoint());
  EXPECT_EQ(base::read_file(people.folder() / "people.db", 16 << 20).value().find(token), std::string::npos);
}

// Fixation: an attacker plants a token, the victim signs in with it, and the attacker must not be signed in with it then.
TEST(Sessions, end_the_token_from_before_signing_in) {
  TestPeople people;
  const std::string planted = people->sessions().start(people.guest(), SignInMethod::guest, "", {})->token;
  const std::string token = sign_in(people, people.member("ana"), planted);
  EXPECT_NE(token, planted);
  EXPECT_FALSE(people->sessions().find(planted));
  EXPECT_TRUE(people->sessions().find(token));
}

TEST(Sessions, take_a_replaced_token_until_the_new_one_has_arrived_and_a_minute_longer) {
  TestPeople people;
  const std::string old = sign_in(people, people.member("ana"));
  EXPECT_FALSE(people->sessions().find(old)->token_is_due);
  people.advance(kTokenTime);
  EXPECT_TRUE(people->sessions().find(old)->token_is_due);
  const std::string renewed = people->sessions().rotate(old).value();
  people.advance(hours(1));
  EXPECT_TRUE(people->sessions().find(old)) << "the answer with the new token may have been lost";
  EXPECT_TRUE(people->sessions().find(renewed));
  people.advance(kReplacedTokenTime);
  EXPECT_TRUE(people->sessions().find(old));
  people.advance(seconds(1));
  EXPECT_FALSE(people->sessions().find(old)) << "replay";
  EXPECT_FALSE(people->sessions().rotate(old));
  EXPECT_TRUE(people->sessions().find(renewed));
}

TEST(Sessions, leave_the_old_token_at_once_when_the_owner_proves_who_they_are) {
  TestPeople people;
  const std::string old = sign_in(people, people.member("ana"));
  people.advance(kFreshTime);
  EXPECT_FALSE(people->sessions().find(old)->is_fresh);
  const std::string renewed = people->sessions().refresh(old, SignInMethod::passkey).value();
  EXPECT_FALSE(people->sessions().find(old));
  EXPECT_TRUE(people->sessions().find(renewed)->is_fresh);
}

TEST(Sessions, end_after_a_time_unused_and_after_a_longer_time_used) {
  TestPeople people;
  const AccountId ana = people.member("ana");
  const std::string unused = sign_in(people, ana);
  std::string used = sign_in(people, ana);
  for (int day = 1; day < 30; ++day) {
    people.advance(days(1));
    used = people->sessions().rotate(used).value();
    EXPECT_EQ(people->sessions().find(unused).has_value(), day < kSessionIdleTime.count());
  }
  EXPECT_TRUE(people->sessions().find(used));
  people.advance(days(1));
  EXPECT_FALSE(people->sessions().find(used));
  ASSERT_TRUE(people->sessions().sweep());
  EXPECT_EQ(people->sessions().count(), 0u);
}

TEST(Sessions, let_privileged_roles_sleep_twelve_hours_after_signing_in) {
  TestPeople people;
  const std::string token = sign_in(people, people.member("olu", Role::operator_));
  EXPECT_TRUE(people->sessions().find(token)->standing & bit_of(Role::operator_));
  people.advance(kPrivilegedTime);
  const auto later = people->sessions().find(token);
  EXPECT_FALSE(later->standing & bit_of(Role::operator_));
  EXPECT_EQ(later->dormant, bit_of(Role::operator_));
  EXPECT_TRUE(later->standing & kMember);
}

TEST(Sessions, follow_a_change_of_standing_at_once) {
  TestPeople people;
  const AccountId ana = people.member("ana");
  const std::string token = sign_in(people, ana);
  ASSERT_TRUE(people->accounts().give_role(ana, Role::moderator));
  EXPECT_TRUE(people->sessions().find(token)->standing & bit_of(Role::moderator));
  ASSERT_TRUE(people->accounts().take_role(ana, Role::moderator));
  EXPECT_FALSE(people->sessions().find(token)->standing & bit_of(Role::moderator));
  ASSERT_TRUE(people->accounts().restrict_until(ana, people.now() + hours(1)));
  EXPECT_TRUE(people->sessions().find(token)->standing & kRestricted);
}

TEST(Sessions, follow_what_another_process_gave_at_the_next_sweep) {
  TestPeople people;
  const AccountId ana = people.member("ana");
  const std::string token = sign_in(people, ana);
  const auto elsewhere = storage::Store::open(people.folder() / "people.db").value();
  Accounts accounts(*elsewhere, people->surroundings());
  ASSERT_TRUE(accounts.give_role(ana, Role::operator_));
  ASSERT_TRUE(people->sweep());
  EXPECT_TRUE(people->sessions().find(token)->standing & bit_of(Role::operator_));
}

TEST(Sessions, begin_and_go_on_within_a_larger_write) {
  TestPeople people;
  const AccountId ana = people.member("ana");
  std::string token;
  ASSERT_TRUE(people->store().write([&](storage::Database&) -> base::Result<void> {
    token = sign_in(people, ana);
    EXPECT_FALSE(people->sessions().find(token)) << "nothing counts before it is kept";
    return {};
  }));
  EXPECT_TRUE(people->sessions().find(token));
  std::string renewed;
  ASSERT_TRUE(people->store().write([&](storage::Database&) -> base::Result<void> {
    renewed = people->sessions().refresh(token, SignInMethod::passkey).value();
    return {};
  }));
  EXPECT_FALSE(people->sessions().find(token));
  EXPECT_TRUE(people->sessions().find(renewed));
}

TEST(Sessions, follow_no_change_that_was_not_kept) {
  TestPeople people;
  const AccountId guest = people.guest();
  const std::string token = people->sessions().start(guest, SignInMethod::guest, "", {})->token;
  EXPECT_FALSE(people->store().write([&](storage::Database&) -> base::Result<void> {
    EXPECT_TRUE(people->accounts().make_member(guest));
    return base::fail(base::ErrorCode::conflict, "the passkey was not kept");
  }));
  EXPECT_TRUE(people->sessions().find(token)->standing & kGuest);
}

TEST(Sessions, are_listed_and_ended_by_their_owner_only_and_say_so) {
  TestPeople people;
  const AccountId ana = people.member("ana");
  const AccountId ben = people.member("ben");
  std::vector<std::pair<AccountId, SessionId>> ended;
  people->sessions().on_ended([&](AccountId account, SessionId session) { ended.emplace_back(account, session); });
  const std::string here = sign_in(people, ana);
  const std::string there = sign_in(people, ana);
  const SessionId id = people->sessions().find(there)->session;
  EXPECT_EQ(people->sessions().list(ana)->size(), 2u);
  EXPECT_FALSE(people->sessions().end(ben, id));
  EXPECT_TRUE(people->sessions().end(ana, id));
  EXPECT_FALSE(people->sessions().find(there));
  EXPECT_TRUE(people->sessions().find(here));
  EXPECT_EQ(ended, (std::vector{std::pair(ana, id)}));
  sign_in(people, ana);
  ASSERT_TRUE(people->sessions().end_all(ana, people->sessions().find(here)->session));
  EXPECT_EQ(people->sessions().list(ana)->size(), 1u);
  EXPECT_TRUE(people->sessions().find(here));
}

TEST(Sessions, make_room_for_the_newest_of_an_account) {
  TestPeople people;
  const AccountId ana = people.member("ana");
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i < kSessionsPerAccountMax + 3; ++i) {
    tokens.push_back(sign_in(people, ana));
    people.advance(seconds(1));
  }
  EXPECT_EQ(people->sessions().list(ana)->size(), kSessionsPerAccountMax);
  EXPECT_FALSE(people->sessions().find(tokens[2]));
  EXPECT_TRUE(people->sessions().find(tokens[3]));
}

TEST(Sessions, stand_many_threads_that_sign_in_look_up_and_sign_out) {
  TestPeople people;
  const AccountId ana = people.member("ana");
  const std::string steady = sign_in(people, ana);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 10; ++i) {
        if (t == 0) {
          const auto token = sign_in(people, ana);
          EXPECT_TRUE(people->sessions().end(ana, people->sessions().find(token)->session));
        } else {
          for (int k = 0; k < 200; ++k) EXPECT_TRUE(people->sessions().find(steady));
        }
      }
    });
  }
}

}  // namespace
}  // namespace citiverse::identity
