// Any bytes as a path over a fixed text: nothing is read beyond it, and what parses walks.
#include <cstddef>
#include <cstdint>

#include "formats/json_path.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const auto document = citiverse::base::JsonDocument::parse(R"({"a":[{"b":1},[2,{"c":{}}]],"":{"d":null}})");
  const auto path =
      citiverse::formats::JsonPath::parse({reinterpret_cast<const char*>(bytes), size});  // NOLINT: bytes are characters here.
  if (path) path->each(document->root(), [](citiverse::base::JsonValue value) { return value.size() < 100; });
  return 0;
}
