// Grid first, then sampling, filling, smoothing and levelling, each over the whole grid.
#include "ingest/elevation.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "city/elevation_file.h"

namespace citiverse::ingest {
namespace {

constexpr float kVoid = std::numeric_limits<float>::quiet_NaN();

struct Grid {
  geo::Vec2d origin;
  double step = kTerrainStepMaxM;
  int columns = 2;
  int rows = 2;
  std::vector<float> heights;

  geo::Vec2d at(int column, int row) const { return {origin.x + step * column, origin.y + step * row}; }
  std::size_t index(int column, int row) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(column);
  }
};

Grid grid_over(const geo::Box2d& box, double step) {
  while (box.width() / step * (box.height() / step) > static_cast<double>(kTerrainGridMax)) step *= 2;
  Grid grid;
  grid.step = step;
  grid.origin = {std::floor(box.low.x / step) * step, std::floor(box.low.y / step) * step};
  grid.columns = static_cast<int>(std::ceil((box.high.x - grid.origin.x) / step)) + 1;
  grid.rows = static_cast<int>(std::ceil((box.high.y - grid.origin.y) / step)) + 1;
  grid.heights.assign(static_cast<std::size_t>(grid.columns) * static_cast<std::size_t>(grid.rows), kVoid);
  return grid;
}

// Metres a pixel of the raster takes at the middle of the box.
double pixel_m(const city::ElevationRaster& raster, const CityDraft& draft) {
  const geo::CityPlane& plane = draft.builder.plane();
  const geo::Vec2d middle = draft.box.center();
  const geo::LatLon places[3] = {plane.to_lat_lon(middle), plane.to_lat_lon(middle + geo::Vec2d{100, 0}),
                                 plane.to_lat_lon(middle + geo::Vec2d{0, 100})};
  geo::Vec2d pixels[3];
  raster.to_pixels(places, pixels);
  const double moved = std::max(geo::distance(pixels[0], pixels[1]), geo::distance(pixels[0], pixels[2]));
  return moved > 0 && std::isfinite(moved) ? 100 / moved : kTerrainStepMaxM;
}

// Pixel coordinates of every sample: exact on a lattice of each kLattice-th sample, and linear between. Over the 400 m that are
// at most between lattice points a projection bends by millimetres.
constexpr int kLattice = 16;
class PixelLattice {
 public:
  PixelLattice(const Grid& grid, const city::ElevationRaster& raster, const geo::CityPlane& plane) {
    columns_ = (grid.columns - 1) / kLattice + 2;
    const int rows = (grid.rows - 1) / kLattice + 2;
    std::vector<geo::LatLon> places;
    for (int r = 0; r < rows; ++r) {
      for (int c = 0; c < columns_; ++c) places.push_back(plane.to_lat_lon(grid.at(c * kLattice, r * kLattice)));
    }
    pixels_.resize(places.size());
    raster.to_pixels(places, pixels_);
  }
  geo::Vec2d at(int column, int row) const {
    const int c = column / kLattice;
    const int r = row / kLattice;
    const double u = static_cast<double>(column % kLattice) / kLattice;
    const double v = static_cast<double>(row % kLattice) / kLattice;
    const auto i = static_cast<std::size_t>(r) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(c);
    const auto above = i + static_cast<std::size_t>(columns_);
    const geo::Vec2d south = pixels_[i] * (1 - u) + pixels_[i + 1] * u;
    const geo::Vec2d north = pixels_[above] * (1 - u) + pixels_[above + 1] * u;
    return south * (1 - v) + north * v;
  }
  const std::vector<geo::Vec2d>& all() const { return pixels_; }

