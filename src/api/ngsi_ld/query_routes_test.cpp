// ETSI GS CIM 009 V1.9.1, 5.7.2, 6.4.3.2, 6.23 and 4.5.23: what a query gives, page by page, in each form.
#include <gmock/gmock.h>

#include <fmt/format.h>

#include "api/ngsi_ld/test_node.h"

namespace citiverse::api::ngsi_ld {
namespace {

using testing::HasSubstr;
using testing::Not;

class QueryRoutes : public testing::Test {
 protected:
  void SetUp() override {
    for (int i = 0; i < 5; ++i)
      create(fmt::format(R"({{"id":"urn:ngsi-ld:Bus:{}","type":"Bus","speed":{{"type":"Property","value":{}}},)"
                         R"("location":{{"type":"GeoProperty","value":{{"type":"Point","coordinates":[{},40]}}}},)"
                         R"("stopsAt":{{"type":"Relationship","object":"urn:ngsi-ld:Stop:{}"}},"scope":"/Line/{}"}})",
                         i, i * 10, 8 + i * 0.01, i % 2, i % 2 == 0 ? "Even" : "Odd"));
    create(R"({"id":"urn:ngsi-ld:Stop:0","type":"Stop","name":{"type":"Property","value":"North"},)"
           R"("partOf":{"type":"Relationship","object":"urn:ngsi-ld:Line:1"}})");
    create(R"({"id":"urn:ngsi-ld:Line:1","type":"Line","name":{"type":"Property","value":"C3"}})");
  }
  void create(std::string_view body) {
    const auto reply = node_.post("/entities", body);
    ASSERT_EQ(reply.status, 201) << reply.body;
  }
  // The last parts of the ids, in order.
  std::string ids(const net::Reply& reply) {
    EXPECT_EQ(reply.status, 200) << reply.body;
    const auto read = base::JsonDocument::parse(reply.body, 32);
    std::string ids;
    for (std::size_t i = 0; read && i < read->root().size(); ++i) ids += read->root()[i].find("id").text()->back();
    return ids;
  }
  std::string ids(std::string_view query) { return ids(node_.get("/entities", query)); }

