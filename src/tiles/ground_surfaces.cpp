// The order of rank, and what each kind of feature looks like on the ground.
#include "tiles/ground_surfaces.h"

#include <algorithm>
#include <array>
#include <numbers>
#include <tuple>

#include "tiles/palette.h"
#include "tiles/street_ribbon.h"

namespace citiverse::tiles {
namespace {

using city::Feature;
using city::FeatureIndex;
using city::FeatureKind;
using city::Structure;
using geo::Vec2d;

/// Who covers whom, from the top.
enum class Rank : std::uint8_t { rail, crossing, carriageway, rail_bed, pavement, path, basin, paved, water, green, land_use };

/// Within a rank the smaller `order` wins, then the smaller feature.
std::uint64_t ranked(Rank rank, double order) {
  const auto bits = static_cast<std::uint64_t>(std::clamp(order, 0.0, 1e12));
  return static_cast<std::uint64_t>(rank) << 56 | bits;
}

/// Half of the widest ribbon that is drawn: what lies beyond this outside the tile cannot reach into it.
constexpr double kMarginM = 40;
constexpr double kRibbonHalfMaxM = 35;
constexpr double kRailHeadM = 0.10;
constexpr double kBedShoulderM = 0.9;
constexpr double kStreamDropM = 4;  // A river whose shore varies by more follows the terrain.
constexpr double kSideShade = 0.86;
constexpr double kBarM = 0.5;  // Of a zebra, and the gap beside it.
constexpr double kCrossingHalfM = 1.5;

bool is_path(city::StreetClass c) {
  using enum city::StreetClass;
  return c == pedestrian || c == track || c == cycleway || c == footway || c == path || c == steps || c == corridor;
}
bool is_main(city::StreetClass c, double error_m) {
  return c <= (error_m >= 16 ? city::StreetClass::primary : city::StreetClass::tertiary);
}

}  // namespace

void GroundSurfaces::collect(const city::City& city, const geo::Box2d& box, GroundDetail detail, const GroundGrid& grid) {
  city_ = &city;
  grid_ = &grid;
  box_ = box.grown_by(kMarginM);
  detail_ = detail;
  error_m_ = ground_error_m(detail, box);
  surfaces_.clear();
  points_.clear();
  ring_ends_.assign(1, 0);
  first_ring_ = 0;
  candidates_.clear();
  city.index().visit_box(box_, [&](std::uint32_t item) {
    const FeatureKind kind = city.feature(item).id.kind();
    if (kind >= FeatureKind::street && kind <= FeatureKind::paved) candidates_.push_back(item);
  });
  std::ranges::sort(candidates_);
  gather_arms();
  for (const FeatureIndex i : candidates_) {
    const Feature& f = city.feature(i);
    switch (f.id.kind()) {
      case FeatureKind::street: add_street(f, i); break;
      case FeatureKind::rail: add_rail(f, i); break;
      case FeatureKind::water: add_water(f, i); break;
      case FeatureKind::green: add_green(f, i); break;
      case FeatureKind::land_use: add_land_use(f, i); break;
      case FeatureKind::paved: add_paved(f, i); break;
      default: break;
    }
  }
  std::ranges::sort(surfaces_, [](const GroundSurface& a, const GroundSurface& b) {
    return std::tie(a.rank, a.feature, a.first_ring) < std::tie(b.rank, b.feature, b.first_ring);
  });
}

// ---- rings ---------------------------------------------------------------------------------------------------------

void GroundSurfaces::push_ring(std::span<const Vec2d> ring) {
  const auto first = static_cast<std::uint32_t>(points_.size());
  for (const Vec2d p : ring) {
    const GridPoint at = grid_->to_grid(p);
    if (points_.size() == first || points_.back() != at) points_.push_back(at);
  }
  while (points_.size() > first + 1 && points_.back() == points_[first]) points_.pop_back();
  if (points_.size() < first + 3) {
    points_.resize(first);
    return;
  }
  ring_ends_.push_back(static_cast<std::uint32_t>(points_.size()));
}

void GroundSurfaces::end_surface(GroundSurface surface) {
  surface.first_ring = first_ring_;
  surface.end_ring = static_cast<std::uint32_t>(ring_ends_.size() - 1);
  first_ring_ = surface.end_ring;
  if (surface.end_ring > surface.first_ring) surfaces_.push_back(surface);
}

void GroundSurfaces::add_areas(const Feature& f) {
  const double tolerance_m = detail_ == GroundDetail::full ? 0 : error_m_ / 8;
  for (const city::Part& part : city_->parts(f.geometry)) {
    const auto ring = city_->vertices(part);
    if (tolerance_m <= 0 || ring.size() < 8) {
      push_ring(ring);
      continue;
    }
    line_.assign(ring.begin(), ring.end());
    line_.push_back(ring.front());
    simplify_line(line_, tolerance_m, outline_);
    outline_.pop_back();
    push_ring(outline_);
  }
}

void GroundSurfaces::add_ribbons(const Feature& f, FeatureIndex i, double left_m, double right_m) {
  left_m = std::min(left_m, kRibbonHalfMaxM);
  right_m = std::min(right_m, kRibbonHalfMaxM);
  const double tolerance_m = detail_ == GroundDetail::full ? 0.03 : error_m_ / 8;
  for (const city::Part& part : city_->parts(f.geometry)) {
    const auto points = city_->vertices(part);
    simplify_line(points, tolerance_m, line_);
    if (line_.size() < 2) continue;
    RibbonShape shape{left_m, right_m, false, false, {}, {}};
    if (points.size() > 1 && points.front() != points.back()) {
      const Ending start = ending_of(points.front(), points[1], i);
      const Ending end = ending_of(points.back(), points[points.size() - 2], i);
      shape = {left_m, right_m, start.is_round, end.is_round, start.left, end.left * -1};
      const auto reach = [](Vec2d& tip, Vec2d from, double reach_m) {
        const double size_m = geo::distance(from, tip);
        if (size_m > 0) tip = tip + (tip - from) * (reach_m / size_m);
      };
      reach(line_.front(), line_[1], start.reach_m);
      reach(line_.back(), line_[line_.size() - 2], end.reach_m);
    }
    ribbon_outline(line_, shape, outline_);
    push_ring(outline_);
  }
}

/// Two ribbons of half_m to each side, beside the line by offset_m.
void GroundSurfaces::add_offset_ribbons(const Feature& f, double offset_m, double half_m) {
  for (const city::Part& part : city_->parts(f.geometry)) {
    simplify_line(city_->vertices(part), 0.03, line_);
    for (const double side : {-1.0, 1.0}) {
      ribbon_outline(line_, {half_m + side * offset_m, half_m - side * offset_m, false, false, {}, {}}, outline_);
      push_ring(outline_);
    }
  }
}

// ---- streets -------------------------------------------------------------------------------------------------------

bool GroundSurfaces::is_shown(const city::Street& street) const {
  if (street.structure == Structure::tunnel) return false;
  if (detail_ == GroundDetail::far) return is_main(street.street_class, error_m_);
  if (street.structure == Structure::bridge) return false;  // Bridges are decks of their own.
  return detail_ == GroundDetail::full || !is_path(street.street_class) || street.width_m >= 3;
}

void GroundSurfaces::gather_arms() {
  arms_.clear();
  const auto less = [](const Arm& a, const Arm& b) {
    return std::tie(a.at.x, a.at.y, a.feature, a.is_end, a.away.x, a.away.y) <
           std::tie(b.at.x, b.at.y, b.feature, b.is_end, b.away.x, b.away.y);
  };
  const auto unit = [](Vec2d v) { return v * (1 / geo::length(v)); };
  const auto for_each_line = [&](auto&& f) {
    for (const FeatureIndex i : candidates_) {
      const Feature& feature = city_->feature(i);
      if (feature.id.kind() != FeatureKind::street) continue;
      const city::Street& street = city_->street(feature);
      if (!is_shown(street)) continue;
      for (const city::Part& part : city_->parts(feature.geometry)) {
        if (part.count >= 2) f(i, street, city_->vertices(part));
      }
    }
  };
  for_each_line([&](FeatureIndex i, const city::Street& street, std::span<const Vec2d> line) {
    const bool ends = line.front() != line.back();
    arms_.push_back({line.front(), unit(line[1] - line[0]), street.width_m, i, ends, is_path(street.street_class)});
    arms_.push_back(
        {line.back(), unit(line[line.size() - 2] - line.back()), street.width_m, i, ends, is_path(street.street_class)});
  });
  std::ranges::sort(arms_, less);
  const std::size_t ends = arms_.size();
  for_each_line([&](FeatureIndex i, const city::Street& street, std::span<const Vec2d> line) {
    for (std::size_t at = 1; at + 1 < line.size(); ++at) {
      const auto place = std::ranges::lower_bound(
          arms_.begin(), arms_.begin() + static_cast<std::ptrdiff_t>(ends), line[at],
          [](Vec2d a, Vec2d b) { return std::tie(a.x, a.y) < std::tie(b.x, b.y); }, &Arm::at);
      if (place == arms_.begin() + static_cast<std::ptrdiff_t>(ends) || place->at != line[at]) continue;
      arms_.push_back({line[at], unit(line[at - 1] - line[at]), street.width_m, i, false, is_path(street.street_class)});
      arms_.push_back({line[at], unit(line[at + 1] - line[at]), street.width_m, i, false, is_path(street.street_class)});
    }
  });
  std::ranges::sort(arms_, less);
}

/// The arm that an arm goes on into: of its kind, the straightest, and nothing when the bend is more than 58°.
const GroundSurfaces::Arm* GroundSurfaces::continued_by(std::span<const Arm> place, const Arm& arm) const {
  const Arm* best = nullptr;
  double straightest = 1.75;  // Length of the sum of both directions; 2 for arms in line.
  for (const Arm& other : place) {
    if (&other == &arm || !other.is_end || other.is_path != arm.is_path) continue;
    const double straight = geo::length(arm.away - other.away);
    if (straight <= straightest) continue;
    straightest = straight;
    best = &other;
  }
  return best;
}

/// Where two streets go on into each other both are cut along the line between them. Elsewhere square ends leave a wedge open
/// when all streets of a place lie to one side of it: the widest that ends there fills it with a round end.
GroundSurfaces::Ending GroundSurfaces::ending_of(Vec2d at, Vec2d next, FeatureIndex feature) const {
  const auto [low, high] =
      std::ranges::equal_range(arms_, at, [](Vec2d a, Vec2d b) { return std::tie(a.x, a.y) < std::tie(b.x, b.y); }, &Arm::at);
  if (high - low < 2) return {};
  const std::span<const Arm> place(low, high);
  for (const Arm& arm : place) {
    if (arm.feature != feature || !arm.is_end || geo::dot(arm.away, next - at) < 0.999 * geo::distance(at, next)) continue;
    const Arm* other = continued_by(place, arm);
    if (other == nullptr || continued_by(place, *other) != &arm) break;
    // Along both, in an order that is the same for both, so that they meet in the same points.
    const Vec2d across = &arm < other ? arm.away - other->away : other->away - arm.away;
    const Vec2d left = left_of(across) * (2 / geo::dot(across, across));
    return {false, 0, &arm < other ? left : left * -1};
  }
  const Arm* widest = nullptr;
  bool is_open = false;
  constexpr double kOpenRad = 182 * std::numbers::pi / 180;
  for (auto a = low; a != high; ++a) {
    if (a->is_end && (widest == nullptr || a->width_m > widest->width_m)) widest = &*a;
    double nearest = 2 * std::numbers::pi;
    for (auto b = low; b != high; ++b) {
      if (a == b) continue;
      double turn = std::atan2(geo::cross(a->away, b->away), geo::dot(a->away, b->away));
      if (turn < 0) turn += 2 * std::numbers::pi;
      nearest = std::min(nearest, turn);
    }
    is_open = is_open || nearest > kOpenRad;
  }
  if (is_open && widest != nullptr && widest->feature == feature) return {true, 0, {}};
  if (high - low < 3) return {};
  // At a fork square ends leave a notch, which half the width of the others covers without showing on their far side.
  double others_m = 0;
  for (const Arm& arm : place) {
    if (arm.feature != feature) others_m = std::max(others_m, arm.width_m);
  }
  return {false, others_m / 4, {}};
}

void GroundSurfaces::add_street(const Feature& f, FeatureIndex i) {
  const city::Street& street = city_->street(f);
  if (!is_shown(street)) return;
  GroundSurface surface{.feature = i, .colour = colour_of(street.street_class)};
  const bool path = is_path(street.street_class);
  surface.has_kerb = !path;
  surface.rank = ranked(path ? Rank::path : Rank::carriageway, static_cast<double>(street.street_class));
  surface.side = shaded(kPalette.bank, kSideShade);
  double half_m = std::max(0.3, street.width_m / 2.0);
  if (detail_ == GroundDetail::far) half_m = std::max(half_m, error_m_ / 8);
  const bool merged = detail_ == GroundDetail::middle;
  add_ribbons(f, i, half_m + (merged ? street.pavement_left_m : 0), half_m + (merged ? street.pavement_right_m : 0));
  end_surface(surface);
  if (path && detail_ == GroundDetail::full && !city_->attribute(f, "crossing").empty()) add_crossing(f, i);
  if (detail_ == GroundDetail::full && (street.pavement_left_m > 0 || street.pavement_right_m > 0)) {
    add_pavement(f, i, street, half_m);
  }
}

void GroundSurfaces::add_pavement(const Feature& f, FeatureIndex i, const city::Street& street, double half_m) {
  GroundSurface pavement{.feature = i, .colour = kPalette.pavement};
  pavement.raised_m = static_cast<float>(kKerbHeightM);
  pavement.falls_back = true;
  pavement.is_minor = true;
  pavement.side = shaded(kPalette.pavement, kSideShade);
  // One rank for all: what the carriageways leave of overlapping pavements has one look.
  pavement.rank = ranked(Rank::pavement, 0);
  add_ribbons(f, i, half_m + street.pavement_left_m, half_m + street.pavement_right_m);
  end_surface(pavement);
}

/// Half the width of the widest carriageway that has a vertex at a place, 0 where there is none.
double GroundSurfaces::carriageway_half_m(Vec2d at) const {
  double half_m = 0;
  city_->index().visit_box({at, at}, [&](std::uint32_t item) {
    const Feature& f = city_->feature(item);
    if (f.id.kind() != FeatureKind::street) return;
    const city::Street& street = city_->street(f);
    if (is_path(street.street_class) || street.structure == Structure::tunnel || street.structure == Structure::bridge) return;
    for (const city::Part& part : city_->parts(f.geometry)) {
      const auto line = city_->vertices(part);
      if (std::ranges::find(line, at) != line.end()) half_m = std::max(half_m, street.width_m / 2.0);
    }
  });
  return half_m;
}

/// The bars of a zebra where a footway that is marked as a crossing meets a carriageway.
void GroundSurfaces::add_crossing(const Feature& f, FeatureIndex i) {
  for (const city::Part& part : city_->parts(f.geometry)) {
    const auto line = city_->vertices(part);
    for (std::size_t at = 0; at < line.size(); ++at) {
      const double half_m = std::min(carriageway_half_m(line[at]), kRibbonHalfMaxM);
      const Vec2d from = line[at > 0 ? at - 1 : at], to = line[at + 1 < line.size() ? at + 1 : at];
      const double size_m = geo::distance(from, to);
      if (half_m <= 0 || size_m <= 0) continue;
      const Vec2d along = (to - from) * (1 / size_m);
      const Vec2d side = left_of(along) * kCrossingHalfM;
      const double low_m = at > 0 ? kBarM - half_m : kBarM, high_m = at + 1 < line.size() ? half_m - kBarM : -kBarM;
      for (double bar_m = low_m; bar_m + kBarM <= high_m; bar_m += 2 * kBarM) {
        const Vec2d near = line[at] + along * bar_m, far = near + along * kBarM;
        push_ring(std::array{near - side, far - side, far + side, near + side});
      }
    }
  }
  GroundSurface bars{.feature = i, .colour = kPalette.crossing, .side = kPalette.crossing, .has_kerb = true};
  bars.rank = ranked(Rank::crossing, 0);
  end_surface(bars);
}

void GroundSurfaces::add_rail(const Feature& f, FeatureIndex i) {
  const city::Rail& rail = city_->rail(f);
  if (rail.structure == Structure::tunnel || rail.layer < 0) return;
  if (rail.structure == Structure::bridge && detail_ != GroundDetail::far) return;
  if (detail_ == GroundDetail::far && (rail.is_service || rail.rail_class != city::RailClass::rail || error_m_ >= 32)) return;
  const double half_gauge_m = std::clamp<double>(rail.gauge_m, 0.3, 3.0) / 2;
  GroundSurface bed{.feature = i, .colour = kPalette.rail_bed, .side = shaded(kPalette.rail_bed, kSideShade)};
  bed.rank = ranked(Rank::rail_bed, static_cast<double>(rail.rail_class));
  const bool is_tram = rail.rail_class == city::RailClass::tram;
  const double bed_m =
      std::max(half_gauge_m + (is_tram ? 0.3 : kBedShoulderM), detail_ == GroundDetail::far ? error_m_ / 8 : 0);
  add_ribbons(f, i, bed_m, bed_m);
  end_surface(bed);
  if (detail_ != GroundDetail::full) return;
  GroundSurface rails{.feature = i, .colour = kPalette.rail, .side = shaded(kPalette.rail, kSideShade)};
  rails.rank = ranked(Rank::rail, 0);
  rails.raised_m = is_tram ? 0.0f : static_cast<float>(kRailHeightM);
  add_offset_ribbons(f, half_gauge_m, kRailHeadM / 2);
  end_surface(rails);
}

// ---- areas ---------------------------------------------------------------------------------------------------------

double GroundSurfaces::area_of(const Feature& f) const {
  double twice = 0;
  for (const city::Part& part : city_->parts(f.geometry)) {
    const auto ring = city_->vertices(part);
    for (std::size_t i = 0; i < ring.size(); ++i) twice += geo::cross(ring[i], ring[i + 1 == ring.size() ? 0 : i + 1]);
  }
  return std::max(0.0, twice / 2);
}

/// Where its shore lies: low enough to touch most of it, not led astray by a single low place such as the foot of a dam.
float water_level_m(const city::City& city, const Feature& f) {
  using enum city::WaterClass;
  const city::WaterClass water = city.water(f).water_class;
  thread_local std::vector<float> shore;
  shore.clear();
  for (const city::Part& part : city.parts(f.geometry)) {
    for (const Vec2d p : city.vertices(part)) shore.push_back(static_cast<float>(city.terrain().height_at(p)));
  }
  if (shore.empty()) return 0;
  const auto at_share = [&](double share) {
    const auto nth = shore.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(shore.size() - 1));
    std::ranges::nth_element(shore, nth);
    return *nth;
  };
  if (water == sea) return at_share(0.0);
  const float low = at_share(0.1);
  const bool runs = water == river || water == stream || water == canal || water == ditch;
  return runs && at_share(0.9) - low > kStreamDropM ? GroundSurface::kFollowsTerrain : low;
}

