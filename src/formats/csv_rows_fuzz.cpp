// Any bytes as a table: what is taken is JSON, with a line for each row.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/json_reader.h"
#include "formats/csv_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto rows =
      citiverse::formats::read_csv({reinterpret_cast<const char*>(bytes), size}, 1000);  // NOLINT: bytes are characters here.
  if (!rows) return 0;
  const auto document = citiverse::base::JsonDocument::parse(rows->json);
  CITIVERSE_CHECK(document && document->root().size() == rows->lines.size(), "a line for each row");
  return 0;
}
