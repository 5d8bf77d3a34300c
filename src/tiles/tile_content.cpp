// One query of the city's index, one pass over what it gives.
#include "tiles/tile_content.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "tiles/barrier_mesh.h"
#include "tiles/building_mesh.h"
#include "tiles/ground.h"
#include "tiles/tree_shapes.h"

namespace citiverse::tiles {
namespace {

using city::FeatureIndex;
using city::FeatureKind;

struct Candidate {
  float size = 0;
  FeatureIndex feature = city::kNone;
};

// Keeps the largest `count_max` of what is added, in memory for twice as many; equal sizes are decided by index.
class Largest {
 public:
  explicit Largest(std::size_t count_max) : count_max_(count_max) {}
  void add(Candidate c) {
    all_.push_back(c);
    if (all_.size() >= 2 * count_max_) cut();
  }
  /// In order of index.
  const std::vector<Candidate>& finish() {
    if (all_.size() > count_max_) cut();
    std::sort(all_.begin(), all_.end(), [](const Candidate& a, const Candidate& b) { return a.feature < b.feature; });
    return all_;
  }

 private:
  void cut() {
    const auto larger = [](const Candidate& a, const Candidate& b) {
      return a.size != b.size ? a.size > b.size : a.feature < b.feature;
    };
    std::nth_element(all_.begin(), all_.begin() + static_cast<std::ptrdiff_t>(count_max_), all_.end(), larger);
    all_.resize(count_max_);
  }

  std::size_t count_max_;
  std::vector<Candidate> all_;
};

// What is too small by itself, by cells of the size that a tile may be wrong by: an old quarter of small houses is still there.
class Quarter {
 public:
  explicit Quarter(double cell_m) : cell_m_(cell_m) {}
  void add(const city::City& city, FeatureIndex i) {
    const city::Feature& f = city.feature(i);
    const double area_m2 = outline_area_m2(city, f);
    if (area_m2 <= 0 || city.building(f).min_height_m > 0) return;
    const geo::Vec2d middle = (f.box.low + f.box.high) * 0.5;
    small_.push_back({static_cast<std::int32_t>(std::floor(middle.y / cell_m_)),
                      static_cast<std::int32_t>(std::floor(middle.x / cell_m_)), i, middle, area_m2,
                      city.building(f).height_m});
  }
  /// From south to north, and from west to east; of those that fill too little of their cell to be seen, none.
  std::vector<BuildingGroup> finish(const city::City& city) {
    std::sort(small_.begin(), small_.end(), [](const Small& a, const Small& b) {
      return std::tie(a.row, a.column, a.feature) < std::tie(b.row, b.column, b.feature);
    });
    std::vector<BuildingGroup> groups;
    for (auto first = small_.begin(); first != small_.end();) {
      BuildingGroup group;
      geo::Vec2d center{0, 0};
      double largest_m2 = 0;
      auto next = first;
      for (; next != small_.end() && next->row == first->row && next->column == first->column; ++next) {
        center = center + next->middle * next->area_m2;
        group.area_m2 += next->area_m2;
        group.box.extend(city.feature(next->feature).box);
        group.height_m += next->height_m * next->area_m2;
        if (next->area_m2 > largest_m2) {
          largest_m2 = next->area_m2;
          group.largest = next->feature;
        }
      }
      group.center = center * (1 / group.area_m2);
      group.height_m /= group.area_m2;
      if (group.area_m2 >= kSeenPart * cell_m_ * cell_m_) groups.push_back(group);
      first = next;
    }
    return groups;
  }

