// Bytes are read in place; whatever the standard forbids ends the connection, as 4.8 asks.
#include "net/mqtt_packet.h"

#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "net/mqtt_frame.h"

namespace citiverse::net {
namespace {

base::Result<MqttPacket> read_publish(std::uint8_t head, std::string_view body) {
  MqttPacket packet;
  packet.kind = MqttPacket::Kind::publish;
  packet.quality = head >> 1 & 3;
  packet.is_retained = (head & 1) != 0;
  packet.is_repeated = (head & 8) != 0;
  if (packet.quality > 1) return malformed_mqtt("a message with a quality that was not subscribed to");
  if (body.size() < 2) return malformed_mqtt("a message without a topic");
  const std::size_t topic_bytes = mqtt_number_at(body, 0);
  const std::size_t id_bytes = packet.quality > 0 ? 2 : 0;
  if (body.size() < 2 + topic_bytes + id_bytes) return malformed_mqtt("a message shorter than its topic");
  packet.topic = body.substr(2, topic_bytes);
  if (topic_bytes == 0 || packet.topic.find_first_of(std::string_view("+#\0", 3)) != std::string_view::npos ||
      !base::is_utf8(packet.topic))
    return malformed_mqtt("a topic that is none (3.3.2.1)");
  if (id_bytes > 0) packet.packet_id = mqtt_number_at(body, 2 + topic_bytes);
  if (id_bytes > 0 && packet.packet_id == 0) return malformed_mqtt("packet identifier 0");
  packet.payload = body.substr(2 + topic_bytes + id_bytes);
  return packet;
}

}  // namespace

void append_mqtt_connect(std::string& out, const MqttConnect& connect) {
  std::string body;
  append_mqtt_text(body, "MQTT");
  body += '\x04';
  const bool has_user = !connect.user.empty();
  const bool has_password = has_user && !connect.password.empty();
  body += static_cast<char>((has_user ? 0x80 : 0) | (has_password ? 0x40 : 0) | (connect.is_clean ? 0x02 : 0));
  append_mqtt_number(body, connect.keep_alive_s);
  append_mqtt_text(body, connect.client_id);
  if (has_user) append_mqtt_text(body, connect.user);
  if (has_password) append_mqtt_text(body, connect.password);
  append_mqtt_frame(out, 0x10, body);
}

void append_mqtt_subscribe(std::string& out, std::uint16_t packet_id, std::span<const std::string> filters) {
  std::string body;
  append_mqtt_number(body, packet_id);
  for (const std::string& filter : filters) {
    append_mqtt_text(body, filter);
    body += '\x01';
  }
  append_mqtt_frame(out, 0x82, body);
}

void append_mqtt_puback(std::string& out, std::uint16_t packet_id) {
  out += '\x40';
  out += '\x02';
  append_mqtt_number(out, packet_id);
}

void append_mqtt_ping(std::string& out) { out.append("\xC0\x00", 2); }
void append_mqtt_disconnect(std::string& out) { out.append("\xE0\x00", 2); }

base::Result<MqttRead> read_mqtt_packet(std::string_view bytes) {
  const auto frame = read_mqtt_frame(bytes);
  if (!frame) return std::unexpected(frame.error());
  if (frame->bytes == 0) return MqttRead{};
  const std::uint8_t head = frame->head;
  const std::string_view body = frame->body;
  const std::size_t length = body.size();
  MqttPacket packet;
  switch (head >> 4) {
    case 2:
      if (length != 2 || (static_cast<unsigned char>(body[0]) & 0xFE) != 0) return malformed_mqtt("an answer to connecting");
      packet.kind = MqttPacket::Kind::connack;
      packet.has_session = body[0] != 0;
      packet.return_code = static_cast<std::uint8_t>(body[1]);
      break;
    case 3: {
      auto publish = read_publish(head, body);
      if (!publish) return std::unexpected(publish.error());
      packet = *publish;
      break;
    }
    case 9:
      if (length < 3) return malformed_mqtt("an answer to subscribing");
      packet.kind = MqttPacket::Kind::suback;
      packet.packet_id = mqtt_number_at(body, 0);
      packet.granted = body.substr(2);
      break;
    case 13: packet.kind = MqttPacket::Kind::ping_answer; break;
    default: return malformed_mqtt("a packet that no broker sends to a subscriber");
  }
  return MqttRead{frame->bytes, packet};
}

std::string_view mqtt_return_text(std::uint8_t code) {
  constexpr std::array<std::string_view, 6> kTexts{"accepted",
                                                   "the broker does not speak MQTT 3.1.1",
                                                   "the broker does not take this client_id",
                                                   "the broker's service is not there",
                                                   "user or password are wrong",
                                                   "this user may not connect"};
  return code < kTexts.size() ? kTexts[code] : "a return code that the standard does not know";
}

}  // namespace citiverse::net
