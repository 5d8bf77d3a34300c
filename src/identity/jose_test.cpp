// Signed tokens against the standards' own examples, and what must never pass for one.
#include "identity/jose.h"

#include <gmock/gmock.h>

#include "identity/base64url.h"

namespace citiverse::identity {
namespace {

using base::ErrorCode;

JwkSet set_of(const std::string& key) {
  auto set = JwkSet::parse(R"({"keys":[)" + key + "]}");
  EXPECT_TRUE(set) << set.error().message;
  return set ? std::move(*set) : JwkSet();
}

// RFC 7515, appendix A.2.
constexpr const char* kRsaKey =
    R"({"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPM)"
    R"(EzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5)"
    R"(rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-D)"
    R"(WNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"})";
constexpr std::string_view kRsaToken =
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
    "O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRF"
    "diuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-"
    "eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6I"
    "eYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
// RFC 7515, appendix A.3.
constexpr const char* kEcKey =
    R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue6)"
    R"(59LNpXW6pCyStikYjKIWI5a0"})";
constexpr std::string_view kEcToken =
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
constexpr std::string_view kJoesClaims = "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";
// RFC 7520, clause 4.1.
constexpr const char* kHobbitKey =
    R"({"kty":"RSA","kid":"bilbo.baggins@hobbiton.example","use":"sig","n":"n4EPtAOCc9AlkeQHPzHStgAbgs7bTZL)"
    R"(wUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzc)"
    R"(Ee6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZC)"
    R"(uEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqg)"
    R"(c5gHdrNP5zw","e":"AQAB"})";
constexpr std::string_view kHobbitToken =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9."
    "SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdS"
    "Bkb24ndCBrZWV"
    "wIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4."
    "MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996ivp83xuglII7PNDi84wnB-BDkoBwA78185hX-"
    "Es4JIwmDLJK3lfW"
    "Ra-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5aAE6x8wW1Kt9eRo4QPocSadnHXFxnt8Is9UzpERV0ePPQdLuW3IS_"
    "de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0"
    "KLUQSE_oI-ZnmKJ3F4uOZDnd6QZWJushZ41Axf_fcIe8u9ipH84ogoree7vjbU5y18kDquDg";
// RFC 8037, appendix A.4.
constexpr const char* kEdKey = R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
constexpr std::string_view kEdToken =
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
// RFC 7515, appendices A.1 and A.5.
constexpr std::string_view kHmacToken =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
constexpr std::string_view kUnsignedToken =
    "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.";

TEST(Jose, the_standards_examples_are_signed) {
  EXPECT_EQ(set_of(kRsaKey).verify(kRsaToken).value(), kJoesClaims);
  EXPECT_EQ(set_of(kEcKey).verify(kEcToken).value(), kJoesClaims);
  EXPECT_EQ(set_of(kEdKey).verify(kEdToken).value(), "Example of Ed25519 signing");
  EXPECT_THAT(set_of(kHobbitKey).verify(kHobbitToken).value(), testing::HasSubstr("a dangerous business, Frodo"));
}

TEST(Jose, of_several_keys_the_right_one_answers) {
  const JwkSet set = set_of(std::string(kEcKey) + "," + kRsaKey + "," + kHobbitKey + "," + kEdKey);
  EXPECT_EQ(set.size(), 4u);
  for (const auto token : {kRsaToken, kEcToken, kEdToken, kHobbitToken}) EXPECT_TRUE(set.verify(token));
}

TEST(Jose, a_changed_token_is_denied_wherever_it_was_changed) {
  const JwkSet set = set_of(std::string(kRsaKey) + "," + kEcKey + "," + kEdKey);
  for (const auto token : {kRsaToken, kEcToken, kEdToken}) {
    for (std::size_t i = 0; i < token.size(); i += 7) {
      std::string changed(token);
      changed[i] = changed[i] == 'A' ? 'B' : 'A';
      ASSERT_NE(changed, token);
      EXPECT_FALSE(set.verify(changed)) << i;
    }
  }
}

TEST(Jose, unsigned_and_symmetric_tokens_never_pass) {
  const JwkSet set =
      set_of(std::string(kRsaKey) + "," + kEcKey +
             R"(,{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z)"
             R"(9CAow"})");
  EXPECT_EQ(set.size(), 2u);
  EXPECT_EQ(set.verify(kUnsignedToken).error().code, ErrorCode::denied);
  EXPECT_EQ(set.verify(kHmacToken).error().code, ErrorCode::denied);
}

TEST(Jose, a_key_answers_for_the_algorithm_of_its_type_only) {
  EXPECT_EQ(set_of(kEcKey).verify(kRsaToken).error().code, ErrorCode::not_found);
  EXPECT_EQ(set_of(kRsaKey).verify(kEcToken).error().code, ErrorCode::not_found);
  EXPECT_EQ(set_of(kRsaKey).verify(kHobbitToken).error().code, ErrorCode::not_found) << "another kid";
}

TEST(Jose, keys_that_cannot_be_trusted_are_left_out) {
  const std::string short_key = R"({"kty":"RSA","n":")" + base64url_of(std::string(128, '\xc1')) + R"(","e":"AQAB"})";
  const std::string weak_exponent = R"({"kty":"RSA","n":")" + base64url_of(std::string(256, '\xc1')) + R"(","e":"AQ"})";
  // The point of RFC 7515 A.3 with one bit turned: not on the curve.
  const std::string off_curve =
      R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue6)"
      R"(59LNpXW6pCyStikYjKIWI5a1"})";
  for (const std::string& key :
       {short_key, weak_exponent, off_curve, std::string(R"({"kty":"EC","crv":"P-256","x":"f83O","y":"x_FE"})"),
        std::string(R"({"kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})"),
        std::string(R"({"kty":"RSA"})"), std::string("42")})
    EXPECT_EQ(set_of(key).size(), 0u) << key;
  std::string for_encryption(kEdKey);
  for_encryption.insert(1, R"("use":"enc",)");
  EXPECT_EQ(set_of(for_encryption).size(), 0u);
  std::string for_other_algorithm(kRsaKey);
  for_other_algorithm.insert(1, R"("alg":"PS256",)");
  EXPECT_EQ(set_of(for_other_algorithm).size(), 0u);
  EXPECT_FALSE(JwkSet::parse("{}"));
  EXPECT_FALSE(JwkSet::parse("[]"));
}

TEST(Jose, what_is_marked_critical_and_what_is_no_token_is_refused) {
  const JwkSet set = set_of(kEdKey);
  const std::string payload = base64url_of("x") + "." + base64url_of(std::string(64, 'x'));
  EXPECT_EQ(set.verify(base64url_of(R"({"alg":"EdDSA","crit":["b64"],"b64":false})") + "." + payload).error().code,
            ErrorCode::bad_input);
  EXPECT_EQ(set.verify(base64url_of(R"({"alg":"none","alg":"EdDSA"})") + "." + payload).error().code, ErrorCode::bad_input);
  for (const std::string_view text : {"", ".", "..", "a.b", "a.b.c.d", "e30.e30.e30"}) EXPECT_FALSE(set.verify(text)) << text;
  EXPECT_FALSE(set.verify(std::string(kJwsBytesMax + 1, 'a')));
}

}  // namespace
}  // namespace citiverse::identity
