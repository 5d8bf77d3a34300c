// What the client reads of what lives: near a point, in a box, at an object, and as it changes.
#include "api/live/live_routes.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_reader.h"

namespace citiverse::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class LiveRoutes : public testing::Test {
 protected:
  void SetUp() override { add_live_routes(router_, hub_); }

  void put(std::string id, double lon, double value, std::string anchor = "", twin::TimeUs expires_us = twin::kNoTime) {
    auto entity = std::make_shared<twin::Entity>();
    entity->id = id;
    entity->expires_us = expires_us;
    entity->types = {store_.names().intern("https://uri.etsi.org/ngsi-ld/default-context/Noise")};
    add(*entity, kLocationIri, twin::Json{fmt::format(R"({{"type":"Point","coordinates":[{},40]}})", lon)});
    add(*entity, "https://uri.etsi.org/ngsi-ld/default-context/level", value);
    if (!anchor.empty()) add(*entity, kAnchorIri, std::move(anchor));
    ASSERT_TRUE(store_.write(twin::kDefaultTenant, id, [&](const twin::EntityPtr&) { return entity; }));
    store_.flush();
  }
  void add(twin::Entity& entity, std::string_view iri, twin::Value value) {
    auto attribute = std::make_shared<twin::Attribute>();
    attribute->name = store_.names().intern(iri);
    attribute->value = std::move(value);
    attribute->unit = store_.names().intern("2N");
    attribute->observed_us = 0;
    twin::Attribute status;
    status.name = store_.names().intern("https://citiverse.org/ns#status");
    status.value = std::string("simulated");
    attribute->about = {status};
    entity.put(std::move(attribute));
  }
  void remove(const std::string& id) {
    ASSERT_TRUE(store_.write(twin::kDefaultTenant, id, [](const twin::EntityPtr&) { return twin::EntityPtr(); }));
    store_.flush();
  }
  net::Reply ask(std::string_view path, std::string_view query) {
    net::Request request;
    request.path = path;
    request.query = query;
    const auto match = router_.match(path);
    return router_.routes()[router_.route_of(match, net::Method::get)].make({request});
  }
  std::vector<std::string> ids(std::string_view query) {
    const auto reply = ask("/api/v1/live", query);
    EXPECT_EQ(reply.status, 200) << reply.body;
    const auto document = base::JsonDocument::parse(reply.body);
    std::vector<std::string> ids;
    const auto items = document->root().find("items");
    for (std::size_t i = 0; i < items.size(); ++i) ids.emplace_back(*items[i].find("id").text());
    return ids;
  }
  std::string taken(net::EventStream& stream) {
    std::string out;
    stream.take_again(out);
    return out;
  }

  twin::Store store_{[] { return twin::TimeUs{0}; }};
  LiveHub hub_{store_};
  net::Router router_;
};

TEST_F(LiveRoutes, nearest_first_and_only_what_is_near) {
  put("urn:x:far", 8.01, 1);
  put("urn:x:b", 8.002, 2);
  put("urn:x:a", 8.001, 3);
  EXPECT_THAT(ids("lat=40&lon=8"), ElementsAre("urn:x:a", "urn:x:b"));
  EXPECT_THAT(ids("lat=40&lon=8&limit=1"), ElementsAre("urn:x:a"));
  EXPECT_THAT(ids("lat=40&lon=8&radius_m=5000"), ElementsAre("urn:x:a", "urn:x:b", "urn:x:far"));
  EXPECT_THAT(ids("bbox=8.0015,39,8.1,41"), ElementsAre("urn:x:far", "urn:x:b"));
  EXPECT_THAT(ids("lat=40&lon=8&types=Noise"), ElementsAre("urn:x:a", "urn:x:b"));
  EXPECT_THAT(ids("lat=40&lon=8&types=Bus"), ElementsAre());
}

TEST_F(LiveRoutes, a_city_object_knows_what_hangs_on_it) {
  put("urn:x:a", 8, 1, "stop-n1");
  put("urn:x:b", 9, 1, "stop-n1");
  EXPECT_THAT(ids("object=stop-n1"), ElementsAre("urn:x:a", "urn:x:b"));
  put("urn:x:a", 8, 1, "stop-n2");
  remove("urn:x:b");
  EXPECT_THAT(ids("object=stop-n1"), ElementsAre());
  EXPECT_THAT(ids("object=stop-n2"), ElementsAre("urn:x:a"));
}

