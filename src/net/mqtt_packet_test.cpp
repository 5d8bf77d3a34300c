#include "net/mqtt_packet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace citiverse::net {
namespace {

using testing::HasSubstr;
using namespace std::string_literals;

TEST(MqttPacket, is_written_as_the_standard_draws_it) {  // MQTT 3.1.1, 3.1, 3.4, 3.8
  std::string out;
  append_mqtt_connect(out, {.client_id = "c", .user = "u", .password = "p", .keep_alive_s = 10});
  EXPECT_EQ(out, "\x10\x13\x00\x04MQTT\x04\xC0\x00\x0A\x00\x01"s + "c\x00\x01u\x00\x01p"s);
  out.clear();
  append_mqtt_subscribe(out, 10, std::vector<std::string>{"a/b", "c/d"});
  EXPECT_EQ(out, "\x82\x0E\x00\x0A\x00\x03"s + "a/b\x01\x00\x03"s + "c/d\x01"s);
  out.clear();
  append_mqtt_puback(out, 0x1234);
  EXPECT_EQ(out, "\x40\x02\x12\x34");
}

TEST(MqttPacket, is_read_when_it_is_whole) {
  const std::string bytes = "\x33\x0B\x00\x03"s + "a/b\x00\x0A"s + "hey!" + "\xD0\x00"s;
  for (std::size_t size = 0; size < 13; ++size) EXPECT_EQ(read_mqtt_packet(bytes.substr(0, size))->bytes, 0u) << size;
  const auto read = read_mqtt_packet(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->bytes, 13u);
  EXPECT_EQ(read->packet.topic, "a/b");
  EXPECT_EQ(read->packet.payload, "hey!");
  EXPECT_EQ(read->packet.packet_id, 10);
  EXPECT_TRUE(read->packet.is_retained);
  EXPECT_EQ(read_mqtt_packet(std::string_view(bytes).substr(13))->packet.kind, MqttPacket::Kind::ping_answer);
  EXPECT_EQ(read_mqtt_packet("\x20\x02\x01\x00"s)->packet.has_session, true);
  EXPECT_EQ(read_mqtt_packet("\x90\x04\x00\x0A\x01\x80"s)->packet.granted, "\x01\x80");
}

TEST(MqttPacket, that_the_standard_forbids_is_refused) {
  for (const std::string& bytes : {"\x35\x05\x00\x01"s + "a\x00\x01"s,  // QoS 2 was not asked for.
                                   "\x32\x03\x00\x01"s + "a"s,          // No room for a packet identifier.
                                   "\x32\x05\x00\x01"s + "a\x00\x00"s, "\x30\x03\x00\x01+"s, "\x30\x03\x00\x01\xFF"s,
                                   "\x30\x02\x00\x00"s, "\x20\x01\x00"s, "\x30\xFF\xFF\xFF\xFF\x01"s, "\x00\x00"s, "\x10\x00"s})
    EXPECT_FALSE(read_mqtt_packet(bytes)) << testing::PrintToString(bytes);
  EXPECT_EQ(read_mqtt_packet("\x30\xFF\xFF\xFF\x7F"s).error().code, base::ErrorCode::limit);
  EXPECT_THAT(mqtt_return_text(4), HasSubstr("password"));
}

}  // namespace
}  // namespace citiverse::net
