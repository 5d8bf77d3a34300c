// Classes of streets from what they were drawn as and where they run.
#include "ingest/practice/ways.h"

#include <algorithm>

#include "base/random.h"

namespace citiverse::ingest::practice {
namespace {

using city::StreetClass;
using city::Surface;

constexpr double kStepsSlope = 0.12;

StreetClass class_of(const StreetEdge& edge, Zone zone, double slope, double luck) {
  switch (edge.kind) {
    case LineKind::boulevard:
    case LineKind::primary: return StreetClass::primary;
    case LineKind::bridge:
    case LineKind::secondary: return StreetClass::secondary;
    case LineKind::quay: return zone == Zone::old_town ? StreetClass::living_street : StreetClass::tertiary;
    case LineKind::tertiary: return StreetClass::tertiary;
    case LineKind::high_street: return StreetClass::pedestrian;
    case LineKind::promenade: return StreetClass::cycleway;
    case LineKind::foot_bridge: return StreetClass::footway;
    case LineKind::track: return zone == Zone::rural ? StreetClass::track : StreetClass::path;
    default: break;
  }
  if (slope > kStepsSlope) return StreetClass::steps;
  if (zone == Zone::old_town) return luck < 0.45 ? StreetClass::pedestrian : StreetClass::living_street;
  return luck < 0.12 && zone != Zone::industry ? StreetClass::living_street : StreetClass::residential;
}

}  // namespace

city::Street street_of(StreetClass street_class) {
  city::Street s;
  s.street_class = street_class;
  s.surface = Surface::asphalt;
  s.is_lit = true;
  s.forward = s.backward = city::kWalk | city::kCycle | city::kDrive | city::kBus;
  s.lanes_forward = s.lanes_backward = 1;
  const auto shape = [&](float width_m, float pavement_m, std::uint16_t speed_kmh) {
    s.width_m = width_m;
    s.pavement_left_m = s.pavement_right_m = pavement_m;
    s.speed_kmh = speed_kmh;
  };
  const auto without_cars = [&](std::uint8_t modes, Surface surface) {
    s.forward = s.backward = modes;
    s.lanes_forward = s.lanes_backward = 0;
    s.surface = surface;
  };
  switch (street_class) {
    case StreetClass::primary: shape(11, 3, 50); break;
    case StreetClass::secondary: shape(9, 2.8f, 50); break;
    case StreetClass::tertiary: shape(7.5f, 2.4f, 50); break;
    case StreetClass::residential: shape(5.6f, 1.8f, 30); break;
    case StreetClass::living_street:
      shape(4.6f, 0, 10);
      s.surface = Surface::sett;
      break;
    case StreetClass::pedestrian:
      shape(5, 0, 10);
      without_cars(city::kWalk | city::kCycle, Surface::sett);
      break;
    case StreetClass::track:
      shape(3, 0, 30);
      s.surface = Surface::gravel;
      s.is_lit = false;
      s.forward = s.backward = city::kWalk | city::kCycle | city::kDrive;
      break;
    case StreetClass::cycleway:
      shape(3, 0, 20);
      without_cars(city::kWalk | city::kCycle, Surface::asphalt);
      break;
    case StreetClass::footway:
      shape(2.2f, 0, 5);
      without_cars(city::kWalk, Surface::gravel);
      break;
    case StreetClass::path:
      shape(1.8f, 0, 5);
      without_cars(city::kWalk | city::kCycle, Surface::ground);
      s.is_lit = false;
      break;
    case StreetClass::steps:
      shape(2.6f, 0, 5);
      without_cars(city::kWalk, Surface::concrete);
      break;
    default: shape(4, 0, 20); break;
  }
  return s;
}

std::vector<Way> ways_of(const StreetGraph& graph, const Setting& setting, const TownPlan& plan, const StreetField& field) {
  std::vector<Way> ways;
  std::uint32_t last_node = 0xFFFFFFFFu;
  for (const StreetEdge& edge : graph.edges()) {
    if (!is_street(edge.kind)) continue;
    const Vec2d a = graph.from(edge), b = graph.to(edge), middle = (a + b) * 0.5;
    const Zone zone = plan.zone_at(middle);
    const double slope = std::abs(dot(field.gradient(middle), unit(b - a)));
    base::Random random(setting.seed(), 500'000'000ull + edge.line);
    const double luck = random.uniform();
    const StreetClass street_class = class_of(edge, zone, slope, luck);
    const bool continues = !ways.empty() && last_node == edge.a && ways.back().line == edge.line &&
                           ways.back().street.street_class == street_class;
    if (!continues) {
      Way way{{a}, edge.line, edge.kind, street_of(street_class), zone, {}};
      if (zone == Zone::rural) way.street.pavement_left_m = way.street.pavement_right_m = 0;
      if (edge.kind == LineKind::boulevard) {
        way.street.width_m = 14;
        way.street.pavement_left_m = way.street.pavement_right_m = 5;
        way.street.lanes_forward = way.street.lanes_backward = 2;
      }
      if (edge.kind == LineKind::high_street) way.street.width_m = 7;
      if (street_class == StreetClass::residential && zone == Zone::inner) {
        way.street.width_m = 8;  // With room to park.
        way.street.pavement_left_m = way.street.pavement_right_m = 2.8f;
      }
      if (edge.kind == LineKind::bridge) {
        way.street.structure = city::Structure::bridge;
        way.street.layer = 1;
      }
      const bool one_way = street_class == StreetClass::residential && zone == Zone::inner && luck > 0.8;
      if (one_way) {
        way.street.backward = city::kWalk | city::kCycle;
        way.street.lanes_backward = 0;
      }
      ways.push_back(std::move(way));
    }
    ways.back().path.push_back(b);
    last_node = edge.b;
  }
  return ways;
}

void add_park_paths(std::vector<Way>& ways, const StreetGraph& graph, const std::vector<Block>& blocks, const Houses& houses,
                    const Setting& setting) {
  std::uint32_t line = 1'000'000;
  std::vector<bool> walkable(graph.nodes().size(), false);
  for (const StreetEdge& e : graph.edges())
    if (is_street(e.kind) && e.kind != LineKind::bridge) walkable[e.a] = walkable[e.b] = true;
  for (const Block& block : blocks) {
    const bool wanted = block.use == BlockUse::park || block.use == BlockUse::cemetery || block.use == BlockUse::hospital ||
                        block.use == BlockUse::university || (block.use == BlockUse::built && block.zone == Zone::estate);
    if (!wanted || block.land.empty()) continue;
    base::Random random(setting.seed(), 600'000'000ull + static_cast<std::uint64_t>(line));
    std::vector<Vec2d> entries;
    for (const std::uint32_t e : block.edges)
      for (const std::uint32_t n : {graph.edges()[e].a, graph.edges()[e].b}) {
        const Vec2d p = graph.nodes()[n];
        const bool apart = std::none_of(entries.begin(), entries.end(), [&](Vec2d q) { return distance(p, q) < 45; });
        if (walkable[n] && apart) entries.push_back(p);
      }
    if (entries.size() < 2) continue;
    std::vector<Path> paths;
    for (const Vec2d entry : entries) {
      Path path = {entry};
      const Vec2d side = left_of(block.centre - entry) * random.uniform(-0.16, 0.16);
      for (const double t : {0.2, 0.4, 0.6, 0.8})
        path.push_back(geo::snapped_to_mm(entry + (block.centre - entry) * t + side * (4 * t * (1 - t))));
      path.push_back(geo::snapped_to_mm(block.centre));
      paths.push_back(std::move(path));
    }
    // All meet in the middle, so one that would run through a house is left out, not the others.
    std::erase_if(paths, [&](const Path& path) {
      const double whole = path_length(path);
      for (double at = 0; at <= whole; at += 3)
        if (houses.is_near(point_along(path, at).point, 2)) return true;
      return false;
    });
    if (paths.size() < 2) continue;
    for (Path& path : paths) {
      ways.push_back({std::move(path), line++, LineKind::promenade, street_of(StreetClass::footway), block.zone, {}});
    }
  }
}

}  // namespace citiverse::ingest::practice
