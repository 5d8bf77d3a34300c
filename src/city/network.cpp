// Counting how many streets use a vertex finds the junctions; everything else is sorting into rows.
#include "city/network.h"

#include <algorithm>
#include <limits>
#include <queue>
#include <unordered_map>

namespace citiverse::city {
namespace {

// Millimetres from the origin, packed: coordinates are on the millimetre grid, so equality is exact within ±2,147 km.
std::uint64_t key_of(geo::Vec2d p) {
  const auto x = static_cast<std::uint32_t>(static_cast<std::int32_t>(std::llround(p.x * 1000.0)));
  const auto y = static_cast<std::uint32_t>(static_cast<std::int32_t>(std::llround(p.y * 1000.0)));
  return (static_cast<std::uint64_t>(x) << 32) | y;
}

struct KeyHash {
  std::size_t operator()(std::uint64_t key) const {
    return static_cast<std::size_t>((key ^ (key >> 29)) * 0xBF58476D1CE4E5B9ull);
  }
};

double speed_kmh(const Street& street, Mode mode) {
  if (mode == kWalk) return street.street_class == StreetClass::steps ? Network::kStepsSpeedKmh : Network::kWalkSpeedKmh;
  if (mode == kCycle) return street.street_class == StreetClass::steps ? Network::kStepsSpeedKmh : Network::kCycleSpeedKmh;
  return std::max<double>(street.speed_kmh, Network::kDriveSpeedLeastKmh);
}

struct Piece {
  Network::Node from;
  Network::Edge edge;
};

}  // namespace

Network::Network(const City& city, Mode mode) : mode_(mode) {
  const Run run = city.of_kind(FeatureKind::street);
  const auto usable = [&](const Street& s) { return ((s.forward | s.backward) & mode) != 0; };

  // A vertex is a node when it ends a street or is met twice.
  std::unordered_map<std::uint64_t, std::uint32_t, KeyHash> uses;
  for (FeatureIndex i = run.first; i < run.first + run.count; ++i) {
    const Feature& f = city.feature(i);
    if (!usable(city.street(f))) continue;
    for (const Part& part : city.parts(f.geometry)) {
      const auto line = city.vertices(part);
      for (std::size_t v = 0; v < line.size(); ++v) uses[key_of(line[v])] += v == 0 || v + 1 == line.size() ? 2 : 1;
    }
  }
  std::unordered_map<std::uint64_t, Node, KeyHash> nodes;
  const auto node_at = [&](geo::Vec2d p) {
    const auto [at, is_new] = nodes.try_emplace(key_of(p), static_cast<Node>(positions_.size()));
    if (is_new) positions_.push_back(p);
    return at->second;
  };

  std::vector<Piece> pieces;
  for (FeatureIndex i = run.first; i < run.first + run.count; ++i) {
    const Feature& f = city.feature(i);
    const Street& street = city.street(f);
    if (!usable(street)) continue;
    const double metres_a_second = speed_kmh(street, mode) / 3.6;
    for (const Part& part : city.parts(f.geometry)) {
      const auto line = city.vertices(part);
      std::size_t start = 0;
      double length_m = 0;
      for (std::size_t v = 1; v < line.size(); ++v) {
        length_m += geo::distance(line[v - 1], line[v]);
        if (uses[key_of(line[v])] < 2) continue;
        const Node a = node_at(line[start]);
        const Node b = node_at(line[v]);
        const auto first = static_cast<std::uint32_t>(part.first + start);
        const auto last = static_cast<std::uint32_t>(part.first + v);
        const auto length = static_cast<float>(length_m);
        const auto time = static_cast<float>(length_m / metres_a_second);
        if (street.forward & mode) pieces.push_back({a, {b, length, time, i, first, last}});
        if (street.backward & mode) pieces.push_back({b, {a, length, time, i, last, first}});
        start = v;
        length_m = 0;
      }
    }
  }
  std::stable_sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.from < b.from; });
  first_edges_.assign(positions_.size() + 1, 0);
  edges_.reserve(pieces.size());
  for (const Piece& piece : pieces) {
    ++first_edges_[piece.from + 1];
    edges_.push_back(piece.edge);
  }
  for (std::size_t n = 1; n < first_edges_.size(); ++n) first_edges_[n] += first_edges_[n - 1];
  std::vector<geo::Box2d> boxes;
  boxes.reserve(positions_.size());
  for (const auto& p : positions_) boxes.push_back({p, p});
  index_ = SpatialIndex(boxes);
}

