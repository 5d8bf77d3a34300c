// ETSI GS CIM 009 V1.9.1, 7: notifications by MQTT, against Debian's mosquitto.
#include <condition_variable>
#include <mutex>

#include <gmock/gmock.h>

#include "api/ngsi_ld/notification_json.h"
#include "api/ngsi_ld/test_subscriber.h"
#include "net/mqtt_subscriber.h"
#include "testing/mosquitto.h"

namespace citiverse::api::ngsi_ld {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(MqttMessage, holds_what_http_would_say_in_fields) {  // Table 7.2-2
  EXPECT_EQ(mqtt_message("application/json", "X-Key: a: b\r\nNGSILD-Tenant: city2\r\nX-Key: c\r\n", R"({"id":"urn:n:1"})"),
            R"({"metadata":{"Content-Type":"application/json","NGSILD-Tenant":"city2","X-Key":"c"},"body":{"id":"urn:n:1"}})");
}

class MqttNotification : public Subscriber {
 protected:
  void SetUp() override {
    if (!testing_fixtures::Mosquitto::is_installed()) GTEST_SKIP() << "mosquitto is not installed";
    ASSERT_TRUE(broker_.start());
    subscriber_ = std::make_unique<net::MqttSubscriber>(
        net::MqttOptions{.name = "test",
                         .host = "127.0.0.1",
                         .port = broker_.port(),
                         .client_id = "listening",
                         .filters = {"city/#"},
                         .pause_least = std::chrono::milliseconds(20)},
        [this](std::span<const net::MqttMessage> messages, const net::MqttSubscriber::Done& done) {
          const std::lock_guard lock(mutex_);
          for (const net::MqttMessage& each : messages) came_.push_back(each);
          changed_.notify_all();
          done(true);
          return true;
        });
    while (!subscriber_->figures().is_connected) std::this_thread::yield();
  }
  std::string endpoint(std::string_view topic, std::string_view more = "") const {
    return fmt::format(R"({{"id":"urn:s:1","type":"Subscription","entities":[{{"type":"Vehicle"}}],"notification":)"
                       R"({{"endpoint":{{"uri":"mqtt://127.0.0.1:{}/{}"{}}}}}}})",
                       broker_.port(), topic, more);
  }
  // The message of this number, from 1.
  net::MqttMessage message(std::size_t number) {
    std::unique_lock lock(mutex_);
    const bool came = changed_.wait_for(lock, std::chrono::seconds(120), [&] { return came_.size() >= number; });
    return came ? came_[number - 1] : net::MqttMessage{.topic = "nothing came", .payload = ""};
  }

  testing_fixtures::Mosquitto broker_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<net::MqttMessage> came_;
  std::unique_ptr<net::MqttSubscriber> subscriber_;
};

TEST_F(MqttNotification, is_an_object_of_metadata_and_body) {  // 7.2
  const auto made = node_.post("/subscriptions", endpoint("city/vehicles", R"(,"receiverInfo":[{"key":"X-Key","value":"v"}])"));
  ASSERT_EQ(made.status, 201) << made.body;
  put("30");
  const net::MqttMessage told = message(1);
  EXPECT_EQ(told.topic, "city/vehicles");
  const auto read = base::JsonDocument::parse(told.payload);
  ASSERT_TRUE(read) << told.payload;
  const auto metadata = read->root().find("metadata");
  EXPECT_EQ(metadata.find("Content-Type").text(), "application/json");
  EXPECT_EQ(metadata.find("X-Key").text(), "v");
  EXPECT_THAT(std::string(metadata.find("Link").text().value_or("")),
              testing::AllOf(StartsWith("<"), HasSubstr("rel=\"http://www.w3.org/ns/json-ld#context\""),
                             EndsWith("type=\"application/ld+json\"")));
  const auto body = read->root().find("body");
  EXPECT_EQ(body.find("type").text(), "Notification");
  EXPECT_EQ(body.find("data")[0].find("speed").find("value").integer(), 30);
}

TEST_F(MqttNotification, of_ld_json_holds_the_context_in_its_body) {  // 7.2
  ASSERT_EQ(node_.post("/subscriptions", endpoint("city/a", R"(,"accept":"application/ld+json")")).status, 201);
  put("30");
  const net::MqttMessage told = message(1);
  EXPECT_THAT(told.payload, StartsWith(R"({"metadata":{"Content-Type":"application/ld+json"},"body":{)"));
  EXPECT_THAT(told.payload, HasSubstr("\"@context\":"));
}

TEST_F(MqttNotification, goes_by_the_version_and_quality_that_notifierInfo_asks_for) {  // Table 7.2-1
  std::size_t number = 0;
  for (const char* version : {"mqtt3.1.1", "mqtt5.0"})
    for (const char* quality : {"0", "1", "2"}) {
      const std::string info = fmt::format(R"(,"notifierInfo":[{{"key":"MQTT-Version","value":"{}"}},)"
                                           R"({{"key":"MQTT-QoS","value":"{}"}},{{"key":"other","value":""}}])",
                                           version, quality);
      ASSERT_EQ(node_.post("/subscriptions", endpoint(fmt::format("city/{}", number), info)).status, 201);
      put(std::to_string(number));
      ++number;
      EXPECT_EQ(message(number).topic, fmt::format("city/{}", number - 1));
      ASSERT_EQ(node_.remove("/subscriptions/urn:s:1").status, 204);
    }
}

TEST_F(MqttNotification, is_counted_as_one_by_http_is) {  // 5.8.6
  ASSERT_EQ(node_.post("/subscriptions", endpoint("city/a")).status, 201);
  put("30");
  message(1);
  std::string got;
  for (int i = 0; i < 12'000 && !got.contains("lastSuccess"); ++i) {
    got = node_.get("/subscriptions/urn:s:1").body;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_THAT(got, HasSubstr(R"("status":"ok","timesSent":1,)"));
  EXPECT_THAT(got, Not(HasSubstr("timesFailed")));
}

TEST_F(MqttNotification, is_not_subscribed_to_where_the_clause_does_not_allow_it) {  // 7.2
  for (const char* more :
       {R"(,"accept":"application/geo+json")", R"(,"notifierInfo":[{"key":"MQTT-QoS","value":"3"}])",
        R"(,"notifierInfo":[{"key":"MQTT-QoS","value":1}])", R"(,"notifierInfo":[{"key":"MQTT-Version","value":"3"}])",
        R"(,"notifierInfo":{})", R"(,"receiverInfo":[{"key":"Content-Type","value":"text/html"}])"})
    EXPECT_EQ(error_type(node_.post("/subscriptions", endpoint("city/a", more))), "BadRequestData") << more;
}

}  // namespace
}  // namespace citiverse::api::ngsi_ld