void GroundSurfaces::add_water(const Feature& f, FeatureIndex i) {
  using enum city::WaterClass;
  const city::Water& water = city_->water(f);
  if (water.structure == Structure::tunnel || water.layer < 0 || f.geometry.type == city::GeometryType::point) return;
  const bool is_basin = water.water_class == pool || water.water_class == fountain;
  GroundSurface surface{.feature = i, .colour = is_basin ? kPalette.pool : kPalette.water};
  surface.material = Material::water;
  surface.side = shaded(kPalette.water, kSideShade);
  if (f.geometry.type == city::GeometryType::lines) {
    if (detail_ == GroundDetail::far && water.width_m < error_m_ / 2) return;
    if (detail_ == GroundDetail::middle && water.width_m < 1) return;
    const double half_m = std::max(0.25, water.width_m / 2.0);
    add_ribbons(f, i, half_m, half_m);
    surface.rank = ranked(Rank::water, 1e9);
  } else {
    const double area_m2 = area_of(f);
    if (detail_ == GroundDetail::middle && area_m2 < 20) return;
    if (detail_ == GroundDetail::far && area_m2 < 8 * error_m_ * error_m_) return;
    add_areas(f);
    surface.level_m = water_level_m(*city_, f);
    surface.rank = ranked(is_basin ? Rank::basin : Rank::water, water.water_class == sea ? 1e10 : area_m2);
  }
  end_surface(surface);
}

