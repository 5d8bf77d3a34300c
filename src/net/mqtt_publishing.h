// MQTT on the wire as much as somebody speaks who only publishes: versions 3.1.1 and 5.0, each quality of service.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace citiverse::net {

enum class MqttVersion : std::uint8_t { v3_1_1 = 4, v5_0 = 5 };  ///< As CONNECT says it.

inline constexpr std::size_t kMqttPublishBytesMax = 16 << 20;  ///< Topic and payload; the wire itself could carry 256 MiB.
inline constexpr std::size_t kMqttTopicBytesMax = 1'024;

/// A session that ends with its connection, and no keep-alive: who publishes sees by the next answer that the broker is gone.
void append_mqtt_hello(std::string& out, MqttVersion version, std::string_view client_id, std::string_view user,
                       std::string_view password);

struct MqttPublish {
  std::string_view topic;
  std::string_view payload;
  std::uint8_t quality = 0;     ///< QoS: 0, 1 or 2.
  std::uint16_t packet_id = 0;  ///< Of quality 1 and 2: not 0.
};
/// Fails: limit.
base::Result<void> append_mqtt_publish(std::string& out, MqttVersion version, const MqttPublish& publish);
void append_mqtt_release(std::string& out, std::uint16_t packet_id);  ///< PUBREL, 3.6.

/// What a broker answers to somebody who publishes.
struct MqttAnswer {
  enum class Kind : std::uint8_t { welcome, taken, received, completed, ping_answer, goodbye } kind = Kind::goodbye;
  std::uint16_t packet_id = 0;     ///< Of taken (PUBACK), received (PUBREC) and completed (PUBCOMP).
  std::uint8_t reason = 0;         ///< A return code of 3.1.1, or a reason code of 5.0.
  std::uint8_t quality_most = 2;   ///< Of welcome: what the broker takes.
  std::uint32_t packet_bytes = 0;  ///< Of welcome: the longest packet that it takes; 0: any.
};
struct MqttAnswerRead {
  std::size_t bytes = 0;  ///< 0: more bytes are needed.
  MqttAnswer answer;
};
/// Fails, and the connection must end: bad_input, limit. Source: MQTT 3.1.1 and 5.0 (OASIS), 3.2 and 3.4 to 3.7.
base::Result<MqttAnswerRead> read_mqtt_answer(std::string_view bytes, MqttVersion version);

/// An answer in the statuses of HTTP, by which notifications are repeated or given up: 200 where it is well, 4xx where asking
/// again would change nothing, 5xx and 429 otherwise.
int mqtt_status(const MqttAnswer& answer, MqttVersion version);

}  // namespace citiverse::net
