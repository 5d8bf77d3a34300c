// OGC 18-088, 9.3.2 and 9.3.3: $expand, $select, $orderby, $top, $skip, $count and the link to the next page.
#include <algorithm>

#include <fmt/format.h>

#include "api/sensor_things/test_node.h"

namespace citiverse::api::sensor_things {
namespace {

using testing::HasSubstr;
using testing::Not;

class QueryOptionsTest : public SensorThingsTest {
 protected:
  QueryOptionsTest() {
    add_station();
    add_temperatures({25, 20, 30});
  }
  static std::string observations() { return std::string(kStationTemperature) + "/Observations"; }
};

TEST_F(QueryOptionsTest, what_is_selected_is_all_that_is_shown) {
  EXPECT_EQ(get(observations(), "$select=result,phenomenonTime&$top=1&$skip=3").body,
            R"({"value":[{"phenomenonTime":"2020-09-13T12:03:00Z","result":30}]})");
  EXPECT_EQ(get("/Things", "$select=id").body,
            R"({"value":[{"@iot.id":"urn:ngsi-ld:Station:1","@iot.selfLink":)"
            R"-("http://example.org/sensorthings/v1.1/Things('urn:ngsi-ld:Station:1')"}]})-");
  EXPECT_EQ(get("/Things", "$select=Datastreams").body,
            R"({"value":[{"Datastreams@iot.navigationLink":)"
            R"("http://example.org/sensorthings/v1.1/Things('urn:ngsi-ld:Station:1')/Datastreams"}]})");
  EXPECT_EQ(get("/Things", "$select=colour").status, 400);
}

TEST_F(QueryOptionsTest, what_is_expanded_stands_inline) {
  const auto body = get("/Things",
                        "$select=name&$expand=Datastreams($select=name;$filter=name eq 'temperature of Port';"
                        "$count=true)")
                        .body;
  EXPECT_EQ(body, R"({"value":[{"name":"Port","Datastreams@iot.count":1,"Datastreams":[{"name":"temperature of Port"}]}]})");
}

TEST_F(QueryOptionsTest, expanding_goes_on_over_paths_and_within_parentheses) {
  const std::string wanted = R"({"result":25,"FeatureOfInterest":{"name":"Port"}})";
  EXPECT_THAT(get(kStationTemperature,
                  "$select=id&$expand=Observations($select=result;$orderby=result desc;$skip=1;$top=1;"
                  "$expand=FeatureOfInterest($select=name))")
                  .body,
              HasSubstr(wanted));
  const auto path = get("/Things", "$expand=Datastreams/Observations,Datastreams/ObservedProperty").body;
  EXPECT_THAT(path, HasSubstr(R"("Observations":[{)"));
  EXPECT_THAT(path, HasSubstr(R"("ObservedProperty":{)")) << "paths that begin alike are one";
  EXPECT_EQ(get("/Things", "$expand=Observations").status, 400);
  EXPECT_EQ(get("/Things", "$expand=Datastreams($top=1").status, 400);
}

TEST_F(QueryOptionsTest, what_is_ordered_is_ordered_by_each_expression_in_turn) {
  EXPECT_EQ(list(observations(), "result", "$orderby=result"), "20, 21.5, 25, 30");
  EXPECT_EQ(list(observations(), "result", "$orderby=result desc&$top=2"), "30, 25");
  EXPECT_EQ(list(observations(), "result", "$orderby=phenomenonTime desc&$top=2"), "30, 20");
  EXPECT_EQ(list(observations(), "result", "$orderby=result mod 2,phenomenonTime desc"), "30, 20, 25, 21.5");
  EXPECT_EQ(list("/Observations", "result", "$orderby=phenomenonTime desc&$top=1"), "30");
  EXPECT_EQ(list("/Observations", "result", "$orderby=Datastream/id desc,phenomenonTime&$top=2"), "21.5, 25");
}

TEST_F(QueryOptionsTest, a_part_that_is_not_all_links_to_the_next) {
  const auto first = get(observations(), "$top=3&$count=true&$select=result").body;
  EXPECT_THAT(first, HasSubstr(R"("@iot.count":4)"));
  EXPECT_THAT(first, HasSubstr(R"("@iot.nextLink":"http://example.org/sensorthings/v1.1)" + observations() +
                               R"(?$top=3&$count=true&$select=result&$skip=3")"));
  const auto last = get(observations(), "$top=3&$count=true&$select=result&$skip=3").body;
  EXPECT_EQ(last, R"({"@iot.count":4,"value":[{"result":30}]})");
}

TEST_F(QueryOptionsTest, an_expanded_part_links_to_its_next_as_well) {
  const auto body = get(kStationTemperature, "$expand=Observations($top=1;$select=result;$filter=result gt 20)").body;
  EXPECT_THAT(body, HasSubstr(R"("Observations@iot.nextLink":"http://example.org/sensorthings/v1.1)" + observations() +
                              R"(?$top=1&$select=result&$filter=result%20gt%2020&$skip=1")"));
}

TEST_F(QueryOptionsTest, count_ignores_pages_and_wants_true_or_false) {
  EXPECT_THAT(get(observations(), "$count=true&$top=0").body, R"({"@iot.count":4,"value":[]})");
  EXPECT_THAT(get(observations(), "$count=true&$filter=result gt 22&$top=1").body, HasSubstr(R"("@iot.count":2)"));
  EXPECT_EQ(get(observations(), "$count=yes").status, 400);
}

TEST_F(QueryOptionsTest, the_newest_of_very_many_datastreams_are_those_that_counting_all_finds) {
  std::string body = "[";
  for (int i = 0; i < 150; ++i) {
    add_station("urn:ngsi-ld:Station:m" + std::to_string(i));
    body += i > 0 ? "," : "";
    body += R"({"Datastream":{"@iot.id":"urn:ngsi-ld:Station:m)" + std::to_string(i);
    body += R"(!temperature"},"components":["phenomenonTime","result"],"dataArray":[)";
    for (int k = 0; k < 12; ++k) {
      const int second = (i * 37 + k * 101) % 3000;
      body += fmt::format(R"({}["2020-09-13T13:{:02}:{:02}Z",{}])", k > 0 ? "," : "", second / 60, second % 60, 1000 * i + k);
    }
    body += "]}";
  }
  ASSERT_EQ(post("/CreateObservations", body + "]").status, 201);
  const std::string newest = "$orderby=phenomenonTime desc&$top=7";
  const std::string found = list("/Observations", "result", newest);
  EXPECT_EQ(found, list("/Observations", "result", newest + "&$count=true"));
  EXPECT_EQ(std::ranges::count(found, ','), 6) << found;
  EXPECT_THAT(get("/Observations", newest).body, HasSubstr("@iot.nextLink"));
}

TEST_F(QueryOptionsTest, options_that_are_wrong_are_named) {
  for (const std::string query : {"$top=-1", "$top=x", "$skip=1.5", "$orderby=", "$orderby=colour", "$filter=result gt",
                                  "$filter=colour eq 1", "$filter=Datastream eq 1", "$top=1&$top=2", "$resultFormat=csv"}) {
    const auto reply = get(observations(), query);
    EXPECT_EQ(reply.status, 400) << query << reply.body;
    EXPECT_THAT(reply.body, HasSubstr("\"detail\":\"$")) << query;
  }
  EXPECT_EQ(get(observations(), "$search=x").status, 501);
  EXPECT_EQ(get("/Things", "$orderby=name&$skip=49000&$top=1000").status, 200);
  EXPECT_THAT(get("/Things", "$orderby=name&$skip=49001&$top=1000").body, HasSubstr("at most 50000 entities"));
}

TEST_F(QueryOptionsTest, what_is_too_deep_is_refused) {
  std::string deep = "Datastreams";
  for (int i = 0; i < 4; ++i) deep += "/Thing/Datastreams";
  EXPECT_EQ(get("/Things", "$expand=" + deep).status, 400);
  EXPECT_EQ(get("/Things", "$filter=" + std::string(40, '(') + "true" + std::string(40, ')')).status, 400);
}

}  // namespace
}  // namespace citiverse::api::sensor_things
