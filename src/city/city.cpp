// Looking things up in the arrays.
#include "city/city.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"

namespace citiverse::city {
namespace {

double signed_area(std::span<const geo::Vec2d> ring) {
  double twice = 0;
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++)
    twice += geo::cross(ring[j] - ring[0], ring[i] - ring[0]);
  return twice / 2;
}

// The middle of the widest stretch inside the ring on a horizontal through its box's middle, so that it is inside any shape.
geo::Vec2d point_inside(const City& city, std::span<const Part> rings, std::size_t outer) {
  geo::Box2d box;
  for (const auto& p : city.vertices(rings[outer])) box.extend(p);
  // Off the vertices' usual round coordinates, so that no vertex lies exactly on the line.
  const double y = box.low.y + box.height() * 0.5000371;
  std::vector<double> crossings;
  for (std::size_t r = outer; r < rings.size() && (r == outer || rings[r].is_hole); ++r) {
    const auto ring = city.vertices(rings[r]);
    for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
      if ((ring[i].y > y) == (ring[j].y > y)) continue;
      crossings.push_back(ring[j].x + (y - ring[j].y) / (ring[i].y - ring[j].y) * (ring[i].x - ring[j].x));
    }
  }
  std::sort(crossings.begin(), crossings.end());
  double widest = 0;
  geo::Vec2d best = box.center();
  for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
    if (crossings[i + 1] - crossings[i] <= widest) continue;
    widest = crossings[i + 1] - crossings[i];
    best = {(crossings[i] + crossings[i + 1]) / 2, y};
  }
  return best;
}

geo::Vec2d middle_of(std::span<const geo::Vec2d> line) {
  double total = 0;
  for (std::size_t i = 1; i < line.size(); ++i) total += geo::distance(line[i - 1], line[i]);
  double left = total / 2;
  for (std::size_t i = 1; i < line.size(); ++i) {
    const double step = geo::distance(line[i - 1], line[i]);
    if (left <= step && step > 0) return line[i - 1] + (line[i] - line[i - 1]) * (left / step);
    left -= step;
  }
  return line.front();
}

}  // namespace

std::optional<FeatureIndex> City::find(FeatureId id) const {
  const auto by_id = columns_.features_by_id.values();
  const auto at = std::lower_bound(by_id.begin(), by_id.end(), id,
                                   [&](FeatureIndex i, FeatureId wanted) { return columns_.features[i].id < wanted; });
  if (at == by_id.end() || columns_.features[*at].id != id) return std::nullopt;
  return *at;
}

std::string_view City::attribute(const Feature& f, std::string_view key) const {
  for (const Attribute& a : attributes(f)) {
    if (text(a.key) == key) return text(a.value);
  }
  return {};
}

std::string_view City::name_in(const Feature& f, std::string_view language) const {
  for (const Attribute& a : attributes(f)) {
    const std::string_view key = text(a.key);
    if (key.size() == language.size() + 5 && key.starts_with("name:") && key.substr(5) == language) return text(a.value);
  }
  return text(f.name);
}

geo::Vec2d City::anchor(const Feature& f) const {
  const auto all = parts(f.geometry);
  CITIVERSE_CHECK(!all.empty(), "every feature has a geometry");
  if (f.geometry.type == GeometryType::point) return vertices(all[0])[0];
  if (f.geometry.type == GeometryType::lines) {
    const auto longest =
        std::max_element(all.begin(), all.end(), [](const Part& a, const Part& b) { return a.count < b.count; });
    return middle_of(vertices(*longest));
  }
  std::size_t largest = 0;
  double largest_area = -1;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double area = all[i].is_hole ? -1 : std::abs(signed_area(vertices(all[i])));
    if (area > largest_area) {
      largest_area = area;
      largest = i;
    }
  }
  return point_inside(*this, all, largest);
}

void City::derive() {
  const auto all = features();
  for (Run& run : kinds_) run = {};
  for (FeatureIndex i = 0; i < all.size(); ++i) {
    Run& run = kinds_[static_cast<std::size_t>(all[i].id.kind())];
    if (run.count == 0) run.first = i;
    ++run.count;
    box_.extend(all[i].box);
  }
  index_ = SpatialIndex(Column<SpatialIndex::Node>(columns_.index_nodes.values()),
                        Column<std::uint32_t>(columns_.index_level_ends.values()));
}

#define CITIVERSE_DETAIL(Type, function, column, condition)                  \
  const Type& City::function(const Feature& f) const {                       \
    CITIVERSE_CHECK(condition, "a detail is asked of the kind that has it"); \
    return columns_.column[f.detail];                                        \
  }
CITIVERSE_DETAIL(Building, building, buildings,
                 f.id.kind() == FeatureKind::building || f.id.kind() == FeatureKind::building_part)
CITIVERSE_DETAIL(Street, street, streets, f.id.kind() == FeatureKind::street)
CITIVERSE_DETAIL(Rail, rail, rails, f.id.kind() == FeatureKind::rail)
CITIVERSE_DETAIL(Water, water, waters, f.id.kind() == FeatureKind::water)
CITIVERSE_DETAIL(Green, green, greens, f.id.kind() == FeatureKind::green)
CITIVERSE_DETAIL(LandUse, land_use, land_uses, f.id.kind() == FeatureKind::land_use)
CITIVERSE_DETAIL(Paved, paved, paved, f.id.kind() == FeatureKind::paved)
CITIVERSE_DETAIL(Bridge, bridge, bridges, f.id.kind() == FeatureKind::bridge)
CITIVERSE_DETAIL(Barrier, barrier, barriers, f.id.kind() == FeatureKind::barrier)
CITIVERSE_DETAIL(Tree, tree, trees, f.id.kind() == FeatureKind::tree)
CITIVERSE_DETAIL(Place, place, places, f.id.kind() == FeatureKind::place)
CITIVERSE_DETAIL(Stop, stop, stops, f.id.kind() == FeatureKind::stop)
CITIVERSE_DETAIL(Area, area, areas, f.id.kind() == FeatureKind::area)
CITIVERSE_DETAIL(Line, line, lines, f.id.kind() == FeatureKind::line)
#undef CITIVERSE_DETAIL

}  // namespace citiverse::city
