// The street network as a planar graph, and the faces between streets, from which blocks are made.
#pragma once

#include <cstdint>
#include <vector>

#include "ingest/practice/street_lines.h"

namespace citiverse::ingest::practice {

struct StreetEdge {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  std::uint32_t line = 0;  ///< Of the StreetLines it was made from.
  LineKind kind = LineKind::minor;
};

/// An area enclosed by edges; counter-clockwise. Dead ends inside appear among `edges` but not in the ring.
struct Face {
  Path ring;
  std::vector<std::uint32_t> edges;
};

/// No two edges cross; edges meet at nodes only; all streets hang together.
class StreetGraph {
 public:
  explicit StreetGraph(const StreetLines& lines);

  const std::vector<Vec2d>& nodes() const { return nodes_; }
  const std::vector<StreetEdge>& edges() const { return edges_; }
  Vec2d from(const StreetEdge& e) const { return nodes_[e.a]; }
  Vec2d to(const StreetEdge& e) const { return nodes_[e.b]; }
  /// Interior faces, in order of their lowest half-edge.
  std::vector<Face> faces() const;
  /// Edges at each node.
  std::vector<std::vector<std::uint32_t>> edges_at_nodes() const;

 private:
  /// Each edge twice: 2 e from a to b, 2 e + 1 back. `face_of` is kOutside outside all loops.
  struct Tour {
    std::vector<std::vector<std::uint32_t>> faces;  // Half-edges.
    std::vector<std::uint32_t> face_of;             // By half-edge.
  };
  Tour tour() const;
  std::uint32_t tail(std::uint32_t half_edge) const {
    return half_edge % 2 == 0 ? edges_[half_edge / 2].a : edges_[half_edge / 2].b;
  }
  std::uint32_t head(std::uint32_t half_edge) const { return tail(half_edge ^ 1u); }

  bool node_once();
  void drop_dead_ends();
  void drop_islands();
  bool drop_slivers();
  void remove(const std::vector<bool>& gone);

  std::vector<Vec2d> nodes_;
  std::vector<StreetEdge> edges_;
};

}  // namespace citiverse::ingest::practice
