// The routes by which people come in, change what is theirs and leave, through the real gate.
#include "api/identity_api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/identity_json.h"
#include "api/identity_test_node.h"

namespace citiverse::api {
namespace {

using identity::AccountId;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kAna = R"({"sign_in_name":"ana","password":"kindly carry seven melons","name":"Ana","minor":false})";

TEST_F(IdentityApiTest, registers_signs_out_and_signs_in_again) {
  const auto registered = browser_.ask(Method::post, "/api/v1/accounts", kAna);
  ASSERT_EQ(registered.status, 201) << registered.body;
  EXPECT_EQ(registered.audience, net::Audience::personal);
  EXPECT_THAT(registered.fields, HasSubstr("HttpOnly"));
  EXPECT_THAT(registered.fields, HasSubstr("SameSite=Lax"));
  EXPECT_THAT(registered.fields, Not(HasSubstr("Secure")));
  EXPECT_TRUE(is_signed_in(browser_));
  const std::string token = browser_.token();
  EXPECT_EQ(browser_.ask(Method::post, "/api/v1/sign-out", "{}").status, 204);
  EXPECT_EQ(browser_.token(), "");
  EXPECT_FALSE(people_->sessions().find(token));
  EXPECT_EQ(browser_.sign_in("ANA").status, 200);
  EXPECT_TRUE(is_signed_in(browser_));
}

TEST_F(IdentityApiTest, marks_cookies_secure_behind_https) {
  const IdentityApi secure{*people_, true};
  EXPECT_THAT(session_cookie(secure, "x"), HasSubstr("; Secure"));
  EXPECT_THAT(no_session_cookie(secure), HasSubstr("Max-Age=0; Secure"));
}

TEST_F(IdentityApiTest, lets_a_guest_become_a_member_and_keep_what_is_theirs) {
  ASSERT_EQ(browser_.ask(Method::post, "/api/v1/sign-in/guest", R"({"name":"Wanderer","minor":true})").status, 201);
  const std::string account = text_in(browser_.me(), "account");
  ASSERT_EQ(browser_.ask(Method::patch, "/api/v1/me", R"({"look":{"skin":3},"access_needs":["captions"]})").status, 200);
  const std::string guest_token = browser_.token();
  const auto registered = browser_.ask(Method::post, "/api/v1/accounts", kAna);
  ASSERT_EQ(registered.status, 201) << registered.body;
  EXPECT_EQ(text_in(registered, "account"), account);
  EXPECT_THAT(registered.body, HasSubstr(R"("skin":3)"));
  EXPECT_THAT(registered.body, HasSubstr(R"("minor":true)")) << "who was a minor as a guest is one as a member";
  EXPECT_FALSE(people_->sessions().find(guest_token)) << "more rights, another token";
}

TEST_F(IdentityApiTest, names_the_member_of_a_body_that_is_wrong) {
  const std::vector<std::array<std::string, 3>> wrong{
      {"/api/v1/accounts", R"({"sign_in_name":"ana","pasword":"x"})", "password"},
      {"/api/v1/accounts", R"({"sign_in_name":"a b c","password":"kindly carry seven melons","name":"A","minor":false})",
       "sign_in_name"},
      {"/api/v1/accounts", R"({"sign_in_name":"ana","password":"short","name":"A","minor":false})", "password"},
      {"/api/v1/accounts", R"({"sign_in_name":"ana","password":"kindly carry seven melons","name":"A","minor":"no"})", "minor"},
      {"/api/v1/sign-in/guest", R"({"name":"A","minor":false,"role":"operator"})", "role"},
      {"/api/v1/sign-in/guest", R"({"name":"","minor":false})", "name"},
      {"/api/v1/sign-in/guest", R"({"name":7,"minor":false})", "name"},
      {"/api/v1/sign-in/guest", R"([])", ""},
      {"/api/v1/sign-in/guest", R"({"name":"A","minor":false,"name":"B"})", ""},
      {"/api/v1/sign-in/guest", R"({)", ""},
      {"/api/v1/sign-in/guest", "", "name"},
  };
  for (const auto& [path, body, member] : wrong) {
    const auto reply = browser_.ask(Method::post, path, body);
    EXPECT_EQ(reply.status, 400) << body;
    EXPECT_EQ(text_in(reply, "parameter"), member) << reply.body;
  }
  ASSERT_EQ(browser_.ask(Method::post, "/api/v1/accounts", kAna).status, 201);
  for (const auto& [body, member] :
       std::vector<std::pair<std::string, std::string>>{{R"({"minor":false})", "minor"},
                                                        {R"({"look":{"skin":99}})", "look"},
                                                        {R"({"access_needs":["fame"]})", "access_needs"},
                                                        {R"({"roles":["operator"]})", "roles"},
                                                        {R"({"languages":"fr"})", "languages"}}) {
    const auto reply = browser_.ask(Method::patch, "/api/v1/me", body);
    EXPECT_EQ(reply.status, 400) << body;
    EXPECT_EQ(text_in(reply, "parameter"), member) << reply.body;
  }
}

// Fixation: whatever cookie was there before, another is there after signing in, and the one before is worth nothing.
TEST_F(IdentityApiTest, gives_a_new_token_at_every_sign_in) {
  people_.member("ana");
  people_.member("ben");
  browser_.jar["citiverse_session"] = std::string(43, 'A');
  ASSERT_EQ(browser_.sign_in("ana").status, 200);
  const std::string first = browser_.token();
  EXPECT_NE(first, std::string(43, 'A'));
  Browser attacker(node_, 2);
  attacker.jar["citiverse_session"] = first;
  ASSERT_EQ(browser_.sign_in("ana").status, 200);
  const std::string second = browser_.token();
  EXPECT_NE(second, first);
  EXPECT_FALSE(is_signed_in(attacker));
  ASSERT_EQ(browser_.sign_in("ben").status, 200);
  attacker.jar["citiverse_session"] = second;
  EXPECT_FALSE(is_signed_in(attacker));
}

TEST_F(IdentityApiTest, replaces_the_cookie_daily_and_takes_no_replayed_one) {
  people_.member("ana");
  ASSERT_EQ(browser_.sign_in("ana").status, 200);
  const std::string stolen = browser_.token();
  people_.advance(identity::kTokenTime);
  ASSERT_TRUE(is_signed_in(browser_));
  EXPECT_NE(browser_.token(), stolen);
  ASSERT_TRUE(is_signed_in(browser_));
  people_.advance(identity::kReplacedTokenTime + std::chrono::seconds(1));
  Browser thief(node_, 2);
  thief.jar["citiverse_session"] = stolen;
  EXPECT_FALSE(is_signed_in(thief));
  EXPECT_EQ(thief.token(), "") << "a cookie that is worth nothing is taken back";
  EXPECT_TRUE(is_signed_in(browser_));
}

TEST_F(IdentityApiTest, changes_nothing_for_other_sites) {
  people_.member("ana");
  ASSERT_EQ(browser_.sign_in("ana").status, 200);
  std::size_t asked = 0;
  for (const std::string_view foreign :
       {"https://evil.example", "null", "", "http://127.0.0.1:8081", "https://127.0.0.1:8080"}) {
    browser_.origin = foreign;
    for (const net::Route& route : node_.router.routes()) {
      if (net::is_safe(route.method)) continue;
      ++asked;
      const auto reply = browser_.ask(route.method, route.pattern, "{}");
      EXPECT_EQ(reply.status, 403) << route.pattern;
      EXPECT_EQ(code_of(reply), "cross_origin");
    }
  }
  EXPECT_GE(asked, 100u);
  browser_.origin = kOrigin;
  EXPECT_TRUE(is_signed_in(browser_));
}

// One password for many names from one address, then from many.
TEST_F(IdentityApiTest, stops_password_spraying_and_lets_known_devices_in) {
  for (int i = 0; i < 30; ++i) people_.member(fmt::format("person{}", i));
  ASSERT_EQ(browser_.sign_in("person7").status, 200);
  ASSERT_TRUE(browser_.jar.contains("citiverse_device"));
  browser_.ask(Method::post, "/api/v1/sign-out", "{}");
  int tried = 0;
  for (int i = 0; i < 30; ++i)
    tried += Browser(node_, 66).sign_in(fmt::format("person{}", i), "summer of twenty-six").status == 401;
  EXPECT_EQ(tried, identity::kAddressFailuresMax);
  for (int i = 0; i < 300; ++i) {
    const int status = Browser(node_, 1000 + static_cast<std::uint64_t>(i))
                           .sign_in(fmt::format("person{}", i % 30), "summer of twenty-six")
                           .status;
    tried += status == 401;
    EXPECT_TRUE(status == 401 || status == 429);
  }
  EXPECT_EQ(tried, identity::kNodeFailuresMax);
  const auto stranger = Browser(node_, 5).sign_in("person3");
  EXPECT_EQ(stranger.status, 429);
  EXPECT_EQ(code_of(stranger), "too_many_attempts");
  EXPECT_THAT(stranger.fields, HasSubstr("Retry-After: "));
  EXPECT_EQ(browser_.sign_in("person7").status, 200) << "the owner's own device";
  browser_.ask(Method::post, "/api/v1/sign-out", "{}");
  EXPECT_EQ(browser_.sign_in("person8").status, 429) << "the device of one person is not another's";
}

TEST_F(IdentityApiTest, tells_nobody_which_names_there_are) {
  people_.member("ana");
  const auto wrong_password = Browser(node_, 1).sign_in("ana", "summer of twenty-six");
  const auto wrong_name = Browser(node_, 2).sign_in("nobody", "summer of twenty-six");
  const auto no_name = Browser(node_, 3).sign_in("; drop table", "summer of twenty-six");
  EXPECT_EQ(wrong_password.status, 401);
  EXPECT_EQ(wrong_password.body, wrong_name.body);
  EXPECT_EQ(wrong_password.body, no_name.body);
}

TEST_F(IdentityApiTest, changes_a_password_only_for_who_knows_it_and_ends_all_other_sessions) {
  people_.member("ana");
  Browser other(node_, 2);
  ASSERT_EQ(browser_.sign_in("ana").status, 200);
  ASSERT_EQ(other.sign_in("ana").status, 200);
  const auto put = [&](std::string_view body) { return browser_.ask(Method::put, "/api/v1/me/password", body); };
  EXPECT_EQ(put(R"({"new_password":"a gentle otter sings"})").status, 400);
  EXPECT_EQ(code_of(put(R"({"current_password":"wrong wrong wrong","new_password":"a gentle otter sings"})")),
            "wrong_credentials");
  EXPECT_EQ(code_of(put(R"({"current_password":"kindly carry seven melons","new_password":"123456789012345"})")),
            "weak_password");
  const std::string before = browser_.token();
  ASSERT_EQ(put(R"({"current_password":"kindly carry seven melons","new_password":"a gentle otter sings"})").status, 204);
  EXPECT_NE(browser_.token(), before);
  EXPECT_TRUE(is_signed_in(browser_));
  EXPECT_FALSE(is_signed_in(other));
  EXPECT_EQ(other.sign_in("ana").status, 401);
  EXPECT_EQ(other.sign_in("ana", "a gentle otter sings").status, 200);
}

TEST_F(IdentityApiTest, recovers_with_a_code_once_and_sets_a_new_password) {
  people_.member("ana");
  ASSERT_EQ(browser_.sign_in("ana").status, 200);
  const auto made = browser_.ask(Method::post, "/api/v1/me/recovery-codes", "{}");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string code(*base::JsonDocument::parse(made.body)->root().find("codes")[3].text());
  const auto recover = [&](Browser& browser) {
    return browser.ask(Method::post, "/api/v1/sign-in/recovery", fmt::format(R"({{"sign_in_name":"ana","code":"{}"}})", code));
  };
  Browser phone(node_, 2);
  ASSERT_EQ(recover(phone).status, 200);
  EXPECT_EQ(phone.ask(Method::put, "/api/v1/me/password", R"({"new_password":"a gentle otter sings"})").status, 204);
  Browser again(node_, 3);
  EXPECT_EQ(code_of(recover(again)), "wrong_credentials");
  EXPECT_EQ(again.sign_in("ana", "a gentle otter sings").status, 200);
}

TEST_F(IdentityApiTest, asks_for_a_fresh_sign_in_before_what_locks_the_owner_out) {
  people_.member("ana");
  ASSERT_EQ(browser_.sign_in("ana").status, 200);
  people_.advance(identity::kFreshTime);
  EXPECT_EQ(code_of(browser_.ask(Method::post, "/api/v1/me/recovery-codes", "{}")), "sign_in_again");
  EXPECT_EQ(code_of(browser_.ask(Method::delete_, "/api/v1/me")), "sign_in_again");
  EXPECT_EQ(code_of(browser_.ask(Method::patch, "/api/v1/me", R"({"sign_in_name":"mine.now"})")), "sign_in_again");
  ASSERT_EQ(browser_.sign_in("ana").status, 200);
  EXPECT_EQ(browser_.ask(Method::post, "/api/v1/me/recovery-codes", "{}").status, 201);
}

TEST_F(IdentityApiTest, erases_a_guest_at_once_and_an_account_after_time_to_think) {
  ASSERT_EQ(browser_.ask(Method::post, "/api/v1/sign-in/guest", R"({"name":"Wanderer","minor":false})").status, 201);
  EXPECT_EQ(browser_.ask(Method::delete_, "/api/v1/me").status, 204);
  EXPECT_FALSE(is_signed_in(browser_));
  const AccountId ana = people_.member("ana");
  ASSERT_EQ(browser_.sign_in("ana").status, 200);
  const auto asked = browser_.ask(Method::delete_, "/api/v1/me");
  EXPECT_EQ(asked.status, 202);
  EXPECT_NE(text_in(asked, "erase_at"), "");
  EXPECT_THAT(asked.body, Not(HasSubstr("enter_spaces")));
  EXPECT_EQ(text_in(browser_.ask(Method::delete_, "/api/v1/me/erasure"), "erase_at"), "");
  browser_.ask(Method::delete_, "/api/v1/me");
  people_.advance(identity::kErasureTime);
  ASSERT_TRUE(people_->sweep());
  EXPECT_FALSE(people_->accounts().get(ana));
  EXPECT_FALSE(is_signed_in(browser_));
}

TEST_F(IdentityApiTest, exports_everything_as_json_and_as_a_page_that_nothing_breaks_out_of) {
  people_.member("ana");
  ASSERT_EQ(browser_.sign_in("ana").status, 200);
  ASSERT_EQ(browser_.ask(Method::patch, "/api/v1/me", R"({"name":"<script>alert(1)</script>"})").status, 200);
  const auto json = browser_.ask(Method::get, "/api/v1/me/export");
  EXPECT_THAT(json.fields, HasSubstr("attachment"));
  EXPECT_FALSE(base::JsonDocument::parse(json.body)->root().find("identity").is_absent());
  const auto page = browser_.ask(Method::get, "/api/v1/me/export", {}, "format=html");
  EXPECT_THAT(std::string(page.media_type), HasSubstr("text/html"));
  EXPECT_THAT(page.body, Not(HasSubstr("<script")));
  EXPECT_THAT(page.body, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(page.body, HasSubstr("<dt>Sign in name</dt><dd><bdi>ana</bdi></dd>"));
  EXPECT_EQ(browser_.ask(Method::get, "/api/v1/me/export", {}, "format=pdf").status, 400);
}

TEST_F(IdentityApiTest, ends_sessions_from_afar) {
  people_.member("ana");
  Browser phone(node_, 2);
  ASSERT_EQ(browser_.sign_in("ana").status, 200);
  ASSERT_EQ(phone.sign_in("ana").status, 200);
  const auto listed = base::JsonDocument::parse(browser_.ask(Method::get, "/api/v1/me/sessions").body).value();
  ASSERT_EQ(listed.root().find("sessions").size(), 2u);
  const std::string here = to_text(people_->sessions().find(browser_.token())->session);
  for (std::size_t i = 0; i < 2; ++i) {
    const std::string id(*listed.root().find("sessions")[i].find("id").text());
    if (id == here) continue;
    EXPECT_EQ(browser_.ask(Method::delete_, "/api/v1/me/sessions/" + id).status, 204);
  }
  EXPECT_FALSE(is_signed_in(phone));
  EXPECT_TRUE(is_signed_in(browser_));
  EXPECT_EQ(browser_.ask(Method::delete_, "/api/v1/me/sessions/aaaaaaaaaaaab").status, 404);
}

TEST(DeviceName, knows_browsers_and_systems_and_nothing_more) {
  EXPECT_EQ(device_name("Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0"), "Firefox on Android");
  EXPECT_EQ(device_name("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
                        "Safari/537.36 Edg/126.0.0.0"),
            "Edge on Windows");
  EXPECT_EQ(device_name("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                        "Version/17.5 Mobile/15E148 Safari/604.1"),
            "Safari on iPhone");
  EXPECT_EQ(device_name("curl/8"), "");
}

}  // namespace
}  // namespace citiverse::api
