// Any bytes as a GeoTIFF of elevations: an error or heights, never a crash.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "city/elevation_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace citiverse;
  const auto raster = city::ElevationRaster::open_bytes({reinterpret_cast<const char*>(data), size});
  if (!raster) return 0;
  const geo::LatLon places[2] = {{43.7, 7.4}, {43.8, 7.5}};
  geo::Vec2d pixels[2];
  raster->to_pixels(places, pixels);
  static_cast<void>(raster->read({0, 0}, {64, 64}));
  return 0;
}
