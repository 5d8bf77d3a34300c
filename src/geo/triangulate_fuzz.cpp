// Any bytes as rings: triangulate must end, with valid indices and triangles that turn left.
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/check.h"
#include "geo/orientation.h"
#include "geo/triangulate.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using citiverse::geo::Vec2d;
  std::vector<std::vector<Vec2d>> rings(1);
  if (size > 4000) return 0;
  // Two bytes a vertex keep coordinates on a small grid, where degenerate cases are frequent; 255 starts a ring, 254 a raw
  // double.
  for (std::size_t i = 0; i + 1 < size;) {
    if (data[i] == 255) {
      rings.emplace_back();
      ++i;
    } else if (data[i] == 254 && i + 17 <= size) {
      Vec2d p;
      std::memcpy(&p, data + i + 1, sizeof p);
      rings.back().push_back(p);
      i += 17;
    } else {
      rings.back().push_back({static_cast<double>(data[i]), static_cast<double>(data[i + 1])});
      i += 2;
    }
  }
  std::vector<Vec2d> vertices;
  for (const auto& ring : rings) vertices.insert(vertices.end(), ring.begin(), ring.end());
  const std::vector<std::span<const Vec2d>> spans(rings.begin(), rings.end());
  std::vector<std::uint32_t> indices;
  citiverse::geo::triangulate(spans, indices);
  CITIVERSE_CHECK(indices.size() % 3 == 0, "triangles have three corners");
  CITIVERSE_CHECK(indices.size() <= 3 * (vertices.size() + 2 * rings.size()), "each vertex is clipped once");
  for (std::size_t i = 0; i < indices.size(); i += 3) {
    for (std::size_t k = 0; k < 3; ++k) CITIVERSE_CHECK(indices[i + k] < vertices.size(), "an index names a vertex");
    CITIVERSE_CHECK(citiverse::geo::orientation(vertices[indices[i]], vertices[indices[i + 1]], vertices[indices[i + 2]]) > 0,
                    "a triangle turns left");
  }
  return 0;
}
