// Any bytes as a body: reads give defaults, and the failure that is named can be told to anybody.
#include <cstdint>

#include "api/json_body.h"
#include "base/check.h"
#include "base/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  citiverse::api::JsonBody body(std::string_view(reinterpret_cast<const char*>(data), size));
  const std::string name = body.required_text("name", 1, 40);
  body.required_boolean("minor");
  body.integer("limit", 1, 200);
  body.texts("languages", 8, 35);
  body.value("look");
  if (const auto& failure = body.failure()) {
    CITIVERSE_CHECK(citiverse::base::is_utf8(failure->parameter), "a member's name is shown to whoever sent it");
  } else {
    CITIVERSE_CHECK(!name.empty(), "a body without a failure has what is required");
  }
  return 0;
}