std::optional<Network::Node> Network::nearest_node(geo::Vec2d point, double distance_max_m) const {
  std::optional<Node> nearest;
  index_.visit_nearest(point, distance_max_m, [&](std::uint32_t node, double) {
    nearest = node;
    return false;
  });
  return nearest;
}

std::vector<std::uint32_t> Network::component_sizes() const {
  // Tarjan 1972 (doi:10.1137/0201010) with its recursion as an explicit stack.
  const auto n = static_cast<Node>(positions_.size());
  constexpr std::uint32_t unseen = 0xFFFFFFFFu;
  std::vector<std::uint32_t> order(n, unseen);
  std::vector<std::uint32_t> low(n, 0);
  std::vector<char> on_stack(n, 0);
  std::vector<Node> stack;
  struct Visit {
    Node node;
    std::uint32_t next;
  };
  std::vector<Visit> visits;
  std::vector<std::uint32_t> sizes;
  std::uint32_t time = 0;
  const auto enter = [&](Node node) {
    order[node] = low[node] = time++;
    on_stack[node] = 1;
    stack.push_back(node);
    visits.push_back({node, first_edges_[node]});
  };
  for (Node root = 0; root < n; ++root) {
    if (order[root] != unseen) continue;
    enter(root);
    while (!visits.empty()) {
      Visit& visit = visits.back();
      const Node node = visit.node;
      if (visit.next < first_edges_[node + 1]) {
        const Node to = edges_[visit.next++].to;
        if (order[to] == unseen) {
          enter(to);
        } else if (on_stack[to]) {
          low[node] = std::min(low[node], order[to]);
        }
        continue;
      }
      visits.pop_back();
      if (!visits.empty()) low[visits.back().node] = std::min(low[visits.back().node], low[node]);
      if (low[node] != order[node]) continue;
      std::uint32_t size = 0;
      for (Node member = n; member != node; ++size) {
        member = stack.back();
        stack.pop_back();
        on_stack[member] = 0;
      }
      sizes.push_back(size);
    }
  }
  std::sort(sizes.rbegin(), sizes.rend());
  return sizes;
}

std::optional<Path> quickest_path(const Network& network, Network::Node from, Network::Node to) {
  struct Reached {
    double time_s = std::numeric_limits<double>::infinity();
    Network::Node before = 0;
    const Network::Edge* by = nullptr;
  };
  std::vector<Reached> reached(network.node_count());
  using Waiting = std::pair<double, Network::Node>;
  std::priority_queue<Waiting, std::vector<Waiting>, std::greater<>> queue;
  reached[from].time_s = 0;
  queue.push({0, from});
  while (!queue.empty()) {
    const auto [time_s, node] = queue.top();
    queue.pop();
    if (node == to) break;
    if (time_s > reached[node].time_s) continue;
    for (const Network::Edge& edge : network.edges_from(node)) {
      const double there_s = time_s + edge.time_s;
      if (there_s >= reached[edge.to].time_s) continue;
      reached[edge.to] = {there_s, node, &edge};
      queue.push({there_s, edge.to});
    }
  }
  if (reached[to].time_s == std::numeric_limits<double>::infinity()) return std::nullopt;
  Path path;
  path.time_s = reached[to].time_s;
  for (Network::Node node = to; node != from; node = reached[node].before) {
    path.edges.push_back(reached[node].by);
    path.length_m += reached[node].by->length_m;
  }
  std::reverse(path.edges.begin(), path.edges.end());
  return path;
}

}  // namespace citiverse::city
