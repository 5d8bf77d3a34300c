// The solid of a bridge: a cross-section drawn along each way.
#include "tiles/bridge_deck.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "tiles/bridge_profile.h"
#include "tiles/palette.h"

namespace citiverse::tiles {
namespace {

using city::Feature;
using city::FeatureIndex;
using city::FeatureKind;
using geo::Vec2d;
using geo::Vec3d;

constexpr double kArchStepM = 8;       // Pieces of a deck that is not straight.
constexpr double kDeckMitreMax = 2.0;  // Sharp corners of a deck are cut at twice its half width.
constexpr double kDeckLiftM = 0.02;    // Above the ground at its ends.
constexpr double kPathLiftM = 0.06;    // A footbridge beside a deck does not share its plane.

struct Corner {  // Of a cross-section: metres left of the line, above the deck.
  double left_m;
  double up_m;
};
/// One strip of the deck: from one corner to the next, seen along the way, is left to right with its outside up or outwards.
struct Strip {
  Corner from;
  Corner to;
  Rgb8 colour;
};
struct Station {
  Vec2d at;
  Vec2d left;            // Towards the left, longer than 1 at corners.
  double left_height_m;  // Of the deck at its left and right edge: level in the air, as the ground slopes at its ends.
  double right_height_m;
};

class DeckMaker {
 public:
  DeckMaker(const city::City& city, const geo::Box2d& box, GroundDetail detail, Vec3d origin, Mesh& mesh)
      : city_(city), box_(box), detail_(detail), origin_(origin), mesh_(mesh) {}

  void add(const BridgeProfile& profile, const BridgeProfile::Way& way) {
    feature_ = way.feature;
    make_strips();
    const auto line = city_.vertices(city_.parts(city_.feature(feature_).geometry)[way.part]);
    double along_m = 0;
    for (std::size_t i = 1; i < line.size(); ++i) {
      const double size_m = geo::distance(line[i - 1], line[i]);
      if (size_m > 0.01) add_segment(profile, way, line, i, along_m, size_m);
      along_m += size_m;
    }
  }

 private:
  void make_strips() {
    const Feature& f = city_.feature(feature_);
    double left_m = 0, right_m = 0, pavement_left_m = 0, pavement_right_m = 0;
    Rgb8 colour = kPalette.rail_bed;
    lift_m_ = 0.03;
    if (f.id.kind() == FeatureKind::street) {
      const city::Street& street = city_.street(f);
      left_m = right_m = std::clamp(street.width_m / 2.0, 0.6, 30.0);
      pavement_left_m = street.pavement_left_m;
      pavement_right_m = street.pavement_right_m;
      colour = colour_of(street.street_class);
      const bool is_path = colour != kPalette.carriageway;
      lift_m_ = is_path ? kPathLiftM : 0;
    } else {
      left_m = right_m = city_.rail(f).gauge_m / 2 + 1.0;
    }
    strips_.clear();
    left_edge_m_ = left_m + pavement_left_m;
    right_edge_m_ = -right_m - pavement_right_m;
    const double out_left = left_m + pavement_left_m, out_right = right_m + pavement_right_m;
    const Rgb8 side = kPalette.bridge_side;
    if (detail_ != GroundDetail::full) {
      strips_ = {{{out_left, -kBridgeThicknessM}, {out_left, 0}, side},
                 {{out_left, 0}, {-out_right, 0}, colour},
                 {{-out_right, 0}, {-out_right, -kBridgeThicknessM}, side},
                 {{-out_right, -kBridgeThicknessM}, {out_left, -kBridgeThicknessM}, shaded(side, 0.75)}};
      return;
    }
    const double kerb_left = pavement_left_m > 0 ? kKerbHeightM : 0, kerb_right = pavement_right_m > 0 ? kKerbHeightM : 0;
    const double wall_left = out_left + kParapetWidthM, wall_right = -out_right - kParapetWidthM;
    const Rgb8 pavement = kPalette.pavement, kerb = shaded(kPalette.pavement, 0.86), top = shaded(side, 1.04);
    const auto strip = [&](Corner from, Corner to, Rgb8 c) {
      if (std::fabs(from.left_m - to.left_m) + std::fabs(from.up_m - to.up_m) > 1e-6) strips_.push_back({from, to, c});
    };
    strip({wall_left, -kBridgeThicknessM}, {wall_left, kParapetHeightM}, side);
    strip({wall_left, kParapetHeightM}, {out_left, kParapetHeightM}, top);
    strip({out_left, kParapetHeightM}, {out_left, kerb_left}, side);
    strip({out_left, kerb_left}, {left_m, kerb_left}, pavement);
    strip({left_m, kerb_left}, {left_m, 0}, kerb);
    strip({left_m, 0}, {-right_m, 0}, colour);
    strip({-right_m, 0}, {-right_m, kerb_right}, kerb);
    strip({-right_m, kerb_right}, {-out_right, kerb_right}, pavement);
    strip({-out_right, kerb_right}, {-out_right, kParapetHeightM}, side);
    strip({-out_right, kParapetHeightM}, {wall_right, kParapetHeightM}, top);
    strip({wall_right, kParapetHeightM}, {wall_right, -kBridgeThicknessM}, side);
    strip({wall_right, -kBridgeThicknessM}, {wall_left, -kBridgeThicknessM}, shaded(side, 0.75));
  }

