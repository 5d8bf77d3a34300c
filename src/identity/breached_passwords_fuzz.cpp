// Any bytes as the list: the search ends, and reads nothing beyond it.
#include <cstdint>

#include "identity/breached_passwords.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view list(reinterpret_cast<const char*>(data), size);
  citiverse::identity::has_line_of(list, "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8");
  citiverse::identity::has_line_of(list, list.substr(0, 40));
  return 0;
}
