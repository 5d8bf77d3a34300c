// A city on disk: one folder with the city's own data (city.gpkg, terrain.tif), what the ingest found (findings.json), and what
// is derived from them (city.pack, tiles/).
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"
#include "city/city.h"

namespace citiverse::city {

inline constexpr std::string_view kGeopackageFile = "city.gpkg";
inline constexpr std::string_view kTerrainFile = "terrain.tif";
inline constexpr std::string_view kFindingsFile = "findings.json";
inline constexpr std::string_view kPackFile = "city.pack";
inline constexpr std::string_view kPackKeyFile = "city.pack.key";  ///< Sizes and times of the files the pack was made from.
inline constexpr std::string_view kTilesFolder = "tiles";

/// Opens the city: maps the pack when it was made from the data files as they are now, else reads these and makes the pack anew
/// (a folder that cannot be written is served without one). Fails: not_found when there is no city; corrupt; unavailable.
/// Cost with a good pack: a few file system calls.
base::Result<City> open_city(const std::filesystem::path& folder);

/// Makes the folder with all its files aside, in "FOLDER.writing", flushes it, and puts it in place at once: whoever looks sees
/// the old city or the new one. A city that is there is replaced, and its tiles with it; a folder that holds anything else is
/// refused (conflict). Fails: conflict, unavailable. The same city gives the same bytes in city.gpkg and terrain.tif.
base::Result<void> save_city(const City& city, const std::filesystem::path& folder, std::string_view findings_json = {});

}  // namespace citiverse::city
