// An operator's file of sign-in services: what is right is read, what is wrong is named.
#include "identity/oidc_settings.h"

#include <fstream>

#include <gmock/gmock.h>

namespace citiverse::identity {
namespace {

using testing::HasSubstr;

constexpr std::string_view kExampleSettings = R"({
  "providers": [
    {"id": "city", "issuer": "https://login.city.example", "client_id": "citiverse", "client_secret": "s", "label": "City account",
     "scopes": ["address"], "verified_resident": {"claim": "roles", "value": "resident"}}
  ],
  "trusted_hosts": ["login.city.example:443"]
})";

TEST(OidcSettings, a_provider_is_read_with_its_claim) {
  const auto settings = parse_sign_in_settings(kExampleSettings);
  ASSERT_TRUE(settings) << settings.error().message;
  const OidcSettings& provider = settings->providers.at(0);
  EXPECT_EQ(provider.issuer, "https://login.city.example");
  EXPECT_THAT(provider.scopes, testing::ElementsAre("openid", "profile", "address"));
  EXPECT_EQ(provider.resident->name, "roles");
  EXPECT_EQ(provider.resident->value, "resident");
  EXPECT_THAT(settings->trusted_hosts, testing::ElementsAre("login.city.example:443"));
}

TEST(OidcSettings, what_is_wrong_is_named_with_its_place) {
  const auto message = [](std::string_view json) {
    const auto settings = parse_sign_in_settings(json);
    return settings ? std::string("taken") : settings.error().message;
  };
  const std::string provider = R"("id":"a","issuer":"https://x.example","client_id":"c","label":"L")";
  EXPECT_EQ(message("{\"providers\":[{" + provider + "}]}"), "taken");
  EXPECT_THAT(message("[]"), HasSubstr("an object"));
  EXPECT_THAT(message("{}"), HasSubstr("/providers"));
  EXPECT_THAT(message("{\"providers\":[{" + provider + ",\"secret\":\"x\"}]}"),
              HasSubstr("/providers/0/secret: there is no such member"));
  EXPECT_THAT(message(R"({"providers":[{"id":"A","issuer":"https://x.example","client_id":"c","label":"L"}]})"),
              HasSubstr("/providers/0/id"));
  EXPECT_THAT(message(R"({"providers":[{"id":"a","issuer":"https://x.example?q","client_id":"c","label":"L"}]})"),
              HasSubstr("issuer"));
  EXPECT_THAT(message(R"({"providers":[{"id":"a","issuer":"https://x.example","label":"L"}]})"), HasSubstr("client_id"));
  EXPECT_THAT(message("{\"providers\":[{" + provider + "},{" + provider + "}]}"), HasSubstr("same id or issuer"));
  EXPECT_THAT(message("{\"providers\":[{" + provider + ",\"verified_resident\":{}}]}"), HasSubstr("verified_resident/claim"));
}

TEST(OidcSettings, a_secret_that_others_can_read_is_refused_and_no_file_means_no_providers) {
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / fmt::format("citiverse_sign_in_{}.json", ::getpid());
  EXPECT_TRUE(read_sign_in_settings(file)->providers.empty());
  std::ofstream(file) << kExampleSettings;
  std::filesystem::permissions(file, std::filesystem::perms(0644));
  EXPECT_THAT(read_sign_in_settings(file).error().message, HasSubstr("chmod 600"));
  std::filesystem::permissions(file, std::filesystem::perms(0600));
  EXPECT_EQ(read_sign_in_settings(file)->providers.size(), 1u);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace citiverse::identity
