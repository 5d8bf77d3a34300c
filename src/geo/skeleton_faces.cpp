// Linking, welding, checking.
#include "geo/skeleton_faces.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "geo/triangulate.h"

namespace citiverse::geo {
namespace {

using Index = std::uint32_t;

// Nodes closer than this, joined by an arc, are one: an event of several sides leaves one node for each pair of them.
constexpr double kWeldM = 1e-3;

std::unexpected<base::Error> wrong(const char* what) {
  return base::fail(base::ErrorCode::bad_input, std::string("straight skeleton: ") + what);
}

// Each node's representative, the one with the lowest number, so that the outline's own vertices stay where they are.
class Welds {
 public:
  explicit Welds(std::size_t nodes) : parent_(nodes) { std::iota(parent_.begin(), parent_.end(), Index{0}); }
  Index find(Index i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(Index a, Index b) {
    a = find(a);
    b = find(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<Index> parent_;
};

double doubled_area(const Skeleton& skeleton, std::span<const Index> nodes) {
  const Vec2d origin = skeleton.nodes[nodes[0]].p;
  double sum = 0;
  for (std::size_t i = 0, j = nodes.size() - 1; i < nodes.size(); j = i++)
    sum += cross(skeleton.nodes[nodes[j]].p - origin, skeleton.nodes[nodes[i]].p - origin);
  return sum;
}

// The border that starts with the side itself. False when the arcs of the face do not make one ring.
bool walk_face(std::span<const HalfArc> arcs, std::vector<Index>& border) {
  const auto leaving = [&](Index node) {
    return std::lower_bound(arcs.begin(), arcs.end(), node, [](const HalfArc& a, Index n) { return a.from < n; });
  };
  // Nodes are numbered in order of time, so the lowest are the two ends of the base; of those, one leads to the other.
  const auto base = std::min_element(arcs.begin(), arcs.end(), [](const HalfArc& a, const HalfArc& b) {
    return std::max(a.from, a.to) < std::max(b.from, b.to);
  });
  Index at = base->from;
  for (std::size_t step = 0; step < arcs.size(); ++step) {
    border.push_back(at);
    const auto arc = leaving(at);
    if (arc == arcs.end() || arc->from != at || (arc + 1 != arcs.end() && (arc + 1)->from == at)) return false;
    at = arc->to;
  }
  return at == base->from;
}

// A ring that crosses itself cannot be cut into left-turning triangles of its own area that use every corner. Whoever draws the
// roof cuts the same coordinates into the same triangles.
bool is_simple(const Skeleton& skeleton, const Skeleton::Face& face, double area) {
  static thread_local std::vector<Vec2d> plan;
  static thread_local std::vector<Index> indices;
  plan.clear();
  double perimeter = 0;
  for (Index i = 0; i < face.count; ++i) {
    plan.push_back(skeleton.nodes[skeleton.face_nodes[face.first + i]].p);
    if (i > 0) perimeter += distance(plan[i - 1], plan[i]);
  }
  triangulate(plan, indices);
  double sum = 0;
  for (std::size_t i = 0; i < indices.size(); i += 3)
    sum += cross(plan[indices[i + 1]] - plan[indices[i]], plan[indices[i + 2]] - plan[indices[i]]);
  return indices.size() == 3 * (plan.size() - 2) && std::abs(sum - area) <= 2 * kSkeletonAreaErrorM * perimeter;
}

}  // namespace

base::Result<void> faces_from_arcs(std::vector<HalfArc>& arcs, std::span<const SkeletonPlane> planes, std::uint32_t ring_sides,
                                   Skeleton& skeleton) {
  skeleton.faces.clear();
  skeleton.face_nodes.clear();
  std::erase_if(arcs, [](const HalfArc& a) { return a.from == a.to; });
  std::sort(arcs.begin(), arcs.end(), [](const HalfArc& a, const HalfArc& b) {
    return a.face != b.face ? a.face < b.face : a.from != b.from ? a.from < b.from : a.to < b.to;
  });
  Welds welds(skeleton.nodes.size());
  for (const HalfArc& a : arcs) {
    const auto& from = skeleton.nodes[a.from];
    const auto& to = skeleton.nodes[a.to];
    if (length(Vec3d{to.p.x - from.p.x, to.p.y - from.p.y, to.t - from.t}) < kWeldM) welds.join(a.from, a.to);
  }
  std::vector<Index> border;
  for (std::size_t begin = 0; begin < arcs.size();) {
    std::size_t end = begin;
    while (end < arcs.size() && arcs[end].face == arcs[begin].face) ++end;
    const Index face = arcs[begin].face;
    border.clear();
    if (!walk_face(std::span(arcs).subspan(begin, end - begin), border)) return wrong("a face does not close");
    begin = end;
    const auto first = static_cast<Index>(skeleton.face_nodes.size());
    for (const Index node : border) {
      const Index welded = welds.find(node);
      if (skeleton.face_nodes.size() > first && skeleton.face_nodes.back() == welded) continue;
      skeleton.face_nodes.push_back(welded);
    }
    while (skeleton.face_nodes.size() > first + 1 && skeleton.face_nodes.back() == skeleton.face_nodes[first])
      skeleton.face_nodes.pop_back();
    const auto count = static_cast<Index>(skeleton.face_nodes.size() - first);
    const SkeletonPlane& plane = planes[face];
    const bool is_gable = plane.speed == 0;
    if (count < 3) {
      if (!is_gable && face < ring_sides) return wrong("a face has no area");
      skeleton.face_nodes.resize(first);  // A gable that stops at its foot, or whose hip begins at the ridge.
      continue;
    }
    for (Index i = first; i < first + count; ++i) {
      const Skeleton::Node& n = skeleton.nodes[skeleton.face_nodes[i]];
      if (!(std::abs(dot(plane.normal, n.p) - plane.start - plane.speed * n.t) <= kSkeletonPlaneErrorM))
        return wrong("a node lies off the plane of its face");
    }
    skeleton.faces.push_back({face % ring_sides, first, count, is_gable, face >= ring_sides});
  }
  return {};
}

base::Result<void> check_faces(std::span<const std::span<const Vec2d>> rings, const Skeleton& skeleton) {
  double expected = 0;
  double perimeter = 0;
  for (const auto& ring : rings) {
    for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
      expected += cross(ring[j] - rings[0][0], ring[i] - rings[0][0]);
      perimeter += distance(ring[j], ring[i]);
    }
  }
  double sum = 0;
  for (const Skeleton::Face& f : skeleton.faces) {
    if (f.is_gable) continue;
    const double area = doubled_area(skeleton, std::span(skeleton.face_nodes).subspan(f.first, f.count));
    if (area <= 0) return wrong("a face is inside out");
    if (!is_simple(skeleton, f, area)) return wrong("a face crosses itself");
    sum += area;
  }
  if (!(std::abs(sum - expected) <= 2 * kSkeletonAreaErrorM * perimeter)) return wrong("the faces do not cover the outline");
  return {};
}

}  // namespace citiverse::geo
