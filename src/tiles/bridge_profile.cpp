// Ends on the ground give heights, what lies between is straight, and what passes below lifts it.
#include "tiles/bridge_profile.h"

#include <algorithm>
#include <tuple>

#include "tiles/bridge_deck.h"

namespace citiverse::tiles {
namespace {

using city::Feature;
using city::FeatureIndex;
using city::FeatureKind;
using city::Structure;
using geo::Vec2d;

constexpr double kOverTerrainM = 0.4;  // A deck does not touch the ground between its ends.
constexpr double kSampleM = 10;

Structure structure_of(const city::City& city, const Feature& f) {
  return f.id.kind() == FeatureKind::street ? city.street(f).structure : city.rail(f).structure;
}
int layer_of(const city::City& city, const Feature& f) {
  return f.id.kind() == FeatureKind::street ? city.street(f).layer : city.rail(f).layer;
}
bool is_way(const Feature& f) { return f.id.kind() == FeatureKind::street || f.id.kind() == FeatureKind::rail; }

/// Calls f(feature index, part index, line) for each street or rail line whose box meets `box`.
template <class F>
void for_each_way(const city::City& city, const geo::Box2d& box, F&& f) {
  city.index().visit_box(box, [&](std::uint32_t item) {
    const Feature& feature = city.feature(item);
    if (!is_way(feature)) return;
    const auto parts = city.parts(feature.geometry);
    for (std::uint32_t i = 0; i < parts.size(); ++i) f(item, i, city.vertices(parts[i]));
  });
}

/// Share of a b at which c d crosses it, or −1.
double crossing_share(Vec2d a, Vec2d b, Vec2d c, Vec2d d) {
  const double from_a = geo::cross(d - c, a - c), from_b = geo::cross(d - c, b - c);
  const double from_c = geo::cross(b - a, c - a), from_d = geo::cross(b - a, d - a);
  if ((from_a > 0) == (from_b > 0) || (from_c > 0) == (from_d > 0)) return -1;
  return from_a / (from_a - from_b);
}

}  // namespace

double line_length(std::span<const Vec2d> line) {
  double length_m = 0;
  for (std::size_t i = 1; i < line.size(); ++i) length_m += geo::distance(line[i - 1], line[i]);
  return length_m;
}

bool is_bridge(const city::City& city, const Feature& feature) {
  return is_way(feature) && structure_of(city, feature) == Structure::bridge;
}

std::uint32_t BridgeProfile::node_at(Vec2d at) {
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i].at == at) return i;
  }
  nodes_.push_back({at});
  return static_cast<std::uint32_t>(nodes_.size() - 1);
}

void BridgeProfile::add_way(const city::City& city, FeatureIndex feature, std::uint32_t part) {
  for (const Way& way : ways_) {
    if (way.feature == feature && way.part == part) return;
  }
  const auto line = city.vertices(city.parts(city.feature(feature).geometry)[part]);
  const std::uint32_t from = node_at(line.front()), to = node_at(line.back());
  ways_.push_back({feature, part, {from, to}, line_length(line)});
}

void BridgeProfile::find(const city::City& city, FeatureIndex feature, std::uint32_t part) {
  ways_.clear();
  nodes_.clear();
  rise_m_ = 0;
  add_way(city, feature, part);
  for (std::size_t done = 0; done < nodes_.size() && ways_.size() < kBridgeWaysMax; ++done) {
    const Vec2d at = nodes_[done].at;
    for_each_way(city, {at, at}, [&](FeatureIndex other, std::uint32_t other_part, std::span<const Vec2d> line) {
      if (ways_.size() >= kBridgeWaysMax || (line.front() != at && line.back() != at)) return;
      if (is_bridge(city, city.feature(other))) add_way(city, other, other_part);
    });
  }
  // The same bridge, found from any of its ways, is the same: nodes are in order of place, sums in order of ways.
  std::ranges::sort(ways_,
                    [](const Way& a, const Way& b) { return std::tie(a.feature, a.part) < std::tie(b.feature, b.part); });
  nodes_.clear();
  for (Way& way : ways_) {
    const auto line = city.vertices(city.parts(city.feature(way.feature).geometry)[way.part]);
    way.nodes[0] = node_at(line.front());
    way.nodes[1] = node_at(line.back());
  }
  find_ground(city);
  level();
  for (const Way& way : ways_) clear_below(city, way);
}

