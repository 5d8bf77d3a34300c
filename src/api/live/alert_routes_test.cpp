// What a person wants to be told of: kept for them alone, told whole in the export, gone with the account.
#include "api/live/alert_routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/identity_test_node.h"

namespace citiverse::api {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kLoud = R"({"type":"urn:Noise","attribute":"urn:level","unit":"2N","is":"above","than":65.5,)"
                                   R"("place":"Around the school","lat":47.1,"lon":8.5,"radius_m":300})";

class AlertRoutes : public ::testing::Test {
 protected:
  AlertRoutes() { add_alert_routes(node_.router, alerts_); }
  std::string add(std::string_view body) { return text_in(browser_.ask(Method::post, kPath, body), "id"); }
  std::string list(Browser& browser) { return browser.ask(Method::get, kPath).body; }

  static constexpr std::string_view kPath = "/api/v1/me/alerts";
  Node node_;
  identity::AccountId ana_ = node_.people().member("ana");
  std::unique_ptr<twin::AlertBook> book_ = *twin::AlertBook::open(node_.people().folder() / "alerts.db");
  PersonalAlerts alerts_{*book_, *node_.people()};
  Browser browser_{node_};
};

TEST_F(AlertRoutes, keep_a_wish_for_one_person_alone) {
  EXPECT_EQ(browser_.ask(Method::get, kPath).status, 401);
  ASSERT_EQ(browser_.sign_in("ana").status, 200);
  const std::string id = add(kLoud);
  EXPECT_FALSE(id.empty());
  EXPECT_EQ(list(browser_), R"({"alerts":[{"id":")" + id + R"(",)" + std::string(kLoud.substr(1)) + "]}");
  node_.people().member("ben");
  Browser other(node_, 2);
  ASSERT_EQ(other.sign_in("ben").status, 200);
  EXPECT_EQ(list(other), R"({"alerts":[]})");
  EXPECT_EQ(other.ask(Method::delete_, std::string(kPath) + "/" + id).status, 404);
  EXPECT_EQ(browser_.ask(Method::delete_, std::string(kPath) + "/" + id).status, 204);
  EXPECT_EQ(browser_.ask(Method::delete_, std::string(kPath) + "/" + id).status, 404);
  EXPECT_EQ(list(browser_), R"({"alerts":[]})");
}

TEST_F(AlertRoutes, take_areas_of_the_city_truths_and_texts) {
  ASSERT_EQ(browser_.sign_in("ana").status, 200);
  for (const std::string_view than : {"true", R"("closed")", "3"})
    EXPECT_NE(add(R"({"type":"t","attribute":"a","is":"becomes","than":)" + std::string(than) +
                  R"(,"place":"Old town","object":"area-w3"})"),
              "");
  EXPECT_THAT(list(browser_), HasSubstr(R"("than":true,"place":"Old town","object":"area-w3")"));
}

TEST_F(AlertRoutes, name_the_member_that_is_wrong) {
  ASSERT_EQ(browser_.sign_in("ana").status, 200);
  const auto wrong = [&](std::string_view from, std::string_view to) {
    std::string body(kLoud);
    body.replace(body.find(from), from.size(), to);
    const auto reply = browser_.ask(Method::post, kPath, body);
    EXPECT_EQ(reply.status, 400) << body;
    return text_in(reply, "parameter");
  };
  EXPECT_EQ(wrong("above", "beside"), "is");
  EXPECT_EQ(wrong("65.5", R"("loud")"), "than");
  EXPECT_EQ(wrong("47.1", "91"), "lat");
  EXPECT_EQ(wrong(":300", ":5001"), "radius_m");
  EXPECT_EQ(wrong(R"("place":"Around the school",)", ""), "place");
  EXPECT_EQ(wrong(R"("type":"urn:Noise")", R"("type":"")"), "type");
  EXPECT_EQ(wrong(R"("unit")", R"("units")"), "units");
}

TEST_F(AlertRoutes, end_at_a_limit_are_exported_and_forgotten) {
  ASSERT_EQ(browser_.sign_in("ana").status, 200);
  for (std::size_t i = 0; i < twin::kAlertsOfOneMax; ++i) EXPECT_FALSE(add(kLoud).empty());
  EXPECT_EQ(browser_.ask(Method::post, kPath, kLoud).status, 429);
  EXPECT_THAT(*alerts_.export_json(ana_), HasSubstr("Around the school"));
  ASSERT_TRUE(alerts_.erase(ana_));
  EXPECT_EQ(*alerts_.export_json(ana_), "[]");
  EXPECT_TRUE(alerts_.erase(ana_));
  EXPECT_THAT(list(browser_), Not(HasSubstr("Around")));
}

}  // namespace
}  // namespace citiverse::api
