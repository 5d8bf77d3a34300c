// Pairs of directed edges become pieces; pieces become rows.
#include "sim/access/street_graph.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include <tbb/parallel_for.h>

namespace citiverse::sim {
namespace {

struct Nearest {
  double squared_m2 = std::numeric_limits<double>::infinity();
  double along_m = 0;
};

Nearest nearest_on(const city::City& city, const StreetPiece& piece, geo::Vec2d point) {
  Nearest best;
  const auto& vertices = city.columns().vertices;
  double walked_m = 0;
  const bool is_up = piece.first_vertex <= piece.last_vertex;
  for (std::uint32_t v = piece.first_vertex; v != piece.last_vertex; v = is_up ? v + 1 : v - 1) {
    const geo::Vec2d from = vertices[v];
    const geo::Vec2d side = vertices[is_up ? v + 1 : v - 1] - from;
    const double side_m = length(side);
    const double part = side_m > 0 ? std::clamp(dot(point - from, side) / (side_m * side_m), 0.0, 1.0) : 0;
    const geo::Vec2d off = point - (from + side * part);
    const double squared = dot(off, off);
    if (squared < best.squared_m2) best = {squared, walked_m + part * side_m};
    walked_m += side_m;
  }
  return best;
}

Tenths tenths_of(std::optional<double> seconds) {
  if (!seconds) return kNever;
  return static_cast<Tenths>(std::clamp(std::round(*seconds * 10), 1.0, 1e8));
}

}  // namespace

StreetGraph::StreetGraph(const city::City& city, AccessMode mode) {
  const city::Network network(city, mode == AccessMode::bicycle ? city::kCycle : city::kWalk);
  const auto nodes = static_cast<std::uint32_t>(network.node_count());
  positions_.reserve(nodes);
  for (std::uint32_t n = 0; n < nodes; ++n) {
    positions_.push_back(network.position(n));
    for (const city::Network::Edge& e : network.edges_from(n)) {
      StreetPiece piece{.a = n,
                        .b = e.to,
                        .length_m = e.length_m,
                        .first_vertex = e.first_vertex,
                        .last_vertex = e.last_vertex,
                        .street = e.street};
      piece.ab = 1;  // Allowed; its time follows.
      if (piece.first_vertex > piece.last_vertex) {
        std::swap(piece.a, piece.b);
        std::swap(piece.first_vertex, piece.last_vertex);
        std::swap(piece.ab, piece.ba);
      }
      pieces_.push_back(piece);
    }
  }
  const auto key = [](const StreetPiece& p) { return std::tie(p.first_vertex, p.last_vertex, p.street); };
  std::sort(pieces_.begin(), pieces_.end(),
            [&](const StreetPiece& x, const StreetPiece& y) { return std::tuple(key(x), x.ab) < std::tuple(key(y), y.ab); });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    if (kept > 0 && key(pieces_[kept - 1]) == key(pieces_[i])) {
      pieces_[kept - 1].ab = std::min(pieces_[kept - 1].ab, pieces_[i].ab);
      pieces_[kept - 1].ba = std::min(pieces_[kept - 1].ba, pieces_[i].ba);
    } else {
      pieces_[kept++] = pieces_[i];
    }
  }
  pieces_.resize(kept);
  tbb::parallel_for(std::size_t{0}, pieces_.size(), [&](std::size_t i) {
    StreetPiece& p = pieces_[i];
    const city::Street& street = city.street(city.feature(p.street));
    if (p.ab != kNever) p.ab = tenths_of(seconds_along(city, street, p.first_vertex, p.last_vertex, mode));
    if (p.ba != kNever) p.ba = tenths_of(seconds_along(city, street, p.last_vertex, p.first_vertex, mode));
  });
  std::erase_if(pieces_, [](const StreetPiece& p) { return p.ab >= kNever && p.ba >= kNever; });

