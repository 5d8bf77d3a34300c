// `citiverse ingest`: source files in, a city and its findings out.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "city/city.h"
#include "ingest/finding.h"
#include "ingest/reader.h"

namespace citiverse::ingest {

struct IngestRequest {
  std::vector<std::filesystem::path> files;
  std::string name;       ///< Empty: that of the most important municipality in the data, else of the first file.
  std::string time_zone;  ///< IANA name; empty: what the data says, else "UTC" with a finding.
};

struct Ingested {
  city::City city;
  Findings findings;
};

inline constexpr double kCityExtentMaxKm = 400;  ///< The city plane is exact to 300 km from its origin.

/// Fails: bad_input when a file is no format that a reader knows, is damaged, or no file has objects with a place; not_found;
/// limit. Imperfect objects are findings, not failures.
base::Result<Ingested> ingest(const IngestRequest& request, const Progress& progress);

}  // namespace citiverse::ingest
