// Sampling the terrain under outlines.
#include "tiles/ground_line.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace citiverse::tiles {

GroundRange ground_along(const city::City& city, const city::Feature& feature) {
  const city::Terrain& terrain = city.terrain();
  if (terrain.empty()) return {};
  GroundRange range{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  const double spacing = terrain.step_m() / 2;
  for (const city::Part& part : city.parts(feature.geometry)) {
    if (part.is_hole) continue;
    const auto ring = city.vertices(part);
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const geo::Vec2d a = ring[i];
      const geo::Vec2d b = ring[(i + 1) % ring.size()];
      const int pieces = static_cast<int>(std::clamp(std::ceil(distance(a, b) / spacing), 1.0, double{kGroundSamplesMax}));
      for (int k = 0; k < pieces; ++k) {
        const double z = terrain.height_at(a + (b - a) * (static_cast<double>(k) / pieces));
        range.low_m = std::min(range.low_m, z);
        range.high_m = std::max(range.high_m, z);
      }
    }
  }
  return range.low_m <= range.high_m ? range : GroundRange{};
}

double ground_line_m(const city::City& city, const city::Feature& feature) {
  const city::Building& own = city.building(feature);
  const bool has_parent = own.parent != city::kNone && own.parent < city.features().size() &&
                          city.feature(own.parent).id.kind() == city::FeatureKind::building;
  const city::Feature& whole = has_parent ? city.feature(own.parent) : feature;
  const GroundRange range = ground_along(city, whole);
  const bool from_street = (city.building(whole).estimated & city::kHeightEstimated) != 0;
  return from_street ? (range.low_m + range.high_m) / 2 : range.low_m;
}

}  // namespace citiverse::tiles
