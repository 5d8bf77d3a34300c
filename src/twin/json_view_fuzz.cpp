// Values were checked when they came in, but a scanner must be safe on anything.
#include <cstddef>
#include <cstdint>

#include "twin/json_view.h"
#include "twin/moment.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string scratch;
  citiverse::twin::json_member(text, "a");
  citiverse::twin::any_json_item(text, [](std::string_view) { return false; });
  citiverse::twin::json_string(text, scratch);
  citiverse::twin::json_number(text);
  if (const auto moment = citiverse::twin::parse_moment(text))
    if (citiverse::twin::parse_moment(citiverse::twin::moment_text(*moment)) != moment && *moment > -62'000'000'000'000'000 &&
        *moment < 253'000'000'000'000'000)
      __builtin_trap();
  return 0;
}
