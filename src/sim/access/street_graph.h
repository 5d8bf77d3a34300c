// The streets as a graph on whose pieces homes and destinations stand: flat, in tenths of seconds, for very many short
// searches.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "city/city.h"
#include "city/network.h"
#include "sim/access/pace.h"

namespace citiverse::sim {

/// Times are whole tenths of seconds, so that sums do not depend on their order.
using Tenths = std::uint32_t;
inline constexpr Tenths kNever = 0x3FFFFFFF;

/// The street between two junctions, with its times in both directions (kNever: not allowed).
struct StreetPiece {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  Tenths ab = kNever;
  Tenths ba = kNever;
  float length_m = 0;
  std::uint32_t first_vertex = 0;  ///< Of City::vertices, from a to b.
  std::uint32_t last_vertex = 0;
  city::FeatureIndex street = city::kNone;
  geo::Box2d box;
};

/// A place on a piece: how far along it, and how long from there to the door.
struct Spot {
  std::uint32_t piece = city::kNone;
  float along = 0;  ///< 0 at a, 1 at b.
  Tenths door = 0;
  friend bool operator==(const Spot&, const Spot&) = default;
};

/// Immutable. Threads: reading is safe.
class StreetGraph {
 public:
  /// Costs: one city::Network and a look at the terrain every kSlopeRunM.
  StreetGraph(const city::City& city, AccessMode mode);

  struct Edge {
    std::uint32_t to;
    Tenths time;
  };
  std::size_t node_count() const { return positions_.size(); }
  geo::Vec2d position(std::uint32_t node) const { return positions_[node]; }
  std::span<const StreetPiece> pieces() const { return pieces_; }
  std::span<const Edge> edges(std::uint32_t node, bool backward) const {
    const auto& first = first_edge_[backward];
    return std::span(edges_[backward]).subspan(first[node], first[node + 1] - first[node]);
  }
  /// Pieces that touch a node.
  std::span<const std::uint32_t> pieces_at(std::uint32_t node) const {
    return std::span(node_pieces_).subspan(first_piece_[node], first_piece_[node + 1] - first_piece_[node]);
  }
  /// The nearest street within kDoorReachM. Places on it are the middles of steps of `step_seconds` on the flat; the way to the
  /// door is rounded to such steps. Nothing where no street is near.
  std::optional<Spot> spot_near(const city::City& city, geo::Vec2d point, double step_seconds, AccessMode mode) const;
  static constexpr double kDoorReachM = 300;

  // From a spot's place on its piece to the piece's ends, and the other way; without doors.
  Tenths to_a(const Spot& s) const { return part_of(pieces_[s.piece].ba, s.along); }
  Tenths to_b(const Spot& s) const { return part_of(pieces_[s.piece].ab, 1 - s.along); }
  Tenths from_a(const Spot& s) const { return part_of(pieces_[s.piece].ab, s.along); }
  Tenths from_b(const Spot& s) const { return part_of(pieces_[s.piece].ba, 1 - s.along); }
  /// Between two spots of one piece, along it.
  Tenths along(const Spot& from, const Spot& to) const;

 private:
  static Tenths part_of(Tenths whole, float part) {
    return whole >= kNever ? kNever : static_cast<Tenths>(static_cast<double>(whole) * part + 0.5);
  }

  std::vector<geo::Vec2d> positions_;
  std::vector<StreetPiece> pieces_;
  std::array<std::vector<std::uint32_t>, 2> first_edge_;
  std::array<std::vector<Edge>, 2> edges_;
  std::vector<std::uint32_t> first_piece_;
  std::vector<std::uint32_t> node_pieces_;
  city::SpatialIndex index_;  // Of pieces_.
};

/// Searches end here at the latest: four hours.
inline constexpr Tenths kFarthest = 4 * 36'000;

/// Shortest times from (or, backward, to) seeds, up to a limit, in a queue of buckets. Kept from one search to the next: costs
/// no allocation once warm. Source: Dial 1969, doi:10.1145/363269.363610, with buckets of several tenths.
class StreetSearch {
 public:
  struct Seed {
    std::uint32_t node;
    Tenths time;
  };
  void run(const StreetGraph& graph, bool backward, std::span<const Seed> seeds, Tenths limit);
  Tenths time(std::uint32_t node) const { return times_[node]; }
  /// Nodes that were reached within the limit.
  std::span<const std::uint32_t> reached() const { return reached_; }

 private:
  static constexpr Tenths kBucket = 64;
  void wait(std::uint32_t node, Tenths time, Tenths limit);

  std::vector<Tenths> times_;
  std::vector<std::uint32_t> reached_;
  std::vector<std::vector<Seed>> buckets_;
};

}  // namespace citiverse::sim