void GroundSurfaces::add_paved(const Feature& f, FeatureIndex i) {
  const city::Paved& paved = city_->paved(f);
  if (paved.structure == Structure::tunnel || paved.layer < 0 || detail_ == GroundDetail::far) return;
  GroundSurface surface{.feature = i, .colour = colour_of(paved.paved_class), .side = shaded(kPalette.bank, kSideShade)};
  const double area_m2 = area_of(f);
  if (f.geometry.type == city::GeometryType::lines) {
    add_ribbons(f, i, 1.5, 1.5);  // A pier or platform that is mapped as a line.
  } else if (f.geometry.type == city::GeometryType::polygons) {
    if (detail_ == GroundDetail::middle && area_m2 < 50) return;
    add_areas(f);
  }
  Rank rank = Rank::paved;
  if (paved.paved_class == city::PavedClass::roadway) rank = Rank::carriageway;
  if (paved.paved_class == city::PavedClass::footway) rank = Rank::path;
  surface.rank = ranked(rank, 1000 + area_m2);
  surface.has_kerb = rank == Rank::carriageway;
  end_surface(surface);
}

void GroundSurfaces::add_green(const Feature& f, FeatureIndex i) {
  if (f.geometry.type != city::GeometryType::polygons) return;
  const double area_m2 = area_of(f);
  if (detail_ == GroundDetail::middle && area_m2 < 30) return;
  if (detail_ == GroundDetail::far && area_m2 < 10 * error_m_ * error_m_) return;
  GroundSurface surface{.feature = i, .colour = colour_of(city_->green(f).green_class)};
  surface.side = shaded(kPalette.bank, kSideShade);
  surface.rank = ranked(Rank::green, area_m2);
  surface.is_minor = detail_ != GroundDetail::full;
  add_areas(f);
  end_surface(surface);
}

void GroundSurfaces::add_land_use(const Feature& f, FeatureIndex i) {
  if (f.geometry.type != city::GeometryType::polygons) return;
  const double area_m2 = area_of(f);
  if (detail_ == GroundDetail::middle && area_m2 < 200) return;
  if (detail_ == GroundDetail::far && area_m2 < 50 * error_m_ * error_m_) return;
  GroundSurface surface{.feature = i, .colour = colour_of(city_->land_use(f).land_use_class)};
  surface.side = shaded(kPalette.bank, kSideShade);
  surface.rank = ranked(Rank::land_use, area_m2);
  surface.is_minor = true;
  add_areas(f);
  end_surface(surface);
}

}  // namespace citiverse::tiles
