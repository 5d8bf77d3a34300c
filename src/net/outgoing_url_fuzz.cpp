// Any text as a URL: what is taken holds only characters that may stand in a request line.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "net/outgoing_url.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto url = citiverse::net::parse_outgoing_url({reinterpret_cast<const char*>(data), size});
  if (!url) return 0;
  CITIVERSE_CHECK(!url->host.empty() && url->port != 0 && url->target.starts_with('/'), "a URL that is taken is complete");
  for (const char c : url->host + url->target)
    CITIVERSE_CHECK(c > ' ' && c < 127, "no blanks or controls reach a request line");
  return 0;
}