  /// The share of a b that lies in the box, borders to the east and north left to the neighbour.
  bool clip(Vec2d a, Vec2d b, double& low, double& high) const {
    low = 0;
    high = 1;
    const auto side = [&](double from, double to, double least, double most) {
      if (from == to) return from >= least && from < most;
      double enter = (least - from) / (to - from), leave = (most - from) / (to - from);
      if (enter > leave) std::swap(enter, leave);
      low = std::max(low, enter);
      high = std::min(high, leave);
      return true;
    };
    return side(a.x, b.x, box_.low.x, box_.high.x) && side(a.y, b.y, box_.low.y, box_.high.y) && low < high;
  }

  static Vec2d left_at(std::span<const Vec2d> line, std::size_t i) {
    const auto unit_left = [&](std::size_t k) {
      const Vec2d v = line[k] - line[k - 1];
      return left_of(v) * (1 / std::max(geo::length(v), 1e-9));
    };
    if (i == 0) return unit_left(1);
    if (i + 1 == line.size()) return unit_left(i);
    const Vec2d sum = unit_left(i) + unit_left(i + 1);
    const double size = geo::dot(sum, unit_left(i));
    return sum * (1 / std::max(size, 2 / (kDeckMitreMax * kDeckMitreMax)));
  }

  void add_segment(const BridgeProfile& profile, const BridgeProfile::Way& way, std::span<const Vec2d> line, std::size_t i,
                   double along_m, double size_m) {
    const Vec2d a = line[i - 1], b = line[i];
    double low = 0, high = 1;
    if (!clip(a, b, low, high)) return;
    const Vec2d straight = left_of(b - a) * (1 / size_m);
    // Pieces are counted from the start of the segment, so that both tiles of a border have the same.
    const int pieces = detail_ == GroundDetail::full || profile.is_arched()
                           ? std::max(1, static_cast<int>(std::ceil(size_m / kArchStepM)))
                           : 1;
    const auto station = [&](double share) {
      const Vec2d left = share == 0 ? left_at(line, i - 1) : share == 1 ? left_at(line, i) : straight;
      const Vec2d at = a + (b - a) * share;
      const double height_m = profile.height_at(way, along_m + share * size_m) + lift_m_;
      const double ground_left_m = city_.terrain().height_at(at + left * left_edge_m_);
      const double ground_right_m = city_.terrain().height_at(at + left * right_edge_m_);
      return Station{at, left, std::max(height_m, ground_left_m + kDeckLiftM), std::max(height_m, ground_right_m + kDeckLiftM)};
    };
    const bool starts = i == 1 && low == 0, ends = i + 1 == line.size() && high == 1;
    for (int piece = 0; piece < pieces; ++piece) {
      const double from = std::max(low, static_cast<double>(piece) / pieces);
      const double to = std::min(high, static_cast<double>(piece + 1) / pieces);
      if (from >= to) continue;
      const Station first = station(from), last = station(to);
      for (const Strip& s : strips_) add_strip(s, first, last);
      if (starts && from == 0) add_end(first, b - a, false);
      if (ends && to == 1) add_end(last, b - a, true);
    }
  }

