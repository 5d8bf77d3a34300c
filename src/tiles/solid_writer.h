// Writes the faces of solids into a mesh: the same point is rounded to the same float wherever it is used, so that faces meet.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "tiles/mesh.h"

namespace citiverse::tiles {

class SolidWriter {
 public:
  void begin(Mesh& mesh, geo::Vec3d origin, std::uint32_t feature) {
    mesh_ = &mesh;
    origin_ = origin;
    feature_ = feature;
  }
  std::uint32_t size() const { return static_cast<std::uint32_t>(mesh_->positions.size()); }

  /// A vertex in the city plane; returns its number.
  std::uint32_t add(geo::Vec3d p, geo::Vec3d normal, Rgb8 colour) {
    const geo::Vec3d q = p - origin_;
    mesh_->positions.push_back({static_cast<float>(q.x), static_cast<float>(q.y), static_cast<float>(q.z)});
    mesh_->normals.push_back({static_cast<float>(normal.x), static_cast<float>(normal.y), static_cast<float>(normal.z)});
    mesh_->colours.push_back(colour);
    mesh_->features.push_back(feature_);
    return size() - 1;
  }

  /// Left out when two corners are one place: its other neighbours then meet directly.
  void triangle(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    const auto& p = mesh_->positions;
    if (p[a] == p[b] || p[b] == p[c] || p[c] == p[a]) return;
    mesh_->indices.insert(mesh_->indices.end(), {a, b, c});
  }
  void quad(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    triangle(a, b, c);
    triangle(a, c, d);
  }

  /// Triangles of one facet, lifted by lift_m, with vertices of their own: one normal for all, or, smooth, one a point.
  /// colour_at(z) gives the colour at a height over `lift_m`.
  template <class ColourAt>
  void facet(std::span<const geo::Vec3d> points, std::span<const std::uint32_t> indices, bool is_smooth, double lift_m,
             ColourAt&& colour_at) {
    number_.resize(std::max(number_.size(), points.size()), kUnnumbered);
    normals_.clear();
    used_.clear();
    geo::Vec3d sum{};
    for (std::size_t i = 0; i < indices.size(); i += 3) {
      const geo::Vec3d a = points[indices[i]];
      const geo::Vec3d doubled_area = cross(points[indices[i + 1]] - a, points[indices[i + 2]] - a);
      sum = sum + doubled_area;
      for (std::size_t k = 0; k < 3; ++k) {
        const std::uint32_t point = indices[i + k];
        if (number_[point] == kUnnumbered) {
          number_[point] = static_cast<std::uint32_t>(used_.size());
          used_.push_back(point);
          normals_.push_back({});
        }
        normals_[number_[point]] = normals_[number_[point]] + doubled_area;
      }
    }
    const std::uint32_t first = size();
    for (std::size_t i = 0; i < used_.size(); ++i) {
      const geo::Vec3d p = points[used_[i]];
      add({p.x, p.y, p.z + lift_m}, unit(is_smooth ? normals_[i] : sum), colour_at(p.z));
    }
    for (std::size_t i = 0; i < indices.size(); i += 3)
      triangle(first + number_[indices[i]], first + number_[indices[i + 1]], first + number_[indices[i + 2]]);
    for (const std::uint32_t point : used_) number_[point] = kUnnumbered;
  }

 private:
  static constexpr std::uint32_t kUnnumbered = 0xFFFFFFFFu;

  static geo::Vec3d unit(geo::Vec3d v) {
    const double size = length(v);
    return size > 0 ? v * (1 / size) : geo::Vec3d{0, 0, 1};
  }

  Mesh* mesh_ = nullptr;
  geo::Vec3d origin_;
  std::uint32_t feature_ = 0;
  std::vector<std::uint32_t> number_;  // Of each point within the facet at hand.
  std::vector<std::uint32_t> used_;
  std::vector<geo::Vec3d> normals_;
};

}  // namespace citiverse::tiles
