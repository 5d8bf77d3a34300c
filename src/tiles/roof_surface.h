// The surface of a roof while it is made: triangles over the outline that are cut where the slope changes, then lifted.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "geo/vec.h"
#include "tiles/roof.h"

namespace citiverse::tiles {

/// A slope profile: z and t both from 0 to 1, t rising, z concave. Straight between the knots.
struct ProfileKnot {
  double t;
  double z;
};

class RoofSurface {
 public:
  struct Triangle {
    std::uint32_t corner[3];
    std::uint32_t face;
    bool is_wall;
  };

  void clear();
  std::uint32_t add_point(geo::Vec3d p) {
    points_.push_back(p);
    return static_cast<std::uint32_t>(points_.size() - 1);
  }
  void add_triangle(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t face, bool is_wall = false) {
    triangles_.push_back({{a, b, c}, face, is_wall});
  }
  std::vector<geo::Vec3d>& points() { return points_; }
  std::vector<Triangle>& triangles() { return triangles_; }

  /// Splits every triangle in which the field passes `level`. The field is linear; its values at the points are `field`, which
  /// grows with the points. Neighbours share the points on their common edge.
  void cut(std::vector<double>& field, double level);

  /// Closes what the cuts have bent upwards of the outline's sides: each such side gets a vertical gable between its two ends.
  /// False when a gable has no area to be drawn by, which leaves the surface open.
  bool close_sides(const Outline& outline);

  /// Groups triangles by face and writes them out.
  void write(Roof& roof, bool is_smooth) const;

 private:
  std::vector<geo::Vec3d> points_;
  std::vector<Triangle> triangles_;
  std::unordered_map<std::uint64_t, std::uint32_t> cuts_;
};

/// Cuts vertical triangles out of a ring of points over the stretch from `from` to `to`; false unless count − 2 come of it.
bool add_vertical_face(RoofSurface& surface, std::span<const std::uint32_t> ring, geo::Vec2d from, geo::Vec2d to,
                       std::uint32_t face);

}  // namespace citiverse::tiles