  geo::Vec3f place(const Station& s, Corner c) const {
    const Vec2d p = s.at + s.left * c.left_m;
    const double share = (c.left_m - right_edge_m_) / (left_edge_m_ - right_edge_m_);
    const double height_m = s.right_height_m + (s.left_height_m - s.right_height_m) * share + c.up_m;
    return {static_cast<float>(p.x - origin_.x), static_cast<float>(p.y - origin_.y), static_cast<float>(height_m - origin_.z)};
  }

  void add_quad(geo::Vec3f a, geo::Vec3f b, geo::Vec3f c, geo::Vec3f d, Rgb8 colour) {
    const Vec3d u{c.x - a.x, c.y - a.y, c.z - a.z}, v{d.x - b.x, d.y - b.y, d.z - b.z};
    Vec3d normal = geo::cross(u, v);
    const double size = geo::length(normal);
    if (size < 1e-9) return;
    normal = normal * (1 / size);
    const auto first = static_cast<std::uint32_t>(mesh_.positions.size());
    for (const geo::Vec3f p : {a, b, c, d}) {
      mesh_.positions.push_back(p);
      mesh_.normals.push_back({static_cast<float>(normal.x), static_cast<float>(normal.y), static_cast<float>(normal.z)});
      mesh_.colours.push_back(colour);
      mesh_.features.push_back(feature_);
    }
    mesh_.indices.insert(mesh_.indices.end(), {first, first + 1, first + 2, first, first + 2, first + 3});
  }

  /// Corners run clockwise around the cross-section as seen along the way, so the outside is on their left.
  void add_strip(const Strip& s, const Station& first, const Station& last) {
    add_quad(place(first, s.from), place(first, s.to), place(last, s.to), place(last, s.from), s.colour);
  }

  /// Closes the solid where the way ends: one plate, the height of the deck.
  void add_end(const Station& s, Vec2d, bool is_last) {
    double left_m = 0, right_m = 0;
    for (const Strip& strip : strips_) {
      left_m = std::max(left_m, strip.from.left_m);
      right_m = std::min(right_m, strip.from.left_m);
    }
    const Corner low_left{left_m, -kBridgeThicknessM}, high_left{left_m, 0}, high_right{right_m, 0},
        low_right{right_m, -kBridgeThicknessM};
    if (is_last) {
      add_quad(place(s, high_left), place(s, low_left), place(s, low_right), place(s, high_right), kPalette.bridge_side);
    } else {
      add_quad(place(s, low_left), place(s, high_left), place(s, high_right), place(s, low_right), kPalette.bridge_side);
    }
  }

  const city::City& city_;
  geo::Box2d box_;
  GroundDetail detail_;
  Vec3d origin_;
  Mesh& mesh_;
  FeatureIndex feature_ = city::kNone;
  double lift_m_ = 0;
  double left_edge_m_ = 1, right_edge_m_ = -1;
  std::vector<Strip> strips_;
};

}  // namespace

void append_bridges(const city::City& city, const geo::Box2d& tile_box, GroundDetail detail,
                    std::span<const FeatureIndex> candidates, Vec3d origin, TileContent& content) {
  DeckMaker decks(city, tile_box, detail, origin, content.of(Material::ground));
  BridgeProfile profile;
  for (const FeatureIndex i : candidates) {
    const Feature& f = city.feature(i);
    if (!is_bridge(city, f)) continue;
    for (std::uint32_t part = 0; part < city.parts(f.geometry).size(); ++part) {
      profile.find(city, i, part);
      for (const auto& way : profile.ways()) {
        if (way.feature == i && way.part == part) decks.add(profile, way);
      }
    }
  }
}

}  // namespace citiverse::tiles
