// Any request target and query: a decoded path never holds what leads out of a folder.
#include "base/check.h"
#include "base/text.h"
#include "net/target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto target = citiverse::net::parse_target(text)) {
    const std::string padded = target->path + "/";
    CITIVERSE_CHECK(padded.find("/../") == std::string::npos && padded.find("/./") == std::string::npos, "no dot segments");
    CITIVERSE_CHECK(target->path.find('\0') == std::string::npos, "no NUL");
    CITIVERSE_CHECK(target->path.find('\\') == std::string::npos, "no backslash");
    CITIVERSE_CHECK(citiverse::base::is_utf8(target->path), "UTF-8 only");
    CITIVERSE_CHECK(target->path.front() == '/', "absolute");
  }
  if (const auto query = citiverse::net::parse_query(text)) {
    for (const auto& [name, value] : *query) {
      CITIVERSE_CHECK(citiverse::base::is_utf8(name) && citiverse::base::is_utf8(value), "UTF-8 only");
    }
  }
  return 0;
}
