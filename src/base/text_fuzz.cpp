// Any bytes: what is cleaned is valid UTF-8 within its limit, and cleaning it again changes nothing.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace citiverse::base;
  const std::string clean = clean_text({reinterpret_cast<const char*>(data), size}, 100);
  if (!is_utf8(clean) || clean.size() > 100 || clean_text(clean, 100) != clean) std::abort();
  return 0;
}
