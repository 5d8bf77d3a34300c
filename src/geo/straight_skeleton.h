// Roofs over outlines of any shape: every side of the outline rises at its own slope until it meets the others.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "base/result.h"
#include "geo/vec.h"

namespace citiverse::geo {

/// The faces swept by the sides of a polygon as they move inwards. A node's t is the time at which the moving sides meet there,
/// so that (x, y, t) is a roof in which a side of speed 1 rises at 45°; scale t for any other slope.
struct Skeleton {
  struct Node {
    Vec2d p;
    double t = 0;
  };
  /// Nodes face_nodes[first … first + count), counter-clockwise seen from above or, for a gable, from outside. The first two
  /// are the side's own ends, or, of an upper face, the ends of the line at which its gable stops.
  struct Face {
    std::uint32_t side = 0;
    std::uint32_t first = 0;
    std::uint32_t count = 0;
    bool is_gable = false;  ///< Vertical: its nodes lie over the side.
    bool is_upper = false;  ///< The sloping part above a gable that stops at gable_top.
  };
  std::vector<Node> nodes;  ///< The polygon's vertices first, in order, at t = 0.
  std::vector<Face> faces;
  std::vector<std::uint32_t> face_nodes;
  double t_max = 0;
};

struct SkeletonSides {
  std::span<const double> speeds;  ///< One a side (side i leaves vertex i, over all rings); 0 is a gable. Empty: all are 1.
  double gable_top =
      std::numeric_limits<double>::infinity();  ///< From this t on, gables lean inwards at speed 1 (half-hipped).
};

/// Weighted straight skeleton by simulating the wavefront, event by event. Rings open; outer counter-clockwise, holes
/// clockwise; simple, disjoint, sides at least kSkeletonSideMinM long. Metres.
///
/// On success: neighbouring faces share their nodes, so the roof has no gaps; nodes lie within kSkeletonPlaneErrorM of the
/// planes of their faces; the projected areas of the faces are positive and add up to the polygon's. Fails: limit above
/// kSkeletonVerticesMax vertices; bad_input when the events contradict each other, as they do on crossing rings and on some
/// ties of three or more reflex corners, or where parallel sides of different speeds meet. `skeleton` is then unspecified, and
/// the caller chooses a simpler roof. Cost: a scan of all pairs an event, n³ at worst: microseconds for houses, tens of
/// milliseconds at the limit. Threads: safe. Source: Aichholzer, Aurenhammer, Alberts & Gärtner 1995,
/// doi:10.3217/jucs-001-12-0752 (the roof); Felkel & Obdržálek 1998 (lists of active vertices); Eppstein & Erickson 1999,
/// doi:10.1007/PL00009479 (events between reflex corners, weights).
base::Result<void> straight_skeleton(std::span<const std::span<const Vec2d>> rings, const SkeletonSides& sides,
                                     Skeleton& skeleton);

inline constexpr std::size_t kSkeletonVerticesMax = 200;
inline constexpr double kSkeletonSideMinM = 0.01;
inline constexpr double kSkeletonPlaneErrorM = 2e-3;
/// Of a face's projected area per metre of its border, and of the sum of all per metre of the polygon's.
inline constexpr double kSkeletonAreaErrorM = 1e-4;

}  // namespace citiverse::geo
