// Naming in order of importance, so that the best words go to the oldest places.
#include "ingest/practice/naming.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace citiverse::ingest::practice {
namespace {

bool bears_a_name(const Way& way) {
  if (way.kind == LineKind::track) return false;
  return way.street.street_class != city::StreetClass::footway && way.street.street_class != city::StreetClass::path;
}

NameKind kind_of(const Way& way) {
  switch (way.kind) {
    case LineKind::boulevard: return NameKind::ring;
    case LineKind::primary: return NameKind::road;
    case LineKind::bridge: return NameKind::bridge;
    case LineKind::secondary: return NameKind::avenue;
    case LineKind::quay: return NameKind::quay;
    case LineKind::promenade: return NameKind::path;
    default: break;
  }
  if (way.street.street_class == city::StreetClass::steps) return NameKind::steps;
  return path_length(way.path) < 110 ? NameKind::lane : NameKind::street;
}

Vec2d middle_of(const Path& square) { return square[0] * 0.5 + square[2] * 0.5; }

}  // namespace

void name_ways(Draft& draft, Names& names) {
  // Lines in order of importance, then from the market outwards.
  struct Line {
    LineKind kind;
    double away;
    std::uint32_t line;
    std::size_t way;
  };
  std::map<std::uint32_t, Line> lines;
  for (std::size_t w = 0; w < draft.ways.size(); ++w) {
    const Way& way = draft.ways[w];
    if (!bears_a_name(way)) continue;
    const double away = length(way.path[way.path.size() / 2]);
    const auto [at, is_new] = lines.try_emplace(way.line, Line{way.kind, away, way.line, w});
    if (!is_new && away < at->second.away) at->second.away = away;
    if (!is_new && path_length(way.path) > path_length(draft.ways[at->second.way].path)) at->second.way = w;
  }
  std::vector<Line> order;
  for (const auto& [line, what] : lines) order.push_back(what);
  std::sort(order.begin(), order.end(), [](const Line& a, const Line& b) {
    if (a.kind != b.kind) return a.kind < b.kind;
    return a.away != b.away ? a.away < b.away : a.line < b.line;
  });
  std::map<std::uint32_t, Name> named;
  bool first_bridge = true;
  for (const Line& l : order) {
    const Way& way = draft.ways[l.way];
    const bool at_market = way.kind == LineKind::high_street && distance_to_ring(draft.plan.market(), way.path[0]) < 6 &&
                           distance_to_ring(draft.plan.market(), way.path.back()) < 6;
    const bool at_minster = way.kind == LineKind::high_street && distance_to_ring(draft.plan.minster(), way.path[0]) < 6 &&
                            distance_to_ring(draft.plan.minster(), way.path.back()) < 6;
    if (at_market)
      named[l.line] = names.with(NameKind::square, Names::market());
    else if (at_minster)
      named[l.line] = names.with(NameKind::square, Names::minster());
    else if (way.kind == LineKind::bridge && first_bridge)
      named[l.line] = names.with(NameKind::bridge, Names::old()), first_bridge = false;
    else
      named[l.line] = names.fresh(kind_of(way));
  }
  for (Way& way : draft.ways)
    if (const auto at = named.find(way.line); bears_a_name(way) && at != named.end()) way.name = at->second;
}

void name_blocks(Draft& draft, Names& names) {
  draft.block_names.resize(draft.blocks.size());
  bool first_park = true;
  for (std::size_t i = 0; i < draft.blocks.size(); ++i) {
    Name& name = draft.block_names[i];
    switch (draft.blocks[i].use) {
      case BlockUse::market: name = names.with(NameKind::square, Names::market()); break;
      case BlockUse::minster: name = names.with(NameKind::square, Names::minster()); break;
      case BlockUse::station_square: name = names.with(NameKind::square, Names::station()); break;
      case BlockUse::small_square: name = names.fresh(NameKind::square); break;
      case BlockUse::park:
        name = first_park ? names.with(NameKind::park, names.city()) : names.fresh(NameKind::park);
        first_park = false;
        break;
      case BlockUse::school: name = names.fresh(NameKind::school); break;
      case BlockUse::kindergarten: name = names.fresh(NameKind::kindergarten); break;
      case BlockUse::cemetery:
        name = {names.river().local + " Requia", "Cemetery", "Cimetière", "Cementerio", "المقبرة"};
        break;
      case BlockUse::island: name = {"Insla", "River Island", "L’Île", "La Isla", "الجزيرة"}; break;
      default: break;
    }
  }
}

