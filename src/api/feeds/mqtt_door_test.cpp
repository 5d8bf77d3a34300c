// Messages of a real broker as values of the twin; what cannot be used is counted and does not hold up the rest.
#include "api/feeds/mqtt_door.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/mosquitto.h"

namespace citiverse::api::feeds {
namespace {

TEST(MqttDoorTest, values_are_in_the_twin_when_the_broker_is_told_so) {
  if (!testing_fixtures::Mosquitto::is_installed()) GTEST_SKIP() << "mosquitto is not installed";
  testing_fixtures::Mosquitto broker;
  ASSERT_TRUE(broker.start());
  twin::Store store([] { return twin::TimeUs{1'767'225'600'000'000}; });
  const TwinApi twin{store, [](const net::Visitor&, std::string_view) { return false; }};
  auto mapping =
      read_mapping(fmt::format(R"({{"brokers":[{{"name":"b","host":"127.0.0.1","port":{},"client_id":"door-test"}}],"rules":[
      {{"rule":"noise","topic":"noise/{{id}}","id":"urn:n:{{id}}","type":"Noise","source":"s","observed_at":"$.t",
        "attributes":{{"level":"$.level"}}}}]}})",
                               broker.port()),
                   "test", store.names());
  ASSERT_TRUE(mapping) << mapping.error().message;
  Feeds feeds(twin, *std::move(mapping), {});
  MqttDoor door(feeds, feeds.mapping().brokers[0]);
  door.start();
  const auto wait_for = [](const auto& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!condition() && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return condition();
  };
  ASSERT_TRUE(wait_for([&] { return door.is_connected(); }));
  ASSERT_TRUE(broker.publish("noise/a", R"({"level":54.5,"t":1767225600})"));
  ASSERT_TRUE(broker.publish("noise/b", "no JSON"));
  ASSERT_TRUE(broker.publish("noise/c", R"({"level":1})"));
  ASSERT_TRUE(broker.publish("noise/d", R"({"level":60,"t":1767225600})"));
  ASSERT_TRUE(wait_for([&] { return door.acknowledged() == 4; }));
  EXPECT_EQ(store.size(twin::kDefaultTenant), 2u);
  const auto entity = store.find(twin::kDefaultTenant, "urn:n:a");
  ASSERT_NE(entity, nullptr);
  EXPECT_EQ(entity->find(store.names().find(expanded_name("level")))->value, twin::Value(54.5));
  EXPECT_EQ(feeds.figures().messages, 4u);
  EXPECT_EQ(feeds.figures().messages_refused, 1u);
  EXPECT_EQ(feeds.figures().refused, 1u);
  EXPECT_EQ(feeds.figures().taken, 2u);
}

}  // namespace
}  // namespace citiverse::api::feeds
