// Any text as an address of notifications: what is taken can be connected to, and a topic is one that a broker takes.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/text.h"
#include "net/notifier_address.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto address =
      citiverse::net::parse_notifier_address({reinterpret_cast<const char*>(data), size});  // NOLINT: bytes are characters.
  if (!address) return 0;
  CITIVERSE_CHECK(!address->url.host.empty() && address->url.port != 0, "an address that is taken is complete");
  CITIVERSE_CHECK(address->is_mqtt || address->url.target.starts_with('/'), "a path begins with a slash");
  CITIVERSE_CHECK(!address->is_mqtt || (!address->url.target.empty() && citiverse::base::is_utf8(address->url.target) &&
                                        address->url.target.find_first_of(std::string_view("+#\0", 3)) == std::string::npos),
                  "a topic is one (MQTT 3.1.1, 3.3.2.1)");
  return 0;
}