 private:
  static constexpr double kSeenPart = 0.15;
  struct Small {
    std::int32_t row;
    std::int32_t column;
    FeatureIndex feature;
    geo::Vec2d middle;
    double area_m2;
    double height_m;
  };
  double cell_m_;
  std::vector<Small> small_;
};

struct Chosen {
  std::vector<Candidate> buildings;
  std::vector<BuildingGroup> groups;
  std::vector<Candidate> barriers;
  std::vector<Candidate> trees;
};

double side_of(const city::Feature& f) { return std::max(f.box.width(), f.box.height()); }

bool is_large_enough(const city::City& city, const city::Feature& f, double error_m) {
  return city.building(f).height_m > error_m / 2 || side_of(f) > error_m / 2;
}

Chosen choose(const city::City& city, const Pyramid& pyramid, formats::TileAddress at) {
  const TileDetail detail = pyramid.detail(at);
  const double error_m = pyramid.geometric_error_m(at.level);
  const bool all = detail == TileDetail::full;
  Largest buildings(all ? city.features().size() + 1 : kCoarseBuildingsMax);
  Quarter quarter(error_m / 2);
  Largest trees(all ? city.features().size() + 1 : kCoarseTreesMax);
  Largest barriers(city.features().size() + 1);
  city.index().visit_box(pyramid.tile_box(at), [&](FeatureIndex i) {
    const city::Feature& f = city.feature(i);
    switch (f.id.kind()) {
      case FeatureKind::building:
      case FeatureKind::building_part: {
        const city::Building& b = city.building(f);
        if (b.has_parts || !belongs_to_tile(city, pyramid, at, f)) return;
        if (!all && !is_large_enough(city, f, error_m)) return quarter.add(city, i);
        buildings.add({static_cast<float>(f.box.width() * f.box.height() * (b.height_m + 1)), i});
        return;
      }
      case FeatureKind::barrier:
        if (all && belongs_to_tile(city, pyramid, at, f)) barriers.add({0, i});
        return;
      case FeatureKind::tree: {
        const float height_m = city.tree(f).height_m;
        if ((all || height_m > error_m / 2) && belongs_to_tile(city, pyramid, at, f)) trees.add({height_m, i});
        return;
      }
      default: return;
    }
  });
  return {buildings.finish(), quarter.finish(city), barriers.finish(), trees.finish()};
}

BuildingDetail building_detail(const city::Building& b, TileDetail detail, double error_m) {
  if (detail == TileDetail::full) return BuildingDetail::full;
  if (b.roof_height_m > error_m) return BuildingDetail::full;
  return detail == TileDetail::middle ? BuildingDetail::block : BuildingDetail::far;
}

}  // namespace

GroundDetail ground_detail(TileDetail detail) {
  switch (detail) {
    case TileDetail::full: return GroundDetail::full;
    case TileDetail::middle: return GroundDetail::middle;
    case TileDetail::far: return GroundDetail::far;
  }
  return GroundDetail::far;
}

bool belongs_to_tile(const city::City& city, const Pyramid& pyramid, formats::TileAddress at, const city::Feature& f) {
  const geo::Box2d tile = pyramid.tile_box(at);
  if (f.box.low.x >= tile.low.x && f.box.low.y >= tile.low.y && f.box.high.x < tile.high.x && f.box.high.y < tile.high.y) {
    return true;
  }
  return pyramid.tile_at(at.level, city.anchor(f)) == at;
}

TileContent make_tile_content(const city::City& city, const Pyramid& pyramid, formats::TileAddress at) {
  TileContent content;
  content.origin = tile_origin(city, pyramid, at);
  const TileDetail detail = pyramid.detail(at);
  const double error_m = pyramid.geometric_error_m(at.level);
  append_ground(city, pyramid.ground_box(at), ground_detail(detail), content.origin, content);
  const Chosen chosen = choose(city, pyramid, at);
  for (const Candidate& c : chosen.buildings) {
    append_building(city, c.feature, building_detail(city.building(city.feature(c.feature)), detail, error_m), content.origin,
                    content);
  }
  for (const BuildingGroup& group : chosen.groups) append_building_group(city, group, content.origin, content);
  for (const Candidate& c : chosen.barriers) append_barrier(city, c.feature, content.origin, content);
  for (const Candidate& c : chosen.trees) {
    const city::Feature& f = city.feature(c.feature);
    const city::Tree& tree = city.tree(f);
    const geo::Vec2d foot = city.anchor(f);
    const double ground_m = city.terrain().height_at(foot);
    content.trees.push_back({{static_cast<float>(foot.x - content.origin.x), static_cast<float>(foot.y - content.origin.y),
                              static_cast<float>(ground_m - content.origin.z)},
                             tree.height_m,
                             tree.crown_diameter_m,
                             static_cast<std::uint8_t>(tree.leaf),
                             c.feature});
  }
  return content;
}

}  // namespace citiverse::tiles
