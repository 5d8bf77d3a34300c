// ETSI GS CIM 009 V1.9.1, 5.14, 5.5.14, 6.32, 6.34 and the EntityMaps of 6.4.3.2: pages of the same entities.
#include <gmock/gmock.h>

#include "api/ngsi_ld/test_node.h"

namespace citiverse::api::ngsi_ld {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class EntityMapRoutes : public testing::Test {
 protected:
  void SetUp() override {
    for (int i = 1; i <= 4; ++i) put(i, i * 10);
  }
  void put(int number, int speed) {
    const auto made = node_.post(
        "/entityOperations/upsert",
        fmt::format(R"([{{"id":"urn:x:{}","type":"Bus","speed":{{"type":"Property","value":{}}}}}])", number, speed));
    ASSERT_LT(made.status, 300) << made.body;
  }
  // The address of a map, as an answer says it.
  static std::string map_of(const net::Reply& reply) {
    constexpr std::string_view kField = "NGSILD-EntityMap: ";
    const std::size_t begin = reply.fields.find(kField);
    if (begin == std::string::npos) return "no map";
    const std::size_t end = reply.fields.find("\r\n", begin);
    return reply.fields.substr(begin + kField.size(), end - begin - kField.size());
  }
  static std::string id_of(const net::Reply& reply) {
    const std::string address = map_of(reply);
    return address.substr(address.rfind('/') + 1);
  }
  net::Reply query(std::string_view text, std::string map, net::Method method = net::Method::get) {
    std::vector<net::Field> fields;
    if (!map.empty()) fields.push_back({"NGSILD-EntityMap", map});
    net::Request request{.method = method, .path = "/ngsi-ld/v1/entities", .query = text, .fields = fields};
    request.authorization = "Bearer test";
    const net::Dispatched dispatched = net::dispatch(node_.router, node_.doorway, request);
    net::Reply reply = dispatched.reply ? *dispatched.reply : net::make_reply(node_.router, dispatched, request);
    if (!reply.later) return reply;
    net::Reply given;
    reply.later->when_given([&](net::Reply each) { given = std::move(each); });
    return given;
  }
  static std::vector<std::string> ids(const net::Reply& reply) {
    std::vector<std::string> all;
    const auto read = base::JsonDocument::parse(reply.body);
    for (std::size_t i = 0; read && i < read->root().size(); ++i)
      all.emplace_back(read->root()[i].find("id").text().value_or(""));
    return all;
  }

  TestNode node_;
};

TEST_F(EntityMapRoutes, create_gives_the_entities_that_a_query_finds) {  // 5.14.4, 6.34.3.1, 5.2.39
  const auto made = node_.get("/entityMaps", "type=Bus&q=speed%3E20");
  EXPECT_EQ(made.status, 201);
  EXPECT_THAT(map_of(made), testing::StartsWith("/ngsi-ld/v1/entityMaps/urn:ngsi-ld:EntityMap:"));
  EXPECT_EQ(made.body, R"({"id":")" + id_of(made) +
                           R"(","type":"EntityMap","expiresAt":"2020-09-13T12:31:40Z","entityMap":)"
                           R"({"urn:x:3":["@none"],"urn:x:4":["@none"]},"linkedMaps":{}})");
  const auto by_body = node_.post("/entityMaps", R"({"type":"Query","entities":[{"type":"Bus"}],"q":"speed<20"})");
  EXPECT_EQ(by_body.status, 201) << by_body.body;
  EXPECT_THAT(by_body.body, HasSubstr(R"("entityMap":{"urn:x:1":["@none"]})"));
  EXPECT_EQ(error_type(node_.get("/entityMaps", "")), "BadRequestData");
  EXPECT_EQ(error_type(node_.get("/entityMaps", "type=Bus&entityMapLifetime=soon")), "BadRequestData");
}

TEST_F(EntityMapRoutes, is_read_put_off_and_deleted) {  // 5.14.1 to 5.14.3
  const auto made = node_.get("/entityMaps", "type=Bus&entityMapLifetime=PT1M");
  const std::string path = "/entityMaps/" + id_of(made);
  EXPECT_EQ(node_.get(path).body, made.body);
  EXPECT_THAT(made.body, HasSubstr(R"("expiresAt":"2020-09-13T12:27:40Z")"));
  EXPECT_EQ(node_.patch(path, R"({"expiresAt":"2020-09-13T12:30:00Z","entityMap":{}})").status, 204);
  EXPECT_THAT(node_.get(path).body, HasSubstr(R"("expiresAt":"2020-09-13T12:30:00Z","entityMap":{"urn:x:1")"));
  EXPECT_EQ(node_.patch(path, R"({"expiresAt":"2040-01-01T00:00:00Z"})").status, 204);
  EXPECT_THAT(node_.get(path).body, HasSubstr(R"("expiresAt":"2020-09-13T13:26:40Z")")) << "an hour is the most";
  EXPECT_EQ(error_type(node_.patch(path, R"({"expiresAt":"2019-01-01T00:00:00Z"})")), "BadRequestData");
  EXPECT_EQ(error_type(node_.patch(path, R"({"type":"Subscription"})")), "BadRequestData");
  EXPECT_EQ(node_.remove(path).status, 204);
  EXPECT_EQ(error_type(node_.remove(path)), "ResourceNotFound");
  EXPECT_EQ(error_type(node_.get(path)), "ResourceNotFound");
  EXPECT_EQ(error_type(node_.patch(path, R"({"expiresAt":"2030-01-01T00:00:00Z"})")), "ResourceNotFound");
  EXPECT_EQ(error_type(node_.get("/entityMaps/nothing")), "BadRequestData");
}

