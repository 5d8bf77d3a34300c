// OGC 18-088, 10.2: creating entities, linked to what is there and with others within them.
#include "api/sensor_things/test_node.h"

namespace citiverse::api::sensor_things {
namespace {

using testing::HasSubstr;

class CreateTest : public SensorThingsTest {};

TEST_F(CreateTest, a_thing_is_created_and_found_where_the_answer_says) {
  const auto reply = post(
      "/Things", R"({"name":"thermostat","description":"This is a smart thermostat with WiFi communication capabilities."})");
  ASSERT_EQ(reply.status, 201);
  EXPECT_THAT(get(path_of(reply)).body, HasSubstr(R"("name":"thermostat")"));
}

TEST_F(CreateTest, a_deep_insert_makes_all_and_relates_them) {
  const std::string thing = make_oven();
  ASSERT_EQ(get(thing).status, 200) << thing;
  const auto body = get(thing,
                        "$expand=Locations,Datastreams($expand=Sensor,ObservedProperty,Observations($expand="
                        "FeatureOfInterest))")
                        .body;
  EXPECT_THAT(body, HasSubstr(R"("name":"CCIT")"));
  EXPECT_THAT(body, HasSubstr(R"("location":{"type":"Feature","geometry":{"type":"Point","coordinates":[10,10]}})"));
  EXPECT_THAT(body, HasSubstr(R"("name":"oven temperature")"));
  EXPECT_THAT(body, HasSubstr(R"("metadata":"http://datasheets.maxim-ic.com/en/ds/DS18B20.pdf")"));
  EXPECT_THAT(body, HasSubstr(R"("name":"DewPoint Temperature")"));
  EXPECT_THAT(body, HasSubstr(R"("phenomenonTime":"2012-06-26T09:42:02Z","resultTime":null,"result":70.4)"));
  EXPECT_THAT(body, HasSubstr(R"("name":"CCIT #361")"));
  EXPECT_THAT(body, HasSubstr(R"("observedArea":{"type":"Polygon")"));
  EXPECT_EQ(list(thing + "/HistoricalLocations", "time"), "2020-09-13T12:26:40Z");
}

TEST_F(CreateTest, what_is_wrong_deep_inside_creates_nothing_at_all) {
  const auto reply = post("/Things", R"({"name":"a","description":"b","Locations":[{"name":"l","description":"d",
      "encodingType":"application/geo+json","location":{"type":"Point","coordinates":[200,0]}}]})");
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, HasSubstr("location"));
  EXPECT_EQ(list("/Things", "name"), "");
  EXPECT_EQ(list("/Locations", "name"), "");
}

TEST_F(CreateTest, an_observation_links_to_what_is_there) {
  const std::string thing = make_oven();
  const std::string datastream = list(thing + "/Datastreams", "id");
  const std::string feature = list("/FeaturesOfInterest", "id", "$filter=name eq 'CCIT #361'");
  const auto reply = post("/Observations", R"({"Datastream":{"@iot.id":")" + datastream + R"("},"phenomenonTime":)" +
                                               R"("2013-04-18T16:15:00-07:00","result":124,"FeatureOfInterest":{"@iot.id":")" +
                                               feature + R"("}})");
  ASSERT_EQ(reply.status, 201) << reply.body;
  EXPECT_THAT(get(path_of(reply)).body, HasSubstr(R"("phenomenonTime":"2013-04-18T23:15:00Z")"));
  EXPECT_THAT(get(path_of(reply) + "/FeatureOfInterest/name").body, HasSubstr("CCIT #361"));
  EXPECT_EQ(list("/FeaturesOfInterest('" + feature + "')/Observations", "result"), "70.4, 124");
}

