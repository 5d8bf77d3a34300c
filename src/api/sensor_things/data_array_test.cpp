// OGC 18-088, 13: Observations as rows, read and written.
#include "api/sensor_things/test_node.h"

namespace citiverse::api::sensor_things {
namespace {

using testing::HasSubstr;

class DataArrayTest : public SensorThingsTest {
 protected:
  DataArrayTest() { add_station(); }
};

TEST_F(DataArrayTest, observations_are_read_as_rows_by_datastream) {
  add_temperatures({20});
  const auto body = get("/Observations", "$resultFormat=dataArray&$select=phenomenonTime,result&$count=true").body;
  EXPECT_THAT(body, HasSubstr(R"("@iot.count":3)"));
  EXPECT_THAT(body, HasSubstr(R"({"Datastream@iot.navigationLink":"http://example.org/sensorthings/v1.1)" +
                              std::string(kStationTemperature) +
                              R"(","components":["phenomenonTime","result"],"dataArray@iot.count":2,"dataArray":)"
                              R"([["2020-09-13T12:00:00Z",21.5],["2020-09-13T12:01:00Z",20]]})"));
  EXPECT_THAT(get("/Observations", "$resultFormat=dataArray&$top=1").body,
              HasSubstr(R"("components":["id","phenomenonTime","resultTime","result"])"));
  EXPECT_EQ(get("/Things", "$resultFormat=dataArray").status, 400);
}

TEST_F(DataArrayTest, rows_are_created_and_each_is_answered) {
  const auto reply = post("/CreateObservations", R"([{"Datastream":{"@iot.id":"urn:ngsi-ld:Station:1!temperature"},
      "components":["phenomenonTime","result","FeatureOfInterest/id"],"dataArray@iot.count":3,
      "dataArray":[["2010-12-23T10:20:00-0700",20,"urn:ngsi-ld:Station:1"],["yesterday",30,"urn:ngsi-ld:Station:1"],
                   ["2010-12-23T10:21:00-0700",30,null],["2010-12-23T10:22:00-0700",40,"nowhere"]]},
     {"Datastream":{"@iot.id":"urn:ngsi-ld:Station:1!raining"},"components":["result"],"dataArray":[[true]]}])");
  ASSERT_EQ(reply.status, 201) << reply.body;
  const auto answers = base::JsonDocument::parse(reply.body);
  ASSERT_TRUE(answers);
  ASSERT_EQ(answers->root().size(), 5u);
  EXPECT_EQ(answers->root()[1].text(), "error");
  EXPECT_EQ(answers->root()[3].text(), "error");
  constexpr std::string_view kRoot = "http://example.org/sensorthings/v1.1";
  for (const auto& [row, result] : {std::pair{0, "20"}, std::pair{2, "30"}, std::pair{4, "true"}}) {
    const auto link = answers->root()[static_cast<std::size_t>(row)].text().value_or("");
    ASSERT_TRUE(link.starts_with(kRoot)) << link;
    EXPECT_EQ(get(std::string(link.substr(kRoot.size())) + "/result/$value").body, result);
  }
  EXPECT_EQ(list(std::string(kStationTemperature) + "/Observations", "result"), "20, 30, 21.5");
}

TEST_F(DataArrayTest, what_is_no_data_array_is_refused_whole) {
  for (const std::string body :
       {R"({})", R"([{}])", R"([{"Datastream":{"@iot.id":"x"},"components":["result"],"dataArray":[[1]]}])",
        R"([{"Datastream":{"@iot.id":"urn:ngsi-ld:Station:1!temperature"},"components":["colour"],"dataArray":[[1]]}])",
        R"([{"Datastream":{"@iot.id":"urn:ngsi-ld:Station:1!temperature"},"components":["result"]}])"}) {
    const auto reply = post("/CreateObservations", body);
    EXPECT_EQ(reply.status, 400) << body;
  }
  EXPECT_EQ(get("/CreateObservations").status, 405);
}

}  // namespace
}  // namespace citiverse::api::sensor_things
