// Any bytes: a path is read exactly when it is written back the same.
#include "base/check.h"
#include "tiles/tile_path.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view path(reinterpret_cast<const char*>(data), size);
  if (const auto read = citiverse::tiles::tile_path_from(path)) {
    CITIVERSE_CHECK(citiverse::tiles::to_string(*read) == path, "an address has one spelling");
  }
  return 0;
}