TEST_F(CreateTest, without_a_feature_the_place_of_the_thing_is_meant) {
  const std::string datastream = list(make_oven() + "/Datastreams", "id");
  const auto reply = post("/Datastreams('" + datastream + "')/Observations", R"({"result":1})");
  ASSERT_EQ(reply.status, 201) << reply.body;
  EXPECT_THAT(get(path_of(reply), "$expand=FeatureOfInterest").body, HasSubstr(R"("coordinates":[10,10])"));
  EXPECT_THAT(get(path_of(reply)).body, HasSubstr(R"("phenomenonTime":"2020-09-13T12:26:40Z")")) << "now, when none is said";
}

TEST_F(CreateTest, posting_to_a_link_links) {
  const std::string thing = made("/Things", R"({"name":"bus","description":"it moves"})");
  const auto place = post(thing + "/Locations", R"({"name":"stop","description":"","encodingType":"application/geo+json",
      "location":{"type":"Point","coordinates":[1,2]}})");
  ASSERT_EQ(place.status, 201) << place.body;
  EXPECT_EQ(list(thing + "/Locations", "name"), "stop");
  EXPECT_EQ(list(path_of(place) + "/Things", "name"), "bus");
  const auto datastream = post(thing + "/Datastreams", R"({"name":"speed","description":"of the bus",
      "unitOfMeasurement":{"name":"kilometre per hour","symbol":"km/h","definition":null},
      "observationType":"http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
      "ObservedProperty":{"name":"speed","definition":"http://dbpedia.org/page/Speed","description":""},
      "Sensor":{"name":"GPS","description":"","encodingType":"text/plain","metadata":"none"}})");
  ASSERT_EQ(datastream.status, 201) << datastream.body;
  EXPECT_EQ(list(thing + "/Datastreams", "name"), "speed") << "also before anything was observed";
  EXPECT_EQ(post(path_of(datastream) + "/Observations", R"({"result":31})").status, 201);
  EXPECT_THAT(node_.values(id_in(thing)), HasSubstr(R"("speed":31)"));
}

TEST_F(CreateTest, two_datastreams_of_one_property_are_two_datasets_of_one_attribute) {
  const std::string thing = make_oven();
  const std::string property = list("/ObservedProperties", "id"), sensor = list("/Sensors", "id");
  const auto second = post(thing + "/Datastreams", R"({"name":"second","description":"","unitOfMeasurement":{},
      "observationType":"x","ObservedProperty":{"@iot.id":")" +
                                                       property + R"("},"Sensor":{"@iot.id":")" + sensor + R"("}})");
  ASSERT_EQ(second.status, 201) << second.body;
  EXPECT_THAT(path_of(second), HasSubstr("!dewPointTemperature!urn:ngsi-ld:Dataset:2"));
  EXPECT_EQ(post(path_of(second) + "/Observations", R"({"result":5})").status, 201);
  EXPECT_EQ(list(path_of(second) + "/Observations", "result"), "5");
  EXPECT_EQ(list("/Sensors('" + sensor + "')/Datastreams", "name"), "oven temperature, second");
}

TEST_F(CreateTest, an_observation_keeps_all_that_is_said_of_it) {
  add_station();
  const auto reply = post(std::string(kStationTemperature) + "/Observations",
                          R"({"phenomenonTime":"2020-09-13T12:10:00Z/2020-09-13T12:20:00Z","resultTime":"2020-09-13T12:10:00Z",
      "result":{"low":1,"high":[2,3]},"resultQuality":{"code":7},"validTime":"2020-09-13T12:00:00Z/2020-09-14T12:00:00Z",
      "parameters":{"depth":2,"status":"derived"}})");
  ASSERT_EQ(reply.status, 201) << reply.body;
  const auto body = get(path_of(reply)).body;
  EXPECT_THAT(body, HasSubstr(R"("phenomenonTime":"2020-09-13T12:10:00Z/2020-09-13T12:20:00Z")"));
  EXPECT_THAT(body, HasSubstr(R"("resultTime":"2020-09-13T12:10:00Z")"));
  EXPECT_THAT(body, HasSubstr(R"("result":{"low":1,"high":[2,3]})"));
  EXPECT_THAT(body, HasSubstr(R"("resultQuality":{"code":7})"));
  EXPECT_THAT(body, HasSubstr(R"("validTime":"2020-09-13T12:00:00Z/2020-09-14T12:00:00Z")"));
  EXPECT_THAT(body, HasSubstr(R"("depth":2)"));
  EXPECT_THAT(body, HasSubstr(R"("status":"derived")"));
}

