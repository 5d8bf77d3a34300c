// Notifications by MQTT against Debian's mosquitto: each version and quality arrives, what is refused or dead is counted.
// Source: ETSI GS CIM 009 V1.9.1, 7.2.
#include <condition_variable>
#include <mutex>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/mqtt_subscriber.h"
#include "net/notifier.h"
#include "net/notifier_address.h"
#include "testing/mosquitto.h"

namespace citiverse::net {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

TEST(NotifierAddress, of_mqtt_is_read_as_7_2_has_it) {
  const auto plain = parse_notifier_address("mqtt://Broker.example/city/air%20quality");
  ASSERT_TRUE(plain) << plain.error().message;
  EXPECT_TRUE(plain->is_mqtt);
  EXPECT_FALSE(plain->url.is_tls);
  EXPECT_EQ(plain->url.authority(), "broker.example:1883");
  EXPECT_EQ(plain->url.target, "city/air quality");
  const auto whole = parse_notifier_address("mqtts://us%3Aer:p%40ss@broker.example:9883/t");
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(whole->user, "us:er");
  EXPECT_EQ(whole->password, "p@ss");
  EXPECT_EQ(whole->url.authority(), "broker.example:9883");
  EXPECT_EQ(parse_notifier_address("mqtts://broker.example/t")->url.port, 8883);
  EXPECT_EQ(parse_notifier_address("mqtt://:secret@broker.example/t")->password, "secret");
  EXPECT_NE(whole->key(), parse_notifier_address("mqtts://other@broker.example:9883/t")->key());
  for (const char* wrong :
       {"mqtt://", "mqtt://a.example", "mqtt://a.example/", "mqtt://a.example/+/x", "mqtt://a.example/x/%23",
        "mqtt://a.example/%00", "mqtt://a.example/%ff", "mqtt://a.example/a?b", "mqtt://a.example/a#b", "mqtt://[::1]/t",
        "mqtt://a.example:0/t", "mqtt://%zz@a.example/t", "mqtt://a b@a.example:1x/t"})
    EXPECT_FALSE(parse_notifier_address(wrong)) << wrong;
}

class MqttNotifications : public testing::Test {
 protected:
  void SetUp() override {
    if (!testing_fixtures::Mosquitto::is_installed()) GTEST_SKIP() << "mosquitto is not installed";
    ASSERT_TRUE(broker_.start());
  }
  static NotifierOptions quick() {
    NotifierOptions options;
    options.allows_private = true;
    options.retry_time = std::chrono::milliseconds(1);
    options.rest_time = std::chrono::milliseconds(5);
    options.rest_time_max = std::chrono::milliseconds(20);
    options.request_time = std::chrono::seconds(60);
    return options;
  }
  MqttSubscriber::Take keeping() {
    return [this](std::span<const MqttMessage> messages, const MqttSubscriber::Done& done) {
      const std::lock_guard lock(mutex_);
      for (const MqttMessage& each : messages) came_.push_back(each.topic + "=" + each.payload);
      changed_.notify_all();
      done(true);
      return true;
    };
  }
  MqttOptions listening() const {
    return {.name = "test",
            .host = "127.0.0.1",
            .port = broker_.port(),
            .client_id = "citiverse-listening",
            .filters = {"city/#"},
            .pause_least = std::chrono::milliseconds(20),
            .pause_most = std::chrono::milliseconds(100)};
  }
  template <class Condition>
  bool wait_until(Condition condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(120), condition);
  }
  Delivery to(std::string_view who, std::string_view topic, std::string body, std::uint8_t quality = 1,
              MqttVersion version = MqttVersion::v5_0) {
    Delivery delivery;
    delivery.url = fmt::format("mqtt://{}127.0.0.1:{}/{}", who, broker_.port(), topic);
    delivery.body = std::move(body);
    delivery.mqtt_quality = quality;
    delivery.mqtt_version = version;
    delivery.done = [this](int status) {
      const std::lock_guard lock(mutex_);
      statuses_.push_back(status);
      changed_.notify_all();
    };
    return delivery;
  }

  testing_fixtures::Mosquitto broker_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> came_;
  std::vector<int> statuses_;
};

