// Any bytes from a broker that is published to, in both versions: no answer is longer than what came.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "net/mqtt_publishing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  using citiverse::net::MqttVersion;
  const MqttVersion version = data[0] % 2 == 0 ? MqttVersion::v3_1_1 : MqttVersion::v5_0;
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);  // NOLINT: bytes are characters here.
  while (true) {
    const auto read = citiverse::net::read_mqtt_answer(bytes, version);
    if (!read || read->bytes == 0) return 0;
    CITIVERSE_CHECK(read->bytes <= bytes.size(), "an answer lies in what came");
    const int status = citiverse::net::mqtt_status(read->answer, version);
    CITIVERSE_CHECK(status >= 200 && status < 600, "every answer has a status");
    bytes.remove_prefix(read->bytes);
  }
}
