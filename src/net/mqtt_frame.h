// What all packets of MQTT share, whatever their version: a head, a length, numbers and texts. Private to the room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace citiverse::net {

void append_mqtt_number(std::string& out, std::size_t value);    ///< Two bytes, 1.5.2.
void append_mqtt_text(std::string& out, std::string_view text);  ///< 1.5.3: at most 65,535 bytes.
void append_mqtt_length(std::string& out, std::size_t length);   ///< 2.2.3: at most 268,435,455.
void append_mqtt_frame(std::string& out, std::uint8_t head, std::string_view body);
std::uint16_t mqtt_number_at(std::string_view bytes, std::size_t at);

struct MqttFrame {
  std::size_t bytes = 0;  ///< With its head; 0: more bytes are needed.
  std::uint8_t head = 0;
  std::string_view body;
};
/// Fails: bad_input, limit (kMqttPacketBytesMax).
base::Result<MqttFrame> read_mqtt_frame(std::string_view bytes);
std::unexpected<base::Error> malformed_mqtt(std::string_view what);

}  // namespace citiverse::net
