// Any value of Range, Accept-Encoding, If-None-Match and If-Range: a range that is granted lies in the file.
#include "base/check.h"
#include "net/negotiation.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace citiverse::net;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const std::uint64_t file : {0ull, 1ull, 10'000ull, 1ull << 40}) {
    const RangeAnswer answer = parse_range(text, file);
    if (answer.verdict != RangeVerdict::part) continue;
    CITIVERSE_CHECK(answer.range.count > 0 && answer.range.first < file, "a part has bytes");
    CITIVERSE_CHECK(answer.range.count <= file - answer.range.first, "a part ends in the file");
  }
  choose_encoding(text);
  if_none_match_holds(text, "\"0123456789abcdef\"");
  if_range_holds(text, "\"0123456789abcdef\"");
  return 0;
}
