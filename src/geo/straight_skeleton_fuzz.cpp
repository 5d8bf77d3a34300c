// Any bytes as an outline with gables: a roof without gaps, or a refusal; never a crash, a hang or a wrong area.
#include <cstdint>
#include <vector>

#include "base/check.h"
#include "geo/straight_skeleton.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using citiverse::geo::Vec2d;
  if (size < 2 || size > 400) return 0;
  const bool has_gables = (data[0] & 1) != 0;
  citiverse::geo::SkeletonSides sides;
  if ((data[0] & 2) != 0) sides.gable_top = data[1] / 16.0;
  std::vector<std::vector<Vec2d>> rings(1);
  std::vector<double> speeds;
  for (std::size_t i = 2; i + 1 < size; i += 2) {
    if (data[i] == 255) {
      rings.emplace_back();
      continue;
    }
    rings.back().push_back({data[i] / 4.0, data[i + 1] / 4.0});
    speeds.push_back(data[i + 1] % 5 == 0 ? 0.0 : 1.0);
  }
  if (has_gables) sides.speeds = speeds;
  const std::vector<std::span<const Vec2d>> spans(rings.begin(), rings.end());
  citiverse::geo::Skeleton skeleton;
  if (!citiverse::geo::straight_skeleton(spans, sides, skeleton)) return 0;
  for (const auto& face : skeleton.faces) {
    CITIVERSE_CHECK(face.count >= 3, "a face has corners");
    CITIVERSE_CHECK(face.first + face.count <= skeleton.face_nodes.size(), "a face lies within the array");
  }
  for (const auto node : skeleton.face_nodes) CITIVERSE_CHECK(node < skeleton.nodes.size(), "a corner is a node");
  return 0;
}
