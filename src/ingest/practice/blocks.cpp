// From faces to blocks, and the choice of blocks for squares, parks, schools and whatever else a town needs room for.
#include "ingest/practice/blocks.h"

#include <tbb/parallel_for.h>

#include <algorithm>

#include "base/random.h"

namespace citiverse::ingest::practice {
namespace {

constexpr double kPieceMinM2 = 120;

void measure(Block& block, const Setting& setting, const TownPlan& plan, const StreetField& field, const StreetGraph& graph) {
  const Polygon face{block.face, {}};
  block.centre = largest_circle(face).centre;
  block.remoteness = setting.remoteness(block.centre);
  block.zone = plan.zone_at(block.centre);
  block.slope = field.slope(block.centre);
  const double from_rail = distance_to_path(plan.railway(), block.centre);
  const double from_river = setting.river_near(block.centre).from_edge_m;
  if (from_river < 0) {
    // The river's own face goes around the island; the island's face is no larger than the island.
    const bool island = setting.island().size() > 2 && area_of(face) < 1.2 * std::abs(signed_area(setting.island()));
    block.use = island ? BlockUse::island : BlockUse::water;
    if (island) block.land = {face};
    return;
  }
  if (from_rail < plan.railway_half_width_m(block.centre)) {
    block.use = BlockUse::railway;
    return;
  }
  std::vector<Strip> strips;
  for (const std::uint32_t e : block.edges) {
    const StreetEdge& edge = graph.edges()[e];
    strips.push_back({{graph.from(edge), graph.to(edge)}, half_room_m(edge.kind, block.zone)});
    if (is_street(edge.kind)) block.streets.push_back(strips.back());
  }
  block.land = minus(face, strips, {}, kPieceMinM2);
  for (Polygon& p : block.land) p.outer = simplified(p.outer, 0.35);
  if (!block.land.empty()) block.depth_m = largest_circle(block.land.front()).radius_m;
  if (from_river < TownPlan::kQuayM - 3) block.use = BlockUse::bank;
  if (contains(block.face, plan.market()[0] * 0.5 + plan.market()[2] * 0.5)) block.use = BlockUse::market;
  if (contains(block.face, plan.minster()[0] * 0.5 + plan.minster()[2] * 0.5)) block.use = BlockUse::minster;
}

/// Picks blocks for a use: the free one with the best score, again and again, none near one already picked.
template <class Score>
void pick(std::vector<Block>& blocks, BlockUse use, int count, double apart_m, const Score& score) {
  std::vector<Vec2d> taken;
  for (int i = 0; i < count; ++i) {
    double best = 0;
    Block* chosen = nullptr;
    for (Block& b : blocks) {
      if (b.use != BlockUse::built || b.land.empty() || b.zone == Zone::rural) continue;
      if (std::any_of(taken.begin(), taken.end(), [&](Vec2d p) { return distance(p, b.centre) < apart_m; })) continue;
      const double s = score(b, area_of(b.land.front()));
      if (s > best) best = s, chosen = &b;
    }
    if (chosen == nullptr) return;
    chosen->use = use;
    taken.push_back(chosen->centre);
  }
}

double fit(double area_m2, double low, double high) { return area_m2 >= low && area_m2 <= high ? 1.0 : 0.0; }

void give_uses(std::vector<Block>& blocks, const Setting& setting, const TownPlan& plan) {
  const double people = setting.people();
  const double r = setting.town_radius_m();
  const auto several = [&](double share) { return std::max(1, static_cast<int>(people / share + 0.5)); };
  base::Random random(setting.seed(), 41);
  const auto luck = [&](const Block& b) {
    return 0.6 + 0.4 * base::Random(setting.seed(),
                                    base::mix64(static_cast<std::uint64_t>(static_cast<std::int64_t>(b.centre.x * 1000))))
                           .uniform();
  };

  const Vec2d front = plan.station() - left_of(plan.station_direction()) * 65;
  pick(blocks, BlockUse::station_square, 1, 0,
       [&](const Block& b, double area) { return area < 14'000 ? smooth_step(160, 0, distance(b.centre, front)) : 0; });
  pick(blocks, BlockUse::small_square, several(9'000), 150, [&](const Block& b, double area) {
    return b.zone == Zone::old_town || b.zone == Zone::inner ? fit(area, 450, 2'600) * luck(b) : 0;
  });
  pick(blocks, BlockUse::park, 1, 0, [&](const Block& b, double area) {
    return b.zone == Zone::inner || b.zone == Zone::mixed
               ? std::min(area, 30'000.0) / 30'000 * luck(b) * smooth_step(1.0, 0.3, b.remoteness)
               : 0;
  });
  pick(blocks, BlockUse::hospital, several(120'000), 0, [&](const Block& b, double area) {
    return b.zone == Zone::mixed || b.zone == Zone::inner || b.zone == Zone::garden ? fit(area, 9'000, 60'000) * luck(b) : 0;
  });
  if (people >= 20'000)
    pick(blocks, BlockUse::university, several(60'000), 0, [&](const Block& b, double area) {
      return b.zone == Zone::inner || b.zone == Zone::mixed ? fit(area, 8'000, 60'000) * luck(b) : 0;
    });
  pick(blocks, BlockUse::school, several(3'500), r * 0.3, [&](const Block& b, double area) {
    return b.zone != Zone::industry && b.zone != Zone::old_town ? fit(area, 4'500, 16'000) * luck(b) : 0;
  });
  pick(blocks, BlockUse::sports, several(8'000), r * 0.4, [&](const Block& b, double area) {
    return b.slope < 0.05 && b.depth_m > 38 && b.remoteness > 0.45 ? fit(area, 9'000, 60'000) * luck(b) * b.remoteness : 0;
  });
  pick(blocks, BlockUse::park, several(4'000), r * 0.22, [&](const Block& b, double area) {
    return b.zone != Zone::industry && b.zone != Zone::old_town ? fit(area, 3'000, 24'000) * luck(b) : 0;
  });
  pick(blocks, BlockUse::cemetery, several(20'000), r * 0.4, [&](const Block& b, double area) {
    return b.remoteness > 0.5 && b.zone != Zone::industry ? fit(area, 8'000, 60'000) * luck(b) : 0;
  });
  pick(blocks, BlockUse::kindergarten, several(2'600), r * 0.2, [&](const Block& b, double area) {
    return b.zone != Zone::industry && b.zone != Zone::old_town ? fit(area, 1'800, 5'500) * luck(b) : 0;
  });
  pick(blocks, BlockUse::fire_police, 1, 0,
       [&](const Block& b, double area) { return b.zone == Zone::mixed ? fit(area, 3'000, 12'000) * luck(b) : 0; });
  pick(blocks, BlockUse::allotments, several(6'000), r * 0.25,
       [&](const Block& b, double area) { return b.remoteness > 0.6 ? fit(area, 4'000, 30'000) * luck(b) * b.remoteness : 0; });
}

}  // namespace

double half_room_m(LineKind kind, Zone zone) {
  switch (kind) {
    case LineKind::boulevard: return 14;
    case LineKind::primary: return zone == Zone::rural ? 5.5 : 9.5;
    case LineKind::bridge: return 8;
    case LineKind::secondary: return zone == Zone::rural ? 5 : 8.5;
    case LineKind::quay: return 7.5;
    case LineKind::tertiary: return 7;
    case LineKind::high_street: return 5;
    case LineKind::minor:
      switch (zone) {
        case Zone::old_town: return 3.4;
        case Zone::inner: return 7.6;
        case Zone::estate:
        case Zone::industry: return 6.5;
        default: return 5.2;
      }
    case LineKind::promenade:
    case LineKind::foot_bridge: return 2.2;
    case LineKind::track: return 2;
    case LineKind::water_edge: return 1;
    case LineKind::rail_edge: return 2;
    case LineKind::frame: return 0;
  }
  return 0;
}

std::vector<Block> lay_out_blocks(const Setting& setting, const TownPlan& plan, const StreetField& field,
                                  const StreetGraph& graph) {
  std::vector<Face> faces = graph.faces();
  std::vector<Block> blocks(faces.size());
  tbb::parallel_for(std::size_t{0}, faces.size(), [&](std::size_t i) {
    blocks[i].face = std::move(faces[i].ring);
    blocks[i].edges = std::move(faces[i].edges);
    measure(blocks[i], setting, plan, field, graph);
  });
  give_uses(blocks, setting, plan);
  for (Block& b : blocks) {
    if (b.use != BlockUse::built) continue;
    const bool untouched = b.zone == Zone::rural || (b.slope > 0.16 && b.zone != Zone::old_town) ||
                           contains(b.face, setting.castle()) || (b.zone != Zone::industry && area_of({b.face, {}}) > 90'000);
    if (untouched) b.use = BlockUse::countryside;
  }
  return blocks;
}

}  // namespace citiverse::ingest::practice
