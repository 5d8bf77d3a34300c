#include "identity/accounts.h"

#include <gtest/gtest.h>

#include "base/file.h"

#include "testing/test_people.h"

namespace citiverse::identity {
namespace {

using base::ErrorCode;
using testing_fixtures::TestPeople;

TEST(Accounts, keep_what_people_say_of_themselves_across_a_restart) {
  TestPeople people;
  const AccountId id = people.guest();
  const Profile profile{"Zoë  Ünal\n", "they/them", {"fr", "pt-BR"}, 0b101, R"({"skin":3})"};
  ASSERT_TRUE(people->accounts().set_profile(id, profile));
  people.restart();
  const Account account = people->accounts().get(id).value();
  EXPECT_EQ(account.profile.name.find('\n'), std::string::npos);
  EXPECT_TRUE(account.profile.name.starts_with("Zoë"));
  EXPECT_EQ(account.profile.pronouns, "they/them");
  EXPECT_EQ(account.profile.languages, (std::vector<std::string>{"fr", "pt-BR"}));
  EXPECT_EQ(account.profile.access_needs, 0b101u);
  EXPECT_EQ(account.profile.look_json, R"({"skin":3})");
}

TEST(Accounts, name_the_field_that_is_wrong) {
  TestPeople people;
  const AccountId id = people.guest();
  const std::vector<std::pair<std::string_view, Profile>> wrong{
      {"name", {.name = ""}},
      {"name", {.name = "\u200B \t"}},
      {"name", {.name = std::string(41, 'a')}},
      {"name", {.name = "\xFF"}},
      {"pronouns", {.name = "a", .pronouns = std::string(25, 'x')}},
      {"languages", {.name = "a", .languages = {"english language"}}},
      {"languages", {.name = "a", .languages = {"fr", "fr"}}},
      {"languages", {.name = "a", .languages = std::vector<std::string>(9, "fr")}},
      {"access_needs", {.name = "a", .access_needs = 1u << kAccessNeeds}},
      {"look", {.name = "a", .look_json = "[]"}},
      {"look", {.name = "a", .look_json = "{"}},
  };
  for (const auto& [field, profile] : wrong) {
    const auto refused = people->accounts().set_profile(id, profile);
    ASSERT_FALSE(refused) << field;
    EXPECT_EQ(refused.error().code, ErrorCode::bad_input);
    EXPECT_TRUE(refused.error().message.starts_with(field)) << refused.error().message;
  }
  EXPECT_TRUE(people->accounts().set_profile(id, {.name = std::string(40, 'a')}));
}

TEST(Accounts, take_two_forms_of_a_sign_in_name_for_one) {
  TestPeople people;
  const AccountId id = people.member("Ana.Pérez");
  EXPECT_EQ(people->accounts().find_sign_in_name("ANA.PÉREZ").value(), id);
  EXPECT_EQ(people->accounts().find_sign_in_name("ana.pe\u0301rez").value(), id);
  EXPECT_EQ(people->accounts().find_sign_in_name("ana.perez").value(), std::nullopt);
  const auto taken = people->accounts().set_sign_in_name(people.guest(), "aNA.pérez");
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::conflict);
  for (const std::string_view wrong : {"", "ab", "with space", "new\nline", "semi;colon", "\xC3"})
    EXPECT_FALSE(people->accounts().set_sign_in_name(id, wrong)) << wrong;
  EXPECT_TRUE(people->accounts().set_sign_in_name(id, "山田太郎"));
}

TEST(Accounts, keep_one_verified_account_a_person) {
  TestPeople people;
  const AccountId first = people.member("first");
  const AccountId second = people.member("second");
  ASSERT_TRUE(people->accounts().verify(first, "register 4711", "office"));
  EXPECT_TRUE(people->accounts().get(first)->roles & bit_of(Role::resident));
  const auto twice = people->accounts().verify(second, "register 4711", "office");
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code, ErrorCode::conflict);
  EXPECT_TRUE(people->accounts().verify(first, "register 4711", "office"));
  EXPECT_TRUE(people->accounts().verify(second, "register 4712", "office"));
  ASSERT_TRUE(people->accounts().withdraw_verification(first));
  EXPECT_FALSE(people->accounts().get(first)->roles & bit_of(Role::resident));
  EXPECT_FALSE(people->accounts().verify(people.guest(), "register 4711", "office"));
}

TEST(Accounts, keep_no_register_number_in_their_files) {
  TestPeople people;
  ASSERT_TRUE(people->accounts().verify(people.member("first"), "register-4711", "office"));
  ASSERT_TRUE(people->store().checkpoint());
  const auto bytes = base::read_file(people.folder() / "people.db", 16 << 20).value();
  EXPECT_EQ(bytes.find("register-4711"), std::string::npos);
  EXPECT_EQ(bytes.find(TestPeople::kPassword), std::string::npos);
}

TEST(Accounts, give_roles_to_members_only_and_keep_one_operator) {
  TestPeople people;
  const AccountId ana = people.member("ana", Role::operator_);
  EXPECT_EQ(people->accounts().give_role(people.guest(), Role::office).error().code, ErrorCode::conflict);
  EXPECT_EQ(people->accounts().give_role(ana, Role::resident).error().code, ErrorCode::conflict);
  EXPECT_EQ(people->accounts().give_role({12345}, Role::office).error().code, ErrorCode::not_found);
  EXPECT_EQ(people->accounts().take_role(ana, Role::operator_).error().code, ErrorCode::conflict);
  const AccountId ben = people.member("ben", Role::operator_);
  EXPECT_TRUE(people->accounts().take_role(ana, Role::operator_));
  EXPECT_EQ(people->accounts().take_role(ben, Role::operator_).error().code, ErrorCode::conflict);
}

TEST(Accounts, are_new_for_three_days_and_quiet_as_long_as_a_time_out_runs) {
  TestPeople people;
  const AccountId id = people.member("ana");
  const auto standing = [&] { return people->accounts().get(id)->standing_at(people.now()); };
  EXPECT_EQ(standing(), kMember | kNew);
  people.advance(kNewAccountTime);
  EXPECT_EQ(standing(), kMember);
  ASSERT_TRUE(people->accounts().restrict_until(id, people.now() + std::chrono::hours(1)));
  ASSERT_TRUE(people->accounts().set_minor(id, true));
  EXPECT_EQ(standing(), kMember | kMinor | kRestricted);
  people.advance(std::chrono::hours(1));
  EXPECT_EQ(standing(), kMember | kMinor);
}

TEST(Accounts, are_found_by_parts_of_names_by_id_and_never_by_wildcards) {
  TestPeople people;
  const AccountId ana = people.member("Ana_Maria");
  people.member("Benoît");
  people.guest("Ana the guest");
  const auto found = [&](std::string_view text) { return people->accounts().search(text).value().size(); };
  EXPECT_EQ(found("ANA"), 1u);
  EXPECT_EQ(found("ben"), 1u);
  EXPECT_EQ(found(to_text(ana)), 1u);
  EXPECT_EQ(found("%"), 0u);
  EXPECT_EQ(found("a_m"), 1u);
  EXPECT_EQ(found("a_i"), 0u);
}

}  // namespace
}  // namespace citiverse::identity
