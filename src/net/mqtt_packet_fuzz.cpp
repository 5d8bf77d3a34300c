// Any bytes from a broker: packet by packet, none is longer than what came, and topics are topics.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/text.h"
#include "net/mqtt_packet.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);  // NOLINT: bytes are characters here.
  while (true) {
    const auto read = citiverse::net::read_mqtt_packet(bytes);
    if (!read || read->bytes == 0) return 0;
    CITIVERSE_CHECK(read->bytes <= bytes.size(), "a packet lies in what came");
    CITIVERSE_CHECK(citiverse::base::is_utf8(read->packet.topic), "a topic is UTF-8");
    bytes.remove_prefix(read->bytes);
  }
}
