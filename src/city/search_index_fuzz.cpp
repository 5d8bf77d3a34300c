// Any query against a small city: never a crash, never more hits than asked for.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "city/city_builder.h"
#include "city/search_index.h"

using namespace citiverse;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const city::City town = [] {
    city::CityBuilder builder("Fuzz", {43.7, 7.4});
    std::uint64_t next = 1;
    for (const char* name : {"Café de Paris", "東京駅前広場", "متحف المحيطات", "Straße des Friedens", "oceanographique"}) {
      const geo::Vec2d at{static_cast<double>(next), 0};
      city::Geometry g = builder.begin(city::GeometryType::point);
      builder.add_part(g, std::span(&at, 1));
      builder.add(city::FeatureId::of(city::FeatureKind::place, city::IdSource::generated, next++), g, builder.text(name),
                  city::Place{});
    }
    return std::move(builder).build();
  }();
  static const city::SearchIndex index(town);
  if (index.find({reinterpret_cast<const char*>(data), size}, geo::Vec2d{0, 0}, "fr", 3).size() > 3) std::abort();
  return 0;
}