TEST_F(CreateTest, what_comes_late_is_history_and_not_the_present) {
  add_station();
  EXPECT_EQ(post(std::string(kStationTemperature) + "/Observations", R"({"phenomenonTime":"2020-01-01T00:00:00Z","result":-3})")
                .status,
            201);
  EXPECT_THAT(node_.values("urn:ngsi-ld:Station:1"), HasSubstr(R"("temperature":21.5)"));
  EXPECT_EQ(list(std::string(kStationTemperature) + "/Observations", "result"), "-3, 21.5");
}

TEST_F(CreateTest, what_is_missing_or_unknown_is_named) {
  add_station();
  const std::string observations = std::string(kStationTemperature) + "/Observations";
  for (const auto& [path, body, named] :
       {std::tuple<std::string, std::string, std::string>{"/Things", R"({"name":"a"})", "description"},
        {"/Things", R"({"name":1,"description":"b"})", "name"},
        {"/Things", R"({"name":"a","description":"b","colour":"red"})", "colour"},
        {"/Things", R"({"name":"a","description":"b","properties":5})", "properties"},
        {"/Things", R"([])", "object"},
        {"/Things", R"({)", "body"},
        {"/Datastreams", R"({"name":"a"})", "Thing"},
        {"/Observations", R"({"result":1})", "Datastream"},
        {"/Observations", R"({"result":1,"Datastream":{"@iot.id":"none"}})", "Datastream"},
        {observations, R"({"result":null})", "result"},
        {observations, R"({"result":1,"phenomenonTime":"yesterday"})", "phenomenonTime"},
        {observations, R"({"result":1,"validTime":"2020-01-01T00:00:00Z"})", "validTime"},
        {observations, R"({"result":1,"parameters":{"status":"guessed"}})", "parameters"},
        {"/Locations", R"({"name":"a","description":"b","encodingType":"text/plain","location":"here"})", "encodingType"},
        {"/HistoricalLocations", R"({"time":"2020-01-01T00:00:00Z"})", "Thing"}}) {
    const auto reply = post(path, body);
    EXPECT_EQ(reply.status, 400) << path << body << reply.body;
    EXPECT_THAT(reply.body, HasSubstr(named)) << body;
  }
  EXPECT_EQ(post(kStationTemperature, R"({"name":"x"})").status, 405);
  EXPECT_EQ(post("/Cars", "{}").status, 404);
}

TEST_F(CreateTest, an_id_that_the_client_gives_is_passed_over) {
  const std::string thing = made("/Things", R"({"@iot.id":"mine","name":"a","description":"b"})");
  EXPECT_THAT(thing, HasSubstr("urn:ngsi-ld:Thing:"));
  EXPECT_EQ(get("/Things('mine')").status, 404);
}

TEST_F(CreateTest, a_place_of_the_past_is_put_into_history_alone) {
  const std::string thing = make_oven();
  const std::string location = list("/Locations", "id");
  const auto reply = post(thing + "/HistoricalLocations",
                          R"({"time":"2019-01-01T00:00:00Z","Locations":[{"@iot.id":")" + location + R"("}]})");
  ASSERT_EQ(reply.status, 201) << reply.body;
  EXPECT_EQ(get(path_of(reply) + "/time").body, R"({"time":"2019-01-01T00:00:00Z"})");
  EXPECT_EQ(list(thing + "/HistoricalLocations", "time"), "2019-01-01T00:00:00Z, 2020-09-13T12:26:40Z");
  EXPECT_EQ(list(path_of(reply) + "/Locations", "name"), "CCIT");
}

}  // namespace
}  // namespace citiverse::api::sensor_things
