// Room for play, sport, water and cars, fitted between what is built.
#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "ingest/practice/countryside.h"

namespace citiverse::ingest::practice {
namespace {

using city::GreenClass;

class Fitter {
 public:
  Fitter(const Setting& setting, const std::vector<Way>& ways, const Houses& houses)
      : paths_(setting.half_size_m()), houses_(houses) {
    for (const Way& way : ways) paths_.add({way.path, way.kind});
  }

  /// A rectangle in the block, parallel to its longest side, as near to its middle and to the wanted size as there is room.
  Path fit(const Block& block, double along_m, double across_m, double least, base::Random& random) {
    const Polygon& land = block.land.front();
    Vec2d axis{1, 0};
    double longest = 0;
    for (std::size_t i = 0; i < land.outer.size(); ++i) {
      const Vec2d side = land.outer[(i + 1) % land.outer.size()] - land.outer[i];
      if (length(side) > longest) longest = length(side), axis = unit(side);
    }
    for (double scale = 1; scale >= least; scale *= 0.9)
      for (int attempt = 0; attempt < 10; ++attempt) {
        const double away = block.depth_m * (attempt < 2 ? 0.1 : 0.85);
        const Vec2d centre =
            block.centre + axis * (random.uniform(-1.6, 1.6) * away) + left_of(axis) * (random.uniform(-1, 1) * away);
        Path ring = rectangle(centre, axis, along_m * scale, across_m * scale);
        for (Vec2d& p : ring) p = geo::snapped_to_mm(p);
        if (is_clear(ring, land)) {
          taken_.push_back(ring);
          return ring;
        }
      }
    return {};
  }
  bool is_clear(const Path& ring, const Polygon& land) const {
    if (!fits(ring, land) || !houses_.is_free(ring)) return false;
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const Vec2d a = ring[i], b = ring[(i + 1) % ring.size()];
      for (double at = 0; at < distance(a, b); at += 4)
        if (paths_.is_near(a + unit(b - a) * at, 3)) return false;
    }
    const geo::Box2d box = box_of(ring);
    return std::none_of(taken_.begin(), taken_.end(), [&](const Path& other) { return box_of(other).intersects(box); });
  }

 private:
  StreetLines paths_;
  const Houses& houses_;
  std::vector<Path> taken_;
};

Path round_basin(Vec2d centre, double radius_m) {
  Path ring;
  for (int i = 0; i < 12; ++i)
    ring.push_back(
        geo::snapped_to_mm(centre + Vec2d{std::cos(i * 0.5235987755982988), std::sin(i * 0.5235987755982988)} * radius_m));
  return ring;
}

}  // namespace

void lay_out_leisure(const Setting& setting, const std::vector<Block>& blocks, const std::vector<Way>& ways,
                     const Houses& houses, Greenery& out) {
  Fitter fitter(setting, ways, houses);
  for (std::uint32_t i = 0; i < blocks.size(); ++i) {
    const Block& block = blocks[i];
    if (block.land.empty()) continue;
    base::Random random(setting.seed(), 400'000'000ull + i);
    const auto add = [&](GreenClass green, double along_m, double across_m, double least) {
      Path ring = fitter.fit(block, along_m, across_m, least, random);
      if (!ring.empty()) out.leisure.push_back({{std::move(ring), {}}, green, i, false});
    };
    const auto park_cars = [&](double along_m) {
      Path ring = fitter.fit(block, along_m, 16.5, 0.6, random);
      if (!ring.empty()) out.car_parks.push_back({std::move(ring), {}});
    };
    switch (block.use) {
      case BlockUse::sports:
        add(GreenClass::pitch, 100, 64, 0.45);
        add(GreenClass::pitch, 36, 18, 0.7);
        park_cars(40);
        break;
      case BlockUse::school: add(GreenClass::pitch, 34, 20, 0.5); break;
      case BlockUse::kindergarten:
      case BlockUse::park: add(GreenClass::playground, 22, 16, 0.5); break;
      case BlockUse::hospital:
      case BlockUse::university:
      case BlockUse::fire_police: park_cars(52); break;
      case BlockUse::station_square: park_cars(34); break;
      case BlockUse::built:
        if (block.zone == Zone::industry) park_cars(48);
        if (block.zone == Zone::estate) park_cars(44), add(GreenClass::playground, 18, 14, 0.6);
        break;
      case BlockUse::market:
      case BlockUse::small_square: {
        const Path basin = round_basin(block.centre, block.use == BlockUse::market ? 3.4 : 2.2);
        if (fitter.is_clear(basin, block.land.front())) out.fountains.push_back({basin, {}});
        break;
      }
      default: break;
    }
  }
}

}  // namespace citiverse::ingest::practice