TEST_F(LiveRoutes, what_has_expired_is_not_shown) {
  put("urn:x:a", 8, 1, "stop-n1", 1);
  put("urn:x:b", 8, 1, "stop-n1", 0);
  EXPECT_THAT(ids("object=stop-n1"), ElementsAre("urn:x:a")) << "the clock stands at 0";
  EXPECT_THAT(ids("lat=40&lon=8"), ElementsAre("urn:x:a"));
  auto stream = *hub_.open({.types = {}, .ids = {}, .box = twin::LonLatBox{7, 39, 9, 41}});
  EXPECT_THAT(taken(*stream), Not(HasSubstr(R"("items":[{"id":"urn:x:b")")));
}

TEST_F(LiveRoutes, a_value_says_its_unit_time_and_status) {
  put("urn:x:a", 8, 54.25, "stop-n1");
  const auto body = ask("/api/v1/live", "object=stop-n1").body;
  EXPECT_THAT(body, HasSubstr(R"("name":"level","iri":"https://uri.etsi.org/ngsi-ld/default-context/level","value":54.25,)"
                              R"("unit":"2N","observed_at":"1970-01-01T00:00:00Z","status":"simulated")"));
  EXPECT_THAT(body, HasSubstr(R"("anchor":"stop-n1","location":{"lat":40,"lon":8})"));
}

TEST_F(LiveRoutes, a_stream_tells_what_is_there_then_only_the_newest_and_what_goes) {
  put("urn:x:a", 8, 1);
  auto stream = *hub_.open({.types = {}, .ids = {}, .box = twin::LonLatBox{7, 39, 9, 41}});
  EXPECT_THAT(taken(*stream), HasSubstr(R"("value":1,)"));
  EXPECT_EQ(taken(*stream), "");
  put("urn:x:a", 8, 2);
  put("urn:x:a", 8, 3);
  put("urn:x:elsewhere", 20, 9);
  const auto news = taken(*stream);
  EXPECT_THAT(news, HasSubstr(R"("value":3,)"));
  EXPECT_THAT(news, Not(HasSubstr(R"("value":2,)")));
  EXPECT_THAT(news, Not(HasSubstr("elsewhere")));
  put("urn:x:a", 20, 4);
  EXPECT_THAT(taken(*stream), HasSubstr(R"("gone":["urn:x:a"])")) << "it left the box";
  stream->end();
  EXPECT_EQ(hub_.streams(), 0u);
  put("urn:x:a", 8, 5);
  EXPECT_EQ(taken(*stream), "");
}

TEST_F(LiveRoutes, a_reader_that_is_too_slow_is_told_that_it_lost_some) {
  auto stream = *hub_.open({.types = {}, .ids = {}, .box = twin::LonLatBox{7, 39, 9, 41}});
  for (std::size_t i = 0; i <= kLiveStreamItemsMax; ++i) put(fmt::format("urn:x:{}", i), 8, 1);
  EXPECT_THAT(taken(*stream), HasSubstr("event: lost"));
}

TEST_F(LiveRoutes, what_is_asked_wrongly_is_named) {
  for (const auto& [query, name] :
       std::initializer_list<std::pair<const char*, const char*>>{{"", "object"},
                                                                  {"lat=1&lon=2&object=x", "object"},
                                                                  {"bbox=1,2,3", "bbox"},
                                                                  {"bbox=1,2,3,-1", "bbox"},
                                                                  {"lat=1&lon=2&radius_m=0", "radius_m"}}) {
    const auto reply = ask("/api/v1/live", query);
    EXPECT_EQ(reply.status, 400) << query;
    EXPECT_THAT(reply.body, HasSubstr(fmt::format("\"parameter\":\"{}\"", name))) << query;
  }
  EXPECT_EQ(ask("/api/v1/live/stream", "").status, 400);
}

}  // namespace
}  // namespace citiverse::api
