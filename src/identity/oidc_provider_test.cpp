// The code flow against a provider in this file, which can be made to lie in every answer that it gives.
#include "identity/oidc_provider.h"

#include <map>

#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "identity/base64url.h"

namespace citiverse::identity {
namespace {

using base::ErrorCode;
using testing::HasSubstr;

// The fields of a form or a query, decoded.
std::map<std::string, std::string> fields_of(std::string_view text) {
  std::map<std::string, std::string> fields;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('&', begin), text.size());
    const std::string_view field = text.substr(begin, end - begin);
    const std::size_t equals = field.find('=');
    std::string value;
    for (std::size_t i = equals + 1; i < field.size(); ++i) {
      int code = field[i];
      if (code == '%') std::from_chars(field.data() + i + 1, field.data() + i + 3, code, 16), i += 2;
      value += static_cast<char>(code);
    }
    fields[std::string(field.substr(0, equals))] = value;
    begin = end + 1;
  }
  return fields;
}

// https://login.example: signs with Ed25519 (RFC 8037), checks PKCE as RFC 7636, 4.6 says.
class FakeProvider {
 public:
  FakeProvider() : key_(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")) {}
  FakeProvider(const FakeProvider&) = delete;
  FakeProvider& operator=(const FakeProvider&) = delete;
  ~FakeProvider() { EVP_PKEY_free(key_); }

  // What a test may turn.
  std::string issuer = "https://login.example";
  std::string claims = R"("iss":"https://login.example","aud":"citiverse","sub":"ada","exp":1800000600,"iat":1800000000)";
  std::string userinfo = R"({"sub":"ada","nickname":"Ada","resident":true})";
  std::string kid = "1";
  std::string more_metadata;
  bool is_down = false;
  int token_status = 200;
  std::map<std::string, int> calls;
  OutgoingCall token_call;

  // What the person's browser carries back after signing in there.
  void authorize(std::string_view url) { asked_ = fields_of(url.substr(url.find('?') + 1)); }
  const std::map<std::string, std::string>& asked() const { return asked_; }

  base::Result<CallAnswer> answer(const OutgoingCall& call) {
    const std::string path = call.url.substr(std::min(call.url.size(), std::string("https://login.example").size()));
    ++calls[path];
    if (is_down) return base::fail(ErrorCode::unavailable, "login.example: no connection");
    if (path == "/.well-known/openid-configuration") return CallAnswer{200, metadata()};
    if (path == "/jwks") return CallAnswer{200, keys()};
    if (path == "/userinfo") return CallAnswer{call.authorization == "Bearer the access token" ? 200 : 401, userinfo};
    if (path != "/token") return CallAnswer{404, ""};
    token_call = call;
    const auto form = fields_of(call.body);
    unsigned char digest[SHA256_DIGEST_LENGTH];
    const std::string& verifier = form.at("code_verifier");
    SHA256(reinterpret_cast<const unsigned char*>(verifier.data()), verifier.size(), digest);
    const bool is_right = base64url_of({reinterpret_cast<const char*>(digest), sizeof digest}) == asked_["code_challenge"] &&
                          form.at("redirect_uri") == asked_["redirect_uri"] && form.at("code") == "the code";
    if (!is_right) return CallAnswer{400, R"({"error":"invalid_grant"})"};
    return CallAnswer{token_status,
                      fmt::format(R"({{"access_token":"the access token","token_type":"Bearer","id_token":"{}"}})", token())};
  }

 private:
  std::string metadata() const {
    return fmt::format(
        R"({{"issuer":"{}","authorization_endpoint":"https://login.example/auth?x=1","token_endpoint":"https://login.example/token",)"
        R"("userinfo_endpoint":"https://login.example/userinfo","jwks_uri":"https://login.example/jwks"{}}})",
        issuer, more_metadata);
  }
  std::string keys() const {
    std::string x(32, '\0');
    std::size_t size = x.size();
    EVP_PKEY_get_raw_public_key(key_, reinterpret_cast<unsigned char*>(x.data()), &size);
    return fmt::format(R"({{"keys":[{{"kty":"OKP","crv":"Ed25519","kid":"{}","x":"{}"}}]}})", kid, base64url_of(x));
  }
  std::string token() {
    const std::string text = base64url_of(fmt::format(R"({{"alg":"EdDSA","kid":"{}"}})", kid)) + "." +
                             base64url_of(fmt::format(R"({{{},"nonce":"{}"}})", claims, asked_["nonce"]));
    std::string signature(64, '\0');
    std::size_t size = signature.size();
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, nullptr, nullptr, nullptr, key_);
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    EVP_MD_CTX_free(context);
    return text + "." + base64url_of(signature);
  }

