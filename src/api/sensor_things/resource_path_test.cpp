// OGC 18-088, 9.2: every usage of a resource path.
#include "api/sensor_things/resource_path.h"

#include "api/sensor_things/test_node.h"

namespace citiverse::api::sensor_things {
namespace {

using testing::HasSubstr;

class ResourcePathTest : public SensorThingsTest {
 protected:
  ResourcePathTest() { add_station(); }
};

TEST_F(ResourcePathTest, the_root_names_all_entity_sets_and_what_is_conformed_to) {
  const auto root = get("");
  EXPECT_EQ(root.status, 200);
  EXPECT_EQ(get("/").body, root.body);
  for (const std::string set : {"Things", "Locations", "HistoricalLocations", "Datastreams", "Sensors", "ObservedProperties",
                                "Observations", "FeaturesOfInterest"}) {
    EXPECT_THAT(root.body, HasSubstr(R"({"name":")" + set + R"(","url":"http://example.org/sensorthings/v1.1/)" + set + "\"}"));
    EXPECT_EQ(get("/" + set).status, 200) << set;
  }
  EXPECT_THAT(root.body, HasSubstr(R"("serverSettings":{"conformance":["http://www.opengis.net/spec/iot_sensing/1.1/req/)"));
}

TEST_F(ResourcePathTest, properties_and_their_parts_are_addressed) {
  const std::string observation = "/Observations('" + list(std::string(kStationTemperature) + "/Observations", "id") + "')";
  EXPECT_EQ(get(observation + "/phenomenonTime").body, R"({"phenomenonTime":"2020-09-13T12:00:00Z"})");
  EXPECT_EQ(get(observation + "/result").body, R"({"result":21.5})");
  EXPECT_EQ(get(std::string(kStationTemperature) + "/unitOfMeasurement/symbol").body, R"({"symbol":"°C"})");
  EXPECT_EQ(get(observation + "/resultTime").status, 204) << "null";
  EXPECT_EQ(get(observation + "/nothing").status, 404);
}

TEST_F(ResourcePathTest, a_value_comes_as_it_is) {
  const std::string observation = "/Observations('" + list(std::string(kStationTemperature) + "/Observations", "id") + "')";
  const auto time = get(observation + "/phenomenonTime/$value");
  EXPECT_EQ(time.body, "2020-09-13T12:00:00Z");
  EXPECT_THAT(time.media_type, HasSubstr("text/plain"));
  EXPECT_EQ(get(observation + "/result/$value").body, "21.5");
}

TEST_F(ResourcePathTest, navigations_lead_from_one_to_another) {
  EXPECT_THAT(get(std::string(kStationTemperature) + "/Thing").body, HasSubstr(R"("name":"Port")"));
  EXPECT_THAT(get(std::string(kStationTemperature) + "/Thing/Locations").body, HasSubstr("[7.42,43.73]"));
  EXPECT_THAT(get(std::string(kStationTemperature) + "/ObservedProperty/name/$value").body, "temperature");
  EXPECT_EQ(get("/Things/Datastreams").status, 404) << "a collection leads nowhere";
  EXPECT_EQ(get("/Things('urn:ngsi-ld:Station:1')/Sensors").status, 404);
}

TEST_F(ResourcePathTest, one_of_a_nested_collection_must_belong_there) {
  add_station("urn:ngsi-ld:Station:2");
  const std::string id = list(std::string(kStationTemperature) + "/Observations", "id");
  EXPECT_EQ(get(std::string(kStationTemperature) + "/Observations('" + id + "')").status, 200);
  EXPECT_EQ(get(std::string(kStationTemperature) + "/Observations('" + id + "')/FeatureOfInterest").status, 200);
  EXPECT_EQ(get("/Datastreams('urn:ngsi-ld:Station:2!temperature')/Observations('" + id + "')").status, 404);
}

TEST_F(ResourcePathTest, references_are_links_alone) {
  const auto body = get("/Things('urn:ngsi-ld:Station:1')/Datastreams/$ref", "$top=1").body;
  EXPECT_THAT(body, HasSubstr(R"("value":[{"@iot.selfLink":"http://example.org/sensorthings/v1.1/Datastreams('urn:)"));
  EXPECT_THAT(get(std::string(kStationTemperature) + "/Thing/$ref").body,
              R"-({"@iot.selfLink":"http://example.org/sensorthings/v1.1/Things('urn:ngsi-ld:Station:1')"})-");
}

TEST_F(ResourcePathTest, what_is_not_there_is_404_with_problem_details) {
  for (const std::string path : {"/Things('urn:ngsi-ld:Station:9')", "/Cars", "/Things(1)", "/Observations('7-8')",
                                 "/Datastreams('urn:ngsi-ld:Station:1!owner')", "/Sensors('urn:ngsi-ld:Station:1')"}) {
    const auto reply = get(path);
    EXPECT_EQ(reply.status, 404) << path << reply.body;
    EXPECT_THAT(reply.body, HasSubstr(R"("code":"not_found")"));
  }
  EXPECT_EQ(get("/Things(x)").status, 400);
}

TEST(ResourcePath, quotation_marks_within_an_id_are_written_twice_and_may_hold_slashes) {
  const auto path = parse_resource_path("Things('a/b''c')/Datastreams/$ref");
  ASSERT_TRUE(path);
  ASSERT_EQ(path->steps.size(), 2u);
  EXPECT_EQ(path->steps[0].id, "a/b'c");
  EXPECT_EQ(path->end, ResourcePath::End::reference);
  EXPECT_FALSE(parse_resource_path("Things('a'b')"));
}

}  // namespace
}  // namespace citiverse::api::sensor_things
