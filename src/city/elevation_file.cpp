// GDAL reads, projects and writes; this file only turns rows over and names what went wrong.
#include "city/elevation_file.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "city/gdal_library.h"

namespace citiverse::city {
namespace {

constexpr double kHeightMinM = -500;  // The Dead Sea's shore is at −430 m, Everest at 8849 m: what is beyond is no height.
constexpr double kHeightMaxM = 9000;
constexpr float kVoid = std::numeric_limits<float>::quiet_NaN();
constexpr int kArchiveFilesMax = 100;
constexpr double kBlockBytesMax = 128e6;

struct Dataset {
  const Gdal* gdal = nullptr;
  GDALDatasetH handle = nullptr;
  Dataset(const Gdal* g, GDALDatasetH h) : gdal(g), handle(h) {}
  Dataset(const Dataset&) = delete;
  Dataset& operator=(const Dataset&) = delete;
  ~Dataset() {
    if (handle != nullptr) gdal->GDALClose(handle);
  }
};

struct Reference {
  const Gdal* gdal;
  OGRSpatialReferenceH handle;
  explicit Reference(const Gdal* g) : gdal(g), handle(g->OSRNewSpatialReference(nullptr)) {}
  Reference(const Reference&) = delete;
  Reference& operator=(const Reference&) = delete;
  ~Reference() { gdal->OSRDestroySpatialReference(handle); }
};

std::string last_error(const Gdal& gdal) {
  const char* message = gdal.CPLGetLastErrorMsg();
  return message != nullptr && *message != '\0' ? message : "no reason given";
}

bool ends_with(std::string_view name, std::string_view ending) {
  if (name.size() < ending.size()) return false;
  return std::equal(ending.begin(), ending.end(), name.end() - static_cast<std::ptrdiff_t>(ending.size()),
                    [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b); });
}

// The one raster in a zip, as GDAL addresses it.
base::Result<std::string> inside_zip(const Gdal& gdal, const std::filesystem::path& path) {
  const std::string archive = "/vsizip/{" + path.string() + "}";
  char** names = gdal.VSIReadDirEx(archive.c_str(), kArchiveFilesMax);
  std::string found;
  int count = 0;
  bool nested = false;
  for (char** name = names; name != nullptr && *name != nullptr; ++name) {
    nested |= ends_with(*name, ".zip");
    if (!ends_with(*name, ".hgt") && !ends_with(*name, ".tif") && !ends_with(*name, ".tiff")) continue;
    if (count++ == 0) found = archive + "/" + *name;
  }
  gdal.CSLDestroy(names);
  if (count == 1) return found;
  const std::string_view why = count > 1 ? "holds several rasters; unpack it and name them"
                               : nested  ? "holds an archive in the archive; unpack it first"
                                         : "holds no .hgt or .tif file";
  return base::fail(base::ErrorCode::bad_input, fmt::format("{}: the archive {}", path.string(), why));
}

}  // namespace

struct ElevationRaster::State {
  const Gdal* gdal = nullptr;
  std::string name;
  std::string memory_file;  // Of open_bytes.
  GDALDatasetH dataset = nullptr;
  double to_map[6] = {};
  OGRCoordinateTransformationH projection = nullptr;  // Null: longitude and latitude.
  bool has_reference = false;

  ~State() {
    if (projection != nullptr) gdal->OCTDestroyCoordinateTransformation(projection);
    if (dataset != nullptr) gdal->GDALClose(dataset);
    if (!memory_file.empty()) gdal->VSIUnlink(memory_file.c_str());
  }

  std::unexpected<base::Error> bad(std::string_view why) const {
    return base::fail(base::ErrorCode::bad_input, fmt::format("{}: cannot be read as elevation: {}", name, why));
  }

