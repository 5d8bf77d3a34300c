// What stands in the sun's way: buildings, walls and ground around a place, ready for millions of rays.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "city/city.h"
#include "geo/box.h"
#include "sim/model_run.h"

namespace citiverse::sim {

/// Where light is asked for: a point of the city plane with its height, and the unit normal of the surface that it lies on.
/// A normal of length 0 is nothing's surface: light from everywhere counts.
struct SunPoint {
  geo::Vec3d place;
  geo::Vec3f normal{0, 0, 0};
};

/// Everything that throws shadow into a box, as triangles in an Embree scene. Buildings with their roofs as the tiles draw
/// them, walls (not fences and hedges), terrain. Left out: trees, whose shade comes and goes, and bridges.
///
/// Complete for a sun kLowSunDeg or more above the horizon: buildings so far that they reach less high, as seen from the lowest
/// ground in the box, are left out. Terrain more than a few metres away is thinned; its skyline is off by at most
/// kSkylineErrorDeg. Numbers are floats about the box's middle: kPlaceErrorM within 1 km. Does not keep the city. Move-only.
/// Threads: reading is safe. Cost: building, 10 to 40 µs a building and core.
class SunScene {
 public:
  /// Fails: limit, above kTrianglesMax; conflict, when the run is stopped.
  static base::Result<SunScene> make(const city::City& city, const geo::Box2d& box, const ModelRun& run = {});
  SunScene(SunScene&&) noexcept;
  SunScene& operator=(SunScene&&) noexcept;
  ~SunScene();

  static constexpr double kLowSunDeg = 1.0;
  static constexpr double kSkylineErrorDeg = 0.1;
  static constexpr double kPlaceErrorM = 1e-4;
  static constexpr std::size_t kTrianglesMax = 50'000'000;
  /// Rays start this far from their surface, so that they do not hit it.
  static constexpr float kLiftM = 0.05f;
  /// Points that are looked at together, in packets: neighbours in a list should be neighbours in the city.
  static constexpr std::size_t kPacket = 16;

  /// Whether nothing stands between a point and the sky in a direction (unit vector). A point inside a building is dark.
  bool is_open(const SunPoint& point, geo::Vec3d direction) const;
  /// The same for up to kPacket points and each direction: bit i of bits[k] is points[i] in directions[k]; set where the sky is
  /// seen. Points whose surface faces away from the direction are not.
  void find_open(std::span<const SunPoint> points, std::span<const geo::Vec3f> directions, std::span<std::uint32_t> bits) const;

  std::size_t triangle_count() const;
  /// The triangles themselves, three corners each in metres of the city plane: for tests with other eyes, and for the bench.
  std::vector<geo::Vec3d> triangles() const;
  /// Middle of the scene, which its floats count from.
  geo::Vec3d origin() const;
  /// RTCScene, for the bench alone.
  void* embree_scene() const;

 private:
  struct Parts;
  explicit SunScene(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace citiverse::sim
