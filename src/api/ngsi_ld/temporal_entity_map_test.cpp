// ETSI GS CIM 009 V1.9.1, 5.14.5, 6.35, 5.5.14: pages of the same entities of a temporal query.
#include <gmock/gmock.h>

#include <fmt/format.h>

#include "api/ngsi_ld/temporal_test_node.h"

namespace citiverse::api::ngsi_ld {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view kBuses = "type=Bus&timerel=after&timeAt=2018-08-01T12:00:00Z";

class TemporalEntityMaps : public TemporalTest {
 protected:
  void SetUp() override {
    for (int i = 1; i <= 4; ++i) put(i, 12);
  }
  void put(int number, int hour) {
    const auto made = node_.post("/temporal/entities",
                                 fmt::format(R"({{"id":"urn:x:{}","type":"Bus","speed":[{{"type":"Property","value":{},)"
                                             R"("observedAt":"2018-08-01T{}:30:00Z"}}]}})",
                                             number, number * 10, hour));
    ASSERT_LT(made.status, 300) << made.body;
  }
  static std::string map_of(const net::Reply& reply) {
    constexpr std::string_view kField = "NGSILD-EntityMap: ";
    const std::size_t begin = reply.fields.find(kField);
    if (begin == std::string::npos) return "no map";
    return reply.fields.substr(begin + kField.size(), reply.fields.find("\r\n", begin) - begin - kField.size());
  }
  net::Reply query_by(const std::string& map, std::string_view rest) {
    const std::vector<net::Field> fields{{"NGSILD-EntityMap", map}};
    net::Request request{.method = net::Method::get, .path = "/ngsi-ld/v1/temporal/entities", .query = rest, .fields = fields};
    const net::Dispatched dispatched = net::dispatch(node_.router, node_.doorway, request);
    return dispatched.reply ? *dispatched.reply : net::make_reply(node_.router, dispatched, request);
  }
  // The numbers of the buses of an answer, in its order.
  static std::string numbers(const net::Reply& reply) {
    std::string all;
    const auto read = base::JsonDocument::parse(reply.body);
    for (std::size_t i = 0; read && i < read->root().size(); ++i)
      all += read->root()[i].find("id").text().value_or("urn:x:?").substr(6);
    return all;
  }
};

TEST_F(TemporalEntityMaps, create_gives_the_entities_that_evolved_so) {  // 5.14.5.4, 6.35.3.1, 6.35.3.2
  const auto made = node_.get("/temporal/entityMaps", std::string(kBuses) + "&q=speed%3E20");
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_THAT(map_of(made), StartsWith("/ngsi-ld/v1/entityMaps/urn:ngsi-ld:EntityMap:"));
  EXPECT_THAT(made.body, HasSubstr(R"("entityMap":{"urn:x:3":["@none"],"urn:x:4":["@none"]},"linkedMaps":{}})"));
  const auto by_body =
      node_.post("/temporal/entityMaps", R"({"type":"Query","entities":[{"type":"Bus"}],"q":"speed<20",)"
                                         R"("temporalQ":{"timerel":"after","timeAt":"2018-08-01T12:00:00Z"}})");
  EXPECT_EQ(by_body.status, 201) << by_body.body;
  EXPECT_THAT(by_body.body, HasSubstr(R"("entityMap":{"urn:x:1":["@none"]})"));
  const auto none = node_.get("/temporal/entityMaps", "type=Bus&timerel=before&timeAt=2018-08-01T12:00:00Z");
  EXPECT_THAT(none.body, HasSubstr(R"("entityMap":{},)")) << "nothing was observed then";
}

TEST_F(TemporalEntityMaps, need_a_temporal_query) {  // 5.14.5.4
  EXPECT_EQ(error_type(node_.get("/temporal/entityMaps", "type=Bus")), "BadRequestData");
  EXPECT_EQ(error_type(node_.get("/temporal/entityMaps", std::string(kBuses) + "&orderBy=speed")), "BadRequestData");
  EXPECT_EQ(error_type(node_.get("/temporal/entityMaps", std::string(kBuses) + "&entityMapLifetime=soon")), "BadRequestData");
}

TEST_F(TemporalEntityMaps, are_read_put_off_and_deleted_as_others) {  // 5.14.1 to 5.14.3
  const auto made = node_.get("/temporal/entityMaps", kBuses);
  const std::string path = map_of(made).substr(std::string_view("/ngsi-ld/v1").size());
  EXPECT_EQ(node_.get(path).body, made.body);
  EXPECT_EQ(node_.patch(path, R"({"expiresAt":"2020-09-13T12:30:00Z"})").status, 204);
  EXPECT_THAT(node_.get(path).body, HasSubstr(R"("expiresAt":"2020-09-13T12:30:00Z")"));
  EXPECT_EQ(node_.remove(path).status, 204);
}

TEST_F(TemporalEntityMaps, queries_by_a_map_are_of_its_entities_only) {  // 5.5.14, 6.18.3.2
  const auto first = node_.get("/temporal/entities", std::string(kBuses) + "&limit=2&entityMap=true");
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(numbers(first), "12");
  put(5, 13);
  const auto second = query_by(map_of(first), std::string(kBuses) + "&limit=2&offset=2");
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(numbers(second), "34");
  EXPECT_EQ(map_of(second), map_of(first));
  EXPECT_THAT(second.fields, Not(HasSubstr("rel=\"next\""))) << "the one that came later is not of this map";
  EXPECT_EQ(numbers(query_by("", kBuses)), "12345");
  EXPECT_EQ(numbers(query_by(map_of(first), "type=Bus&timerel=before&timeAt=2018-08-01T12:00:00Z")), "");
}

TEST_F(TemporalEntityMaps, keep_the_order_that_was_asked_for) {  // 5.7.4, 4.23
  const auto first = node_.get("/temporal/entities", std::string(kBuses) + "&limit=1&orderBy=id;desc&entityMap=true");
  EXPECT_EQ(numbers(first), "4");
  EXPECT_EQ(numbers(query_by(map_of(first), kBuses)), "4321");
}

TEST_F(TemporalEntityMaps, one_that_is_gone_is_made_anew) {  // 5.5.14
  const auto first = node_.get("/temporal/entities", std::string(kBuses) + "&entityMap=true");
  node_.now_us += EntityMaps::kLifetimeUs;
  const auto again = query_by(map_of(first), kBuses);
  EXPECT_EQ(again.status, 201);
  EXPECT_NE(map_of(again), map_of(first));
}

}  // namespace
}  // namespace citiverse::api::ngsi_ld
