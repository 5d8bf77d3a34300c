// Tables and JSON over HTTP: all rows or none, or the good ones, and every bad one named.
#include "api/feeds/report_routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/dispatch.h"

namespace citiverse::api::feeds {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kHeader = "id,type,attribute,value,unit,observed_at,source,status,lat,lon,anchor,name\n";

class ReportRoutes : public testing::Test {
 protected:
  ReportRoutes()
      : mapping_(*read_mapping(R"({"rules":[{"rule":"bins","post":true,"each":"$.bins[*]","id":"urn:b:{$.n}","type":"Bin",)"
                               R"("source":"Waste office","attributes":{"fill":{"value":"$.fill","unit":"P1"}}}]})",
                               "test", store_.names())) {
    add_report_routes(router_, feeds_);
    doorway_.gate = &gate_;
  }
  net::Reply post(std::string_view path, std::string_view body, std::string_view type, std::string_view query = "") {
    net::Request request{.method = net::Method::post, .path = path, .query = query, .body = body};
    request.content_type = type;
    request.authorization = "Bearer test";
    const net::Dispatched dispatched = net::dispatch(router_, doorway_, request);
    net::Reply reply = dispatched.reply ? *dispatched.reply : net::make_reply(router_, dispatched, request);
    if (!reply.later) return reply;
    net::Reply given;
    reply.later->when_given([&](net::Reply each) { given = std::move(each); });
    return given;
  }
  net::Reply csv(std::string_view rows, std::string_view query = "") {
    return post("/api/v1/live/reports", std::string(kHeader).append(rows), "text/csv; charset=utf-8", query);
  }
  const twin::Attribute* value(std::string_view id, std::string_view name) {
    entity_ = store_.find(twin::kDefaultTenant, id);
    return entity_ == nullptr ? nullptr : entity_->find(store_.names().find(expanded_name(name)));
  }

  class AdmitAll : public net::Gate {
    std::expected<net::Visitor, net::Reply> admit(const net::Request&, net::AccessRule, bool) override {
      return net::Visitor{};
    }
  };
  twin::Store store_{[] { return twin::TimeUs{1'767'225'600'000'000}; }};
  TwinApi twin_{store_, [](const net::Visitor&, std::string_view) { return false; }};
  Mapping mapping_;
  Feeds feeds_{twin_, mapping_, {}};
  AdmitAll gate_;
  net::Router router_;
  net::Doorway doorway_;
  twin::EntityPtr entity_;
};

TEST_F(ReportRoutes, take_a_table) {
  const auto reply =
      csv("urn:s:1,Noise,level,54.5,2N,2025-12-31T23:59:00Z,Noise office,derived,47.5,8.5,stop-n1,North\n"
          "urn:s:1,Noise,peak,70,2N,2025-12-31T23:59:00Z,Noise office,,,,,\n");
  EXPECT_EQ(reply.status, 200) << reply.body;
  EXPECT_THAT(reply.body, StartsWith(R"({"items":2,"taken":2,"refused":0)"));
  EXPECT_EQ(value("urn:s:1", "level")->value, twin::Value(54.5));
  EXPECT_EQ(value("urn:s:1", "peak")->value, twin::Value(std::int64_t{70}));
  EXPECT_EQ(value("urn:s:1", "name")->value, twin::Value(std::string("North")));
  EXPECT_EQ(value("urn:s:1", "https://citiverse.org/ns#anchor")->value, twin::Value(std::string("stop-n1")));
}

TEST_F(ReportRoutes, take_the_moment_of_arrival_where_a_row_says_none) {
  EXPECT_EQ(csv("urn:s:1,Noise,level,54.5,2N,,Noise office,,,,,\n").status, 200);
  EXPECT_EQ(value("urn:s:1", "level")->observed_us, store_.now_us());
}

TEST_F(ReportRoutes, refuse_all_rows_or_only_the_bad_ones_and_name_each) {
  constexpr std::string_view kRows =
      "urn:s:1,Noise,level,54,2N,2025-12-31T23:59:00Z,office,,,,,\n"
      "urn:s:2,Noise,level,55,2N,yesterday,office,,,,,\n"
      "urn:s:3,Noise,level,55,2N,2025-12-31T23:59:00Z,,,,,,\n";
  const auto refused = csv(kRows);
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr(R"("rows":[{"row":3,"reason":"observed_at: a moment)"));
  EXPECT_THAT(refused.body, HasSubstr(R"({"row":4,"reason":"source: it is missing)"));
  EXPECT_EQ(store_.size(twin::kDefaultTenant), 0u);
  const auto skipped = csv(kRows, "on_error=skip");
  EXPECT_EQ(skipped.status, 200);
  EXPECT_THAT(skipped.body, StartsWith(R"({"items":3,"taken":1,"refused":2,"rows":[{"row":3,)"));
  EXPECT_EQ(store_.size(twin::kDefaultTenant), 1u);
  EXPECT_EQ(feeds_.figures().taken, 1u);
  EXPECT_EQ(feeds_.figures().refused, 4u);
}

TEST_F(ReportRoutes, take_json_in_the_plain_form_and_by_a_rule) {
  EXPECT_EQ(
      post("/api/v1/live/reports",
           R"([{"id":"urn:s:1","type":"Noise","attribute":"level","value":{"a":1},"source":"x","observed_at":1767225000}])",
           "application/json")
          .status,
      200);
  EXPECT_EQ(value("urn:s:1", "level")->observed_us, 1'767'225'000'000'000);
  EXPECT_EQ(post("/api/v1/live/reports/bins", R"({"bins":[{"n":7,"fill":50}]})", "application/json").status, 200);
  EXPECT_EQ(value("urn:b:7", "fill")->value, twin::Value(std::int64_t{50}));
}

TEST_F(ReportRoutes, say_what_is_wrong_with_a_request) {
  EXPECT_EQ(post("/api/v1/live/reports/none", "[]", "application/json").status, 404);
  EXPECT_EQ(post("/api/v1/live/reports", "[]", "application/json").status, 400);
  EXPECT_EQ(post("/api/v1/live/reports", "[", "application/json").status, 400);
  EXPECT_EQ(post("/api/v1/live/reports", "[]", "image/png").status, 415);
  EXPECT_EQ(csv("", "on_error=ignore").status, 400);
  EXPECT_THAT(csv("urn:s:1\n").body, HasSubstr("line 2"));
}

}  // namespace
}  // namespace citiverse::api::feeds
