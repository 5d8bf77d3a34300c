// A city as one file that is mapped, not read: how a city of any size is ready at once. It is derived from the GeoPackage and
// the elevation file, which remain the city's own data; delete it and it is made again.
#pragma once

#include <filesystem>

#include "base/result.h"
#include "city/city.h"

namespace citiverse::city {

/// Raised whenever a struct in feature.h changes; a pack of another version is refused, and made anew.
inline constexpr std::uint32_t kPackVersion = 1;

class CityPack {
 public:
  /// Writes the arrays in this machine's byte order, aside and then renamed. Fails: unavailable.
  static base::Result<void> save(const City& city, const std::filesystem::path& path);

  /// Maps the file; nothing is read until it is used. Checks header, version and sizes, not contents: a pack is private to the
  /// node that made it. Fails: not_found, corrupt, unavailable.
  static base::Result<City> open(const std::filesystem::path& path);
};

}  // namespace citiverse::city