TEST_F(EntityMapRoutes, queries_by_a_map_are_of_its_entities_only) {  // 5.5.14, 6.4.3.2
  const auto first = query("type=Bus&limit=2&entityMap=true", "");
  EXPECT_EQ(first.status, 201);
  EXPECT_THAT(ids(first), ElementsAre("urn:x:1", "urn:x:2"));
  node_.remove("/entities/urn:x:1");
  put(5, 50);
  const auto second = query("type=Bus&limit=2&offset=1", map_of(first));
  EXPECT_EQ(second.status, 200);
  EXPECT_THAT(ids(second), ElementsAre("urn:x:3", "urn:x:4")) << "not the one that came later";
  EXPECT_EQ(map_of(second), map_of(first));
  EXPECT_THAT(ids(query("type=Bus", id_of(first))), ElementsAre("urn:x:2", "urn:x:3", "urn:x:4")) << "by its id as well";
  put(3, 1);
  EXPECT_THAT(ids(query("type=Bus&q=speed%3E15", map_of(first))), ElementsAre("urn:x:2", "urn:x:4"));
}

TEST_F(EntityMapRoutes, keep_the_order_that_was_asked_for) {  // 5.5.14, 4.23
  const auto first = query("type=Bus&orderBy=speed;desc&limit=1&entityMap=true", "");
  EXPECT_THAT(ids(first), ElementsAre("urn:x:4"));
  put(1, 1'000);
  EXPECT_THAT(ids(query("type=Bus&orderBy=speed;desc", map_of(first))),
              ElementsAre("urn:x:4", "urn:x:3", "urn:x:2", "urn:x:1"));
}

TEST_F(EntityMapRoutes, one_that_is_gone_is_made_anew) {  // 5.5.14
  const auto first = query("type=Bus&entityMap=true", "");
  node_.now_us += EntityMaps::kLifetimeUs;
  EXPECT_EQ(error_type(node_.get("/entityMaps/" + id_of(first))), "ResourceNotFound");
  const auto again = query("type=Bus", map_of(first));
  EXPECT_EQ(again.status, 201);
  EXPECT_NE(map_of(again), map_of(first));
  EXPECT_THAT(query("type=Bus", "").fields, Not(HasSubstr("NGSILD-EntityMap"))) << "who asks for none is given none";
}

TEST_F(EntityMapRoutes, a_purge_by_a_map_is_of_its_entities_only) {  // 6.4.3.3
  const auto map = map_of(node_.get("/entityMaps", "type=Bus&q=speed%3E20"));
  put(5, 50);
  const auto purged = query("type=Bus", map, net::Method::delete_);
  EXPECT_EQ(purged.status, 204) << purged.body;
  EXPECT_EQ(map_of(purged), map);
  EXPECT_THAT(ids(query("type=Bus", "")), ElementsAre("urn:x:1", "urn:x:2", "urn:x:5"));
  EXPECT_EQ(query("type=Bus", "urn:ngsi-ld:EntityMap:gone", net::Method::delete_).status, 404);
  EXPECT_THAT(ids(query("type=Bus", "")), ElementsAre("urn:x:1", "urn:x:2", "urn:x:5"));
}

TEST_F(EntityMapRoutes, are_of_one_tenant) {  // 4.14
  const auto made = node_.get("/entityMaps", "type=Bus");
  node_.ask(net::Method::post, "/entities", R"({"id":"urn:y:1","type":"Bus"})", {.tenant = "city2"});
  EXPECT_EQ(error_type(node_.ask(net::Method::get, "/entityMaps/" + id_of(made), {}, {.tenant = "city2"})), "ResourceNotFound");
}

TEST(EntityMaps, forget_those_that_would_expire_first_when_there_are_too_many) {
  EntityMaps maps([] { return twin::TimeUs{0}; });
  const auto first = *maps.add(twin::kDefaultTenant, {"urn:x:1"}, twin::Duration{.us = 1'000});
  const auto second = *maps.add(twin::kDefaultTenant, {"urn:x:1"}, twin::Duration{.us = 2'000});
  for (std::size_t i = 0; i + 1 < EntityMaps::kMapsMax; ++i) ASSERT_TRUE(maps.add(twin::kDefaultTenant, {}, std::nullopt));
  EXPECT_EQ(maps.find(twin::kDefaultTenant, first->id), nullptr);
  EXPECT_NE(maps.find(twin::kDefaultTenant, second->id), nullptr);
  EXPECT_FALSE(maps.add(twin::kDefaultTenant, std::vector<std::string>(EntityMaps::kIdsMax + 1), std::nullopt));
}

}  // namespace
}  // namespace citiverse::api::ngsi_ld
