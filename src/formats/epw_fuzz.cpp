// Weather files come from anywhere: no bytes of theirs may break the reader.
#include <cmath>
#include <cstdint>

#include "base/check.h"
#include "formats/epw.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace citiverse;
  const auto weather = formats::read_epw({reinterpret_cast<const char*>(data), size});
  if (!weather) return 0;
  for (const formats::EpwHour& h : weather->hours) {
    CITIVERSE_CHECK(h.direct_normal >= 0 && h.direct_normal < 9999 && std::isfinite(h.dry_bulb_c), "values are in range");
  }
  return 0;
}