 private:
  int columns_ = 0;
  std::vector<geo::Vec2d> pixels_;
};

// Bilinear between pixel middles; void pixels are left out of the mean. Void when the middle of the pixel is.
float sampled(const city::ElevationWindow& w, geo::Vec2d pixel) {
  const double x = (pixel.x - w.first_column) / w.step - 0.5;
  const double y = (pixel.y - w.first_row) / w.step - 0.5;
  if (!(x >= -0.5 && y >= -0.5 && x <= w.columns - 0.5 && y <= w.rows - 0.5)) return kVoid;
  const int left = static_cast<int>(std::floor(x));
  const int top = static_cast<int>(std::floor(y));
  double sum = 0;
  double weights = 0;
  for (int i = 0; i < 4; ++i) {
    const int column = std::clamp(left + (i & 1), 0, w.columns - 1);
    const int row = std::clamp(top + (i >> 1), 0, w.rows - 1);
    const double fx = (i & 1) != 0 ? x - left : 1 - (x - left);
    const double fy = (i >> 1) != 0 ? y - top : 1 - (y - top);
    const float h =
        w.heights_m[static_cast<std::size_t>(row) * static_cast<std::size_t>(w.columns) + static_cast<std::size_t>(column)];
    if (std::isnan(h)) continue;
    sum += fx * fy * static_cast<double>(h);
    weights += fx * fy;
  }
  return weights > 0.25 ? static_cast<float>(sum / weights) : kVoid;
}

base::Result<void> sample(Grid& grid, const city::ElevationRaster& raster, const geo::CityPlane& plane) {
  const PixelLattice lattice(grid, raster, plane);
  geo::Box2d window;
  for (const geo::Vec2d p : lattice.all()) {
    if (std::isfinite(p.x) && std::isfinite(p.y)) window.extend(p);
  }
  if (window.empty()) return {};
  const auto pixels = raster.read(window.low - geo::Vec2d{2, 2}, window.high + geo::Vec2d{2, 2});
  if (!pixels) return std::unexpected(pixels.error());
  if (pixels->heights_m.empty()) return {};
  for (int row = 0; row < grid.rows; ++row) {
    for (int column = 0; column < grid.columns; ++column) {
      float& h = grid.heights[grid.index(column, row)];
      if (std::isnan(h)) h = sampled(*pixels, lattice.at(column, row));
    }
  }
  return {};
}

// Holes take the mean of their known neighbours, ring by ring inwards.
std::size_t fill_voids(Grid& grid) {
  std::vector<std::size_t> holes;
  for (std::size_t i = 0; i < grid.heights.size(); ++i) {
    if (std::isnan(grid.heights[i])) holes.push_back(i);
  }
  const std::size_t count = holes.size();
  if (count == grid.heights.size()) return count;
  const auto columns = static_cast<std::size_t>(grid.columns);
  std::vector<std::pair<std::size_t, float>> filled;
  while (!holes.empty()) {
    filled.clear();
    std::erase_if(holes, [&](std::size_t i) {
      const std::size_t column = i % columns;
      const std::size_t row = i / columns;
      double sum = 0;
      int known = 0;
      const auto take = [&](std::size_t j) {
        if (std::isnan(grid.heights[j])) return;
        sum += static_cast<double>(grid.heights[j]);
        ++known;
      };
      if (column > 0) take(i - 1);
      if (column + 1 < columns) take(i + 1);
      if (row > 0) take(i - columns);
      if (row + 1 < static_cast<std::size_t>(grid.rows)) take(i + columns);
      if (known == 0) return false;
      filled.emplace_back(i, static_cast<float>(sum / known));
      return true;
    });
    for (const auto& [i, h] : filled) grid.heights[i] = h;
  }
  return count;
}

// [1 2 1] / 4 along each axis; n passes have a variance of n / 2 samples².
void smooth(Grid& grid, int passes) {
  std::vector<float> line;
  const auto along = [&](std::size_t first, std::size_t stride, int count) {
    line.resize(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i)
      line[static_cast<std::size_t>(i)] = grid.heights[first + stride * static_cast<std::size_t>(i)];
    for (int i = 0; i < count; ++i) {
      const auto at = [&](int j) { return line[static_cast<std::size_t>(std::clamp(j, 0, count - 1))]; };
      grid.heights[first + stride * static_cast<std::size_t>(i)] = 0.25f * at(i - 1) + 0.5f * at(i) + 0.25f * at(i + 1);
    }
  };
  for (int pass = 0; pass < passes; ++pass) {
    for (int row = 0; row < grid.rows; ++row) along(grid.index(0, row), 1, grid.columns);
    for (int column = 0; column < grid.columns; ++column)
      along(grid.index(column, 0), static_cast<std::size_t>(grid.columns), grid.rows);
  }
}

// Samples inside the polygons and the ring of samples around them, so that the surface is level on every cell they touch.
std::vector<std::size_t> samples_of(const Grid& grid, const city::CityBuilder& builder, const city::Feature& feature) {
  std::vector<char> inside;
  const auto column_of = [&](double x) {
    return std::clamp(static_cast<int>(std::floor((x - grid.origin.x) / grid.step)), 0, grid.columns - 1);
  };
  const auto row_of = [&](double y) {
    return std::clamp(static_cast<int>(std::floor((y - grid.origin.y) / grid.step)), 0, grid.rows - 1);
  };
  const int c0 = column_of(feature.box.low.x - grid.step), c1 = column_of(feature.box.high.x + 2 * grid.step);
  const int r0 = row_of(feature.box.low.y - grid.step), r1 = row_of(feature.box.high.y + 2 * grid.step);
  const int width = c1 - c0 + 1;
  inside.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(r1 - r0 + 1));
  const auto mark = [&](int column, int row) {
    if (column >= c0 && column <= c1 && row >= r0 && row <= r1)
      inside[static_cast<std::size_t>(row - r0) * static_cast<std::size_t>(width) + static_cast<std::size_t>(column - c0)] = 1;
  };
  std::vector<double> crossings;
  for (int row = r0; row <= r1; ++row) {
    const double y = grid.at(0, row).y;
    crossings.clear();
    for (const city::Part& part : builder.parts(feature.geometry)) {
      const auto ring = builder.vertices(part);
      for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
        if ((ring[i].y > y) != (ring[j].y > y))
          crossings.push_back(ring[j].x + (y - ring[j].y) / (ring[i].y - ring[j].y) * (ring[i].x - ring[j].x));
      }
    }
    std::sort(crossings.begin(), crossings.end());
    for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
      const int from = static_cast<int>(std::ceil((crossings[i] - grid.origin.x) / grid.step));
      const int to = static_cast<int>(std::floor((crossings[i + 1] - grid.origin.x) / grid.step));
      for (int column = std::max(from, c0); column <= std::min(to, c1); ++column) mark(column, row);
    }
  }
  // The corners of every cell that the shore runs through.
  for (const city::Part& part : builder.parts(feature.geometry)) {
    const auto ring = builder.vertices(part);
    for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
      const int steps = static_cast<int>(geo::distance(ring[j], ring[i]) / (grid.step / 4)) + 1;
      for (int s = 0; s <= steps; ++s) {
        const geo::Vec2d p = ring[j] + (ring[i] - ring[j]) * (static_cast<double>(s) / steps);
        const int column = static_cast<int>(std::floor((p.x - grid.origin.x) / grid.step));
        const int row = static_cast<int>(std::floor((p.y - grid.origin.y) / grid.step));
        for (int k = 0; k < 4; ++k) mark(column + (k & 1), row + (k >> 1));
      }
    }
  }
  std::vector<std::size_t> samples;
  for (int row = r0; row <= r1; ++row) {
    for (int column = c0; column <= c1; ++column) {
      if (inside[static_cast<std::size_t>(row - r0) * static_cast<std::size_t>(width) +
                 static_cast<std::size_t>(column - c0)] != 0)
        samples.push_back(grid.index(column, row));
    }
  }
  return samples;
}