  TestNode node_;
};

TEST_F(QueryRoutes, by_type_id_pattern_attributes_q_scope_and_place) {
  EXPECT_EQ(ids("type=Bus"), "01234");
  EXPECT_EQ(ids("type=Bus|Stop"), "012340");
  EXPECT_EQ(ids("id=urn:ngsi-ld:Bus:1,urn:ngsi-ld:Bus:3"), "13");
  EXPECT_EQ(ids("idPattern=Bus:%5B34%5D$"), "34");
  EXPECT_EQ(ids("attrs=name"), "01");
  EXPECT_EQ(ids("type=Bus&q=speed%3E=30"), "34");
  EXPECT_EQ(ids("q=speed==10|name==%22C3%22"), "11");
  EXPECT_EQ(ids("q=stopsAt%7Bname%7D==%22North%22"), "024");
  EXPECT_EQ(ids("scopeQ=/Line/Odd"), "13");
  EXPECT_EQ(ids("georel=near;maxDistance==1000&geometry=Point&coordinates=%5B8.01,40%5D"), "012");
  EXPECT_EQ(ids("georel=within&geometry=Polygon&coordinates=%5B%5B%5B8.005,39%5D,%5B8.025,39%5D,%5B8.025,41%5D,%5B8.005,41%5D,%"
                "5B8.005,39%5D%5D%5D"),
            "12");
  EXPECT_EQ(ids("type=Unheard"), "");
}

TEST_F(QueryRoutes, pages_are_linked_and_counted) {
  const auto first = node_.get("/entities", "type=Bus&limit=2&count=true");
  EXPECT_EQ(ids(first), "01");
  EXPECT_THAT(first.fields, HasSubstr("NGSILD-Results-Count: 5\r\n"));
  EXPECT_THAT(first.fields, HasSubstr("Link: </ngsi-ld/v1/entities?type=Bus&count=true&limit=2&offset=2>; rel=\"next\"\r\n"));
  EXPECT_THAT(first.fields, Not(HasSubstr("rel=\"prev\"")));
  const auto last = node_.get("/entities", "type=Bus&limit=2&offset=4");
  EXPECT_EQ(ids(last), "4");
  EXPECT_THAT(last.fields, HasSubstr("offset=2>; rel=\"prev\""));
  EXPECT_THAT(last.fields, Not(HasSubstr("rel=\"next\"")));
  const auto none = node_.get("/entities", "type=Bus&limit=0&count=true");
  EXPECT_EQ(none.body, "[]");
  EXPECT_THAT(none.fields, HasSubstr("NGSILD-Results-Count: 5\r\n"));
}

TEST_F(QueryRoutes, in_the_order_asked_for) {
  EXPECT_EQ(ids("type=Bus&orderBy=speed;desc&limit=2"), "43");
  EXPECT_EQ(ids("type=Bus&orderBy=location;dist-asc&orderFrom=%5B8.04,%2040%5D&limit=2&offset=1"), "32");
}

TEST_F(QueryRoutes, in_each_form) {
  EXPECT_EQ(node_.get("/entities", "type=Line&format=keyValues").body,
            R"([{"id":"urn:ngsi-ld:Line:1","type":"Line","name":"C3"}])");
  EXPECT_EQ(node_.get("/entities", "type=Line&pick=id").body, R"([{"id":"urn:ngsi-ld:Line:1"}])");
  EXPECT_EQ(node_.get("/entities", "type=Line&omit=name").body, R"([{"id":"urn:ngsi-ld:Line:1","type":"Line"}])");
  const auto geo = node_.ask(net::Method::get, "/entities", {}, {.accept = "application/geo+json"}, "type=Bus&limit=1");
  EXPECT_EQ(geo.media_type, "application/geo+json");
  EXPECT_THAT(geo.body, HasSubstr(R"({"type":"FeatureCollection","features":[{)"));
  EXPECT_THAT(geo.body, HasSubstr(R"("geometry":{"type":"Point","coordinates":[8,40]})"));
  const auto linked_data = node_.ask(net::Method::get, "/entities", {}, {.accept = "application/ld+json"}, "type=Line");
  EXPECT_THAT(linked_data.body, HasSubstr("\"@context\""));
}

TEST_F(QueryRoutes, linked_entities_come_flat_or_inline_as_many_levels_as_asked) {
  EXPECT_EQ(ids("id=urn:ngsi-ld:Bus:0,urn:ngsi-ld:Bus:2&join=flat"), "020");
  EXPECT_EQ(ids("id=urn:ngsi-ld:Bus:0&join=flat&joinLevel=2"), "001");
  EXPECT_EQ(ids("id=urn:ngsi-ld:Bus:0&join=flat&joinLevel=2&containedBy=urn:ngsi-ld:Stop:0"), "0");
  EXPECT_THAT(node_.get("/entities", "id=urn:ngsi-ld:Bus:0&join=inline").body,
              HasSubstr(R"("object":"urn:ngsi-ld:Stop:0","entity":{"id":"urn:ngsi-ld:Stop:0")"));
  EXPECT_THAT(node_.get("/entities", "id=urn:ngsi-ld:Bus:0&join=inline&joinLevel=2&format=simplified&pick=stopsAt").body,
              HasSubstr(R"({"id":"urn:ngsi-ld:Line:1","type":"Line","name":"C3"})"));
}

TEST_F(QueryRoutes, a_query_in_a_body_says_the_same) {
  EXPECT_EQ(ids(node_.post("/entityOperations/query",
                           R"({"type":"Query","entities":[{"type":"Bus","id":"urn:ngsi-ld:Bus:1"},{"type":"Stop"}]})")),
            "10");
  EXPECT_EQ(ids(node_.post("/entityOperations/query", R"({"type":"Query","q":"speed>=30","attrs":["speed"]})")), "34");
  EXPECT_EQ(
      ids(node_.post("/entityOperations/query",
                     R"({"type":"Query","geoQ":{"georel":"near;maxDistance==100","geometry":"Point","coordinates":[8,40]}})")),
      "0");
  EXPECT_EQ(node_.post("/entityOperations/query", R"({"q":"speed"})").status, 400);
}

// 5.2.43
TEST_F(QueryRoutes, a_query_in_a_body_says_the_order) {
  const auto ordered = [&](std::string_view ordering) {
    return node_.post("/entityOperations/query",
                      R"({"type":"Query","entities":[{"type":"Bus"}],"ordering":)" + std::string(ordering) + "}", "limit=2");
  };
  EXPECT_EQ(ids(ordered(R"({"orderBy":["speed;desc"]})")), "43");
  EXPECT_EQ(ids(ordered(R"({"orderBy":["speed"],"collation":"en"})")), "01");
  EXPECT_EQ(ids(ordered(R"({"orderBy":["location;dist-asc"],"geometry":"Point","coordinates":[8.04,40]})")), "43");
  for (const char* wrong : {R"({})", R"("speed")", R"({"orderBy":[1]})", R"({"orderBy":["speed"],"direction":"desc"})",
                            R"({"orderBy":["speed;up"]})", R"({"orderBy":["speed"],"collation":3})"}) {
    const auto reply = ordered(wrong);
    EXPECT_EQ(reply.status, 400) << wrong;
    EXPECT_EQ(error_type(reply), "BadRequestData") << wrong;
  }
}

TEST_F(QueryRoutes, a_member_that_a_query_does_not_have_is_named) {
  const auto reply = node_.post("/entityOperations/query", R"({"type":"Query","entities":[{"type":"Bus"}],"order":"speed"})");
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(error_type(reply), "BadRequestData");
  EXPECT_THAT(reply.body, HasSubstr("order: a Query has no such member"));
}

// 5.7.1, 6.5.3.1
TEST_F(QueryRoutes, one_entity_is_retrieved_with_those_that_it_leads_to) {
  const std::string bus = "/entities/urn:ngsi-ld:Bus:0";
  EXPECT_EQ(ids(node_.get(bus, "join=flat")), "00");
  EXPECT_EQ(ids(node_.get(bus, "join=flat&joinLevel=2")), "001");
  EXPECT_EQ(ids(node_.get(bus, "join=flat&joinLevel=2&containedBy=urn:ngsi-ld:Stop:0")), "0");
  EXPECT_THAT(node_.get(bus, "join=inline").body,
              HasSubstr(R"("object":"urn:ngsi-ld:Stop:0","entity":{"id":"urn:ngsi-ld:Stop:0")"));
  EXPECT_EQ(node_.get(bus, "join=@none").body, node_.get(bus).body);
  EXPECT_THAT(node_.ask(net::Method::get, bus, {}, {.accept = "application/geo+json"}, "join=flat").body,
              HasSubstr(R"({"type":"FeatureCollection","features":[{)"));
  for (const char* wrong : {"join=x", "join=flat&joinLevel=0", "join=flat&joinLevel=6"})
    EXPECT_EQ(error_type(node_.get(bus, wrong)), "BadRequestData") << wrong;
}

TEST_F(QueryRoutes, what_is_asked_wrongly_is_bad_request_data) {
  for (const char* query :
       {"", "type=(", "type=Bus&q=speed%3D3", "type=Bus&georel=near", "type=Bus&limit=x", "type=Bus&limit=0", "type=Bus&join=x",
        "type=Bus&orderBy=speed;up", "type=Bus&idPattern=(", "scopeQ=x%23"}) {
    const auto reply = node_.get("/entities", query);
    EXPECT_EQ(reply.status, 400) << query;
    EXPECT_EQ(error_type(reply), "BadRequestData") << query;
  }
  EXPECT_EQ(error_type(node_.get("/entities", "type=Bus&limit=100000")), "TooManyResults");
}

TEST_F(QueryRoutes, types_and_attributes_can_be_discovered) {
  EXPECT_THAT(node_.get("/types").body, HasSubstr(R"("typeList":["Bus","Line","Stop"])"));
  EXPECT_THAT(node_.get("/types", "details=true").body, HasSubstr(R"("typeName":"Line","attributeNames":["name"])"));
  EXPECT_THAT(node_.get("/types/Bus").body, HasSubstr(R"("typeName":"Bus","entityCount":5)"));
  EXPECT_THAT(node_.get("/types/Bus").body, HasSubstr(R"("attributeName":"location","attributeTypes":["GeoProperty"])"));
  EXPECT_EQ(node_.get("/types/Unheard").status, 404);
  EXPECT_THAT(node_.get("/attributes").body, HasSubstr(R"("attributeList":["location","name","partOf","speed","stopsAt"])"));
  EXPECT_THAT(
      node_.get("/attributes/name").body,
      HasSubstr(R"("attributeName":"name","attributeCount":2,"typeNames":["Line","Stop"],"attributeTypes":["Property"])"));
}

}  // namespace
}  // namespace citiverse::api::ngsi_ld
