// Any bytes as a feed: what is taken is JSON.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/json_reader.h"
#include "formats/gtfs_realtime.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto json = citiverse::formats::gtfs_realtime_json(
      {reinterpret_cast<const char*>(bytes), size});  // NOLINT: bytes are characters here.
  if (json) CITIVERSE_CHECK(citiverse::base::JsonDocument::parse(*json, 32).has_value(), "what is written always parses");
  return 0;
}
