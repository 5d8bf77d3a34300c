// Both versions differ in little: 5.0 puts properties into packets and says by a reason code why it refuses.
#include "net/mqtt_publishing.h"

#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "net/mqtt_frame.h"

namespace citiverse::net {
namespace {

constexpr std::uint8_t kMaximumQuality = 0x24;
constexpr std::uint8_t kMaximumPacketSize = 0x27;

// Bytes that are taken from the front, until there are too few.
class MqttBytes {
 public:
  explicit MqttBytes(std::string_view bytes) : rest_(bytes) {}
  bool is_empty() const { return rest_.empty(); }
  bool is_well() const { return is_well_; }
  std::string_view take(std::size_t size) {
    if (size > rest_.size()) {
      is_well_ = false;
      size = rest_.size();
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::uint32_t number(std::size_t bytes) {
    std::uint32_t value = 0;
    for (const char byte : take(bytes)) value = value << 8 | static_cast<unsigned char>(byte);
    return value;
  }
  // 1.5.5 of 5.0.
  std::size_t length() {
    std::size_t value = 0;
    for (std::size_t shift = 0; shift < 28 && is_well_; shift += 7) {
      const std::uint32_t byte = number(1);
      value |= static_cast<std::size_t>(byte & 127) << shift;
      if (byte < 128) return value;
    }
    is_well_ = false;
    return 0;
  }
  // A property of this number that says nothing here (2.2.2.2 of 5.0).
  void pass_over(std::uint32_t property) {
    switch (property) {
      case 0x01:
      case 0x17:
      case 0x19:
      case 0x25:
      case 0x28:
      case 0x29:
      case 0x2A: take(1); break;
      case 0x13:
      case 0x21:
      case 0x22:
      case 0x23: take(2); break;
      case 0x02:
      case 0x11:
      case 0x18: take(4); break;
      case 0x0B: length(); break;
      case 0x26: take(number(2)); [[fallthrough]];
      case 0x03:
      case 0x08:
      case 0x09:
      case 0x12:
      case 0x15:
      case 0x16:
      case 0x1A:
      case 0x1C:
      case 0x1F: take(number(2)); break;
      default: is_well_ = false;
    }
  }

 private:
  std::string_view rest_;
  bool is_well_ = true;
};

base::Result<MqttAnswer> read_welcome(std::string_view body, MqttVersion version) {
  MqttAnswer answer{.kind = MqttAnswer::Kind::welcome};
  MqttBytes bytes(body);
  bytes.take(1);
  answer.reason = static_cast<std::uint8_t>(bytes.number(1));
  if (version == MqttVersion::v5_0) {
    MqttBytes properties(bytes.take(bytes.length()));
    while (!properties.is_empty() && properties.is_well()) {
      const std::uint32_t property = properties.number(1);
      if (property == kMaximumQuality)
        answer.quality_most = static_cast<std::uint8_t>(properties.number(1));
      else if (property == kMaximumPacketSize)
        answer.packet_bytes = properties.number(4);
      else
        properties.pass_over(property);
    }
    if (!properties.is_well()) return malformed_mqtt("properties of an answer to connecting");
  }
  if (!bytes.is_well() || !bytes.is_empty()) return malformed_mqtt("an answer to connecting");
  return answer;
}

// What 5.0 adds to the packet identifier may be left out where all is well.
base::Result<MqttAnswer> read_acknowledgement(MqttAnswer::Kind kind, std::string_view body, MqttVersion version) {
  MqttAnswer answer{.kind = kind};
  MqttBytes bytes(body);
  answer.packet_id = static_cast<std::uint16_t>(bytes.number(2));
  if (version == MqttVersion::v5_0) {
    if (!bytes.is_empty()) answer.reason = static_cast<std::uint8_t>(bytes.number(1));
    if (!bytes.is_empty()) bytes.take(bytes.length());
  }
  if (!bytes.is_well() || !bytes.is_empty() || answer.packet_id == 0) return malformed_mqtt("an answer to a message");
  return answer;
}

}  // namespace

void append_mqtt_hello(std::string& out, MqttVersion version, std::string_view client_id, std::string_view user,
                       std::string_view password) {
  std::string body;
  append_mqtt_text(body, "MQTT");
  body += static_cast<char>(version);
  // 3.1.1 has no password without a user (3.1.2.9).
  const bool has_password = !password.empty() && (!user.empty() || version == MqttVersion::v5_0);
  constexpr int kCleanSession = 0x02;
  body += static_cast<char>(kCleanSession | (user.empty() ? 0 : 0x80) | (has_password ? 0x40 : 0));
  append_mqtt_number(body, 0);
  if (version == MqttVersion::v5_0) append_mqtt_length(body, 0);
  append_mqtt_text(body, client_id);
  if (!user.empty()) append_mqtt_text(body, user);
  if (has_password) append_mqtt_text(body, password);
  append_mqtt_frame(out, 0x10, body);
}

base::Result<void> append_mqtt_publish(std::string& out, MqttVersion version, const MqttPublish& publish) {
  if (publish.topic.size() > kMqttTopicBytesMax || publish.payload.size() > kMqttPublishBytesMax)
    return base::fail(base::ErrorCode::limit,
                      fmt::format("a message of {} bytes; at most {}", publish.payload.size(), kMqttPublishBytesMax));
  const bool has_id = publish.quality > 0;
  const bool has_properties = version == MqttVersion::v5_0;
  out += static_cast<char>(0x30 | publish.quality << 1);
  append_mqtt_length(out, 2 + publish.topic.size() + (has_id ? 2 : 0) + (has_properties ? 1 : 0) + publish.payload.size());
  append_mqtt_text(out, publish.topic);
  if (has_id) append_mqtt_number(out, publish.packet_id);
  if (has_properties) append_mqtt_length(out, 0);
  out += publish.payload;
  return {};
}

void append_mqtt_release(std::string& out, std::uint16_t packet_id) {
  out.append("\x62\x02", 2);
  append_mqtt_number(out, packet_id);
}

base::Result<MqttAnswerRead> read_mqtt_answer(std::string_view bytes, MqttVersion version) {
  const auto frame = read_mqtt_frame(bytes);
  if (!frame) return std::unexpected(frame.error());
  if (frame->bytes == 0) return MqttAnswerRead{};
  using Kind = MqttAnswer::Kind;
  base::Result<MqttAnswer> answer = MqttAnswer{};
  switch (frame->head) {
    case 0x20: answer = read_welcome(frame->body, version); break;
    case 0x40: answer = read_acknowledgement(Kind::taken, frame->body, version); break;
    case 0x50: answer = read_acknowledgement(Kind::received, frame->body, version); break;
    case 0x70: answer = read_acknowledgement(Kind::completed, frame->body, version); break;
    case 0xD0: answer->kind = Kind::ping_answer; break;
    case 0xE0:
      if (version != MqttVersion::v5_0) return malformed_mqtt("a broker of 3.1.1 says no goodbye");
      answer->reason = frame->body.empty() ? 0 : static_cast<std::uint8_t>(frame->body[0]);
      break;
    default: return malformed_mqtt("a packet that no broker sends to somebody who publishes");
  }
  if (!answer) return std::unexpected(answer.error());
  return MqttAnswerRead{frame->bytes, *answer};
}

int mqtt_status(const MqttAnswer& answer, MqttVersion version) {
  if (answer.kind == MqttAnswer::Kind::goodbye) return 503;
  if (version == MqttVersion::v3_1_1) {
    // 3.2.2.3; other answers of this version say nothing but that it is well.
    constexpr std::array<int, 6> kStatuses{200, 400, 400, 503, 401, 403};
    return answer.reason < kStatuses.size() ? kStatuses[answer.reason] : 500;
  }
  if (answer.reason < 0x80) return 200;
  switch (answer.reason) {
    case 0x81:
    case 0x82:
    case 0x84:
    case 0x85:
    case 0x90:
    case 0x99: return 400;
    case 0x86:
    case 0x8C: return 401;
    case 0x87:
    case 0x8A: return 403;
    case 0x95: return 413;
    case 0x97:
    case 0x9F: return 429;
    default: return 503;
  }
}

}  // namespace citiverse::net
