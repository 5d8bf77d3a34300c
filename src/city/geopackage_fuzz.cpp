// Any bytes as a GeoPackage, as a geometry and as attributes: an error, never a crash.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "city/geopackage.h"
#include "city/geopackage_blob.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static_cast<void>(citiverse::city::from_blob(bytes, 10'000));
  static_cast<void>(citiverse::city::from_json(bytes, 100));
  if (bytes.starts_with("SQLite format 3")) static_cast<void>(citiverse::city::read_geopackage_bytes(bytes));
  return 0;
}
