// Passkeys kept and used, with an authenticator that can be made to lie.
#include "identity/passkeys.h"

#include <filesystem>

#include <gmock/gmock.h>

#include "identity/identity.h"
#include "testing/soft_authenticator.h"

namespace citiverse::identity {
namespace {

using base::ErrorCode;
using citiverse::testing_fixtures::SoftAuthenticator;

class PasskeysOfPeople : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / fmt::format("citiverse_passkeys_{}", ::getpid());
    std::filesystem::remove_all(folder_);
    Surroundings surroundings = real_surroundings();
    surroundings.now = [this] { return now_; };
    auto identity = Identity::open(folder_, surroundings, {.cost = {.bytes = 8192, .passes = 1}});
    ASSERT_TRUE(identity) << identity.error().message;
    identity_ = std::move(*identity);
    tickets_ = std::make_unique<SealedTickets>(identity_->surroundings());
    auto passkeys = Passkeys::open(identity_->store(), identity_->surroundings(), identity_->accounts(), *tickets_,
                                   passkey_site_of("https://city.example"));
    ASSERT_TRUE(passkeys) << passkeys.error().message;
    passkeys_ = std::move(*passkeys);
  }
  void TearDown() override {
    passkeys_.reset();
    identity_.reset();
    std::filesystem::remove_all(folder_);
  }

  AccountId guest(std::string name = "Ada") {
    return identity_->accounts().create_guest({.name = std::move(name)}, false).value();
  }

  base::Result<Passkey> add(AccountId account, const SoftAuthenticator& device, PasskeyRegistration* registration = nullptr) {
    auto begun = passkeys_->begin(account);
    if (!begun) return std::unexpected(begun.error());
    if (registration != nullptr) *registration = *begun;
    return passkeys_->add(account, begun->ceremony.ticket, "my phone",
                          device.client_data("webauthn.create", begun->ceremony.challenge), device.attestation_object());
  }
  base::Result<AccountId> sign_in(const SoftAuthenticator& device, const std::string& handle, const PasskeyCeremony& ceremony) {
    const std::string data = device.client_data("webauthn.get", ceremony.challenge);
    return passkeys_->sign_in(ceremony.ticket, device.credential_id(), handle,
                              {data, device.authenticator_data(), device.signature(data)});
  }

  Time now_{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + std::chrono::hours(20)};
  std::filesystem::path folder_;
  std::unique_ptr<Identity> identity_;
  std::unique_ptr<SealedTickets> tickets_;
  std::unique_ptr<Passkeys> passkeys_;
  SoftAuthenticator device_{"https://city.example", "city.example"};
};

TEST_F(PasskeysOfPeople, a_guest_who_adds_a_passkey_becomes_a_member_and_signs_in_by_it) {
  const AccountId ada = guest();
  PasskeyRegistration registration;
  const auto added = add(ada, device_, &registration);
  ASSERT_TRUE(added) << added.error().message;
  EXPECT_FALSE(identity_->accounts().get(ada)->is_guest);
  EXPECT_EQ(registration.user_handle.size(), kUserHandleBytes);
  const auto signed_in = sign_in(device_, registration.user_handle, passkeys_->begin_sign_in());
  ASSERT_TRUE(signed_in) << signed_in.error().message;
  EXPECT_EQ(*signed_in, ada);
  const auto listed = passkeys_->list(ada);
  ASSERT_EQ(listed->size(), 1u);
  EXPECT_EQ(listed->front().label, "my phone");
  EXPECT_EQ(listed->front().used_on, std::chrono::floor<std::chrono::days>(now_));
}

TEST_F(PasskeysOfPeople, a_proof_is_taken_once) {
  const AccountId ada = guest();
  PasskeyRegistration registration;
  ASSERT_TRUE(add(ada, device_, &registration));
  const PasskeyCeremony ceremony = passkeys_->begin_sign_in();
  ASSERT_TRUE(sign_in(device_, registration.user_handle, ceremony));
  EXPECT_EQ(sign_in(device_, registration.user_handle, ceremony).error().code, ErrorCode::denied);
  const auto begun = passkeys_->begin(ada);
  const SoftAuthenticator second("https://city.example", "city.example", "second");
  const std::string data = second.client_data("webauthn.create", begun->ceremony.challenge);
  ASSERT_TRUE(passkeys_->add(ada, begun->ceremony.ticket, "second", data, second.attestation_object()));
  EXPECT_FALSE(passkeys_->add(ada, begun->ceremony.ticket, "second", data, second.attestation_object()));
}