  base::Result<void> open(const std::string& address) {
    static constexpr const char* drivers[] = {"GTiff", "SRTMHGT", nullptr};
    gdal->CPLErrorReset();
    dataset = gdal->GDALOpenEx(address.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY, drivers, nullptr, nullptr);
    if (dataset == nullptr) return bad(last_error(*gdal));
    if (gdal->GDALGetRasterCount(dataset) < 1) return bad("it has no band");
    // GDAL holds whole blocks of all bands: a small file can claim blocks of gigabytes.
    int block_columns = 0;
    int block_rows = 0;
    gdal->GDALGetBlockSize(gdal->GDALGetRasterBand(dataset, 1), &block_columns, &block_rows);
    const double block_bytes = 8.0 * block_columns * block_rows * gdal->GDALGetRasterCount(dataset);
    if (block_bytes > kBlockBytesMax) return bad("its blocks are larger than 128 MB; cut it into tiles first");
    const double determinant_min = 1e-30;
    if (gdal->GDALGetGeoTransform(dataset, to_map) != CE_None ||
        !(std::abs(to_map[1] * to_map[5] - to_map[2] * to_map[4]) > determinant_min))
      return bad("it does not say where it lies");
    const OGRSpatialReferenceH reference = gdal->GDALGetSpatialRef(dataset);
    has_reference = reference != nullptr;
    if (!has_reference) return {};
    const char* code = gdal->OSRGetAuthorityCode(reference, nullptr);
    if (code != nullptr && std::string_view(code) == "4326") return {};
    const Reference wgs84(gdal);
    if (gdal->OSRImportFromEPSG(wgs84.handle, 4326) != OGRERR_NONE) return bad("PROJ's database is missing");
    gdal->OSRSetAxisMappingStrategy(wgs84.handle, OAMS_TRADITIONAL_GIS_ORDER);
    gdal->OSRSetAxisMappingStrategy(reference, OAMS_TRADITIONAL_GIS_ORDER);
    projection = gdal->OCTNewCoordinateTransformation(wgs84.handle, reference);
    if (projection == nullptr) return bad("its reference system is not known: " + last_error(*gdal));
    return {};
  }
};

ElevationRaster::ElevationRaster(std::unique_ptr<State> state) : state_(std::move(state)) {}
ElevationRaster::ElevationRaster(ElevationRaster&&) noexcept = default;
ElevationRaster& ElevationRaster::operator=(ElevationRaster&&) noexcept = default;
ElevationRaster::~ElevationRaster() = default;

base::Result<ElevationRaster> ElevationRaster::open(const std::filesystem::path& path) {
  const auto gdal = Gdal::get();
  if (!gdal) return std::unexpected(gdal.error());
  if (!std::filesystem::is_regular_file(path))
    return base::fail(base::ErrorCode::not_found, fmt::format("{}: there is no such file", path.string()));
  auto state = std::make_unique<State>();
  state->gdal = *gdal;
  state->name = path.string();
  std::string address = std::filesystem::absolute(path).string();
  if (ends_with(address, ".zip")) {
    auto inside = inside_zip(**gdal, address);
    if (!inside) return std::unexpected(inside.error());
    address = *inside;
  }
  if (auto opened = state->open(address); !opened) return std::unexpected(opened.error());
  return ElevationRaster(std::move(state));
}

base::Result<ElevationRaster> ElevationRaster::open_bytes(std::string_view bytes) {
  const auto gdal = Gdal::get();
  if (!gdal) return std::unexpected(gdal.error());
  static std::atomic<unsigned> counter = 0;
  auto state = std::make_unique<State>();
  state->gdal = *gdal;
  state->name = "elevation in memory";
  state->memory_file = fmt::format("/vsimem/citiverse-{}.tif", counter++);
  auto* start = reinterpret_cast<GByte*>(const_cast<char*>(bytes.data()));
  VSILFILE* file = (*gdal)->VSIFileFromMemBuffer(state->memory_file.c_str(), start, bytes.size(), FALSE);
  if (file == nullptr) return state->bad("no memory file");
  static_cast<void>((*gdal)->VSIFCloseL(file));
  if (auto opened = state->open(state->memory_file); !opened) return std::unexpected(opened.error());
  return ElevationRaster(std::move(state));
}

int ElevationRaster::columns() const { return state_->gdal->GDALGetRasterXSize(state_->dataset); }
int ElevationRaster::rows() const { return state_->gdal->GDALGetRasterYSize(state_->dataset); }
bool ElevationRaster::has_reference_system() const { return state_->has_reference; }

void ElevationRaster::to_pixels(std::span<const geo::LatLon> places, std::span<geo::Vec2d> pixels) const {
  std::vector<double> x(places.size()), y(places.size());
  std::vector<int> ok(places.size(), TRUE);
  for (std::size_t i = 0; i < places.size(); ++i) {
    x[i] = places[i].lon_deg;
    y[i] = places[i].lat_deg;
  }
  if (state_->projection != nullptr)
    state_->gdal->OCTTransformEx(state_->projection, static_cast<int>(x.size()), x.data(), y.data(), nullptr, ok.data());
  const double* g = state_->to_map;
  const double determinant = g[1] * g[5] - g[2] * g[4];
  constexpr double kNowhere = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 0; i < places.size(); ++i) {
    const double dx = x[i] - g[0];
    const double dy = y[i] - g[3];
    const geo::Vec2d pixel{(dx * g[5] - dy * g[2]) / determinant, (dy * g[1] - dx * g[4]) / determinant};
    pixels[i] = ok[i] != 0 && std::isfinite(pixel.x) && std::isfinite(pixel.y) ? pixel : geo::Vec2d{kNowhere, kNowhere};
  }
}

