// An outside reader of GeoPackages counts what the ingest says it made.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

#include "city/city_folder.h"
#include "ingest/ingest.h"

namespace citiverse {
namespace {

namespace fs = std::filesystem;

fs::path shared_data() {
  if (const char* set = std::getenv("CITIVERSE_SHARED_DATA")) return set;
  return fs::path(__FILE__).parent_path() / "../../shared/data";
}

std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return text;
  char piece[4096];
  for (std::size_t got = 0; (got = std::fread(piece, 1, sizeof piece, pipe)) > 0;) text.append(piece, got);
  ::pclose(pipe);
  return text;
}

std::uint32_t ogr_count(const std::string& report, std::string_view layer) {
  const auto at = report.find(fmt::format("Layer name: {}\n", layer));
  if (at == std::string::npos) return 0;
  const auto count = report.find("Feature Count: ", at);
  return count == std::string::npos ? 0 : static_cast<std::uint32_t>(std::strtoul(report.c_str() + count + 15, nullptr, 10));
}

TEST(Ogrinfo, counts_the_features_of_every_layer_as_the_ingest_does) {
  if (std::system("command -v ogrinfo >/dev/null && command -v gdalinfo >/dev/null") != 0)
    GTEST_SKIP() << "skipped: needs ogrinfo and gdalinfo (gdal-bin)";
  const std::vector<std::vector<fs::path>> cities = {{"monaco/monaco-2022-07-19.osm.pbf", "monaco/N43E007.hgt.zip"},
                                                     {"osm-3d/krems.osm.gz"},
                                                     {"osm-3d/berlin-siegessaeule.osm.gz"},
                                                     {"porto-alegre/poa_osm.pbf", "porto-alegre/poa_elevation.tif"}};
  const fs::path folder = fs::temp_directory_path() / "citiverse-ogrinfo-test";
  int seen = 0;
  for (const auto& files : cities) {
    ingest::IngestRequest request;
    for (const auto& file : files) request.files.push_back(shared_data() / file);
    if (!fs::exists(request.files[0])) continue;
    ++seen;
    const auto made = ingest::ingest(request, [](std::string_view, double) {});
    ASSERT_TRUE(made) << made.error().message;
    const auto saved = city::save_city(made->city, folder, made->findings.to_json());
    ASSERT_TRUE(saved) << saved.error().message;
    const std::string report = output_of(fmt::format("ogrinfo -so -al '{}' 2>&1", (folder / city::kGeopackageFile).string()));
    EXPECT_EQ(report.find("ERROR"), std::string::npos) << report;
    EXPECT_EQ(report.find("Warning"), std::string::npos) << report;
    std::size_t all = 0;
    for (std::size_t k = 1; k < city::kFeatureKinds; ++k) {
      const auto kind = static_cast<city::FeatureKind>(k);
      EXPECT_EQ(ogr_count(report, city::name_of(kind)), made->city.of_kind(kind).count)
          << files[0] << " " << city::name_of(kind);
      all += ogr_count(report, city::name_of(kind));
    }
    EXPECT_EQ(all, made->city.features().size()) << files[0];
    const std::string raster = output_of(fmt::format("gdalinfo '{}' 2>&1", (folder / city::kTerrainFile).string()));
    EXPECT_NE(raster.find("LAYOUT=COG"), std::string::npos) << raster;
    EXPECT_NE(raster.find("Transverse Mercator"), std::string::npos) << raster;
  }
  fs::remove_all(folder);
  if (seen == 0) GTEST_SKIP() << "skipped: no shared data";
}

}  // namespace
}  // namespace citiverse
