// Any text as any value of a tag.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "ingest/osm_mapping.h"
#include "ingest/osm_values.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace citiverse::ingest;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(speed_kmh_from(text));
  static_cast<void>(number_from(text));
  static_cast<void>(colour_from(text));
  static_cast<void>(direction_deg_from(text));
  static_cast<void>(year_from(text));
  // The same text as every value of a building and a street: what comes out must be drawable.
  OsmTags tags;
  for (const char* key :
       {"building:levels", "height", "min_height", "roof:height", "roof:levels", "building:min_level", "roof:shape",
        "roof:direction", "width", "maxspeed", "lanes", "lanes:forward", "layer", "sidewalk", "oneway", "gauge"})
    tags.add(key, text);
  tags.add("building", "yes");
  tags.add("highway", "residential");
  tags.add("railway", "rail");
  ValueFaults faults;
  const auto building = building_from(tags, false, 100, faults);
  CITIVERSE_CHECK(building && building->height_m > 0 && building->height_m < 2000, "a building has a height");
  CITIVERSE_CHECK(building->min_height_m >= 0 && building->min_height_m < building->height_m, "its underside is below its top");
  CITIVERSE_CHECK(
      building->roof_height_m >= 0 && building->roof_height_m <= building->height_m - building->min_height_m + 1e-3f,
      "its roof fits");
  const auto street = street_from(tags, faults);
  CITIVERSE_CHECK(street && street->width_m > 0 && street->width_m <= 200, "a street has a width");
  static_cast<void>(rail_from(tags, faults));
  return 0;
}
