// Faces of the graph, and the removal of what no town would build: stubs, slivers, streets without connection.
#include "ingest/practice/street_graph.h"

#include <algorithm>
#include <numeric>

namespace citiverse::ingest::practice {
namespace {

constexpr double kDeadEndMinM = 40;
constexpr double kFaceAreaMinM2 = 420;
constexpr double kFaceWidthMinM = 11;
constexpr std::uint32_t kOutside = 0xFFFFFFFFu;

bool is_upper(Vec2d d) { return d.y > 0 || (d.y == 0 && d.x > 0); }

/// Counter-clockwise order of directions, without trigonometry.
bool turns_before(Vec2d a, Vec2d b) {
  if (is_upper(a) != is_upper(b)) return is_upper(a);
  return cross(a, b) > 0;
}

std::uint32_t root(std::vector<std::uint32_t>& parents, std::uint32_t i) {
  while (parents[i] != i) i = parents[i] = parents[parents[i]];
  return i;
}

}  // namespace

std::vector<std::vector<std::uint32_t>> StreetGraph::edges_at_nodes() const {
  std::vector<std::vector<std::uint32_t>> at(nodes_.size());
  for (std::uint32_t e = 0; e < edges_.size(); ++e) {
    at[edges_[e].a].push_back(e);
    at[edges_[e].b].push_back(e);
  }
  return at;
}

StreetGraph::Tour StreetGraph::tour() const {
  std::vector<std::vector<std::uint32_t>> leaving(nodes_.size());
  for (std::uint32_t h = 0; h < 2 * edges_.size(); ++h) leaving[tail(h)].push_back(h);
  std::vector<std::uint32_t> place(2 * edges_.size());
  for (auto& around : leaving) {
    std::sort(around.begin(), around.end(), [&](std::uint32_t g, std::uint32_t h) {
      return turns_before(nodes_[head(g)] - nodes_[tail(g)], nodes_[head(h)] - nodes_[tail(h)]);
    });
    for (std::uint32_t i = 0; i < around.size(); ++i) place[around[i]] = i;
  }
  Tour tour{{}, std::vector<std::uint32_t>(2 * edges_.size(), kOutside)};
  std::vector<bool> seen(2 * edges_.size(), false);
  for (std::uint32_t start = 0; start < 2 * edges_.size(); ++start) {
    if (seen[start]) continue;
    std::vector<std::uint32_t> face;
    double twice = 0;
    for (std::uint32_t h = start; !seen[h];) {
      seen[h] = true;
      face.push_back(h);
      twice += cross(nodes_[tail(h)] - nodes_[tail(start)], nodes_[head(h)] - nodes_[tail(start)]);
      const auto& around = leaving[head(h)];
      h = around[(place[h ^ 1u] + around.size() - 1) % around.size()];
    }
    if (twice <= 0) continue;
    for (const std::uint32_t h : face) tour.face_of[h] = static_cast<std::uint32_t>(tour.faces.size());
    tour.faces.push_back(std::move(face));
  }
  return tour;
}

std::vector<Face> StreetGraph::faces() const {
  std::vector<Face> faces;
  for (const auto& half_edges : tour().faces) {
    Face face;
    std::vector<std::uint32_t> ring;
    for (const std::uint32_t h : half_edges) {
      face.edges.push_back(h / 2);
      // Going out to a dead end and back leaves no trace.
      if (ring.size() >= 2 && ring[ring.size() - 2] == head(h))
        ring.pop_back();
      else
        ring.push_back(head(h));
    }
    while (ring.size() > 3 && ring.front() == ring[ring.size() - 2]) {
      ring.pop_back();
      ring.erase(ring.begin());
    }
    for (const std::uint32_t n : ring) face.ring.push_back(nodes_[n]);
    if (face.ring.size() >= 3) faces.push_back(std::move(face));
  }
  return faces;
}

void StreetGraph::remove(const std::vector<bool>& gone) {
  std::vector<StreetEdge> left;
  for (std::size_t e = 0; e < edges_.size(); ++e)
    if (!gone[e]) left.push_back(edges_[e]);
  edges_ = std::move(left);
  std::vector<std::uint32_t> renamed(nodes_.size(), kOutside);
  std::vector<Vec2d> nodes;
  for (StreetEdge& e : edges_)
    for (std::uint32_t* n : {&e.a, &e.b}) {
      if (renamed[*n] == kOutside) {
        renamed[*n] = static_cast<std::uint32_t>(nodes.size());
        nodes.push_back(nodes_[*n]);
      }
      *n = renamed[*n];
    }
  nodes_ = std::move(nodes);
}

void StreetGraph::drop_dead_ends() {
  auto at = edges_at_nodes();
  std::vector<bool> gone(edges_.size(), false);
  std::vector<std::uint32_t> degree(nodes_.size());
  for (std::size_t n = 0; n < nodes_.size(); ++n) degree[n] = static_cast<std::uint32_t>(at[n].size());
  for (std::uint32_t start = 0; start < nodes_.size(); ++start) {
    if (degree[start] != 1) continue;
    std::vector<std::uint32_t> chain;
    double long_m = 0;
    bool street = true;
    for (std::uint32_t n = start; degree[n] <= 2;) {
      const auto next = std::find_if(at[n].begin(), at[n].end(),
                                     [&](std::uint32_t e) { return !gone[e] && (chain.empty() || chain.back() != e); });
      if (next == at[n].end()) break;
      chain.push_back(*next);
      long_m += distance(nodes_[edges_[*next].a], nodes_[edges_[*next].b]);
      street = street && is_street(edges_[*next].kind);
      n = edges_[*next].a == n ? edges_[*next].b : edges_[*next].a;
      if (n == start) break;
    }
    if (street && long_m >= kDeadEndMinM) continue;
    for (const std::uint32_t e : chain) {
      gone[e] = true;
      --degree[edges_[e].a];
      --degree[edges_[e].b];
    }
  }
  remove(gone);
}

void StreetGraph::drop_islands() {
  std::vector<std::uint32_t> parents(nodes_.size());
  std::iota(parents.begin(), parents.end(), 0u);
  for (const StreetEdge& e : edges_)
    if (is_street(e.kind)) parents[root(parents, e.a)] = root(parents, e.b);
  std::vector<std::uint32_t> sizes(nodes_.size(), 0);
  for (std::uint32_t n = 0; n < nodes_.size(); ++n) ++sizes[root(parents, n)];
  const auto largest = static_cast<std::uint32_t>(std::max_element(sizes.begin(), sizes.end()) - sizes.begin());
  std::vector<bool> gone(edges_.size());
  for (std::size_t e = 0; e < edges_.size(); ++e) gone[e] = is_street(edges_[e].kind) && root(parents, edges_[e].a) != largest;
  remove(gone);
}

bool StreetGraph::drop_slivers() {
  const Tour t = tour();
  std::vector<bool> gone(edges_.size(), false), touched(t.faces.size(), false);
  bool any = false;
  for (std::uint32_t f = 0; f < t.faces.size(); ++f) {
    double twice = 0, around = 0;
    for (const std::uint32_t h : t.faces[f]) {
      twice += cross(nodes_[tail(h)] - nodes_[tail(t.faces[f][0])], nodes_[head(h)] - nodes_[tail(t.faces[f][0])]);
      around += distance(nodes_[tail(h)], nodes_[head(h)]);
    }
    if (twice / 2 >= kFaceAreaMinM2 && 2 * (twice / 2) / around * 2 >= kFaceWidthMinM) continue;
    // The side towards one neighbour goes, the least important first.
    std::uint32_t neighbour = kOutside;
    LineKind least = LineKind::boulevard;
    for (const std::uint32_t h : t.faces[f]) {
      const LineKind kind = edges_[h / 2].kind;
      const std::uint32_t other = t.face_of[h ^ 1u];
      if (!is_street(kind) || kind == LineKind::bridge || other == f || kind < least) continue;
      if (other != kOutside && touched[other]) continue;
      least = kind;
      neighbour = other;
    }
    if (neighbour == kOutside || touched[f]) continue;
    touched[f] = touched[neighbour] = true;
    for (const std::uint32_t h : t.faces[f])
      if (t.face_of[h ^ 1u] == neighbour && is_street(edges_[h / 2].kind) && edges_[h / 2].kind != LineKind::bridge)
        gone[h / 2] = any = true;
  }
  if (any) remove(gone);
  return any;
}

StreetGraph::StreetGraph(const StreetLines& lines) {
  for (std::uint32_t l = 0; l < lines.all().size(); ++l) {
    const StreetLine& line = lines.all()[l];
    for (const Vec2d p : line.path) nodes_.push_back(p);
    for (std::size_t i = 0; i + 1 < line.path.size(); ++i) {
      const auto first = static_cast<std::uint32_t>(nodes_.size() - line.path.size() + i);
      edges_.push_back({first, first + 1, l, line.kind});
    }
  }
  for (int round = 0; round < 8 && node_once(); ++round) continue;
  for (int round = 0; round < 6; ++round) {
    drop_islands();
    drop_dead_ends();
    if (!drop_slivers()) break;
  }
  drop_islands();
  drop_dead_ends();
}

}  // namespace citiverse::ingest::practice
