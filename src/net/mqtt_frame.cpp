// Lengths are read in at most four bytes, as 2.2.3 has it, and nothing is read before it is there.
#include "net/mqtt_frame.h"

#include <fmt/format.h>

#include "net/mqtt_packet.h"

namespace citiverse::net {

void append_mqtt_number(std::string& out, std::size_t value) {
  out += static_cast<char>(value >> 8 & 0xFF);
  out += static_cast<char>(value & 0xFF);
}

void append_mqtt_text(std::string& out, std::string_view text) {
  append_mqtt_number(out, text.size());
  out += text;
}

void append_mqtt_length(std::string& out, std::size_t length) {
  do {
    const std::size_t rest = length / 128;
    out += static_cast<char>(length % 128 | (rest > 0 ? 128 : 0));
    length = rest;
  } while (length > 0);
}

void append_mqtt_frame(std::string& out, std::uint8_t head, std::string_view body) {
  out += static_cast<char>(head);
  append_mqtt_length(out, body.size());
  out += body;
}

std::uint16_t mqtt_number_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[at]) << 8 | static_cast<unsigned char>(bytes[at + 1]));
}

base::Result<MqttFrame> read_mqtt_frame(std::string_view bytes) {
  std::size_t length = 0;
  std::size_t at = 1;
  for (std::size_t shift = 0;; shift += 7, ++at) {
    if (shift == 28) return malformed_mqtt("a length of more than four bytes");
    if (at >= bytes.size()) return MqttFrame{};
    const auto byte = static_cast<unsigned char>(bytes[at]);
    length |= static_cast<std::size_t>(byte & 127) << shift;
    if (byte < 128) break;
  }
  ++at;
  if (length > kMqttPacketBytesMax)
    return base::fail(base::ErrorCode::limit, fmt::format("a message of {} bytes; at most {}", length, kMqttPacketBytesMax));
  if (bytes.size() < at + length) return MqttFrame{};
  return MqttFrame{at + length, static_cast<std::uint8_t>(bytes[0]), bytes.substr(at, length)};
}

std::unexpected<base::Error> malformed_mqtt(std::string_view what) {
  return base::fail(base::ErrorCode::bad_input, fmt::format("malformed MQTT: {}", what));
}

}  // namespace citiverse::net
