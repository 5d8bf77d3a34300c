// What the client is told of a moment that is gone: positions and values as they were then, with their times.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "api/live/live_routes.h"
#include "twin/history/feed.h"
#include "twin/moment.h"

namespace citiverse::api {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr twin::TimeUs kNoonUs = 1'767'268'800'000'000;  // 2026-01-01T12:00Z
constexpr twin::TimeUs kPastMinuteUs = 60'000'000;

class LivePast : public testing::Test {
 protected:
  LivePast() {
    std::string name = (std::filesystem::temp_directory_path() / "live-past-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    open();
    twin::history::feed_history(store_, *history_);
    add_live_routes(router_, hub_, history_.get());
  }
  ~LivePast() override {
    store_.flush();
    history_.reset();
    std::filesystem::remove_all(folder_);
  }
  void open() {
    auto opened = twin::history::History::open(
        {.folder = folder_, .clock = [this] { return now_us_; }, .waits_for_disk = false}, store_.names());
    ASSERT_TRUE(opened);
    history_ = std::move(*opened);
  }
  void put(std::string id, int minute, double lon, double speed, std::string anchor = "") {
    now_us_ = kNoonUs + minute * kPastMinuteUs;
    auto entity = std::make_shared<twin::Entity>();
    entity->id = id;
    entity->types = {store_.names().intern("https://uri.etsi.org/ngsi-ld/default-context/Vehicle")};
    add(*entity, kLocationIri, twin::Json{fmt::format(R"({{"type":"Point","coordinates":[{},40]}})", lon)});
    add(*entity, "https://uri.etsi.org/ngsi-ld/default-context/speed", speed);
    if (!anchor.empty()) add(*entity, kAnchorIri, anchor);
    ASSERT_TRUE(store_.write(twin::kDefaultTenant, id, [&](const twin::EntityPtr&) { return entity; }));
    store_.flush();
  }
  void add(twin::Entity& entity, std::string_view iri, twin::Value value) {
    auto attribute = std::make_shared<twin::Attribute>();
    attribute->name = store_.names().intern(iri);
    attribute->value = std::move(value);
    attribute->unit = store_.names().intern("KMH");
    attribute->observed_us = attribute->modified_us = now_us_;
    entity.put(std::move(attribute));
  }
  net::Reply ask(std::string_view query) {
    net::Request request;
    request.path = "/api/v1/live";
    request.query = query;
    return router_.routes()[router_.route_of(router_.match(request.path), net::Method::get)].make({request});
  }
  // Asked an hour later.
  std::string at(int minute, std::string_view where) {
    now_us_ = kNoonUs + 60 * kPastMinuteUs;
    return ask(fmt::format("{}&at={}", where, twin::moment_text(kNoonUs + minute * kPastMinuteUs))).body;
  }

  twin::TimeUs now_us_ = kNoonUs;
  std::filesystem::path folder_;
  twin::Store store_{[this] { return now_us_; }};
  LiveHub hub_{store_};
  std::unique_ptr<twin::history::History> history_;
  net::Router router_;
};

TEST_F(LivePast, things_are_where_they_were_with_the_values_of_then) {
  put("urn:v:1", 0, 8.000, 10);
  put("urn:v:1", 10, 8.001, 20);
  put("urn:v:1", 20, 9.000, 30);
  const auto body = at(15, "lat=40&lon=8");
  EXPECT_THAT(body, HasSubstr(R"("location":{"lat":40,"lon":8.001})"));
  EXPECT_THAT(body, HasSubstr(R"("value":20,"unit":"KMH","observed_at":"2026-01-01T12:10:00Z")"));
  EXPECT_THAT(body, HasSubstr(R"("at":"2026-01-01T12:15:00Z")"));
  EXPECT_THAT(at(20, "lat=40&lon=8"), HasSubstr("\"items\":[]")) << "it had gone";
  EXPECT_THAT(at(-1, "lat=40&lon=8"), HasSubstr("\"items\":[]")) << "it was not yet there";
  EXPECT_THAT(at(0, "bbox=7,39,8.5,41&types=Vehicle"), HasSubstr("\"value\":10"));
  EXPECT_THAT(at(0, "bbox=7,39,8.5,41&types=Bus"), HasSubstr("\"items\":[]"));
}

TEST_F(LivePast, a_city_object_knows_what_was_tied_to_it_then) {
  put("urn:v:1", 0, 8, 10, "stop-n1");
  put("urn:v:1", 10, 8, 20, "stop-n2");
  EXPECT_THAT(at(5, "object=stop-n1"), HasSubstr("\"value\":10"));
  EXPECT_THAT(at(15, "object=stop-n1"), HasSubstr("\"items\":[]"));
  EXPECT_THAT(at(15, "ids=urn:v:1"), HasSubstr("\"anchor\":\"stop-n2\""));
}

TEST_F(LivePast, what_is_gone_by_now_is_there_and_what_had_gone_is_not) {
  put("urn:v:1", 0, 8, 10);
  now_us_ = kNoonUs + 10 * kPastMinuteUs;
  ASSERT_TRUE(store_.write(twin::kDefaultTenant, "urn:v:1", [](const twin::EntityPtr&) { return twin::EntityPtr(); }));
  store_.flush();
  EXPECT_THAT(at(5, "lat=40&lon=8"), HasSubstr("urn:v:1"));
  EXPECT_THAT(at(10, "lat=40&lon=8"), Not(HasSubstr("urn:v:1")));
}

TEST_F(LivePast, a_place_that_was_told_late_was_there_before) {
  twin::history::Sample level, place;
  level.attribute.name = store_.names().intern("https://uri.etsi.org/ngsi-ld/default-context/level");
  level.attribute.value = 2.5;
  level.attribute.observed_us = kNoonUs;
  level.attribute.modified_us = kNoonUs;
  place.attribute.name = store_.names().intern(kLocationIri);
  place.attribute.kind = twin::AttributeKind::geo_property;
  place.attribute.value = twin::Json{R"({"type":"Point","coordinates":[8,40]})"};
  place.attribute.modified_us = kNoonUs + 60 * kPastMinuteUs;
  now_us_ = kNoonUs + 60 * kPastMinuteUs;
  for (const auto& sample : {level, place}) ASSERT_TRUE(history_->record({.id = "urn:w:1"}, {&sample, 1}));
  EXPECT_THAT(at(30, "lat=40&lon=8"), HasSubstr("\"value\":2.5"));
  EXPECT_THAT(at(-30, "lat=40&lon=8"), HasSubstr("\"items\":[]")) << "nothing of it was known";
}

TEST_F(LivePast, what_is_not_gone_by_is_refused) {
  const auto reply = ask("lat=40&lon=8&at=2026-01-01T12:02:00Z");
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, HasSubstr(R"("parameter":"at")"));
  EXPECT_EQ(ask("lat=40&lon=8&at=soon").status, 400);
}

}  // namespace
}  // namespace citiverse::api
