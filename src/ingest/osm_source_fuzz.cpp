// Any bytes as an OpenStreetMap file, read all the way into a city: findings or an error, never a crash.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ingest/osm_city.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace citiverse;
  if (size == 0) return 0;
  // The first byte chooses the format: libosmium trusts what it is told.
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  ingest::Findings findings;
  auto source = ingest::OsmSource::open(bytes, "fuzz", data[0] == 'p' ? "pbf" : "xml", findings, [](double) {});
  if (!source || source->head().box.empty()) return 0;
  const geo::LatLon low = source->head().box.low;
  const ingest::Progress silent = [](std::string_view, double) {};
  ingest::CityDraft draft{city::CityBuilder("fuzz", {std::min(std::max(low.lat_deg, -80.0), 80.0), low.lon_deg}),
                          {{-5000, -5000}, {5000, 5000}},
                          findings,
                          silent,
                          {},
                          {},
                          0,
                          {},
                          {}};
  ingest::OsmCity city(draft, "fuzz", draft.builder.add_source({}));
  if (!source->read(city, findings, [](double) {})) return 0;
  city.finish(source->head().box);
  static_cast<void>(std::move(draft.builder).build());
  static_cast<void>(findings.to_json());
  return 0;
}