void lay_out_districts(Draft& draft, Names& names) {
  const Setting& setting = draft.setting;
  std::vector<Vec2d> centres = {middle_of(draft.plan.market())};
  const auto is_town = [&](const Block& b) {
    return b.zone != Zone::rural && b.use != BlockUse::water && b.use != BlockUse::countryside;
  };
  const auto count = std::min<std::size_t>(30, 5 + setting.people() / 7'000);
  while (centres.size() < count) {
    double farthest = 0;
    Vec2d next;
    for (const Block& b : draft.blocks) {
      if (!is_town(b) || b.remoteness > 0.85) continue;
      double nearest = 1e12;
      for (const Vec2d c : centres) nearest = std::min(nearest, distance(b.centre, c));
      if (nearest > farthest) farthest = nearest, next = b.centre;
    }
    if (farthest <= 0) break;
    centres.push_back(next);
  }
  draft.district_of_block.assign(draft.blocks.size(), 0xFFFFFFFFu);
  std::vector<std::vector<Polygon>> faces(centres.size());
  for (std::size_t i = 0; i < draft.blocks.size(); ++i) {
    const Block& b = draft.blocks[i];
    if (!is_town(b)) continue;
    const bool left = setting.river_near(b.centre).left_bank;
    std::size_t best = 0;
    double best_m = 1e12;
    for (std::size_t c = 1; c < centres.size(); ++c) {
      const double away = distance(b.centre, centres[c]) + (setting.river_near(centres[c]).left_bank == left ? 0 : 1e6);
      if (away < best_m) best_m = away, best = c;
    }
    if (b.zone == Zone::old_town) best = 0;
    draft.district_of_block[i] = static_cast<std::uint32_t>(best);
    faces[best].push_back({b.face, {}});
  }
  for (std::size_t c = 0; c < centres.size(); ++c) {
    District d;
    d.name = c == 0 ? Name{"Aldastara", "Old Town", "Vieille Ville", "Casco Antiguo", "المدينة القديمة"}
                    : names.fresh(NameKind::district);
    d.areas = merged(faces[c]);
    draft.districts.push_back(std::move(d));
  }
  for (const House& h : draft.town.houses.all())
    if (const auto d = draft.district_of_block[h.block]; d != 0xFFFFFFFFu) draft.districts[d].people += h.people;
}

void give_addresses(Draft& draft) {
  StreetLines lines(draft.setting.half_size_m());
  std::vector<std::uint32_t> way_of;
  std::map<std::string, double> long_m;
  std::vector<double> starts(draft.ways.size(), 0);
  for (std::uint32_t w = 0; w < draft.ways.size(); ++w) {
    const Way& way = draft.ways[w];
    if (way.name.local.empty() || way.kind == LineKind::promenade || way.kind == LineKind::bridge) continue;
    lines.add({way.path, way.kind});
    way_of.push_back(w);
    double& so_far = long_m[way.name.local];
    starts[w] = so_far;
    so_far += path_length(way.path);
  }
  struct Door {
    std::string street;
    bool right;
    double at;
    std::uint32_t house;
  };
  std::vector<Door> doors;
  auto& houses = draft.town.houses.all();
  for (std::uint32_t h = 0; h < houses.size(); ++h) {
    if (houses[h].use == city::BuildingUse::garage || houses[h].use == city::BuildingUse::hut) continue;
    const StreetLines::Nearest nearest = lines.nearest(houses[h].door, 90);
    if (!nearest.found) continue;
    const std::uint32_t w = way_of[nearest.segment.line];
    const Path& path = draft.ways[w].path;
    const double at = starts[w] + path_length(std::span(path).first(nearest.segment.index + 1)) +
                      distance(path[nearest.segment.index], nearest.point);
    const Vec2d along = path[nearest.segment.index + 1] - path[nearest.segment.index];
    houses[h].street = w;
    doors.push_back({draft.ways[w].name.local, cross(along, houses[h].door - nearest.point) < 0, at, h});
  }
  std::sort(doors.begin(), doors.end(), [](const Door& a, const Door& b) {
    if (a.street != b.street) return a.street < b.street;
    if (a.right != b.right) return b.right;
    return a.at != b.at ? a.at < b.at : a.house < b.house;
  });
  int number = 0;
  for (std::size_t i = 0; i < doors.size(); ++i) {
    const bool starts_side = i == 0 || doors[i].street != doors[i - 1].street || doors[i].right != doors[i - 1].right;
    number = starts_side ? (doors[i].right ? 2 : 1) : number + 2;
    houses[doors[i].house].number = std::to_string(number);
  }
}

}  // namespace citiverse::ingest::practice
