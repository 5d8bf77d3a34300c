// What must hold of every solid that the mesh makers write, looked at triangle by triangle.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tiles/mesh.h"

namespace citiverse::testing_fixtures {

/// Triangles narrower than this are slivers: their points may lie off their facet's plane by as much.
inline constexpr double kSliverWidthM = 0.02;

struct SolidReport {
  std::size_t triangles = 0;
  std::size_t open_edges = 0;      ///< Edges that are not walked equally often both ways: gaps or flipped faces.
  std::size_t shared_edges = 0;    ///< Edges of more than two triangles.
  std::size_t doubled_faces = 0;   ///< Triangles over the same three places, in the same turn.
  std::size_t against_normal = 0;  ///< Triangles that face away from the normal they are lit by.
  double volume_m3 = 0;            ///< Positive when the faces look outwards.
  double roof_plan_m2 = 0;         ///< Area of the roof's projection.
  double off_plane_m = 0;          ///< Largest distance of a flat-lit vertex from the plane through its facet.
  bool has_bad_number = false;
};

namespace detail {
using Place = std::array<float, 3>;

inline geo::Vec3d wide(geo::Vec3f p) { return {p.x, p.y, p.z}; }
}  // namespace detail

/// Looks at all triangles of one feature, welded by equal position.
inline SolidReport inspect(tiles::TileContent& content, std::uint32_t feature) {
  SolidReport report;
  std::map<detail::Place, int> places;
  std::map<std::pair<int, int>, std::pair<int, int>> edges;
  std::map<std::array<int, 3>, int> faces;
  for (const auto material : {tiles::Material::wall, tiles::Material::roof}) {
    const tiles::Mesh& mesh = content.of(material);
    // Vertices with one normal, in a row, are one facet: its plane passes through the first of them.
    for (std::size_t i = 0; i < mesh.indices.size(); i += 3) {
      if (mesh.features[mesh.indices[i]] != feature) continue;
      ++report.triangles;
      std::array<int, 3> corner;
      std::array<geo::Vec3d, 3> p;
      for (std::size_t k = 0; k < 3; ++k) {
        const geo::Vec3f q = mesh.positions[mesh.indices[i + k]];
        p[k] = detail::wide(q);
        if (!std::isfinite(q.x) || !std::isfinite(q.y) || !std::isfinite(q.z)) report.has_bad_number = true;
        corner[k] = places.try_emplace({q.x, q.y, q.z}, static_cast<int>(places.size())).first->second;
      }
      for (std::size_t k = 0; k < 3; ++k) {
        const int a = corner[k];
        const int b = corner[(k + 1) % 3];
        auto& [forward, back] = edges[std::minmax(a, b)];
        ++(a < b ? forward : back);
      }
      while (corner[0] != std::min({corner[0], corner[1], corner[2]}))
        std::rotate(corner.begin(), corner.begin() + 1, corner.end());
      report.doubled_faces += ++faces[corner] > 1;
      const geo::Vec3d doubled_area = cross(p[1] - p[0], p[2] - p[0]);
      report.volume_m3 += dot(p[0], cross(p[1], p[2])) / 6;
      if (material == tiles::Material::roof) report.roof_plan_m2 += doubled_area.z / 2;
      const auto normal = detail::wide(mesh.normals[mesh.indices[i]]);
      // How a sliver is turned is rounding's choice, and nobody sees it.
      const double longest = std::max({length(p[1] - p[0]), length(p[2] - p[1]), length(p[0] - p[2])});
      const bool is_sliver = length(doubled_area) < kSliverWidthM * longest;
      for (std::size_t k = 0; k < 3 && !is_sliver; ++k) {
        if (dot(detail::wide(mesh.normals[mesh.indices[i + k]]), doubled_area) < 0) ++report.against_normal;
      }
      const bool is_flat_lit = mesh.normals[mesh.indices[i]] == mesh.normals[mesh.indices[i + 1]] &&
                               mesh.normals[mesh.indices[i]] == mesh.normals[mesh.indices[i + 2]];
      if (is_flat_lit) {
        for (std::size_t k = 1; k < 3; ++k)
          report.off_plane_m = std::max(report.off_plane_m, std::abs(dot(p[k] - p[0], normal)));
      }
    }
  }
  for (const auto& [edge, walks] : edges) {
    report.open_edges += walks.first != walks.second;
    report.shared_edges += walks.first > 1;
  }
  return report;
}

}  // namespace citiverse::testing_fixtures
