// Any text: never a crash, and what is read answers questions.
#include <cstddef>
#include <cstdint>

#include "city/opening_hours.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace std::chrono;
  const auto hours = citiverse::city::OpeningHours::parse({reinterpret_cast<const char*>(data), size});
  if (!hours) return 0;
  const citiverse::city::LocalTime noon = local_days(year(2026) / 2 / 28) + std::chrono::hours(12);
  (void)hours->is_open(noon);
  return 0;
}