  // Rows: forward and backward edges, and pieces, by node.
  for (auto& first : first_edge_) first.assign(nodes + 1, 0);
  first_piece_.assign(nodes + 1, 0);
  for (const StreetPiece& p : pieces_) {
    ++first_piece_[p.a + 1];
    if (p.b != p.a) ++first_piece_[p.b + 1];
    for (const auto& [from, to, time] : {std::tuple(p.a, p.b, p.ab), std::tuple(p.b, p.a, p.ba)}) {
      if (time >= kNever) continue;
      ++first_edge_[0][from + 1];
      ++first_edge_[1][to + 1];
    }
  }
  for (std::uint32_t n = 0; n < nodes; ++n) {
    first_piece_[n + 1] += first_piece_[n];
    for (auto& first : first_edge_) first[n + 1] += first[n];
  }
  node_pieces_.resize(first_piece_[nodes]);
  for (std::size_t d = 0; d < 2; ++d) edges_[d].resize(first_edge_[d][nodes]);
  std::vector<std::uint32_t> next_piece(first_piece_.begin(), first_piece_.end() - 1);
  std::array<std::vector<std::uint32_t>, 2> next;
  for (std::size_t d = 0; d < 2; ++d) next[d].assign(first_edge_[d].begin(), first_edge_[d].end() - 1);
  std::vector<geo::Box2d> boxes;
  for (std::uint32_t i = 0; i < pieces_.size(); ++i) {
    StreetPiece& p = pieces_[i];
    node_pieces_[next_piece[p.a]++] = i;
    if (p.b != p.a) node_pieces_[next_piece[p.b]++] = i;
    for (const auto& [from, to, time] : {std::tuple(p.a, p.b, p.ab), std::tuple(p.b, p.a, p.ba)}) {
      if (time >= kNever) continue;
      edges_[0][next[0][from]++] = {to, time};
      edges_[1][next[1][to]++] = {from, time};
    }
    for (std::uint32_t v = p.first_vertex; v <= p.last_vertex; ++v) p.box.extend(city.columns().vertices[v]);
    boxes.push_back(p.box);
  }
  index_ = city::SpatialIndex(boxes);
}

std::optional<Spot> StreetGraph::spot_near(const city::City& city, geo::Vec2d point, double step_seconds,
                                           AccessMode mode) const {
  Nearest best;
  std::uint32_t piece = city::kNone;
  index_.visit_nearest(point, kDoorReachM, [&](std::uint32_t i, double squared_m2) {
    // Boxes are rounded to floats: a centimetre of them tells nothing.
    if (squared_m2 > best.squared_m2 + 0.01) return false;
    const Nearest here = nearest_on(city, pieces_[i], point);
    if (here.squared_m2 < best.squared_m2 || (here.squared_m2 == best.squared_m2 && i < piece)) {
      best = here;
      piece = i;
    }
    return true;
  });
  if (piece == city::kNone || best.squared_m2 > kDoorReachM * kDoorReachM) return std::nullopt;
  const double length_m = std::max<double>(pieces_[piece].length_m, 1e-3);
  const double speed = mode == AccessMode::bicycle ? cycling_speed(0) : door_speed(mode);
  const double steps = std::max(1.0, std::round(length_m / (step_seconds * speed)));
  const double step = std::min(steps - 1, std::floor(best.along_m / length_m * steps));
  const double door_steps = std::round(std::sqrt(best.squared_m2) / door_speed(mode) / step_seconds);
  Spot spot;
  spot.piece = piece;
  spot.along = static_cast<float>((step + 0.5) / steps);
  spot.door = static_cast<Tenths>(std::lround(door_steps * step_seconds * 10));
  return spot;
}

Tenths StreetGraph::along(const Spot& from, const Spot& to) const {
  const StreetPiece& piece = pieces_[from.piece];
  return to.along >= from.along ? part_of(piece.ab, to.along - from.along) : part_of(piece.ba, from.along - to.along);
}

void StreetSearch::wait(std::uint32_t node, Tenths time, Tenths limit) {
  if (time > limit || time >= times_[node]) return;
  if (times_[node] >= kNever) reached_.push_back(node);
  times_[node] = time;
  buckets_[time / kBucket].push_back({node, time});
}

void StreetSearch::run(const StreetGraph& graph, bool backward, std::span<const Seed> seeds, Tenths limit) {
  if (times_.size() != graph.node_count()) {
    times_.assign(graph.node_count(), kNever);
    reached_.clear();
  }
  for (const std::uint32_t node : reached_) times_[node] = kNever;
  reached_.clear();
  // What has no limit goes as far as streets go; a bucket is a few seconds, and buckets stay empty at no cost but a look.
  const std::size_t buckets = std::min<std::size_t>(limit, kFarthest) / kBucket + 1;
  if (buckets_.size() < buckets) buckets_.resize(buckets);
  const Tenths bound = std::min(limit, kFarthest);
  for (const Seed& seed : seeds) wait(seed.node, seed.time, bound);
  for (std::size_t b = 0; b < buckets; ++b) {
    // Edges within a bucket may lead back into it: it is emptied until nothing is left.
    for (std::size_t i = 0; i < buckets_[b].size(); ++i) {
      const Seed seed = buckets_[b][i];
      if (seed.time > times_[seed.node]) continue;
      for (const StreetGraph::Edge& edge : graph.edges(seed.node, backward)) wait(edge.to, seed.time + edge.time, bound);
    }
    buckets_[b].clear();
  }
}

}  // namespace citiverse::sim