base::Result<ElevationWindow> ElevationRaster::read(geo::Vec2d first, geo::Vec2d last) const {
  const Gdal& gdal = *state_->gdal;
  ElevationWindow window;
  const auto clamp_to = [](double value, int size) {
    return static_cast<int>(std::clamp(value, 0.0, static_cast<double>(size)));
  };
  window.first_column = clamp_to(std::floor(first.x), columns());
  window.first_row = clamp_to(std::floor(first.y), rows());
  const int width = clamp_to(std::ceil(last.x), columns()) - window.first_column;
  const int height = clamp_to(std::ceil(last.y), rows()) - window.first_row;
  if (width <= 0 || height <= 0) return window;
  window.step = std::max(1.0, static_cast<double>(std::max(width, height)) / kElevationWindowMax);
  window.columns = std::max(1, static_cast<int>(width / window.step));
  window.rows = std::max(1, static_cast<int>(height / window.step));
  window.heights_m.resize(static_cast<std::size_t>(window.columns) * static_cast<std::size_t>(window.rows));
  const GDALRasterBandH band = gdal.GDALGetRasterBand(state_->dataset, 1);
  GDALRasterIOExtraArg extra;
  INIT_RASTERIO_EXTRA_ARG(extra);
  if (window.step > 1) extra.eResampleAlg = GRIORA_Average;
  gdal.CPLErrorReset();
  const CPLErr failed = gdal.GDALRasterIOEx(band, GF_Read, window.first_column, window.first_row, width, height,
                                            window.heights_m.data(), window.columns, window.rows, GDT_Float32, 0, 0, &extra);
  if (failed != CE_None) return state_->bad(last_error(gdal));
  int has_void = FALSE;
  const double void_value = gdal.GDALGetRasterNoDataValue(band, &has_void);
  const double scale = gdal.GDALGetRasterScale(band, nullptr);
  const double offset = gdal.GDALGetRasterOffset(band, nullptr);
  for (float& h : window.heights_m) {
    const double value = static_cast<double>(h) * scale + offset;
    const bool is_void =
        (has_void != 0 && static_cast<double>(h) == void_value) || !(value >= kHeightMinM && value <= kHeightMaxM);
    h = is_void ? kVoid : static_cast<float>(value);
  }
  return window;
}

base::Result<void> write_elevation(const Terrain& terrain, const geo::CityPlane& plane, const std::filesystem::path& path) {
  const auto loaded = Gdal::get();
  if (!loaded) return std::unexpected(loaded.error());
  const Gdal& gdal = **loaded;
  const auto failed = [&] {
    return base::fail(base::ErrorCode::unavailable, fmt::format("{}: cannot be written: {}", path.string(), last_error(gdal)));
  };
  const int columns = static_cast<int>(terrain.columns());
  const int rows = static_cast<int>(terrain.rows());
  gdal.CPLErrorReset();
  const Dataset memory(&gdal, gdal.GDALCreate(gdal.GDALGetDriverByName("MEM"), "", columns, rows, 1, GDT_Float32, nullptr));
  if (memory.handle == nullptr) return failed();
  const double step = terrain.step_m();
  // A sample is the middle of its pixel; rows go south in the file.
  double to_map[6] = {terrain.origin().x - step / 2, step, 0, terrain.origin().y + step * (rows - 1) + step / 2, 0, -step};
  gdal.GDALSetGeoTransform(memory.handle, to_map);
  const Reference reference(&gdal);
  if (gdal.OSRImportFromProj4(reference.handle, plane.proj_string().c_str()) != OGRERR_NONE) return failed();
  gdal.GDALSetSpatialRef(memory.handle, reference.handle);
  // The grid's own numbers, since sums and differences of halves of a step may round.
  for (const auto& [key, value] :
       {std::pair{"TERRAIN_X", terrain.origin().x}, {"TERRAIN_Y", terrain.origin().y}, {"TERRAIN_STEP", step}})
    gdal.GDALSetMetadataItem(memory.handle, key, fmt::format("{:.17g}", value).c_str(), nullptr);
  const GDALRasterBandH band = gdal.GDALGetRasterBand(memory.handle, 1);
  for (int row = 0; row < rows; ++row) {
    auto* line =
        const_cast<float*>(terrain.heights_m().values().data()) + static_cast<std::size_t>(rows - 1 - row) * terrain.columns();
    if (gdal.GDALRasterIO(band, GF_Write, 0, row, columns, 1, line, columns, 1, GDT_Float32, 0, 0) != CE_None) return failed();
  }
  static constexpr const char* options[] = {"COMPRESS=DEFLATE", "PREDICTOR=YES",      "LEVEL=6", "BLOCKSIZE=256",
                                            "OVERVIEWS=AUTO",   "RESAMPLING=AVERAGE", nullptr};
  const Dataset file(&gdal, gdal.GDALCreateCopy(gdal.GDALGetDriverByName("COG"), path.c_str(), memory.handle, FALSE,
                                                const_cast<char**>(options), nullptr, nullptr));
  if (file.handle == nullptr) return failed();
  return {};
}

