#include "identity/policy.h"

#include <gtest/gtest.h>

namespace citiverse::identity {
namespace {

TEST(Policy, asks_a_stranger_to_sign_in_for_everything_but_what_is_open) {
  for (const Policy& policy : policies()) {
    const Verdict verdict = decide(policy.permission, 0);
    EXPECT_EQ(verdict, policy.permission == Permission::everyone ? Verdict::allowed : Verdict::sign_in_needed) << policy.name;
  }
}

// The rights of each kind of person, written down a second time: a slip in the table shows here.
TEST(Policy, gives_each_role_what_it_is_for_and_nothing_else) {
  using enum Permission;
  const std::vector<Permission> guest{everyone,      own_account, enter_spaces,  talk,
                                      talk_by_voice, form_groups, report_others, appeal_decisions};
  auto member = guest;
  member.insert(member.end(), {own_sign_in, post_notices, leave_things, found_organisations, open_spaces});
  const auto with = [&](std::vector<Permission> more) {
    auto all = member;
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  const std::vector<std::pair<Standing, std::vector<Permission>>> expected{
      {kGuest, guest},
      {kMember, member},
      {kMember | bit_of(Role::resident), member},
      {kMember | bit_of(Role::planner), member},
      {kMember | bit_of(Role::merchant), member},
      {kMember | bit_of(Role::teacher), member},
      {kMember | bit_of(Role::office), with({find_accounts, verify_residents, verify_organisations, write_live_values})},
      {kMember | bit_of(Role::moderator), with({find_accounts, moderate})},
      {kMember | bit_of(Role::operator_), with({find_accounts, verify_residents, verify_organisations, give_roles, read_audit,
                                                write_live_values, manage_machines})},
  };
  for (const auto& [standing, allowed] : expected) {
    for (const Policy& policy : policies()) {
      const bool may = std::ranges::find(allowed, policy.permission) != allowed.end();
      EXPECT_EQ(allows(policy.permission, standing), may) << policy.name << " with standing " << standing;
    }
  }
}

TEST(Policy, lets_nobody_act_towards_others_during_a_time_out_and_everybody_ask_for_justice) {
  using enum Permission;
  for (const Standing standing : {kGuest, kMember, kMember | bit_of(Role::moderator)}) {
    for (const Permission towards_others :
         {talk, talk_by_voice, post_notices, leave_things, form_groups, found_organisations, open_spaces})
      EXPECT_FALSE(allows(towards_others, standing | kRestricted));
    for (const Permission own : {own_account, report_others, appeal_decisions})
      EXPECT_TRUE(allows(own, standing | kRestricted));
  }
}

TEST(Policy, asks_for_a_new_sign_in_where_a_privileged_role_sleeps) {
  EXPECT_EQ(decide(Permission::give_roles, kMember, bit_of(Role::operator_)), Verdict::sign_in_again_needed);
  EXPECT_EQ(decide(Permission::give_roles, kMember, bit_of(Role::office)), Verdict::denied);
  EXPECT_EQ(decide(Permission::give_roles, kGuest), Verdict::denied);
}

TEST(Policy, reads_back_the_names_of_roles_and_no_others) {
  for (std::size_t i = 0; i < kRoles; ++i) {
    Role role{};
    EXPECT_TRUE(parse_role(name_of(static_cast<Role>(i)), role));
    EXPECT_EQ(role, static_cast<Role>(i));
  }
  Role role{};
  EXPECT_FALSE(parse_role("root", role));
  EXPECT_FALSE(parse_role("", role));
}

}  // namespace
}  // namespace citiverse::identity
