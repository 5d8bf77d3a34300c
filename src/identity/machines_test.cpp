// Tokens of programs: worth something from the moment they are made until they end, and never readable from the file.
#include "identity/machines.h"

#include <gtest/gtest.h>

#include "testing/test_people.h"

namespace citiverse::identity {
namespace {

using base::ErrorCode;
using std::chrono::days;
using std::chrono::milliseconds;
using testing_fixtures::TestPeople;

class MachinesTest : public testing::Test {
 protected:
  Machine sensors() {
    Machine machine;
    machine.name = "Air sensors";
    machine.permissions = {Permission::write_live_values};
    machine.expires_at = people_.now() + days(10);
    return machine;
  }

  TestPeople people_;
  Machines& machines_ = people_->machines();
};

TEST_F(MachinesTest, are_known_by_their_token_until_it_ends) {
  const MadeMachine made = machines_.make(sensors()).value();
  ASSERT_NE(machines_.find(made.token), nullptr);
  EXPECT_TRUE(machines_.find(made.token)->may(Permission::write_live_values));
  EXPECT_FALSE(machines_.find(made.token)->may(Permission::talk));
  EXPECT_FALSE(machines_.find(made.token)->may_use_tenant("harbour"));
  EXPECT_EQ(machines_.find(made.token.substr(4)), nullptr);
  EXPECT_EQ(machines_.find("cvm_" + std::string(43, 'A')), nullptr);
  people_.advance(days(10));
  EXPECT_EQ(machines_.find(made.token), nullptr);
  EXPECT_TRUE(machines_.list().empty());
}

TEST_F(MachinesTest, are_revoked_at_once_and_stay_known_when_read_again) {
  const MadeMachine kept = machines_.make(sensors()).value();
  const MadeMachine gone = machines_.make(sensors()).value();
  ASSERT_TRUE(machines_.revoke(gone.machine.id));
  EXPECT_EQ(machines_.find(gone.token), nullptr);
  EXPECT_EQ(machines_.revoke(gone.machine.id).error().code, ErrorCode::not_found);
  ASSERT_TRUE(machines_.load());
  EXPECT_EQ(machines_.find(gone.token), nullptr);
  ASSERT_NE(machines_.find(kept.token), nullptr);
  EXPECT_EQ(machines_.find(kept.token)->name, "Air sensors");
}

TEST_F(MachinesTest, end_with_the_organisation_that_they_belong_to) {
  const AccountId ana = people_.member("ana");
  const OrganisationId choir = people_->organisations().found(ana, "Choir of the Quay", "").value();
  Machine machine = sensors();
  machine.organisation = choir;
  const MadeMachine made = machines_.make(machine).value();
  ASSERT_TRUE(people_->organisations().close(choir, ana));
  ASSERT_TRUE(machines_.load());
  EXPECT_EQ(machines_.find(made.token), nullptr);
  EXPECT_EQ(machines_.make(machine).error().code, ErrorCode::not_found);
}

TEST_F(MachinesTest, get_no_more_rights_or_time_than_machines_may_have) {
  const auto refused = [&](auto change) {
    Machine machine = sensors();
    change(machine);
    const auto made = machines_.make(machine);
    return !made && made.error().code == ErrorCode::bad_input;
  };
  EXPECT_TRUE(refused([](Machine& each) { each.permissions.push_back(Permission::moderate); }));
  EXPECT_TRUE(refused([](Machine& each) { each.expires_at += kMachineTimeMax; }));
  EXPECT_TRUE(refused([](Machine& each) { each.expires_at -= days(10); }));
  EXPECT_TRUE(refused([](Machine& each) { each.name = " "; }));
  EXPECT_TRUE(refused([](Machine& each) { each.tenants = {"a b"}; }));
  EXPECT_TRUE(refused([](Machine& each) { each.requests_per_second = 0; }));
}

TEST_F(MachinesTest, keep_their_pace_with_a_second_in_hand) {
  Machine machine = sensors();
  machine.requests_per_second = 100;
  const MadeMachine made = machines_.make(machine).value();
  int taken = 0;
  for (int i = 0; i < 200; ++i) taken += machines_.take(made.machine, milliseconds(5'000));
  EXPECT_EQ(taken, 100);
  EXPECT_FALSE(machines_.take(made.machine, milliseconds(5'009)));
  EXPECT_TRUE(machines_.take(made.machine, milliseconds(5'010)));
}

}  // namespace
}  // namespace citiverse::identity
