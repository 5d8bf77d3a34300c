// The lines from which the street network is made, while they are being drawn: each with a class, all findable by place.
#pragma once

#include <cstdint>
#include <vector>

#include "ingest/practice/polygon.h"

namespace citiverse::ingest::practice {

/// In order of importance. Edges that are no streets (water's edge, railway land, the frame) close the faces of the network.
enum class LineKind : std::uint8_t {
  boulevard,  ///< The ring where walls stood.
  primary,
  bridge,
  secondary,
  quay,
  tertiary,
  high_street,  ///< From a gate to the market square.
  minor,
  promenade,  ///< For walking and cycling beside the water.
  foot_bridge,
  track,
  water_edge,
  rail_edge,
  frame,
};
constexpr bool is_street(LineKind kind) { return kind < LineKind::water_edge; }

struct StreetLine {
  Path path;
  LineKind kind = LineKind::minor;
};

/// Lines and a grid of their segments over a square of the plane.
class StreetLines {
 public:
  explicit StreetLines(double half_size_m);

  std::uint32_t add(StreetLine line);
  const std::vector<StreetLine>& all() const { return lines_; }

  struct Segment {
    std::uint32_t line = 0;
    std::uint32_t index = 0;  ///< From vertex `index` to the next.
  };
  Vec2d from(Segment s) const { return lines_[s.line].path[s.index]; }
  Vec2d to(Segment s) const { return lines_[s.line].path[s.index + 1]; }
  LineKind kind(Segment s) const { return lines_[s.line].kind; }

  /// The first crossing of the step from a to b with any line.
  struct Crossing {
    Segment segment;
    Vec2d point;
    double at = 2;  ///< Share of the step; above 1: none.
  };
  Crossing first_crossing(Vec2d a, Vec2d b) const;
  /// Distance to the nearest street within `reach_m` that runs within about 40° of `direction`; reach_m when there is none.
  double distance_to_parallel(Vec2d p, Vec2d direction, double reach_m) const;
  /// The nearest point of a street within `reach_m` that lies ahead of p.
  struct Nearest {
    Vec2d point;
    bool found = false;
    Segment segment;
  };
  Nearest nearest_ahead(Vec2d p, Vec2d direction, double reach_m) const;
  /// The nearest point of any line within `reach_m`.
  Nearest nearest(Vec2d p, double reach_m) const;
  /// Some line passes within `distance_m`.
  bool is_near(Vec2d p, double distance_m) const;
  /// Some line that runs across `direction` passes within `distance_m`.
  bool crossing_near(Vec2d p, Vec2d direction, double distance_m) const;

 private:
  template <class Visit>
  void visit(const geo::Box2d& box, Visit&& visit) const;
  std::size_t cell(double coordinate) const;

  double half_size_m_;
  std::size_t cells_ = 0;  // A side.
  std::vector<std::vector<Segment>> grid_;
  std::vector<StreetLine> lines_;
};

}  // namespace citiverse::ingest::practice