void BridgeProfile::find_ground(const city::City& city) {
  for (std::uint32_t n = 0; n < nodes_.size(); ++n) {
    Node& node = nodes_[n];
    node.height_m = city.terrain().height_at(node.at);
    const auto degree = std::ranges::count_if(ways_, [&](const Way& w) { return w.nodes[0] == n || w.nodes[1] == n; });
    node.is_ground = degree <= 1;
    for_each_way(city, {node.at, node.at}, [&](FeatureIndex other, std::uint32_t, std::span<const Vec2d> line) {
      const Structure structure = structure_of(city, city.feature(other));
      if (structure == Structure::bridge || structure == Structure::tunnel) return;
      if (std::ranges::find(line, node.at) != line.end()) node.is_ground = true;
    });
  }
  if (std::ranges::none_of(nodes_, &Node::is_ground)) nodes_[0].is_ground = true;
}

/// Heights of the nodes in the air: each the mean of its neighbours, weighted by nearness, which is a straight line on a chain.
void BridgeProfile::level() {
  constexpr double kFar = 1e12;
  for (Node& node : nodes_) node.to_ground_m = node.is_ground ? 0 : kFar;
  for (std::size_t pass = 0; pass < nodes_.size(); ++pass) {
    for (const Way& way : ways_) {
      Node &a = nodes_[way.nodes[0]], &b = nodes_[way.nodes[1]];
      a.to_ground_m = std::min(a.to_ground_m, b.to_ground_m + way.length_m);
      b.to_ground_m = std::min(b.to_ground_m, a.to_ground_m + way.length_m);
    }
  }
  constexpr int kSweeps = 300;
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    for (std::uint32_t n = 0; n < nodes_.size(); ++n) {
      if (nodes_[n].is_ground) continue;
      double sum = 0, weights = 0;
      for (const Way& way : ways_) {
        if (way.nodes[0] != n && way.nodes[1] != n) continue;
        const double weight = 1 / std::max(way.length_m, 0.1);
        sum += weight * nodes_[way.nodes[0] == n ? way.nodes[1] : way.nodes[0]].height_m;
        weights += weight;
      }
      if (weights > 0) nodes_[n].height_m = sum / weights;
    }
  }
}

double BridgeProfile::base_at(const Way& way, double along_m) const {
  const double share = way.length_m > 0 ? along_m / way.length_m : 0;
  return nodes_[way.nodes[0]].height_m * (1 - share) + nodes_[way.nodes[1]].height_m * share;
}

double BridgeProfile::height_at(const Way& way, double along_m) const {
  const double to_ground_m =
      std::min(nodes_[way.nodes[0]].to_ground_m + along_m, nodes_[way.nodes[1]].to_ground_m + way.length_m - along_m);
  return base_at(way, along_m) + std::min(rise_m_, kBridgeSlopeMax * std::max(0.0, to_ground_m));
}

void BridgeProfile::clear_below(const city::City& city, const Way& way) {
  const Feature& feature = city.feature(way.feature);
  const auto line = city.vertices(city.parts(feature.geometry)[way.part]);
  const int layer = std::max(1, layer_of(city, feature));
  double along_m = 0;
  for (std::size_t i = 1; i < line.size(); ++i) {
    const Vec2d a = line[i - 1], b = line[i];
    const double size_m = geo::distance(a, b);
    const auto need = [&](double share, double above_m) {
      const double ground_m = city.terrain().height_at(a + (b - a) * share);
      rise_m_ = std::max(rise_m_, ground_m + above_m - base_at(way, along_m + share * size_m));
    };
    for (double at = 0; at < size_m; at += kSampleM) need(at / size_m, kOverTerrainM);
    geo::Box2d box;
    box.extend(a);
    box.extend(b);
    for_each_way(city, box, [&](FeatureIndex other, std::uint32_t, std::span<const Vec2d> below) {
      const Feature& f = city.feature(other);
      const Structure structure = structure_of(city, f);
      if (structure == Structure::tunnel || (structure == Structure::bridge && layer_of(city, f) >= layer)) return;
      for (std::size_t k = 1; k < below.size(); ++k) {
        const bool meets = below[k] == a || below[k] == b || below[k - 1] == a || below[k - 1] == b;
        const double share = meets ? -1 : crossing_share(a, b, below[k - 1], below[k]);
        if (share >= 0) need(share, kBridgeClearanceM * layer + kBridgeThicknessM);
      }
    });
    along_m += size_m;
  }
}

}  // namespace citiverse::tiles
