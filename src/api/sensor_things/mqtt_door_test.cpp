// OGC 18-088, 14.2: Observations created by publishing them, through a real broker.
#include "api/sensor_things/mqtt_door.h"

#include "api/sensor_things/test_node.h"
#include "testing/mosquitto.h"

namespace citiverse::api::sensor_things {
namespace {

class ObservationDoorTest : public SensorThingsTest {
 protected:
  void open() {
    ASSERT_TRUE(mosquitto_.start());
    broker_ = {.name = "b", .host = "127.0.0.1", .port = mosquitto_.port(), .client_id = "test"};
    door_.emplace(*api_, broker_);
    door_->start();
    ASSERT_TRUE(wait_for([&] { return door_->is_connected(); }));
  }
  template <class Condition>
  static bool wait_for(const Condition& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!condition() && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return condition();
  }
  // In double quotes, as a shell takes an address that has single ones.
  bool publish(const std::string& topic, const std::string& text) {
    return std::system(fmt::format("mosquitto_pub -p {} -q 1 -t \"{}\" -m '{}'", mosquitto_.port(), topic, text).c_str()) == 0;
  }

  testing_fixtures::Mosquitto mosquitto_;
  feeds::Broker broker_;
  std::optional<ObservationDoor> door_;
};

TEST_F(ObservationDoorTest, what_is_published_is_an_observation_when_the_broker_is_told_so) {
  if (!testing_fixtures::Mosquitto::is_installed()) GTEST_SKIP() << "mosquitto is not installed";
  add_station();
  ASSERT_NO_FATAL_FAILURE(open());
  const std::string topic = "v1.1" + std::string(kStationTemperature) + "/Observations";
  ASSERT_TRUE(publish(topic, R"({"phenomenonTime":"2020-09-13T12:05:00Z","result":25.5})"));
  ASSERT_TRUE(publish("v1.1/Observations", R"({"phenomenonTime":"2020-09-13T12:06:00Z","result":26.5,)"
                                           R"("Datastream":{"@iot.id":"urn:ngsi-ld:Station:1!temperature"}})"));
  ASSERT_TRUE(wait_for([&] { return door_->acknowledged() == 2; }));
  EXPECT_EQ(list(std::string(kStationTemperature) + "/Observations", "result"), "21.5, 25.5, 26.5");
  EXPECT_THAT(node_.values("urn:ngsi-ld:Station:1"), testing::HasSubstr(R"("temperature":26.5)"));
  EXPECT_EQ(door_->figures().taken, 2u);
}

TEST_F(ObservationDoorTest, what_is_wrong_leaves_nothing_and_holds_up_nobody) {
  if (!testing_fixtures::Mosquitto::is_installed()) GTEST_SKIP() << "mosquitto is not installed";
  add_station();
  ASSERT_NO_FATAL_FAILURE(open());
  const std::string topic = "v1.1" + std::string(kStationTemperature) + "/Observations";
  const std::string feature = R"("FeatureOfInterest":{"name":"f","description":"","encodingType":"application/geo+json",)"
                              R"("feature":{"type":"Point","coordinates":[1,2]}})";
  ASSERT_TRUE(publish(topic, "{" + feature + R"(,"phenomenonTime":"yesterday","result":1})"));
  ASSERT_TRUE(publish(topic, "no JSON"));
  ASSERT_TRUE(publish("v1.1/Things/Observations", R"({"result":1})"));
  ASSERT_TRUE(publish("v1.1/Observations", R"({"result":1})"));
  ASSERT_TRUE(publish(topic, R"({"phenomenonTime":"2020-09-13T12:05:00Z","result":30})"));
  ASSERT_TRUE(wait_for([&] { return door_->acknowledged() == 5; }));
  EXPECT_EQ(list(std::string(kStationTemperature) + "/Observations", "result"), "21.5, 30");
  EXPECT_EQ(list("/FeaturesOfInterest", "name", "$filter=name eq 'f'"), "");
  EXPECT_EQ(door_->figures().taken, 1u);
  EXPECT_EQ(door_->figures().refused, 4u);
}

TEST_F(ObservationDoorTest, the_service_root_says_where_to_publish) {
  EXPECT_THAT(get("").body, testing::Not(testing::HasSubstr("via-mqtt")));
  api_->mqtt_endpoints = {"mqtt://broker.example:1883"};
  EXPECT_THAT(get("").body,
              testing::HasSubstr(R"("http://www.opengis.net/spec/iot_sensing/1.1/req/create-observations-via-mqtt/)"
                                 R"(observations-creation":{"endpoints":["mqtt://broker.example:1883"]})"));
}

}  // namespace
}  // namespace citiverse::api::sensor_things
