// The second half of the straight skeleton: from the paths of the wavefront's vertices to closed faces that are known to be
// right.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "geo/straight_skeleton.h"

namespace citiverse::geo {

/// A step from node to node on the counter-clockwise border of a face.
struct HalfArc {
  std::uint32_t face;
  std::uint32_t from;
  std::uint32_t to;
};

/// The plane of a face: normal · (x, y) = start + speed × t.
struct SkeletonPlane {
  Vec2d normal;
  double start;
  double speed;
};

/// Links the half-arcs of each face into its border, welds nodes that coincide and checks that nodes lie on the planes.
/// `arcs` is reordered. Faces from `ring_sides` on are the upper parts of gables. Fails: bad_input where a border does not
/// close.
base::Result<void> faces_from_arcs(std::vector<HalfArc>& arcs, std::span<const SkeletonPlane> planes, std::uint32_t ring_sides,
                                   Skeleton& skeleton);

/// Checks the rest of what straight_skeleton promises, on the very coordinates that it returns. Fails: bad_input.
base::Result<void> check_faces(std::span<const std::span<const Vec2d>> rings, const Skeleton& skeleton);

}  // namespace citiverse::geo