double polygon_area_m2(const city::CityBuilder& builder, const city::Feature& feature) {
  Shape shape{city::GeometryType::polygons, {}};
  for (const city::Part& part : builder.parts(feature.geometry)) {
    const auto ring = builder.vertices(part);
    shape.parts.push_back({{ring.begin(), ring.end()}, part.is_hole});
  }
  return shape.area_m2();
}

void level_water(Grid& grid, const city::CityBuilder& builder) {
  std::vector<const city::Feature*> seas;
  for (city::FeatureIndex i = 0; i < builder.size(); ++i) {
    const city::Feature& feature = builder.feature(i);
    if (feature.id.kind() != city::FeatureKind::water || feature.geometry.type != city::GeometryType::polygons) continue;
    const city::WaterClass water_class = builder.water(i).water_class;
    if (water_class == city::WaterClass::sea) {
      seas.push_back(&feature);
      continue;
    }
    using enum city::WaterClass;
    if (water_class == river || water_class == stream || water_class == canal || water_class == ditch) continue;  // They slope.
    if (polygon_area_m2(builder, feature) < kStillWaterMinM2) continue;
    const auto samples = samples_of(grid, builder, feature);
    if (samples.empty()) continue;
    std::vector<float> heights;
    for (const std::size_t s : samples) heights.push_back(grid.heights[s]);
    const auto low = heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 5);
    std::nth_element(heights.begin(), low, heights.end());
    for (const std::size_t s : samples) grid.heights[s] = *low;
  }
  // Last, since harbour basins meet the sea.
  for (const city::Feature* sea : seas) {
    for (const std::size_t s : samples_of(grid, builder, *sea)) grid.heights[s] = 0;
  }
}

