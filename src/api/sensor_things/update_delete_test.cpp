// OGC 18-088, 10.3 and 10.4: changing what is said, and deleting with what cannot be alone (table 26).
#include "api/sensor_things/test_node.h"

namespace citiverse::api::sensor_things {
namespace {

using testing::HasSubstr;
using testing::Not;

class UpdateDeleteTest : public SensorThingsTest {};

TEST_F(UpdateDeleteTest, what_is_said_replaces_and_the_rest_stays) {
  const std::string thing = make_oven();
  EXPECT_EQ(patch(thing, R"({"description":"This thing is an oven."})").status, 204);
  EXPECT_THAT(get(thing).body, HasSubstr(R"("name":"oven","description":"This thing is an oven.")"));
  const std::string datastream = "/Datastreams('" + list(thing + "/Datastreams", "id") + "')";
  EXPECT_EQ(patch(datastream, R"({"name":"heat","unitOfMeasurement":{"name":"kelvin","symbol":"K","definition":null}})").status,
            204);
  EXPECT_THAT(get(datastream).body, HasSubstr(R"("name":"heat","description":"This is a datastream)"));
  EXPECT_THAT(get(datastream + "/Sensor").body, HasSubstr("DS18B20"));
  EXPECT_EQ(patch("/Sensors('" + list("/Sensors", "id") + "')", R"({"metadata":{"sheet":1}})").status, 204);
  EXPECT_THAT(get("/Sensors").body, HasSubstr(R"("metadata":{"sheet":1})"));
}

TEST_F(UpdateDeleteTest, an_entity_of_another_door_is_changed_the_same_way) {
  add_station();
  EXPECT_EQ(patch("/Things('urn:ngsi-ld:Station:1')", R"({"name":"Pier"})").status, 204);
  EXPECT_THAT(node_.values("urn:ngsi-ld:Station:1"), HasSubstr(R"("name":"Pier")"));
  EXPECT_EQ(patch(kStationTemperature, R"({"description":"in the shade"})").status, 204);
  EXPECT_THAT(get(kStationTemperature).body, HasSubstr(R"("description":"in the shade")"));
  EXPECT_EQ(list(std::string(kStationTemperature) + "/Observations", "result"), "21.5");
}

TEST_F(UpdateDeleteTest, an_observation_is_corrected_in_history_and_in_the_present) {
  add_station();
  const std::string id = list(std::string(kStationTemperature) + "/Observations", "id");
  EXPECT_EQ(patch("/Observations('" + id + "')", R"({"result":19})").status, 204);
  EXPECT_EQ(list(std::string(kStationTemperature) + "/Observations", "result"), "19");
  EXPECT_THAT(node_.values("urn:ngsi-ld:Station:1"), HasSubstr(R"("temperature":19)"));
  const auto moved = patch("/Observations('" + id + "')", R"({"phenomenonTime":"2020-09-13T11:00:00Z"})");
  EXPECT_EQ(moved.status, 204);
  EXPECT_EQ(get(path_of(moved) + "/result").body, R"({"result":19})") << "a value is named by its time";
  EXPECT_EQ(get("/Observations('" + id + "')").status, 404);
  EXPECT_EQ(list(std::string(kStationTemperature) + "/Observations", "phenomenonTime"), "2020-09-13T11:00:00Z");
}

TEST_F(UpdateDeleteTest, things_move_with_their_location) {
  const std::string thing = make_oven();
  const std::string location = "/Locations('" + list("/Locations", "id") + "')";
  node_.now_us += 1'000'000;
  EXPECT_EQ(patch(location, R"({"location":{"type":"Point","coordinates":[11,12]}})").status, 204);
  EXPECT_THAT(node_.values(id_in(thing)), HasSubstr(R"("location":{"type":"Point","coordinates":[11,12]})"));
  EXPECT_EQ(list(location + "/HistoricalLocations", "time"), "2020-09-13T12:26:40Z, 2020-09-13T12:26:41Z");
}

TEST_F(UpdateDeleteTest, what_is_known_from_values_alone_cannot_be_changed_for_itself) {
  add_station();
  EXPECT_EQ(patch("/ObservedProperties('temperature')", R"({"name":"x"})").status, 400);
  EXPECT_EQ(remove("/ObservedProperties('temperature')").status, 400);
  EXPECT_EQ(patch("/FeaturesOfInterest('urn:ngsi-ld:Station:1')", R"({"name":"x"})").status, 400);
  EXPECT_EQ(patch("/Locations('urn:ngsi-ld:Station:1')", R"({"name":"x"})").status, 400);
  EXPECT_EQ(patch("/Locations('urn:ngsi-ld:Station:1')", R"({"location":{"type":"Point","coordinates":[1,1]}})").status, 204);
  EXPECT_THAT(node_.values("urn:ngsi-ld:Station:1"), HasSubstr("[1,1]"));
}

TEST_F(UpdateDeleteTest, changes_are_refused_where_nothing_is_there) {
  EXPECT_EQ(patch("/Things('urn:ngsi-ld:Thing:none')", "{}").status, 404);
  EXPECT_EQ(remove("/Things('urn:ngsi-ld:Thing:none')").status, 404);
  EXPECT_EQ(remove("/Things").status, 405);
  EXPECT_EQ(patch(make_oven(), R"({"Datastreams":[]})").status, 400);
}

TEST_F(UpdateDeleteTest, a_thing_goes_with_its_datastreams_observations_and_places_it_was_at) {
  const std::string thing = make_oven();
  const std::string observation = "/Observations('" + list("/Observations", "id") + "')";
  EXPECT_EQ(remove(thing).status, 204);
  EXPECT_EQ(get(thing).status, 404);
  EXPECT_EQ(get(observation).status, 404);
  EXPECT_EQ(list("/Datastreams", "id") + list("/HistoricalLocations", "id") + list("/Observations", "id"), "");
  EXPECT_EQ(list("/Locations", "name"), "CCIT");
  EXPECT_EQ(list("/Sensors", "name"), "DS18B20");
}

TEST_F(UpdateDeleteTest, a_datastream_goes_with_its_observations) {
  add_station();
  EXPECT_EQ(remove(kStationTemperature).status, 204);
  EXPECT_EQ(list("/Datastreams", "id"), "urn:ngsi-ld:Station:1!raining");
  EXPECT_EQ(list("/Observations", "id", "$filter=result eq 21.5"), "");
  EXPECT_THAT(node_.values("urn:ngsi-ld:Station:1"), Not(HasSubstr("temperature")));
}

TEST_F(UpdateDeleteTest, sensors_and_properties_go_with_their_datastreams) {
  make_oven();
  EXPECT_EQ(remove("/Sensors('" + list("/Sensors", "id") + "')").status, 204);
  EXPECT_EQ(list("/Sensors", "id") + list("/Datastreams", "id") + list("/Observations", "id"), "");
  EXPECT_EQ(remove("/ObservedProperties('" + list("/ObservedProperties", "id") + "')").status, 204);
  EXPECT_EQ(list("/ObservedProperties", "id"), "");
  EXPECT_EQ(list("/Things", "name"), "oven");
}

TEST_F(UpdateDeleteTest, a_feature_goes_with_its_observations) {
  make_oven();
  const std::string feature = list("/FeaturesOfInterest", "id", "$filter=name eq 'CCIT #361'");
  EXPECT_EQ(remove("/FeaturesOfInterest('" + feature + "')").status, 204);
  EXPECT_EQ(list("/Observations", "id"), "");
  EXPECT_EQ(list("/Datastreams", "name"), "oven temperature");
}

TEST_F(UpdateDeleteTest, a_location_goes_with_the_times_at_which_things_were_there) {
  const std::string thing = make_oven();
  EXPECT_EQ(remove("/Locations('" + list("/Locations", "id") + "')").status, 204);
  EXPECT_EQ(list(thing + "/Locations", "id") + list(thing + "/HistoricalLocations", "id"), "");
  EXPECT_EQ(get(thing).status, 200);
}

TEST_F(UpdateDeleteTest, the_newest_observation_that_is_left_is_the_present) {
  add_station();
  add_temperatures({30});
  const std::string newest =
      list(std::string(kStationTemperature) + "/Observations", "id", "$orderby=phenomenonTime desc&$top=1");
  EXPECT_EQ(remove("/Observations('" + newest + "')").status, 204);
  EXPECT_THAT(node_.values("urn:ngsi-ld:Station:1"), HasSubstr(R"("temperature":21.5)"));
  EXPECT_EQ(list(std::string(kStationTemperature) + "/Observations", "result"), "21.5");
}

}  // namespace
}  // namespace citiverse::api::sensor_things