  EVP_PKEY* key_;
  std::map<std::string, std::string> asked_;
};

class CodeFlow : public testing::Test {
 protected:
  OidcFlow start() {
    OidcFlow flow = begin_flow(surroundings_, "https://city.example/callback");
    const auto url = provider_.authorization_url(flow);
    EXPECT_TRUE(url) << url.error().message;
    if (url) fake_.authorize(*url);
    return flow;
  }
  base::Result<OidcPerson> finish(const OidcFlow& flow) {
    return provider_.redeem(flow, {.code = "the code", .state = flow.state});
  }

  Time now_{std::chrono::seconds(1'800'000'000)};
  Surroundings surroundings_ = [this] {
    Surroundings real = real_surroundings();
    real.now = [this] { return now_; };
    return real;
  }();
  FakeProvider fake_;
  OidcProvider provider_{{.id = "city",
                          .issuer = "https://login.example",
                          .client_id = "citiverse",
                          .label = "City",
                          .resident = ResidentClaim{"resident", "", ""}},
                         surroundings_,
                         [this](const OutgoingCall& call) { return fake_.answer(call); }};
};

TEST_F(CodeFlow, a_person_comes_back_with_what_the_provider_says) {
  const OidcFlow flow = start();
  EXPECT_EQ(fake_.asked().at("response_type"), "code");
  EXPECT_EQ(fake_.asked().at("scope"), "openid profile");
  EXPECT_EQ(fake_.asked().at("code_challenge_method"), "S256");
  EXPECT_EQ(fake_.asked().at("x"), "1") << "an address may have a query of its own";
  const auto person = finish(flow);
  ASSERT_TRUE(person) << person.error().message;
  EXPECT_EQ(person->subject, "ada");
  EXPECT_EQ(person->name, "Ada");
  EXPECT_EQ(person->is_resident, true);
  EXPECT_FALSE(person->is_minor);
}

TEST_F(CodeFlow, the_example_of_the_pkce_standard_gives_its_challenge) {
  OidcFlow flow = begin_flow(surroundings_, "https://city.example/callback");
  flow.verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";  // RFC 7636, appendix B.
  EXPECT_THAT(provider_.authorization_url(flow).value(),
              HasSubstr("code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&"));
}

TEST_F(CodeFlow, a_child_is_known_by_its_birthdate) {
  fake_.userinfo = R"({"sub":"ada","birthdate":"2010-05-01"})";
  EXPECT_TRUE(finish(start())->is_minor);  // The clock stands at January 2027.
  for (const std::string_view date : {"2009-01-14", "0000-05-01", "2010", "2010-13-40", "x"}) {
    fake_.userinfo = fmt::format(R"({{"sub":"ada","birthdate":"{}"}})", date);
    EXPECT_EQ(finish(start())->is_minor, false) << date;
  }
}

TEST_F(CodeFlow, where_a_number_of_the_register_is_asked_for_nobody_is_a_resident_without_it) {
  OidcProvider provider({.id = "city",
                         .issuer = "https://login.example",
                         .client_id = "citiverse",
                         .label = "City",
                         .resident = ResidentClaim{"resident", "", "number"}},
                        surroundings_, [this](const OutgoingCall& call) { return fake_.answer(call); });
  const auto person_with = [&](std::string userinfo) {
    fake_.userinfo = std::move(userinfo);
    const OidcFlow flow = begin_flow(surroundings_, "https://city.example/callback");
    fake_.authorize(provider.authorization_url(flow).value());
    return provider.redeem(flow, {.code = "the code", .state = flow.state}).value();
  };
  EXPECT_EQ(person_with(R"({"sub":"ada","resident":true,"number":"12-34"})").register_number, "12-34");
  EXPECT_EQ(person_with(R"({"sub":"ada","resident":true,"number":"12-34"})").is_resident, true);
  EXPECT_EQ(person_with(R"({"sub":"ada","resident":true})").is_resident, false);
}

TEST_F(CodeFlow, an_answer_to_another_sign_in_is_denied) {
  const OidcFlow first = start();
  const OidcFlow second = start();
  EXPECT_EQ(provider_.redeem(second, {.code = "the code", .state = first.state}).error().code, ErrorCode::denied);
  EXPECT_EQ(provider_.redeem(second, {.code = "the code", .state = ""}).error().code, ErrorCode::denied);
  EXPECT_EQ(finish(first).error().code, ErrorCode::denied) << "the code belongs to the second one's challenge";
  EXPECT_EQ(provider_.redeem(second, {.code = "another code", .state = second.state}).error().code, ErrorCode::denied);
  EXPECT_TRUE(finish(second));
}

TEST_F(CodeFlow, a_person_who_says_no_is_denied_with_the_providers_word) {
  const OidcFlow flow = start();
  const auto refused = provider_.redeem(flow, {.state = flow.state, .error = "access_denied"});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("access_denied"));
}

TEST_F(CodeFlow, another_issuer_in_the_answer_is_denied) {
  const OidcFlow flow = start();
  EXPECT_FALSE(provider_.redeem(flow, {.code = "the code", .state = flow.state, .issuer = "https://evil.example"}));
  EXPECT_TRUE(provider_.redeem(flow, {.code = "the code", .state = flow.state, .issuer = "https://login.example"}));
}

TEST_F(CodeFlow, a_provider_that_promises_its_issuer_must_send_it) {
  fake_.more_metadata = R"(,"authorization_response_iss_parameter_supported":true)";
  const OidcFlow flow = start();
  EXPECT_FALSE(finish(flow));
}

TEST_F(CodeFlow, an_id_token_for_others_or_with_another_nonce_is_denied) {
  fake_.claims = R"("iss":"https://login.example","aud":"another","sub":"ada","exp":1800000600,"iat":1800000000)";
  EXPECT_EQ(finish(start()).error().code, ErrorCode::denied);
  fake_.claims = R"("iss":"https://login.example","aud":"citiverse","sub":"ada","exp":1799999900,"iat":1799999000)";
  EXPECT_EQ(finish(start()).error().code, ErrorCode::denied);
}

TEST_F(CodeFlow, userinfo_about_somebody_else_is_denied) {
  fake_.userinfo = R"({"sub":"eve","resident":true})";
  EXPECT_EQ(finish(start()).error().code, ErrorCode::denied);
}

TEST_F(CodeFlow, a_provider_that_is_not_who_it_should_be_is_not_used) {
  fake_.issuer = "https://login.example/";
  const auto url = provider_.authorization_url(begin_flow(surroundings_, "https://city.example/callback"));
  ASSERT_FALSE(url);
  EXPECT_THAT(url.error().message, HasSubstr("another issuer"));
}

TEST_F(CodeFlow, addresses_and_keys_are_asked_for_once_and_new_keys_are_found) {
  EXPECT_TRUE(finish(start()));
  EXPECT_TRUE(finish(start()));
  EXPECT_EQ(fake_.calls["/.well-known/openid-configuration"], 1);
  EXPECT_EQ(fake_.calls["/jwks"], 1);
  fake_.kid = "2";
  EXPECT_FALSE(finish(start())) << "within a minute nobody makes this node ask again";
  now_ += kKeysAgainTime;
  EXPECT_TRUE(finish(start()));
  EXPECT_EQ(fake_.calls["/jwks"], 2);
}

TEST_F(CodeFlow, nobody_waits_for_a_provider_that_is_down) {
  fake_.is_down = true;
  const OidcFlow flow = begin_flow(surroundings_, "https://city.example/callback");
  EXPECT_EQ(provider_.authorization_url(flow).error().code, ErrorCode::unavailable);
  EXPECT_EQ(provider_.authorization_url(flow).error().code, ErrorCode::unavailable);
  EXPECT_EQ(fake_.calls["/.well-known/openid-configuration"], 1);
  fake_.is_down = false;
  now_ += kProviderPauseTime;
  EXPECT_TRUE(provider_.authorization_url(flow));
}

TEST_F(CodeFlow, a_secret_goes_into_the_field_or_the_form_as_the_provider_takes_it) {
  const auto finish_with = [&](std::string methods) {
    fake_.more_metadata = std::move(methods);
    OidcProvider provider({.id = "city",
                           .issuer = "https://login.example",
                           .client_id = "citi:verse",
                           .client_secret = "s&cret",
                           .label = "City"},
                          surroundings_, [this](const OutgoingCall& call) { return fake_.answer(call); });
    const OidcFlow flow = begin_flow(surroundings_, "https://city.example/callback");
    fake_.authorize(provider.authorization_url(flow).value());
    (void)provider.redeem(flow, {.code = "the code", .state = flow.state});
  };
  finish_with("");
  EXPECT_EQ(fake_.token_call.authorization, "Basic Y2l0aSUzQXZlcnNlOnMlMjZjcmV0");  // citi%3Averse:s%26cret
  EXPECT_THAT(fake_.token_call.body, testing::Not(HasSubstr("client_secret")));
  finish_with(R"(,"token_endpoint_auth_methods_supported":["client_secret_post"])");
  EXPECT_EQ(fake_.token_call.authorization, "");
  EXPECT_THAT(fake_.token_call.body, HasSubstr("client_id=citi%3Averse&client_secret=s%26cret"));
}

}  // namespace
}  // namespace citiverse::identity
