// Opens all files, lays the plane in their middle, then reads them one after another.
#include "ingest/ingest.h"

#include <cmath>
#include <fstream>

#include <fmt/format.h>

#include "ingest/elevation.h"
#include "ingest/time_zone.h"

namespace citiverse::ingest {
namespace {

std::vector<std::unique_ptr<Reader>> readers() {
  std::vector<std::unique_ptr<Reader>> all;
  all.push_back(osm_reader());
  all.push_back(elevation_reader());
  return all;
}

base::Result<std::string> head_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path))
    return base::fail(base::ErrorCode::not_found, fmt::format("{}: there is no file to read", path.string()));
  std::string head(kProbeBytes, '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(file.gcount()));
  return head;
}

base::Result<std::unique_ptr<OpenedSource>> open_file(const std::filesystem::path& path, Findings& findings,
                                                      const Progress& progress) {
  const auto head = head_of(path);
  if (!head) return std::unexpected(head.error());
  std::string known;
  for (const auto& reader : readers()) {
    if (reader->recognises(path, *head)) return reader->open(path, *head, findings, progress);
    known += fmt::format("{}{}", known.empty() ? "" : "; ", reader->format());
  }
  return base::fail(base::ErrorCode::bad_input, fmt::format("{}: no known format; known are: {}", path.string(), known));
}

// Three decimals are a hundred metres: tidy numbers, and the same plane when the data grows a little.
double tidy(double degrees) { return std::round(degrees * 1e3) / 1e3; }

// The one that nearly all objects agree on; a border town has some addresses of its neighbours.
std::string agreed(const std::map<std::string, std::size_t>& counts) {
  std::size_t all = 0;
  const std::pair<const std::string, std::size_t>* most = nullptr;
  for (const auto& entry : counts) {
    all += entry.second;
    if (most == nullptr || entry.second > most->second) most = &entry;
  }
  return most != nullptr && most->second * 10 >= all * 8 ? most->first : std::string();
}

std::string time_zone(const IngestRequest& request, CityDraft& draft) {
  if (!request.time_zone.empty()) return request.time_zone;
  std::string zone = agreed(draft.zones);
  if (zone.empty()) zone = time_zone_of_country(agreed(draft.countries));
  if (!zone.empty()) return zone;
  draft.findings.add("", "city", "time zone that the data does not say", "UTC is taken; name it with --time-zone");
  return "UTC";
}

}  // namespace

base::Result<Ingested> ingest(const IngestRequest& request, const Progress& progress) {
  if (!request.time_zone.empty() && !is_time_zone_name(request.time_zone)) {
    return base::fail(base::ErrorCode::bad_input,
                      fmt::format("'{}' is no name of a time zone; an example is Europe/Monaco", request.time_zone));
  }
  Findings findings;
  std::vector<std::unique_ptr<OpenedSource>> sources;
  LatLonBox box;
  for (const auto& path : request.files) {
    auto source = open_file(path, findings, progress);
    if (!source) return std::unexpected(source.error());
    if (const auto extent = (*source)->extent()) {
      box.extend(extent->low);
      box.extend(extent->high);
    }
    sources.push_back(std::move(*source));
  }
  if (box.empty())
    return base::fail(base::ErrorCode::bad_input, "none of the files holds objects with a place; give an OpenStreetMap file");

  const geo::LatLon origin{tidy((box.low.lat_deg + box.high.lat_deg) / 2), tidy((box.low.lon_deg + box.high.lon_deg) / 2)};
  std::string name = request.name.empty() ? request.files.front().stem().stem().string() : request.name;
  CityDraft draft{city::CityBuilder(name, origin), {}, findings, progress, {}, {}, 0, {}, {}};
  for (const geo::LatLon& corner :
       {box.low, geo::LatLon{box.low.lat_deg, box.high.lon_deg}, box.high, geo::LatLon{box.high.lat_deg, box.low.lon_deg}})
    draft.box.extend(draft.builder.plane().to_plane(corner));
  draft.box = draft.box.grown_by(kMarginM);
  if (!(draft.box.width() < kCityExtentMaxKm * 1000) || !(draft.box.height() < kCityExtentMaxKm * 1000)) {
    return base::fail(
        base::ErrorCode::limit,
        fmt::format("{}: the data spans {:.0f} by {:.0f} km; a city spans at most {} km: cut the city out first",
                    request.files.front().string(), draft.box.width() / 1000, draft.box.height() / 1000, kCityExtentMaxKm));
  }
  for (const auto& source : sources) {
    if (auto done = source->read(draft); !done) return std::unexpected(done.error());
  }
  auto terrain = make_terrain(draft);
  if (!terrain) return std::unexpected(terrain.error());
  draft.builder.set_terrain(std::move(*terrain));
  if (request.name.empty() && !draft.name.empty()) draft.builder.set_name(draft.name);
  draft.builder.set_time_zone(time_zone(request, draft));
  progress("building the city", 0);
  return Ingested{std::move(draft.builder).build(), std::move(findings)};
}

}  // namespace citiverse::ingest
