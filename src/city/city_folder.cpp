// Written aside, flushed, exchanged by renameat2(2).
#include "city/city_folder.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "base/file.h"
#include "city/city_builder.h"
#include "city/city_pack.h"
#include "city/elevation_file.h"
#include "city/geopackage.h"

namespace citiverse::city {
namespace {

namespace fs = std::filesystem;
using base::Result;

constexpr std::array kKnownEntries = {kGeopackageFile, kTerrainFile, kFindingsFile, kPackFile, kPackKeyFile, kTilesFolder};
constexpr std::size_t kKeyBytesMax = 1000;

std::unexpected<base::Error> system_failure(const fs::path& path, std::string_view doing) {
  return base::fail(base::ErrorCode::unavailable, fmt::format("{}: cannot {}: {}", path.string(), doing, std::strerror(errno)));
}

// Size and time of change of each data file: what the pack was made from. A file that is missing counts as such.
std::string key_of(const fs::path& folder) {
  std::string key;
  for (const std::string_view name : {kGeopackageFile, kTerrainFile}) {
    struct stat status{};
    const fs::path path = folder / name;
    if (::stat(path.c_str(), &status) != 0) {
      key += fmt::format("{} none\n", name);
    } else {
      key += fmt::format("{} {} {}.{:09}\n", name, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
    }
  }
  return key;
}

// Also what stands beside a city's files under their names: SQLite's journal of a killed run, a GIS's notes.
bool is_city_folder_or_empty(const fs::path& folder) {
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    const std::string name = entry.path().filename().string();
    const auto is_named = [&](std::string_view known) {
      const bool begins = name.starts_with(known) && known != kTilesFolder;
      return name == known || (begins && (name[known.size()] == '-' || name[known.size()] == '.'));
    };
    if (std::none_of(kKnownEntries.begin(), kKnownEntries.end(), is_named)) return false;
  }
  return !failed;
}

Result<void> flush(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return system_failure(path, "open");
  const int failed = ::fsync(fd);
  ::close(fd);
  if (failed != 0) return system_failure(path, "flush");
  return {};
}

Result<void> write_files(const City& city, const fs::path& aside, std::string_view findings_json) {
  if (auto done = write_geopackage(city, aside / kGeopackageFile); !done) return done;
  if (!city.terrain().empty()) {
    if (auto done = write_elevation(city.terrain(), city.plane(), aside / kTerrainFile); !done) return done;
    if (auto done = flush(aside / kTerrainFile); !done) return done;
  }
  if (auto done = flush(aside / kGeopackageFile); !done) return done;
  if (!findings_json.empty()) {
    if (auto done = base::write_file_atomically(aside / kFindingsFile, findings_json); !done) return done;
  }
  if (auto done = CityPack::save(city, aside / kPackFile); !done) return done;
  return base::write_file_atomically(aside / kPackKeyFile, key_of(aside));
}

Result<void> put_in_place(const fs::path& aside, const fs::path& folder) {
  if (::renameat2(AT_FDCWD, aside.c_str(), AT_FDCWD, folder.c_str(), RENAME_NOREPLACE) == 0) return {};
  if (errno != EEXIST) return system_failure(folder, "put the new city in place");
  if (::renameat2(AT_FDCWD, aside.c_str(), AT_FDCWD, folder.c_str(), RENAME_EXCHANGE) != 0)
    return system_failure(folder, "exchange the old city for the new one");
  std::error_code failed;
  fs::remove_all(aside, failed);
  if (failed)
    return base::fail(base::ErrorCode::unavailable, fmt::format("{}: the old city cannot be removed", aside.string()));
  return {};
}

Result<City> read_city(const fs::path& folder) {
  auto city = read_geopackage(folder / kGeopackageFile);
  if (!city) return city;
  if (!fs::exists(folder / kTerrainFile)) return city;
  auto terrain = read_elevation(folder / kTerrainFile);
  if (!terrain) return std::unexpected(terrain.error());
  return CityBuilder::with_terrain(std::move(*city), std::move(*terrain));
}

}  // namespace

Result<City> open_city(const fs::path& folder) {
  const std::string key = key_of(folder);
  const auto stored_key = base::read_file(folder / kPackKeyFile, kKeyBytesMax);
  if (stored_key && *stored_key == key) {
    if (auto packed = CityPack::open(folder / kPackFile)) return packed;
  }
  if (!fs::exists(folder / kGeopackageFile)) {
    return base::fail(
        base::ErrorCode::not_found,
        fmt::format("{}: holds no city.gpkg; make one with `citiverse ingest` or `citiverse generate`", folder.string()));
  }
  auto city = read_city(folder);
  if (!city) return city;
  // In this order: a pack without its key is made again, a key without its pack too.
  std::error_code ignored;
  fs::remove(folder / kPackKeyFile, ignored);
  if (!CityPack::save(*city, folder / kPackFile) || !base::write_file_atomically(folder / kPackKeyFile, key)) return city;
  return CityPack::open(folder / kPackFile);
}

Result<void> save_city(const City& city, const fs::path& folder, std::string_view findings_json) {
  fs::path target = fs::absolute(folder).lexically_normal();
  if (!target.has_filename()) target = target.parent_path();
  std::error_code failed;
  if (fs::exists(target) && (!fs::is_directory(target) || !is_city_folder_or_empty(target))) {
    return base::fail(base::ErrorCode::conflict,
                      fmt::format("{}: holds other things than a city; give a new or empty folder", target.string()));
  }
  const fs::path aside = target.string() + ".writing";
  if (fs::exists(aside) && !is_city_folder_or_empty(aside))
    return base::fail(base::ErrorCode::conflict, fmt::format("{}: is in the way; remove it", aside.string()));
  fs::remove_all(aside, failed);  // What a killed run has left.
  fs::create_directories(aside, failed);
  if (failed)
    return base::fail(base::ErrorCode::unavailable, fmt::format("{}: cannot be made: {}", aside.string(), failed.message()));
  auto done = write_files(city, aside, findings_json);
  if (done) done = put_in_place(aside, target);
  if (!done) {
    fs::remove_all(aside, failed);
    return done;
  }
  return flush(target.parent_path());
}

}  // namespace citiverse::city
