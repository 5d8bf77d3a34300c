// Elevation on disk: reading any raster that GDAL knows as SRTM .hgt or GeoTIFF, and the city's own terrain.tif.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "city/terrain.h"
#include "geo/city_plane.h"

namespace citiverse::city {

/// Heights in metres, NaN where the source has none. Row 0 is the first of the file.
struct ElevationWindow {
  int first_column = 0;  ///< In pixels of the whole raster, which may be larger than a sample: see step.
  int first_row = 0;
  int columns = 0;
  int rows = 0;
  double step = 1;  ///< Pixels of the raster a sample stands for.
  std::vector<float> heights_m;
};

inline constexpr int kElevationWindowMax = 4096;  ///< Samples a side; larger windows are read averaged.

/// One open raster of elevations; its first band. Move-only. Threads: one owner.
class ElevationRaster {
 public:
  /// A GeoTIFF or .hgt file, or the only one of these in a zip. Fails: not_found, bad_input, unavailable.
  static base::Result<ElevationRaster> open(const std::filesystem::path& path);
  /// A GeoTIFF in memory; the bytes must outlive the raster.
  static base::Result<ElevationRaster> open_bytes(std::string_view bytes);
  ElevationRaster(ElevationRaster&&) noexcept;
  ElevationRaster& operator=(ElevationRaster&&) noexcept;
  ~ElevationRaster();

  int columns() const;
  int rows() const;
  /// False when the file names no reference system, and longitude and latitude are taken.
  bool has_reference_system() const;
  /// Pixel coordinates of places: x columns from the left edge, y rows from the top edge; the middle of the first pixel is
  /// (0.5, 0.5). NaN where the file's projection has no such place.
  void to_pixels(std::span<const geo::LatLon> places, std::span<geo::Vec2d> pixels) const;
  /// The pixels in [first, last], clamped to the raster. Fails: bad_input when they cannot be read.
  base::Result<ElevationWindow> read(geo::Vec2d first, geo::Vec2d last) const;

 private:
  struct State;
  explicit ElevationRaster(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Writes the terrain as a cloud-optimised GeoTIFF (32-bit floats, in the plane's own transverse Mercator), not aside: the
/// caller does. Fails: unavailable.
base::Result<void> write_elevation(const Terrain& terrain, const geo::CityPlane& plane, const std::filesystem::path& path);

/// Reads what write_elevation wrote, exactly. Fails: not_found, corrupt, limit.
base::Result<Terrain> read_elevation(const std::filesystem::path& path);

inline constexpr std::size_t kTerrainSamplesMax = 64u << 20;

}  // namespace citiverse::city