TEST_F(MqttNotifications, arrive_with_each_version_and_quality) {
  const MqttSubscriber subscriber(listening(), keeping());
  while (!subscriber.figures().is_connected) std::this_thread::yield();
  Notifier notifier(quick());
  std::vector<std::string> sent;
  for (const auto version : {MqttVersion::v3_1_1, MqttVersion::v5_0})
    for (const std::uint8_t quality : {0, 1, 2}) {
      const std::string topic = fmt::format("city/{}/{}", static_cast<int>(version), quality);
      sent.push_back(topic + "=hey");
      ASSERT_TRUE(notifier.send(to("", topic, "hey", quality, version)));
    }
  ASSERT_TRUE(wait_until([&] { return statuses_.size() == 6 && came_.size() == 6; }));
  EXPECT_THAT(came_, testing::UnorderedElementsAreArray(sent));
  EXPECT_THAT(statuses_, testing::Each(200));
  EXPECT_EQ(notifier.counts().delivered, 6u);
  EXPECT_EQ(notifier.counts().endpoints, 2u) << "a version is an endpoint of its own";
}

TEST_F(MqttNotifications, arrive_in_order_over_a_kept_connection) {
  const MqttSubscriber subscriber(listening(), keeping());
  while (!subscriber.figures().is_connected) std::this_thread::yield();
  Notifier notifier(quick());
  std::vector<std::string> sent;
  for (int i = 0; i < 100; ++i) {
    sent.push_back(fmt::format("city/a={}", i));
    ASSERT_TRUE(notifier.send(to("", "city/a", std::to_string(i))));
  }
  ASSERT_TRUE(wait_until([&] { return came_.size() == 100; }));
  EXPECT_THAT(came_, testing::ElementsAreArray(sent));
}

TEST_F(MqttNotifications, to_a_broker_that_goes_and_comes_are_tried_again) {
  auto options = quick();
  options.attempts_max = 1'000'000;
  Notifier notifier(options);
  ASSERT_TRUE(notifier.send(to("", "city/a", "1")));
  ASSERT_TRUE(wait_until([&] { return statuses_.size() == 1; }));
  broker_.stop();
  ASSERT_TRUE(notifier.send(to("", "city/a", "2")));
  while (notifier.counts().retried == 0) std::this_thread::yield();
  ASSERT_TRUE(broker_.start());
  ASSERT_TRUE(wait_until([&] { return statuses_.size() == 2; }));
  EXPECT_THAT(statuses_, ElementsAre(200, 200));
}

TEST_F(MqttNotifications, with_a_wrong_password_are_dropped_and_with_the_right_one_arrive) {
  broker_.stop();
  const std::string users = (broker_.folder() / "users").string();
  ASSERT_EQ(::system(fmt::format("mosquitto_passwd -c -b {} city 'right@one'", users).c_str()), 0);
  ASSERT_TRUE(broker_.start(fmt::format("allow_anonymous false\npassword_file {}\n", users)));
  Notifier notifier(quick());
  for (const auto version : {MqttVersion::v3_1_1, MqttVersion::v5_0}) {
    ASSERT_TRUE(notifier.send(to("city:wrong@", "city/a", "x", 1, version)));
    ASSERT_TRUE(notifier.send(to("city:right%40one@", "city/a", "x", 1, version)));
  }
  ASSERT_TRUE(wait_until([&] { return statuses_.size() == 4; }));
  EXPECT_EQ(notifier.counts().delivered, 2u);
  EXPECT_EQ(notifier.counts().dropped, 2u);
  EXPECT_EQ(notifier.counts().retried, 0u) << "asking again would not change its mind";
}

TEST_F(MqttNotifications, go_to_private_addresses_only_where_the_operator_says_so) {
  auto options = quick();
  options.allows_private = false;
  Notifier notifier(options);
  const std::string url = fmt::format("mqtt://127.0.0.1:{}/city/a", broker_.port());
  EXPECT_EQ(notifier.check(url).error().code, base::ErrorCode::denied);
  EXPECT_EQ(notifier.check("mqtts://10.0.0.1/a").error().code, base::ErrorCode::denied);
  EXPECT_EQ(notifier.check("mqtt://broker.example/a").error().code, base::ErrorCode::denied) << "plain, and not trusted";
  EXPECT_TRUE(notifier.check("mqtts://broker.example/a"));
  options.trusted_hosts = {fmt::format("127.0.0.1:{}", broker_.port())};
  Notifier trusting(options);
  ASSERT_TRUE(trusting.send(to("", "city/a", "x")));
  ASSERT_TRUE(wait_until([&] { return statuses_.size() == 1; }));
  EXPECT_THAT(statuses_, UnorderedElementsAre(200));
}

}  // namespace
}  // namespace citiverse::net
