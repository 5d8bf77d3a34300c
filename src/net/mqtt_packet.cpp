// Bytes are read in place; whatever the standard forbids ends the connection, as 4.8 asks.
#include "net/mqtt_packet.h"

#include <array>

#include <fmt/format.h>

#include "base/text.h"

namespace citiverse::net {
namespace {

using base::ErrorCode;

void append_number(std::string& out, std::size_t value) {
  out += static_cast<char>(value >> 8 & 0xFF);
  out += static_cast<char>(value & 0xFF);
}

void append_text(std::string& out, std::string_view text) {
  append_number(out, text.size());
  out += text;
}

// 2.2.3.
void append_length(std::string& out, std::size_t length) {
  do {
    const std::size_t rest = length / 128;
    out += static_cast<char>(length % 128 | (rest > 0 ? 128 : 0));
    length = rest;
  } while (length > 0);
}

void append_packet(std::string& out, std::uint8_t head, std::string_view body) {
  out += static_cast<char>(head);
  append_length(out, body.size());
  out += body;
}

std::uint16_t number_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[at]) << 8 | static_cast<unsigned char>(bytes[at + 1]));
}

std::unexpected<base::Error> malformed(std::string_view what) {
  return base::fail(ErrorCode::bad_input, fmt::format("malformed MQTT: {}", what));
}

base::Result<MqttPacket> read_publish(std::uint8_t head, std::string_view body) {
  MqttPacket packet;
  packet.kind = MqttPacket::Kind::publish;
  packet.quality = head >> 1 & 3;
  packet.is_retained = (head & 1) != 0;
  packet.is_repeated = (head & 8) != 0;
  if (packet.quality > 1) return malformed("a message with a quality that was not subscribed to");
  if (body.size() < 2) return malformed("a message without a topic");
  const std::size_t topic_bytes = number_at(body, 0);
  const std::size_t id_bytes = packet.quality > 0 ? 2 : 0;
  if (body.size() < 2 + topic_bytes + id_bytes) return malformed("a message shorter than its topic");
  packet.topic = body.substr(2, topic_bytes);
  if (topic_bytes == 0 || packet.topic.find_first_of(std::string_view("+#\0", 3)) != std::string_view::npos ||
      !base::is_utf8(packet.topic))
    return malformed("a topic that is none (3.3.2.1)");
  if (id_bytes > 0) packet.packet_id = number_at(body, 2 + topic_bytes);
  if (id_bytes > 0 && packet.packet_id == 0) return malformed("packet identifier 0");
  packet.payload = body.substr(2 + topic_bytes + id_bytes);
  return packet;
}

}  // namespace

void append_mqtt_connect(std::string& out, const MqttConnect& connect) {
  std::string body;
  append_text(body, "MQTT");
  body += '\x04';
  const bool has_user = !connect.user.empty();
  const bool has_password = has_user && !connect.password.empty();
  body += static_cast<char>((has_user ? 0x80 : 0) | (has_password ? 0x40 : 0) | (connect.is_clean ? 0x02 : 0));
  append_number(body, connect.keep_alive_s);
  append_text(body, connect.client_id);
  if (has_user) append_text(body, connect.user);
  if (has_password) append_text(body, connect.password);
  append_packet(out, 0x10, body);
}

void append_mqtt_subscribe(std::string& out, std::uint16_t packet_id, std::span<const std::string> filters) {
  std::string body;
  append_number(body, packet_id);
  for (const std::string& filter : filters) {
    append_text(body, filter);
    body += '\x01';
  }
  append_packet(out, 0x82, body);
}

void append_mqtt_puback(std::string& out, std::uint16_t packet_id) {
  out += '\x40';
  out += '\x02';
  append_number(out, packet_id);
}

void append_mqtt_ping(std::string& out) { out.append("\xC0\x00", 2); }
void append_mqtt_disconnect(std::string& out) { out.append("\xE0\x00", 2); }

base::Result<MqttRead> read_mqtt_packet(std::string_view bytes) {
  std::size_t length = 0;
  std::size_t at = 1;
  for (std::size_t shift = 0;; shift += 7, ++at) {
    if (shift == 28) return malformed("a length of more than four bytes");
    if (at >= bytes.size()) return MqttRead{};
    const auto byte = static_cast<unsigned char>(bytes[at]);
    length |= static_cast<std::size_t>(byte & 127) << shift;
    if (byte < 128) break;
  }
  ++at;
  if (length > kMqttPacketBytesMax)
    return base::fail(ErrorCode::limit, fmt::format("a message of {} bytes; at most {}", length, kMqttPacketBytesMax));
  if (bytes.size() < at + length) return MqttRead{};
  const auto head = static_cast<std::uint8_t>(bytes[0]);
  const std::string_view body = bytes.substr(at, length);
  MqttPacket packet;
  switch (head >> 4) {
    case 2:
      if (length != 2 || (static_cast<unsigned char>(body[0]) & 0xFE) != 0) return malformed("an answer to connecting");
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
      if (length < 3) return malformed("an answer to subscribing");
      packet.kind = MqttPacket::Kind::suback;
      packet.packet_id = number_at(body, 0);
      packet.granted = body.substr(2);
      break;
    case 13: packet.kind = MqttPacket::Kind::ping_answer; break;
    default: return malformed("a packet that no broker sends to a subscriber");
  }
  return MqttRead{at + length, packet};
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