base::Result<Terrain> read_elevation(const std::filesystem::path& path) {
  const auto loaded = Gdal::get();
  if (!loaded) return std::unexpected(loaded.error());
  const Gdal& gdal = **loaded;
  const auto corrupt = [&](std::string_view why) {
    return base::fail(base::ErrorCode::corrupt, fmt::format("{}: is no terrain of a city: {}", path.string(), why));
  };
  if (!std::filesystem::is_regular_file(path))
    return base::fail(base::ErrorCode::not_found, fmt::format("{}: there is no such file", path.string()));
  static constexpr const char* drivers[] = {"GTiff", nullptr};
  gdal.CPLErrorReset();
  const Dataset file(&gdal, gdal.GDALOpenEx(path.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY, drivers, nullptr, nullptr));
  if (file.handle == nullptr) return corrupt(last_error(gdal));
  const int columns = gdal.GDALGetRasterXSize(file.handle);
  const int rows = gdal.GDALGetRasterYSize(file.handle);
  const auto samples = static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows);
  if (columns < 2 || rows < 2 || gdal.GDALGetRasterCount(file.handle) < 1) return corrupt("it has no grid");
  if (samples > kTerrainSamplesMax) return corrupt("it has more than 67 million samples");
  int block_columns = 0;
  int block_rows = 0;
  gdal.GDALGetBlockSize(gdal.GDALGetRasterBand(file.handle, 1), &block_columns, &block_rows);
  if (8.0 * block_columns * block_rows * gdal.GDALGetRasterCount(file.handle) > kBlockBytesMax)
    return corrupt("its blocks are larger than 128 MB");
  double grid[3] = {};
  const char* keys[3] = {"TERRAIN_X", "TERRAIN_Y", "TERRAIN_STEP"};
  double to_map[6];
  if (gdal.GDALGetGeoTransform(file.handle, to_map) != CE_None) return corrupt("it does not say where it lies");
  for (int i = 0; i < 3; ++i) {
    const char* text = gdal.GDALGetMetadataItem(file.handle, keys[i], nullptr);
    if (text == nullptr) return corrupt(fmt::format("it does not say {}", keys[i]));
    const auto [end, error] = std::from_chars(text, text + std::char_traits<char>::length(text), grid[i]);
    if (error != std::errc() || *end != '\0' || !std::isfinite(grid[i]))
      return corrupt(fmt::format("{} is no number", keys[i]));
  }
  if (!(grid[2] > 0)) return corrupt("its step is not above 0");
  std::vector<float> heights(samples);
  const GDALRasterBandH band = gdal.GDALGetRasterBand(file.handle, 1);
  for (int row = 0; row < rows; ++row) {
    float* line = heights.data() + static_cast<std::size_t>(rows - 1 - row) * static_cast<std::size_t>(columns);
    if (gdal.GDALRasterIO(band, GF_Read, 0, row, columns, 1, line, columns, 1, GDT_Float32, 0, 0) != CE_None)
      return corrupt(last_error(gdal));
  }
  if (!std::all_of(heights.begin(), heights.end(), [](float h) { return std::isfinite(h); }))
    return corrupt("a height is not a number");
  return Terrain({grid[0], grid[1]}, grid[2], static_cast<std::uint32_t>(columns), static_cast<std::uint32_t>(rows),
                 Column(std::move(heights)));
}

}  // namespace citiverse::city