city::Terrain flat(const geo::Box2d& box) {
  const double step = std::ceil(std::max(box.width(), box.height()));
  return city::Terrain({std::floor(box.low.x), std::floor(box.low.y)}, step + 1, 2, 2,
                       city::Column(std::vector<float>(4, 0.0f)));
}

class OpenedElevation final : public OpenedSource {
 public:
  explicit OpenedElevation(std::filesystem::path path) : path_(std::move(path)) {}
  std::optional<LatLonBox> extent() const override { return std::nullopt; }
  base::Result<void> read(CityDraft& draft) override {
    draft.elevations.push_back(path_);
    return {};
  }

 private:
  std::filesystem::path path_;
};

class ElevationReader final : public Reader {
 public:
  std::string_view format() const override { return "elevation as SRTM .hgt, GeoTIFF, or one of them in a .zip"; }
  bool recognises(const std::filesystem::path& path, std::string_view head) const override {
    std::string extension = path.extension().string();
    for (char& c : extension) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool is_tiff = head.starts_with(std::string_view("II*\0", 4)) || head.starts_with(std::string_view("MM\0*", 4)) ||
                         head.starts_with(std::string_view("II+\0", 4)) || head.starts_with(std::string_view("MM\0+", 4));
    return is_tiff || extension == ".hgt" || head.starts_with("PK\x03\x04");
  }
  base::Result<std::unique_ptr<OpenedSource>> open(const std::filesystem::path& path, std::string_view, Findings&,
                                                   const Progress&) const override {
    // Opened once to see that it can be: a foreign file is told before the long work.
    if (auto raster = city::ElevationRaster::open(path); !raster) return std::unexpected(raster.error());
    return std::make_unique<OpenedElevation>(path);
  }
};

}  // namespace

std::unique_ptr<Reader> elevation_reader() { return std::make_unique<ElevationReader>(); }

base::Result<city::Terrain> make_terrain(CityDraft& draft) {
  draft.progress("reading elevation", 0);
  std::vector<city::ElevationRaster> rasters;
  double finest = kTerrainStepMaxM * 100;
  double coarsest = 0;
  for (const auto& path : draft.elevations) {
    auto raster = city::ElevationRaster::open(path);
    if (!raster) return std::unexpected(raster.error());
    if (!raster->has_reference_system())
      draft.findings.add(path.filename().string(), "raster", "elevation without a reference system",
                         "read as WGS 84 longitude and latitude");
    finest = std::min(finest, pixel_m(*raster, draft));
    coarsest = std::max(coarsest, pixel_m(*raster, draft));
    rasters.push_back(std::move(*raster));
  }
  Grid grid = grid_over(draft.box, std::clamp(std::floor(finest), kTerrainStepMinM, kTerrainStepMaxM));
  for (const auto& raster : rasters) {
    if (auto done = sample(grid, raster, draft.builder.plane()); !done) return std::unexpected(done.error());
  }
  const std::size_t voids = fill_voids(grid);
  if (voids == grid.heights.size()) {
    const bool none = draft.elevations.empty();
    draft.findings.add(none ? "" : draft.elevations.front().filename().string(), "terrain",
                       none ? "no elevation file" : "elevation that does not reach the city", "the ground is flat at 0 m");
    return flat(draft.box);
  }
  if (voids > 0) {
    draft.findings.add(draft.elevations.front().filename().string(), "terrain", "elevation with holes",
                       "filled from around them", fmt::format("{} of {} samples", voids, grid.heights.size()));
  }
  const double deviation = 0.5 * coarsest / grid.step;
  smooth(grid, static_cast<int>(std::lround(2 * deviation * deviation)));
  level_water(grid, draft.builder);
  return city::Terrain(grid.origin, grid.step, static_cast<std::uint32_t>(grid.columns), static_cast<std::uint32_t>(grid.rows),
                       city::Column(std::move(grid.heights)));
}

}  // namespace citiverse::ingest
