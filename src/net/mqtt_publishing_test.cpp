// What a publisher says and hears, as MQTT 3.1.1 and 5.0 draw it.
#include "net/mqtt_publishing.h"

#include <gtest/gtest.h>

namespace citiverse::net {
namespace {

using namespace std::string_literals;
using Kind = MqttAnswer::Kind;

std::string hello(MqttVersion version, std::string_view user, std::string_view password) {
  std::string out;
  append_mqtt_hello(out, version, "c", user, password);
  return out;
}

std::string publishing(MqttVersion version, std::uint8_t quality) {
  std::string out;
  EXPECT_TRUE(append_mqtt_publish(out, version, {.topic = "a/b", .payload = "hey", .quality = quality, .packet_id = 10}));
  return out;
}

MqttAnswer answer(std::string_view bytes, MqttVersion version) {
  const auto read = read_mqtt_answer(bytes, version);
  EXPECT_TRUE(read) << testing::PrintToString(bytes);
  EXPECT_EQ(read->bytes, bytes.size());
  return read->answer;
}

TEST(MqttPublishing, connects_as_each_version_draws_it) {  // 3.1 of both
  EXPECT_EQ(hello(MqttVersion::v3_1_1, "u", "p"), "\x10\x13\x00\x04MQTT\x04\xC2\x00\x00\x00\x01"s + "c\x00\x01u\x00\x01p"s);
  EXPECT_EQ(hello(MqttVersion::v3_1_1, "", "p"), "\x10\x0D\x00\x04MQTT\x04\x02\x00\x00\x00\x01"s + "c"s)
      << "no password without a user";
  EXPECT_EQ(hello(MqttVersion::v5_0, "", "p"), "\x10\x11\x00\x04MQTT\x05\x42\x00\x00\x00\x00\x01"s + "c\x00\x01p"s);
}

TEST(MqttPublishing, publishes_with_each_quality) {  // 3.3 of both
  EXPECT_EQ(publishing(MqttVersion::v3_1_1, 0), "\x30\x08\x00\x03"s + "a/bhey"s);
  EXPECT_EQ(publishing(MqttVersion::v3_1_1, 1), "\x32\x0A\x00\x03"s + "a/b\x00\x0A"s + "hey"s);
  EXPECT_EQ(publishing(MqttVersion::v5_0, 2), "\x34\x0B\x00\x03"s + "a/b\x00\x0A\x00"s + "hey"s);
  std::string out;
  EXPECT_FALSE(
      append_mqtt_publish(out, MqttVersion::v5_0, {.topic = std::string(kMqttTopicBytesMax + 1, 'a'), .payload = "x"}));
  append_mqtt_release(out, 0x1234);
  EXPECT_EQ(out, "\x62\x02\x12\x34");
}

TEST(MqttPublishing, hears_what_the_broker_says) {  // 3.2 and 3.4 to 3.7 of both
  const auto welcome = answer("\x20\x02\x00\x00"s, MqttVersion::v3_1_1);
  EXPECT_EQ(welcome.kind, Kind::welcome);
  EXPECT_EQ(mqtt_status(welcome, MqttVersion::v3_1_1), 200);
  // Maximum QoS 1, a reason string, the longest packet 1000 bytes, and a user property.
  const auto limited =
      answer("\x20\x16\x00\x00\x13\x24\x01\x1F\x00\x02ok\x27\x00\x00\x03\xE8\x26\x00\x01"s + "k\x00\x01v"s, MqttVersion::v5_0);
  EXPECT_EQ(limited.quality_most, 1);
  EXPECT_EQ(limited.packet_bytes, 1000u);
  EXPECT_EQ(answer("\x40\x02\x00\x0A"s, MqttVersion::v5_0).packet_id, 10) << "reason and properties may be left out";
  EXPECT_EQ(answer("\x50\x03\x00\x0A\x10"s, MqttVersion::v5_0).kind, Kind::received);
  const auto refused = answer("\x40\x08\x00\x0A\x87\x04\x1F\x00\x01n"s, MqttVersion::v5_0);
  EXPECT_EQ(refused.kind, Kind::taken);
  EXPECT_EQ(mqtt_status(refused, MqttVersion::v5_0), 403);
  EXPECT_EQ(answer("\x70\x02\x00\x0A"s, MqttVersion::v3_1_1).kind, Kind::completed);
  EXPECT_EQ(answer("\xD0\x00"s, MqttVersion::v3_1_1).kind, Kind::ping_answer);
  EXPECT_EQ(mqtt_status(answer("\xE0\x01\x8B"s, MqttVersion::v5_0), MqttVersion::v5_0), 503) << "it shuts down";
  EXPECT_EQ(mqtt_status(answer("\x20\x02\x00\x05"s, MqttVersion::v3_1_1), MqttVersion::v3_1_1), 403);
  EXPECT_EQ(mqtt_status(answer("\x20\x03\x00\x86\x00"s, MqttVersion::v5_0), MqttVersion::v5_0), 401);
  EXPECT_EQ(mqtt_status(answer("\x40\x03\x00\x0A\x10"s, MqttVersion::v5_0), MqttVersion::v5_0), 200) << "nobody subscribed";
}

TEST(MqttPublishing, ends_with_what_the_standard_forbids) {
  for (const std::string& bytes : {"\x20\x03\x00\x00\x05"s, "\x20\x04\x00\x00\x01\x77"s, "\x40\x01\x00"s, "\x40\x02\x00\x00"s,
                                   "\x30\x05\x00\x01"s + "a\x00x"s, "\x90\x03\x00\x01\x00"s, "\x40\xFF\xFF\xFF\xFF\x01"s})
    EXPECT_FALSE(read_mqtt_answer(bytes, MqttVersion::v5_0)) << testing::PrintToString(bytes);
  EXPECT_FALSE(read_mqtt_answer("\xE0\x00"s, MqttVersion::v3_1_1)) << "3.1.1 has no goodbye of the broker";
  EXPECT_FALSE(read_mqtt_answer("\x40\x03\x00\x0A\x00"s, MqttVersion::v3_1_1));
  EXPECT_EQ(read_mqtt_answer("\x40\x02\x00"s, MqttVersion::v5_0)->bytes, 0u) << "not whole yet";
}

}  // namespace
}  // namespace citiverse::net
