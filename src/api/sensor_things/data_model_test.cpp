// OGC 18-088, 8: entities of any door as Things, Datastreams, Observations and all that leads from one to another.
#include "api/sensor_things/test_node.h"

namespace citiverse::api::sensor_things {
namespace {

using testing::HasSubstr;
using testing::Not;

class DataModelTest : public SensorThingsTest {};

TEST_F(DataModelTest, any_entity_of_the_twin_is_a_thing_with_its_measured_attributes_as_datastreams) {
  add_station();
  const auto thing = get("/Things('urn:ngsi-ld:Station:1')").body;
  EXPECT_THAT(thing, HasSubstr(R"("@iot.id":"urn:ngsi-ld:Station:1","@iot.selfLink":)"
                               R"-("http://example.org/sensorthings/v1.1/Things('urn:ngsi-ld:Station:1')")-"));
  EXPECT_THAT(thing, HasSubstr(R"("name":"Port","description":"WeatherStation")"));
  EXPECT_THAT(thing, HasSubstr(R"("properties":{"type":"WeatherStation","owner":"harbour office"})"));
  EXPECT_THAT(thing, HasSubstr(R"("Datastreams@iot.navigationLink":)"
                               R"("http://example.org/sensorthings/v1.1/Things('urn:ngsi-ld:Station:1')/Datastreams")"));
  EXPECT_THAT(list("/Things('urn:ngsi-ld:Station:1')/Datastreams", "name"),
              testing::AnyOf("temperature of Port, raining of Port", "raining of Port, temperature of Port"));
}

TEST_F(DataModelTest, a_datastream_says_its_unit_its_kind_and_the_time_of_its_values) {
  add_station();
  add_temperatures({22});
  const auto body = get(kStationTemperature).body;
  EXPECT_THAT(body, HasSubstr(R"("unitOfMeasurement":{"name":"degree Celsius","symbol":"°C","definition":"ucum:Cel"})"));
  EXPECT_THAT(body, HasSubstr("OM_Measurement"));
  EXPECT_THAT(body, HasSubstr(R"("phenomenonTime":"2020-09-13T12:00:00Z/2020-09-13T12:01:00Z")"));
  EXPECT_THAT(get("/Datastreams('urn:ngsi-ld:Station:1!raining')").body, HasSubstr("OM_TruthObservation"));
}

TEST_F(DataModelTest, the_history_of_an_attribute_is_its_observations) {
  add_station();
  add_temperatures({22, 23});
  EXPECT_EQ(list(std::string(kStationTemperature) + "/Observations", "result"), "21.5, 22, 23");
  EXPECT_EQ(list("/Things", "name"), "Port") << "what was put in through this door is no further Thing";
}

TEST_F(DataModelTest, what_nobody_described_is_known_from_the_values) {
  ASSERT_EQ(node_
                .post("/entities", R"({"id":"urn:ngsi-ld:S:1","type":"S","noise":{"type":"Property","value":54,
      "observedAt":"2020-09-13T12:00:00Z","https://citiverse.org/ns#source":"Practice city",
      "https://citiverse.org/ns#status":"simulated"}})")
                .status,
            201);
  node_.store.flush();
  EXPECT_EQ(list("/Sensors", "name"), "Practice city");
  EXPECT_EQ(list("/Sensors('source:Practice~20city')/Datastreams", "id"), "urn:ngsi-ld:S:1!noise");
  EXPECT_EQ(list("/ObservedProperties", "definition"), "https://uri.etsi.org/ngsi-ld/default-context/noise");
  EXPECT_THAT(get("/ObservedProperties('noise')").body, HasSubstr(R"("name":"noise")"));
  EXPECT_THAT(get("/Datastreams").body, HasSubstr(R"("properties":{"status":"simulated","source":"Practice city"})"))
      << "what is simulated says so everywhere";
  EXPECT_THAT(get("/Observations").body, HasSubstr(R"("parameters":{"status":"simulated","source":"Practice city"})"));
}

TEST_F(DataModelTest, each_place_where_a_thing_was_is_a_historical_location) {
  add_station();
  node_.now_us += 60'000'000;
  ASSERT_EQ(node_
                .patch("/entities/urn:ngsi-ld:Station:1/attrs",
                       R"({"location":{"type":"GeoProperty","value":{"type":"Point","coordinates":[7.5,43.8]}}})")
                .status,
            204);
  node_.store.flush();
  const std::string thing = "/Things('urn:ngsi-ld:Station:1')";
  EXPECT_EQ(list(thing + "/HistoricalLocations", "time"), "2020-09-13T12:26:40Z, 2020-09-13T12:27:40Z");
  EXPECT_THAT(get(thing + "/Locations").body, HasSubstr("[7.5,43.8]"));
  EXPECT_THAT(get(thing + "/HistoricalLocations", "$expand=Locations($select=location)&$top=1").body,
              HasSubstr("[7.42,43.73]"));
  EXPECT_EQ(list("/Locations", "id"), "urn:ngsi-ld:Station:1");
  EXPECT_EQ(list("/Locations('urn:ngsi-ld:Station:1')/Things", "name"), "Port");
  EXPECT_EQ(list("/Locations('urn:ngsi-ld:Station:1')/HistoricalLocations", "time"), "2020-09-13T12:27:40Z");
}

TEST_F(DataModelTest, an_observation_is_about_the_place_of_its_thing_unless_it_says_otherwise) {
  add_station();
  EXPECT_THAT(get("/Observations", "$expand=FeatureOfInterest&$top=1").body, HasSubstr(R"("FeatureOfInterest":{"@iot.id":)"
                                                                                       R"("urn:ngsi-ld:Station:1")"));
  EXPECT_EQ(list("/FeaturesOfInterest('urn:ngsi-ld:Station:1')/Observations", "id"), list("/Observations", "id"));
}

TEST_F(DataModelTest, what_was_made_here_is_seen_by_ngsi_ld) {
  const std::string thing = id_in(make_oven());
  const auto entity = node_.values(thing);
  EXPECT_THAT(entity, HasSubstr(R"("name":"oven")"));
  EXPECT_THAT(entity, HasSubstr(R"("dewPointTemperature":70.4)"));
  EXPECT_THAT(entity, HasSubstr(R"("location":{"type":"Point","coordinates":[10,10]})"));
  EXPECT_THAT(node_.get("/entities/" + thing).body, HasSubstr(R"("unitCode":"CEL")"));
}

TEST_F(DataModelTest, ids_with_any_character_can_be_addressed) {
  add_station("http://city.example/stations/1?a='b'");
  const std::string id = list("/Things", "id");
  EXPECT_EQ(id, "http:~2F~2Fcity.example~2Fstations~2F1~3Fa=~27b~27");
  EXPECT_EQ(get("/Things('" + id + "')").status, 200);
  EXPECT_EQ(get("/Things('http:~2f~2Fcity.example')").status, 404) << "one name has one id";
}

TEST_F(DataModelTest, entities_that_describe_are_no_things) {
  make_oven();
  EXPECT_EQ(list("/Things", "name"), "oven");
  EXPECT_EQ(list("/Sensors", "name"), "DS18B20");
  EXPECT_EQ(list("/ObservedProperties", "name"), "DewPoint Temperature");
  EXPECT_EQ(list("/Locations", "name"), "CCIT");
  EXPECT_EQ(list("/FeaturesOfInterest", "name"), "CCIT #361, oven");
}

TEST_F(DataModelTest, links_lead_where_the_request_was_sent_when_the_node_knows_no_address_of_its_own) {
  api_->origin.clear();
  host_ = "twin.example:8080";
  EXPECT_THAT(post("/Things", R"({"name":"a","description":"b"})").fields,
              HasSubstr("Location: http://twin.example:8080/sensorthings/v1.1/Things('"));
  EXPECT_THAT(get("/Things").body, HasSubstr(R"("@iot.selfLink":"http://twin.example:8080/sensorthings/v1.1/Things(')"));
  EXPECT_THAT(get("").body, HasSubstr(R"("url":"http://twin.example:8080/sensorthings/v1.1/Things")"));
  host_ = "a\"b";
  EXPECT_THAT(get("").body, HasSubstr(R"("url":"/sensorthings/v1.1/Things")")) << "no name of a host";
}

}  // namespace
}  // namespace citiverse::api::sensor_things
