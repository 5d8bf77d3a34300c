// Making the lines planar: where two cross, both get a vertex; vertices that nearly meet become one.
#include <algorithm>

#include "ingest/practice/street_graph.h"

namespace citiverse::ingest::practice {
namespace {

constexpr double kMergeM = 5;    // Vertices nearer than this become one.
constexpr double kTouchM = 2.5;  // A vertex this near to an edge lies on it.
constexpr double kNodingCellM = 24;

struct Split {
  std::uint32_t edge;
  double at;
  Vec2d point;
};

/// A square grid over the box of some points.
class Grid {
 public:
  explicit Grid(const geo::Box2d& box)
      : low_(box.low),
        columns_(static_cast<std::size_t>(box.width() / kNodingCellM) + 1),
        rows_(static_cast<std::size_t>(box.height() / kNodingCellM) + 1),
        cells_(columns_ * rows_) {}
  template <class Visit>
  void visit(const geo::Box2d& box, Visit&& visit) {
    for (std::size_t y = cell(box.low.y - low_.y, rows_); y <= cell(box.high.y - low_.y, rows_); ++y)
      for (std::size_t x = cell(box.low.x - low_.x, columns_); x <= cell(box.high.x - low_.x, columns_); ++x)
        visit(cells_[y * columns_ + x]);
  }

 private:
  static std::size_t cell(double d, std::size_t count) {
    return static_cast<std::size_t>(std::clamp(d / kNodingCellM, 0.0, static_cast<double>(count - 1)));
  }
  Vec2d low_;
  std::size_t columns_, rows_;
  std::vector<std::vector<std::uint32_t>> cells_;
};

}  // namespace

bool StreetGraph::node_once() {
  geo::Box2d box = box_of(nodes_);
  Grid edge_grid(box);
  std::vector<Split> splits;
  const auto split = [&](std::uint32_t e, Vec2d p) {
    const Vec2d a = nodes_[edges_[e].a], b = nodes_[edges_[e].b];
    const double l = distance(a, b);
    const double at = l > 0 ? dot(p - a, b - a) / (l * l) : 0;
    if (distance(p, a) > kMergeM && distance(p, b) > kMergeM && at > 0 && at < 1) splits.push_back({e, at, p});
  };
  const auto compare = [&](std::uint32_t e, std::uint32_t f) {
    const StreetEdge &g = edges_[e], &h = edges_[f];
    if (g.a == h.a || g.a == h.b || g.b == h.a || g.b == h.b) return;
    const Vec2d a = nodes_[g.a], b = nodes_[g.b], c = nodes_[h.a], d = nodes_[h.b];
    for (const Vec2d p : {a, b})
      if (distance(nearest_on_segment(c, d, p), p) < kTouchM) split(f, p);
    for (const Vec2d p : {c, d})
      if (distance(nearest_on_segment(a, b, p), p) < kTouchM) split(e, p);
    const double turn = cross(b - a, d - c);
    if (turn == 0) return;
    const double t = cross(c - a, d - c) / turn, s = cross(c - a, b - a) / turn;
    if (t <= 0 || t >= 1 || s <= 0 || s >= 1) return;
    const Vec2d p = geo::snapped_to_mm(a + (b - a) * t);
    split(e, p);
    split(f, p);
  };
  for (std::uint32_t e = 0; e < edges_.size(); ++e) {
    geo::Box2d around;
    around.extend(nodes_[edges_[e].a]);
    around.extend(nodes_[edges_[e].b]);
    around = around.grown_by(kTouchM);
    std::vector<std::uint32_t> near;
    edge_grid.visit(around, [&](std::vector<std::uint32_t>& cell) {
      near.insert(near.end(), cell.begin(), cell.end());
      cell.push_back(e);
    });
    std::sort(near.begin(), near.end());
    near.erase(std::unique(near.begin(), near.end()), near.end());
    for (const std::uint32_t f : near) compare(e, f);
  }
  std::sort(splits.begin(), splits.end(),
            [](const Split& a, const Split& b) { return a.edge != b.edge ? a.edge < b.edge : a.at < b.at; });

  Grid node_grid(box);
  std::vector<Vec2d> merged_nodes;
  bool moved = false;
  const auto node_of = [&](Vec2d p) {
    std::uint32_t best = 0xFFFFFFFFu;
    double best_m = kMergeM;
    node_grid.visit(geo::Box2d{p, p}.grown_by(kMergeM), [&](const std::vector<std::uint32_t>& cell) {
      for (const std::uint32_t n : cell)
        if (distance(merged_nodes[n], p) < best_m) best_m = distance(merged_nodes[n], p), best = n;
    });
    if (best != 0xFFFFFFFFu) {
      moved = moved || best_m > 0;
      return best;
    }
    merged_nodes.push_back(geo::snapped_to_mm(p));
    node_grid.visit(geo::Box2d{p, p}, [&](std::vector<std::uint32_t>& cell) {
      cell.push_back(static_cast<std::uint32_t>(merged_nodes.size() - 1));
    });
    return static_cast<std::uint32_t>(merged_nodes.size() - 1);
  };
  std::vector<StreetEdge> edges;
  std::size_t next = 0;
  for (std::uint32_t e = 0; e < edges_.size(); ++e) {
    std::uint32_t last = node_of(nodes_[edges_[e].a]);
    const auto go_to = [&](Vec2d p) {
      const std::uint32_t n = node_of(p);
      if (n != last) edges.push_back({last, n, edges_[e].line, edges_[e].kind});
      last = n;
    };
    for (; next < splits.size() && splits[next].edge == e; ++next) go_to(splits[next].point);
    go_to(nodes_[edges_[e].b]);
  }
  // Of several edges between the same nodes the most important stays.
  std::vector<std::uint32_t> order(edges.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto key = [&](std::uint32_t i) {
    return std::pair(std::min(edges[i].a, edges[i].b), std::max(edges[i].a, edges[i].b));
  };
  std::sort(order.begin(), order.end(), [&](std::uint32_t i, std::uint32_t j) {
    if (key(i) != key(j)) return key(i) < key(j);
    return edges[i].kind != edges[j].kind ? edges[i].kind < edges[j].kind : i < j;
  });
  std::vector<std::uint32_t> kept;
  for (std::size_t i = 0; i < order.size(); ++i)
    if (i == 0 || key(order[i]) != key(order[i - 1])) kept.push_back(order[i]);
  std::sort(kept.begin(), kept.end());
  edges_.clear();
  for (const std::uint32_t i : kept) edges_.push_back(edges[i]);
  nodes_ = std::move(merged_nodes);
  return !splits.empty() || moved;
}

}  // namespace citiverse::ingest::practice
