// Any bytes as JSON: what is read can be walked to its end.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/json_reader.h"
#include "base/text.h"

namespace {

using citiverse::base::JsonValue;

void walk(JsonValue value, std::size_t depth) {
  CITIVERSE_CHECK(depth <= citiverse::base::kJsonDepthMax, "no deeper than the limit");
  if (const auto text = value.text()) CITIVERSE_CHECK(citiverse::base::is_utf8(*text), "UTF-8 only");
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value.is_array()) {
      walk(value[i], depth + 1);
    } else {
      const auto [name, member] = value.member(i);
      CITIVERSE_CHECK(!value.find(name).is_absent(), "a member is found by its name");
      walk(member, depth + 1);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document = citiverse::base::JsonDocument::parse({reinterpret_cast<const char*>(data), size});
  if (document) walk(document->root(), 0);
  return 0;
}
