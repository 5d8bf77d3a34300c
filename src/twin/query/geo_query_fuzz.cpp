// Any bytes as a geo-query and as a stored geometry.
#include <cstddef>
#include <cstdint>

#include "twin/query/geo_query.h"
#include "twin/query/query_test_city.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace citiverse::twin;
  static const TestWorld world;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view coordinates = text.substr(0, text.find('|'));
  const std::string_view target = text.substr(std::min(text.size(), coordinates.size() + 1));
  const NameId location = world.terms.name("location");
  const auto entity = world.entity("urn:x:1", "T", {world.attribute("location", Json{std::string(target)})});
  for (const char* type : {"Point", "LineString", "Polygon", "MultiPoint"})
    for (const char* georel : {"near;maxDistance==500", "within", "overlaps"})
      if (const auto query = GeoQuery::parse({georel, type, coordinates, location})) query->matches(*entity);
  (void)GeoQuery::parse({text, "Point", "[1,2]", location});
  return 0;
}
