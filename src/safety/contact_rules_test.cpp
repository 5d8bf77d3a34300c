#include "safety/contact_rules.h"

#include <gtest/gtest.h>

namespace citiverse::safety {
namespace {

using std::chrono::hours;

constexpr Time kNow{std::chrono::seconds{1'800'000'000}};

AccountFacts adult() { return {.created_at = kNow - hours{1000}}; }
AccountFacts minor_person() { return {.is_minor = true, .created_at = kNow - hours{1000}}; }
AccountFacts guest() { return {.is_guest = true, .created_at = kNow}; }
AccountFacts newcomer() { return {.created_at = kNow - hours{1}}; }

TEST(ContactRules, let_a_new_account_settle_after_three_days_and_a_verified_one_at_once) {
  EXPECT_EQ(tier_of(newcomer(), kNow), Tier::fresh);
  EXPECT_EQ(limits_of(newcomer(), kNow).settled_at, kNow + hours{71});
  EXPECT_EQ(tier_of(newcomer(), kNow + hours{71}), Tier::settled);
  AccountFacts verified = newcomer();
  verified.is_verified = true;
  EXPECT_EQ(tier_of(verified, kNow), Tier::settled);
}

TEST(ContactRules, give_guests_new_accounts_and_minors_less_than_the_settled) {
  const ContactLimits most = limits_of(adult(), kNow);
  for (const AccountFacts& facts : {guest(), newcomer(), minor_person()}) {
    const ContactLimits limits = limits_of(facts, kNow);
    EXPECT_LT(limits.messages_per_minute, most.messages_per_minute);
    EXPECT_LT(limits.direct_new_per_hour, most.direct_new_per_hour);
    EXPECT_LT(limits.notices_per_day, most.notices_per_day);
    EXPECT_FALSE(limits.may_link);
  }
}

TEST(ContactRules, never_give_more_to_somebody_who_is_a_minor_as_well_as_new) {
  AccountFacts both = newcomer();
  both.is_minor = true;
  EXPECT_LE(limits_of(both, kNow).messages_per_minute, limits_of(newcomer(), kNow).messages_per_minute);
  EXPECT_LE(limits_of(both, kNow).messages_per_minute, limits_of(minor_person(), kNow).messages_per_minute);
  EXPECT_FALSE(limits_of(both, kNow).may_speak_near);
}

TEST(ContactRules, leave_a_silenced_account_nothing_to_say_until_the_silence_ends) {
  AccountFacts silenced = adult();
  silenced.silenced_until = kNow + hours{1};
  EXPECT_EQ(limits_of(silenced, kNow).messages_per_minute, 0);
  EXPECT_FALSE(limits_of(silenced, kNow).may_speak_in_groups);
  EXPECT_EQ(may_write_directly(silenced, adult(), DirectFrom::everyone, {.has_written_before = true}, kNow),
            DirectVerdict::sender_may_not);
  EXPECT_EQ(limits_of(silenced, kNow + hours{1}).messages_per_minute, limits_of(adult(), kNow).messages_per_minute);
}

TEST(ContactRules, keep_adults_from_writing_to_minors_and_the_other_way_outside_a_shared_group) {
  EXPECT_EQ(may_write_directly(adult(), minor_person(), DirectFrom::everyone, {}, kNow), DirectVerdict::minors_are_protected);
  EXPECT_EQ(may_write_directly(minor_person(), adult(), DirectFrom::everyone, {}, kNow), DirectVerdict::minors_are_protected);
  // Not even an answer: a minor who was led to write first is protected too.
  EXPECT_EQ(may_write_directly(adult(), minor_person(), DirectFrom::everyone, {.has_written_before = true}, kNow),
            DirectVerdict::minors_are_protected);
  EXPECT_EQ(may_write_directly(adult(), minor_person(), DirectFrom::met, {.shares_group = true}, kNow), DirectVerdict::allowed);
  EXPECT_EQ(may_write_directly(minor_person(), minor_person(), DirectFrom::met, {}, kNow), DirectVerdict::recipient_declines);
}

TEST(ContactRules, obey_what_the_recipient_chose_and_let_answers_through) {
  EXPECT_EQ(may_write_directly(adult(), adult(), DirectFrom::everyone, {}, kNow), DirectVerdict::allowed);
  EXPECT_EQ(may_write_directly(adult(), adult(), DirectFrom::met, {}, kNow), DirectVerdict::recipient_declines);
  EXPECT_EQ(may_write_directly(adult(), adult(), DirectFrom::met, {.shares_group = true}, kNow), DirectVerdict::allowed);
  EXPECT_EQ(may_write_directly(adult(), adult(), DirectFrom::nobody, {.shares_group = true}, kNow),
            DirectVerdict::recipient_declines);
  EXPECT_EQ(may_write_directly(adult(), adult(), DirectFrom::nobody, {.has_written_before = true}, kNow),
            DirectVerdict::allowed);
}

TEST(ContactRules, let_guests_answer_and_not_begin) {
  EXPECT_EQ(may_write_directly(guest(), adult(), DirectFrom::everyone, {}, kNow), DirectVerdict::sender_may_not);
  EXPECT_EQ(may_write_directly(guest(), adult(), DirectFrom::everyone, {.has_written_before = true}, kNow),
            DirectVerdict::allowed);
}

TEST(ContactRules, carry_a_minors_voice_only_within_a_group) {
  EXPECT_TRUE(may_speak_together(adult(), adult(), false, kNow));
  EXPECT_FALSE(may_speak_together(adult(), minor_person(), false, kNow));
  EXPECT_TRUE(may_speak_together(adult(), minor_person(), true, kNow));
}

TEST(ContactRules, name_their_choices_as_the_contract_does) {
  for (const DirectFrom choice : {DirectFrom::everyone, DirectFrom::met, DirectFrom::nobody}) {
    EXPECT_EQ(direct_from_named(name_of(choice)), choice);
  }
  EXPECT_FALSE(direct_from_named("anybody"));
  EXPECT_EQ(default_direct_from(true), DirectFrom::met);
}

}  // namespace
}  // namespace citiverse::safety