TEST_F(PasskeysOfPeople, a_ticket_runs_out_and_belongs_to_one_account_and_one_ceremony) {
  const AccountId ada = guest();
  const AccountId eve = guest("Eve");
  const auto begun = passkeys_->begin(ada);
  const std::string data = device_.client_data("webauthn.create", begun->ceremony.challenge);
  EXPECT_EQ(passkeys_->add(eve, begun->ceremony.ticket, "x", data, device_.attestation_object()).error().code,
            ErrorCode::denied);
  EXPECT_FALSE(passkeys_->add(ada, passkeys_->begin_sign_in().ticket, "x", data, device_.attestation_object()));
  now_ += kCeremonyTime;
  EXPECT_EQ(passkeys_->add(ada, begun->ceremony.ticket, "x", data, device_.attestation_object()).error().code,
            ErrorCode::denied);
}

TEST_F(PasskeysOfPeople, another_handle_or_device_signs_nobody_in) {
  PasskeyRegistration registration;
  ASSERT_TRUE(add(guest(), device_, &registration));
  EXPECT_FALSE(sign_in(device_, "another handle", passkeys_->begin_sign_in()));
  const SoftAuthenticator thief("https://city.example", "city.example", device_.credential_id());
  EXPECT_FALSE(sign_in(thief, registration.user_handle, passkeys_->begin_sign_in()));
  const SoftAuthenticator stranger("https://city.example", "city.example", "unknown");
  EXPECT_FALSE(sign_in(stranger, registration.user_handle, passkeys_->begin_sign_in()));
}

TEST_F(PasskeysOfPeople, a_counter_that_does_not_grow_means_a_copy) {
  device_.counter = 5;
  PasskeyRegistration registration;
  ASSERT_TRUE(add(guest(), device_, &registration));
  EXPECT_FALSE(sign_in(device_, registration.user_handle, passkeys_->begin_sign_in()));
  device_.counter = 6;
  EXPECT_TRUE(sign_in(device_, registration.user_handle, passkeys_->begin_sign_in()));
  device_.counter = 0;
  EXPECT_FALSE(sign_in(device_, registration.user_handle, passkeys_->begin_sign_in()));
}

TEST_F(PasskeysOfPeople, nobody_keeps_anothers_passkey_or_more_than_the_limit) {
  const AccountId ada = guest();
  ASSERT_TRUE(add(ada, device_));
  EXPECT_EQ(add(ada, device_).error().code, ErrorCode::conflict);
  EXPECT_EQ(add(guest("Eve"), device_).error().code, ErrorCode::conflict);
  for (std::size_t i = 1; i < kPasskeysPerAccountMax; ++i)
    ASSERT_TRUE(add(ada, SoftAuthenticator("https://city.example", "city.example", fmt::format("key {}", i))));
  EXPECT_EQ(add(ada, SoftAuthenticator("https://city.example", "city.example", "one more")).error().code, ErrorCode::conflict);
}

TEST_F(PasskeysOfPeople, what_is_removed_or_erased_signs_nobody_in) {
  const AccountId ada = guest();
  PasskeyRegistration registration;
  const auto added = add(ada, device_, &registration);
  EXPECT_EQ(passkeys_->remove(guest("Eve"), added->id).error().code, ErrorCode::not_found);
  EXPECT_THAT(passkeys_->export_json(ada).value(), ::testing::HasSubstr(R"("label":"my phone")"));
  ASSERT_TRUE(passkeys_->remove(ada, added->id));
  EXPECT_FALSE(sign_in(device_, registration.user_handle, passkeys_->begin_sign_in()));
  ASSERT_TRUE(add(ada, device_, &registration));
  ASSERT_TRUE(passkeys_->erase(ada));
  EXPECT_FALSE(sign_in(device_, registration.user_handle, passkeys_->begin_sign_in()));
  EXPECT_EQ(passkeys_->export_json(ada).value(), "[]");
  EXPECT_TRUE(passkeys_->erase(ada)) << "what is gone is erased already";
}

TEST(PasskeySiteOf, a_name_by_https_or_localhost_makes_a_relying_party) {
  EXPECT_EQ(passkey_site_of("https://city.example:8443").rp_id, "city.example");
  EXPECT_EQ(passkey_site_of("https://city.example:8443").origins.front(), "https://city.example:8443");
  EXPECT_EQ(passkey_site_of("http://127.0.0.1:8080").origins.front(), "http://localhost:8080");
  EXPECT_EQ(passkey_site_of("http://[::1]:8080").rp_id, "localhost");
  for (const std::string_view origin :
       {"http://city.example", "https://192.168.1.2", "https://[2001:db8::1]:8443", "", "ftp://x", "https://"})
    EXPECT_EQ(passkey_site_of(origin).rp_id, "") << origin;
}

}  // namespace
}  // namespace citiverse::identity
