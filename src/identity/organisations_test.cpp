#include "identity/organisations.h"

#include <gtest/gtest.h>

#include "testing/test_people.h"

namespace citiverse::identity {
namespace {

using base::ErrorCode;
using testing_fixtures::TestPeople;
using enum OrganisationRole;

class OrganisationsTest : public testing::Test {
 protected:
  TestPeople people_;
  AccountId ana_ = people_.member("ana");
  AccountId ben_ = people_.member("ben");
  Organisations& organisations_ = people_->organisations();
  OrganisationId choir_ = organisations_.found(ana_, "Choir of the Quay", "we sing").value();
};

TEST_F(OrganisationsTest, belong_to_their_founder_and_carry_one_name_each) {
  const Organisation choir = organisations_.get(choir_, ana_).value();
  EXPECT_EQ(choir.my_role, owner);
  EXPECT_EQ(choir.members, 1);
  EXPECT_FALSE(choir.is_verified);
  EXPECT_EQ(organisations_.found(ben_, "CHOIR of the quay", "").error().code, ErrorCode::conflict);
  EXPECT_EQ(organisations_.found(ben_, "x", "").error().code, ErrorCode::bad_input);
  EXPECT_EQ(organisations_.get({1}, ana_).error().code, ErrorCode::not_found);
}

TEST_F(OrganisationsTest, take_nobody_in_who_did_not_accept) {
  EXPECT_EQ(organisations_.set_member(choir_, ben_, ben_, member).error().code, ErrorCode::denied);
  EXPECT_EQ(organisations_.set_member(choir_, ana_, people_.guest(), member).error().code, ErrorCode::not_found);
  ASSERT_EQ(organisations_.set_member(choir_, ana_, ben_, member)->state, MemberState::invited);
  EXPECT_EQ(organisations_.get(choir_, ana_)->members, 1);
  EXPECT_EQ(organisations_.members(choir_, ben_, false).error().code, ErrorCode::denied);
  EXPECT_EQ(organisations_.set_member(choir_, ben_, ben_, owner).error().code, ErrorCode::conflict);
  ASSERT_EQ(organisations_.set_member(choir_, ben_, ben_, member)->state, MemberState::member);
  EXPECT_EQ(organisations_.get(choir_, ana_)->members, 2);
  EXPECT_EQ(organisations_.members(choir_, ben_, false)->size(), 2u);
}

TEST_F(OrganisationsTest, are_changed_by_owners_only) {
  ASSERT_TRUE(organisations_.set_member(choir_, ana_, ben_, member) && organisations_.set_member(choir_, ben_, ben_, member));
  EXPECT_EQ(organisations_.change(choir_, ben_, "Mine", {}).error().code, ErrorCode::denied);
  EXPECT_EQ(organisations_.close(choir_, ben_).error().code, ErrorCode::denied);
  EXPECT_EQ(organisations_.remove_member(choir_, ben_, ana_).error().code, ErrorCode::denied);
  EXPECT_EQ(organisations_.set_member(choir_, ben_, ben_, owner).error().code, ErrorCode::denied);
  EXPECT_TRUE(organisations_.change(choir_, ana_, "Big Choir", {}));
  EXPECT_EQ(organisations_.get(choir_, ben_)->about, "we sing");
}

TEST_F(OrganisationsTest, are_never_without_an_owner) {
  EXPECT_EQ(organisations_.remove_member(choir_, ana_, ana_).error().code, ErrorCode::conflict);
  EXPECT_EQ(organisations_.set_member(choir_, ana_, ana_, member).error().code, ErrorCode::conflict);
  ASSERT_TRUE(organisations_.set_member(choir_, ana_, ben_, owner));
  EXPECT_EQ(organisations_.remove_member(choir_, ana_, ana_).error().code, ErrorCode::conflict) << "invited owners own nothing";
  ASSERT_TRUE(organisations_.set_member(choir_, ben_, ben_, owner));
  EXPECT_TRUE(organisations_.remove_member(choir_, ana_, ana_));
}

TEST_F(OrganisationsTest, lose_their_verification_with_their_name) {
  ASSERT_TRUE(organisations_.set_verified(choir_, true));
  ASSERT_TRUE(organisations_.change(choir_, ana_, {}, "we sing louder"));
  EXPECT_TRUE(organisations_.get(choir_, ana_)->is_verified);
  ASSERT_TRUE(organisations_.change(choir_, ana_, "City Hall", {}));
  EXPECT_FALSE(organisations_.get(choir_, ana_)->is_verified);
}

TEST_F(OrganisationsTest, are_listed_by_name_page_by_page_and_by_who_belongs) {
  ASSERT_TRUE(organisations_.found(ben_, "Äpfel & Birnen", ""));
  EXPECT_EQ(organisations_.list("", false, {}, 0, 10)->size(), 2u);
  EXPECT_EQ(organisations_.list("QUAY", false, {}, 0, 10)->front().id, choir_);
  EXPECT_EQ(organisations_.list("", true, ben_, 0, 10)->size(), 1u);
  EXPECT_EQ(organisations_.list("", false, {}, 1, 10)->size(), 1u);
}

TEST(Consents, are_given_by_nobody_who_was_not_asked_and_keep_their_history) {
  TestPeople people;
  const AccountId ana = people.member("ana");
  EXPECT_FALSE(people->consents().get(ana, Purpose::voice)->is_given);
  ASSERT_TRUE(people->consents().set(ana, Purpose::voice, true));
  people.advance(std::chrono::hours(1));
  ASSERT_TRUE(people->consents().set(ana, Purpose::voice, false));
  const Consent consent = people->consents().get(ana, Purpose::voice).value();
  EXPECT_FALSE(consent.is_given);
  EXPECT_EQ(consent.changed_at, people.now());
  EXPECT_FALSE(people->consents().get(ana, Purpose::captions)->changed_at);
  EXPECT_FALSE(people->consents().set({5}, Purpose::voice, true));
  const std::string everything = people->erasure().export_json(ana).value();
  EXPECT_NE(everything.find("\"given\":true"), std::string::npos);
  EXPECT_FALSE(parse_purpose("advertising"));
}

TEST(AuditLog, shows_a_change_behind_its_back) {
  TestPeople people;
  const AccountId ana = people.member("ana");
  for (const std::string_view role : {"planner", "office", "teacher"})
    ASSERT_TRUE(people->audit().add(ana, "role.give", ana, role));
  EXPECT_TRUE(people->audit().check());
  EXPECT_EQ(people->audit().list({}, 2)->front().detail, "teacher");
  EXPECT_EQ(people->audit().list(2, 10)->size(), 1u);
  EXPECT_EQ(people->audit().list({}, 10, {77})->size(), 0u);
  const auto run = [&](std::string_view sql) {
    return people->store().write([&](storage::Database& database) { return database.run(sql); });
  };
  EXPECT_FALSE(run("UPDATE audit SET detail = 'teacher' WHERE number = 2")) << "the table itself refuses";
  ASSERT_TRUE(run("DROP TRIGGER audit_is_never_changed; UPDATE audit SET detail = 'teacher' WHERE number = 2"));
  const auto checked = people->audit().check();
  ASSERT_FALSE(checked);
  EXPECT_NE(checked.error().message.find("entry 2"), std::string::npos);
}

TEST(AuditLog, forgets_what_is_older_than_two_years_and_goes_on) {
  TestPeople people;
  ASSERT_TRUE(people->audit().add({}, "old", {}));
  people.advance(kAuditTime);
  ASSERT_TRUE(people->audit().add({}, "new", {}));
  people.advance(std::chrono::seconds(1));
  ASSERT_TRUE(people->audit().sweep());
  EXPECT_EQ(people->audit().list({}, 10)->size(), 1u);
  EXPECT_TRUE(people->audit().check());
}

}  // namespace
}  // namespace citiverse::identity
