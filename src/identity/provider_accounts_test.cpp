// Who arrives from a provider, and whose account that is.
#include "identity/provider_accounts.h"

#include <filesystem>

#include <gmock/gmock.h>

#include "identity/identity.h"
#include "identity/unicode_forms.h"

namespace citiverse::identity {
namespace {

using base::ErrorCode;

class Arrivals : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / fmt::format("citiverse_arrivals_{}", ::getpid());
    std::filesystem::remove_all(folder_);
    auto identity = Identity::open(folder_, real_surroundings(), {.cost = {.bytes = 8192, .passes = 1}});
    ASSERT_TRUE(identity) << identity.error().message;
    identity_ = std::move(*identity);
    auto accounts =
        ProviderAccounts::open(identity_->store(), identity_->surroundings(), identity_->accounts(), identity_->audit());
    ASSERT_TRUE(accounts) << accounts.error().message;
    providers_ = std::move(*accounts);
  }
  void TearDown() override {
    providers_.reset();
    identity_.reset();
    std::filesystem::remove_all(folder_);
  }
  AccountId guest() { return identity_->accounts().create_guest({.name = "Guest"}, false).value(); }
  Account account(AccountId id) { return identity_->accounts().get(id).value(); }
  base::Result<Arrived> arrive(std::string subject, AccountId signed_in = {}, bool wants_link = false,
                               std::optional<bool> is_resident = std::nullopt) {
    return providers_->arrive({.provider = city_,
                               .person = {.subject = std::move(subject), .name = "Ada", .is_resident = is_resident},
                               .signed_in = signed_in,
                               .wants_link = wants_link});
  }

  const OidcSettings city_{.id = "city", .issuer = "https://login.example", .client_id = "c", .label = "City"};
  const OidcSettings bank_{.id = "bank", .issuer = "https://bank.example", .client_id = "c", .label = "Bank"};
  std::filesystem::path folder_;
  std::unique_ptr<Identity> identity_;
  std::unique_ptr<ProviderAccounts> providers_;
};

TEST_F(Arrivals, somebody_new_gets_an_account_and_comes_back_to_it) {
  const auto first = arrive("ada");
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_TRUE(first->is_new);
  EXPECT_FALSE(account(first->account).is_guest);
  EXPECT_EQ(account(first->account).profile.name, "Ada");
  const auto second = arrive("ada");
  EXPECT_FALSE(second->is_new);
  EXPECT_EQ(second->account, first->account);
  EXPECT_NE(arrive("eve")->account, first->account);
}

TEST_F(Arrivals, one_subject_of_two_providers_is_two_people) {
  const auto ada = arrive("ada");
  const auto other = providers_->arrive({.provider = bank_, .person = {.subject = "ada"}});
  EXPECT_NE(other->account, ada->account);
  EXPECT_EQ(account(other->account).profile.name, kNamelessName);
}

TEST_F(Arrivals, a_guest_keeps_what_is_theirs_and_a_member_does_not_become_somebody_else) {
  const AccountId visitor = guest();
  EXPECT_EQ(arrive("ada", visitor)->account, visitor);
  EXPECT_FALSE(account(visitor).is_guest);
  EXPECT_EQ(account(visitor).profile.name, "Guest");
  EXPECT_NE(arrive("eve", visitor)->account, visitor) << "a member who signs in as somebody new is somebody new";
  EXPECT_EQ(arrive("ada", guest())->account, visitor) << "who has an account signs in to it";
}

TEST_F(Arrivals, a_link_is_made_on_wish_and_never_taken_from_another_account) {
  const AccountId ada = arrive("ada")->account;
  const auto linked = providers_->arrive({.provider = bank_, .person = {.subject = "7"}, .signed_in = ada, .wants_link = true});
  EXPECT_EQ(linked->account, ada);
  EXPECT_EQ(providers_->list(ada)->size(), 2u);
  const AccountId eve = arrive("eve")->account;
  EXPECT_EQ(arrive("ada", eve, true).error().code, ErrorCode::conflict);
  EXPECT_EQ(arrive("ada2", ada, true).error().code, ErrorCode::conflict) << "one sign-in of a provider an account";
  EXPECT_TRUE(arrive("ada", ada, true)) << "linking again changes nothing";
}

TEST_F(Arrivals, a_resident_by_claim_is_verified_until_the_claim_goes) {
  const AccountId ada = arrive("ada", {}, false, true)->account;
  EXPECT_EQ(account(ada).verification->by, "city");
  EXPECT_NE(account(ada).roles & bit_of(Role::resident), 0u);
  (void)arrive("ada");
  EXPECT_TRUE(account(ada).verification) << "a provider that does not say takes nothing away";
  (void)arrive("ada", {}, false, false);
  EXPECT_FALSE(account(ada).verification);
  ASSERT_TRUE(identity_->accounts().verify(ada, "register 12", "office"));
  (void)arrive("ada", {}, false, false);
  EXPECT_TRUE(account(ada).verification) << "what an office said, an office takes back";
  EXPECT_EQ(identity_->audit().list(std::nullopt, 10, ada)->size(), 2u);
}

TEST_F(Arrivals, one_person_has_one_verified_account) {
  const AccountId ada = arrive("ada", {}, false, true)->account;
  ASSERT_TRUE(providers_->remove(ada, "city"));
  const auto again = arrive("ada", {}, false, true);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_NE(again->account, ada);
  EXPECT_TRUE(again->is_other_verified);
  EXPECT_FALSE(account(again->account).verification);
}

TEST_F(Arrivals, whom_an_office_verified_no_provider_verifies_again_where_it_tells_the_same_number) {
  const AccountId ada = arrive("ada")->account;
  ASSERT_TRUE(identity_->accounts().verify(ada, register_key(bare_number("12-34")), "office"));
  const auto other = [&](std::string number) {
    return providers_->arrive(
        {.provider = bank_, .person = {.subject = number, .register_number = number, .is_resident = true}});
  };
  EXPECT_TRUE(other("12-34")->is_other_verified);
  EXPECT_TRUE(other("12 34")->is_other_verified) << "however it is grouped";
  EXPECT_FALSE(other("56-78")->is_other_verified);
}

TEST_F(Arrivals, a_minor_by_birthdate_is_a_minor) {
  const auto child = providers_->arrive({.provider = city_, .person = {.subject = "kim", .is_minor = true}});
  EXPECT_TRUE(account(child->account).is_minor);
  const auto said = providers_->arrive({.provider = city_, .person = {.subject = "lee"}, .says_minor = true});
  EXPECT_TRUE(account(said->account).is_minor);
}

TEST_F(Arrivals, links_are_exported_removed_and_erased) {
  const AccountId ada = arrive("ada")->account;
  EXPECT_THAT(providers_->export_json(ada).value(), testing::HasSubstr(R"("subject":"ada")"));
  EXPECT_EQ(providers_->remove(ada, "bank").error().code, ErrorCode::not_found);
  ASSERT_TRUE(providers_->erase(ada));
  EXPECT_EQ(providers_->export_json(ada).value(), "[]");
  EXPECT_NE(arrive("ada")->account, ada);
}

}  // namespace
}  // namespace citiverse::identity
