// MQTT 3.1.1 on the wire, as much as a subscriber speaks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace citiverse::net {

inline constexpr std::size_t kMqttPacketBytesMax = 1 << 20;  ///< A longer one ends the connection.

struct MqttConnect {
  std::string_view client_id;
  std::string_view user, password;  ///< Empty: none.
  std::uint16_t keep_alive_s = 30;
  bool is_clean = false;  ///< False: the broker keeps what comes while this client is away.
};
void append_mqtt_connect(std::string& out, const MqttConnect& connect);                                       ///< 3.1
void append_mqtt_subscribe(std::string& out, std::uint16_t packet_id, std::span<const std::string> filters);  ///< 3.8, QoS 1
void append_mqtt_puback(std::string& out, std::uint16_t packet_id);                                           ///< 3.4
void append_mqtt_ping(std::string& out);                                                                      ///< 3.12
void append_mqtt_disconnect(std::string& out);                                                                ///< 3.14

/// What a broker sends. Windows into the bytes that were read.
struct MqttPacket {
  enum class Kind : std::uint8_t { connack, publish, suback, ping_answer, other } kind = Kind::other;
  std::uint8_t return_code = 0;  ///< Of connack (3.2.2.3).
  bool has_session = false;      ///< Of connack: the broker knew this client.
  std::uint16_t packet_id = 0;   ///< Of publish with QoS 1, and suback.
  std::uint8_t quality = 0;      ///< QoS of publish: 0 or 1.
  bool is_retained = false;
  bool is_repeated = false;  ///< DUP.
  std::string_view topic;
  std::string_view payload;
  std::string_view granted;  ///< Of suback: a byte a filter; 0x80 is a refusal.
};

struct MqttRead {
  std::size_t bytes = 0;  ///< Of this packet; 0: more bytes are needed.
  MqttPacket packet;
};
/// The packet at the beginning of some bytes. Fails, and the connection must end: bad_input (4.8), limit.
base::Result<MqttRead> read_mqtt_packet(std::string_view bytes);

/// What a return code of connack says (3.2.2.3).
std::string_view mqtt_return_text(std::uint8_t code);

}  // namespace citiverse::net
