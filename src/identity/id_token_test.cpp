// Each rule about ID tokens, broken alone.
#include "identity/id_token.h"

#include <gmock/gmock.h>

namespace citiverse::identity {
namespace {

base::Result<std::string> check(std::string_view claims, std::int64_t now = 1311280980) {
  const auto document = base::JsonDocument::parse(claims);
  EXPECT_TRUE(document) << claims;
  return check_id_token(document->root(),
                        {"https://server.example.com", "s6BhdRkqt3", "n-0S6_WzA2Mj", Time(std::chrono::seconds(now))});
}

// OpenID Connect Core 1.0, clause 2, without its acr and auth_time.
constexpr std::string_view kExampleToken =
    R"({"iss":"https://server.example.com","sub":"24400320","aud":"s6BhdRkqt3","nonce":"n-0S6_WzA2Mj","exp":1311281970,"iat":1311280970})";

TEST(IdToken, the_standards_example_is_taken) { EXPECT_EQ(check(kExampleToken).value(), "24400320"); }

TEST(IdToken, one_wrong_claim_is_enough_to_refuse_and_is_named) {
  const auto refused = [](std::string_view from, std::string_view to) {
    std::string claims(kExampleToken);
    claims.replace(claims.find(from), from.size(), to);
    const auto subject = check(claims);
    return subject ? "taken" : subject.error().message.substr(10, 3);
  };
  EXPECT_EQ(refused("https://server.example.com", "https://server.example.com/"), "iss");
  EXPECT_EQ(refused(R"("aud":"s6BhdRkqt3")", R"("aud":"another")"), "aud");
  EXPECT_EQ(refused(R"("aud":"s6BhdRkqt3")", R"("aud":["another"])"), "aud");
  EXPECT_EQ(refused(R"("aud":"s6BhdRkqt3")", R"("aud":["s6BhdRkqt3","another"])"), "azp");
  EXPECT_EQ(refused(R"("aud":"s6BhdRkqt3")", R"("aud":["s6BhdRkqt3","another"],"azp":"another")"), "azp");
  EXPECT_EQ(refused(R"("aud":"s6BhdRkqt3")", R"("aud":["s6BhdRkqt3","another"],"azp":"s6BhdRkqt3")"), "taken");
  EXPECT_EQ(refused("n-0S6_WzA2Mj", "n-other"), "non");
  EXPECT_EQ(refused(R"("nonce":"n-0S6_WzA2Mj",)", ""), "non");
  EXPECT_EQ(refused("24400320", ""), "sub");
  EXPECT_EQ(refused("24400320", std::string(256, 's')), "sub");
  EXPECT_EQ(refused(R"("sub":"24400320",)", ""), "sub");
  EXPECT_EQ(refused(R"("exp":1311281970,)", ""), "exp");
  EXPECT_EQ(refused("1311281970", "\"1311281970\""), "exp");
  EXPECT_EQ(refused(R"("iat":1311280970)", R"("nbf":1311281900,"iat":1311280970)"), "nbf");
}

TEST(IdToken, clocks_may_differ_by_a_minute) {
  EXPECT_TRUE(check(kExampleToken, 1311281970 + 59));
  EXPECT_FALSE(check(kExampleToken, 1311281970 + 60));
  EXPECT_TRUE(check(kExampleToken, 1311280970 - 60));
  EXPECT_FALSE(check(kExampleToken, 1311280970 - 61));
}

}  // namespace
}  // namespace citiverse::identity
