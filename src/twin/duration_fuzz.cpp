// Any bytes as a duration: what is taken divides time without gaps.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "twin/duration.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace citiverse;
  const auto period = twin::parse_duration({reinterpret_cast<const char*>(data), size});
  if (!period || period->is_zero()) return 0;
  constexpr twin::TimeUs kOriginUs = 1'600'000'000'000'000;
  for (const twin::TimeUs time_us : {kOriginUs, kOriginUs + 1, twin::TimeUs{4'000'000'000'000'000}}) {
    const std::int64_t index = twin::period_of(time_us, kOriginUs, *period);
    CITIVERSE_CHECK(twin::period_start(kOriginUs, *period, index) <= time_us, "a period begins before what it holds");
    CITIVERSE_CHECK(twin::period_start(kOriginUs, *period, index + 1) > time_us, "and ends after it");
  }
  return 0;
}
