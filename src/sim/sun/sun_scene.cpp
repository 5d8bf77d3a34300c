// Chunks of meshes made in parallel, each one geometry of the scene.
#include "sim/sun/sun_scene.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <embree3/rtcore.h>
#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include "base/check.h"
#include "sim/sun/terrain_mesh.h"
#include "tiles/barrier_mesh.h"
#include "tiles/building_mesh.h"
#include "tiles/ground_line.h"

namespace citiverse::sim {
namespace {

using city::FeatureIndex;
using city::FeatureKind;

constexpr std::size_t kFeaturesAChunk = 64;

// Embree reads 16 bytes at the last vertex.
void finish_vertices(TriangleMesh& mesh) { mesh.corners.push_back({}); }

void take(const tiles::Mesh& from, TriangleMesh& to) {
  const auto first = static_cast<std::uint32_t>(to.corners.size());
  to.corners.insert(to.corners.end(), from.positions.begin(), from.positions.end());
  to.indices.reserve(to.indices.size() + from.indices.size());
  for (const std::uint32_t i : from.indices) to.indices.push_back(first + i);
}

bool is_wall(city::BarrierClass c) {
  return c == city::BarrierClass::wall || c == city::BarrierClass::retaining_wall || c == city::BarrierClass::city_wall;
}

double top_above(const city::City& city, const city::Feature& f, double low_m) {
  const bool is_building = f.id.kind() != FeatureKind::barrier;
  const double height_m = is_building ? city.building(f).height_m : city.barrier(f).height_m;
  return city.terrain().height_at(f.box.center()) + height_m + tiles::kFootingM - low_m;
}

// Features that reach high enough to stand before a sun of kLowSunDeg somewhere in the box, in order of index.
std::vector<FeatureIndex> features_in_the_way(const city::City& city, const geo::Box2d& box, double low_m) {
  const double slope = std::tan(SunScene::kLowSunDeg * std::numbers::pi / 180);
  std::vector<FeatureIndex> chosen;
  const auto look = [&](FeatureKind kind) {
    const city::Run run = city.of_kind(kind);
    for (FeatureIndex i = run.first; i < run.first + run.count; ++i) {
      const city::Feature& f = city.feature(i);
      if (kind == FeatureKind::barrier ? !is_wall(city.barrier(f).barrier_class) : city.building(f).has_parts) continue;
      const double dx = std::max({f.box.low.x - box.high.x, box.low.x - f.box.high.x, 0.0});
      const double dy = std::max({f.box.low.y - box.high.y, box.low.y - f.box.high.y, 0.0});
      if (top_above(city, f, low_m) >= std::hypot(dx, dy) * slope) chosen.push_back(i);
    }
  };
  look(FeatureKind::building);
  look(FeatureKind::building_part);
  look(FeatureKind::barrier);
  return chosen;
}

double lowest_ground_m(const city::Terrain& terrain, const geo::Box2d& box) {
  if (terrain.empty()) return 0;
  double low_m = terrain.height_at(box.center());
  const double step_m = std::max(terrain.step_m(), std::max(box.width(), box.height()) / 500);
  for (double y = box.low.y; y <= box.high.y + step_m; y += step_m) {
    for (double x = box.low.x; x <= box.high.x + step_m; x += step_m) low_m = std::min(low_m, terrain.height_at({x, y}));
  }
  return low_m;
}

}  // namespace

struct SunScene::Parts {
  RTCDevice device = nullptr;
  RTCScene scene = nullptr;
  geo::Vec3d origin;
  std::vector<TriangleMesh> meshes;  // Embree reads them where they are.
  bool has_packets_of_16 = false;

  Parts() = default;
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;
  ~Parts() {
    if (scene) rtcReleaseScene(scene);
    if (device) rtcReleaseDevice(device);
  }
};

SunScene::SunScene(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SunScene::SunScene(SunScene&&) noexcept = default;
SunScene& SunScene::operator=(SunScene&&) noexcept = default;
SunScene::~SunScene() = default;

base::Result<SunScene> SunScene::make(const city::City& city, const geo::Box2d& box, const ModelRun& run) {
  CITIVERSE_CHECK(!box.empty(), "a scene needs a place");
  auto parts = std::make_unique<Parts>();
  const double low_m = lowest_ground_m(city.terrain(), box);
  parts->origin = {box.center().x, box.center().y, low_m};
  const std::vector<FeatureIndex> features = features_in_the_way(city, box, low_m);
  const std::size_t chunks = (features.size() + kFeaturesAChunk - 1) / kFeaturesAChunk;
  parts->meshes.resize(chunks + 1);
  tbb::parallel_for(std::size_t{0}, chunks + 1, [&](std::size_t c) {
    if (run.is_stopped()) return;
    TriangleMesh& mesh = parts->meshes[c];
    if (c == 0) {  // The ground is the longest piece: first.
      append_terrain(city.terrain(), box, parts->origin, std::tan(kSkylineErrorDeg * std::numbers::pi / 180), mesh);
    } else {
      tiles::TileContent content;
      content.origin = parts->origin;
      const std::size_t end = std::min(features.size(), c * kFeaturesAChunk);
      for (std::size_t i = (c - 1) * kFeaturesAChunk; i < end; ++i) {
        if (city.feature(features[i]).id.kind() == FeatureKind::barrier) {
          tiles::append_barrier(city, features[i], parts->origin, content);
        } else {
          tiles::append_building(city, features[i], tiles::BuildingDetail::full, parts->origin, content);
        }
      }
      for (const tiles::Mesh& part : content.meshes) take(part, mesh);
    }
    finish_vertices(mesh);
  });
  if (run.is_stopped()) return base::fail(base::ErrorCode::conflict, "superseded while the scene of the sun was made");
  std::size_t triangles = 0;
  for (const TriangleMesh& mesh : parts->meshes) triangles += mesh.indices.size() / 3;
  if (triangles > kTrianglesMax) {
    return base::fail(base::ErrorCode::limit, fmt::format("the scene around the place has {} triangles; at most {}: ask for a "
                                                          "smaller area",
                                                          triangles, kTrianglesMax));
  }
  run.tell(0.5);

  parts->device = rtcNewDevice("verbose=0");
  if (!parts->device) return base::fail(base::ErrorCode::unavailable, "Embree does not start on this processor");
  parts->has_packets_of_16 = rtcGetDeviceProperty(parts->device, RTC_DEVICE_PROPERTY_NATIVE_RAY16_SUPPORTED) != 0;
  parts->scene = rtcNewScene(parts->device);
  rtcSetSceneFlags(parts->scene, RTC_SCENE_FLAG_ROBUST);
  for (TriangleMesh& mesh : parts->meshes) {
    if (mesh.indices.empty()) continue;
    RTCGeometry geometry = rtcNewGeometry(parts->device, RTC_GEOMETRY_TYPE_TRIANGLE);
    rtcSetSharedGeometryBuffer(geometry, RTC_BUFFER_TYPE_VERTEX, 0, RTC_FORMAT_FLOAT3, mesh.corners.data(), 0,
                               sizeof(geo::Vec3f), mesh.corners.size() - 1);
    rtcSetSharedGeometryBuffer(geometry, RTC_BUFFER_TYPE_INDEX, 0, RTC_FORMAT_UINT3, mesh.indices.data(), 0,
                               3 * sizeof(std::uint32_t), mesh.indices.size() / 3);
    rtcCommitGeometry(geometry);
    rtcAttachGeometry(parts->scene, geometry);
    rtcReleaseGeometry(geometry);
  }
  rtcCommitScene(parts->scene);
  if (rtcGetDeviceError(parts->device) != RTC_ERROR_NONE) {
    return base::fail(base::ErrorCode::unavailable, "Embree could not build the scene: too little memory");
  }
  run.tell(1);
  return SunScene(std::move(parts));
}

bool SunScene::is_open(const SunPoint& point, geo::Vec3d direction) const {
  const geo::Vec3f d{static_cast<float>(direction.x), static_cast<float>(direction.y), static_cast<float>(direction.z)};
  std::uint32_t bits = 0;
  find_open(std::span(&point, 1), std::span(&d, 1), std::span(&bits, 1));
  return bits != 0;
}

namespace {

// N points that are looked at together; what does not change from one direction to the next is written once.
template <class Rays, std::size_t N, void (*occluded)(const int*, RTCScene, RTCIntersectContext*, Rays*)>
class Packet {
 public:
  Packet(std::span<const SunPoint> points, geo::Vec3d origin) {
    for (std::size_t i = 0; i < N; ++i) {
      const bool used = i < points.size();
      const SunPoint p = used ? points[i] : SunPoint{origin, {}};
      used_[i] = used;
      is_free_[i] = p.normal == geo::Vec3f{};
      normal_x_[i] = p.normal.x;
      normal_y_[i] = p.normal.y;
      normal_z_[i] = p.normal.z;
      rays_.org_x[i] = static_cast<float>(p.place.x - origin.x) + p.normal.x * SunScene::kLiftM;
      rays_.org_y[i] = static_cast<float>(p.place.y - origin.y) + p.normal.y * SunScene::kLiftM;
      rays_.org_z[i] = static_cast<float>(p.place.z - origin.z) + p.normal.z * SunScene::kLiftM;
      rays_.tnear[i] = 0;
      rays_.time[i] = 0;
      rays_.mask[i] = 0xFFFFFFFFu;
      rays_.id[i] = 0;
      rays_.flags[i] = 0;
    }
    rtcInitIntersectContext(&context_);
    context_.flags = RTC_INTERSECT_CONTEXT_FLAG_COHERENT;
  }
  std::uint32_t open_bits(RTCScene scene, geo::Vec3f d) {
    int any = 0;
    for (std::size_t i = 0; i < N; ++i) {
      const bool is_facing = normal_x_[i] * d.x + normal_y_[i] * d.y + normal_z_[i] * d.z > 0;
      valid_[i] = -static_cast<int>(used_[i] & (is_free_[i] | static_cast<int>(is_facing)));
      any |= valid_[i];
      rays_.dir_x[i] = d.x;
      rays_.dir_y[i] = d.y;
      rays_.dir_z[i] = d.z;
      rays_.tfar[i] = std::numeric_limits<float>::infinity();
    }
    if (any == 0) return 0;
    occluded(valid_, scene, &context_, &rays_);
    std::uint32_t bits = 0;
    // Embree marks what is hidden by an end before the beginning.
    for (std::size_t i = 0; i < N; ++i) bits |= static_cast<std::uint32_t>((valid_[i] != 0) & (rays_.tfar[i] > 0)) << i;
    return bits;
  }

 private:
  alignas(64) Rays rays_;
  alignas(64) int valid_[N];
  int used_[N];
  int is_free_[N];
  float normal_x_[N];
  float normal_y_[N];
  float normal_z_[N];
  RTCIntersectContext context_;
};
using Packet16 = Packet<RTCRay16, 16, rtcOccluded16>;
using Packet8 = Packet<RTCRay8, 8, rtcOccluded8>;

}  // namespace

void SunScene::find_open(std::span<const SunPoint> points, std::span<const geo::Vec3f> directions,
                         std::span<std::uint32_t> bits) const {
  CITIVERSE_CHECK(points.size() <= kPacket && bits.size() >= directions.size(), "a packet and an answer a direction");
  if (parts_->has_packets_of_16) {
    Packet16 packet(points, parts_->origin);
    for (std::size_t k = 0; k < directions.size(); ++k) bits[k] = packet.open_bits(parts_->scene, directions[k]);
    return;
  }
  const std::size_t half = std::min<std::size_t>(8, points.size());
  Packet8 low(points.first(half), parts_->origin);
  Packet8 high(points.subspan(half), parts_->origin);
  for (std::size_t k = 0; k < directions.size(); ++k) {
    bits[k] = low.open_bits(parts_->scene, directions[k]);
    if (points.size() > half) bits[k] |= high.open_bits(parts_->scene, directions[k]) << 8;
  }
}

std::size_t SunScene::triangle_count() const {
  std::size_t count = 0;
  for (const TriangleMesh& mesh : parts_->meshes) count += mesh.indices.size() / 3;
  return count;
}

std::vector<geo::Vec3d> SunScene::triangles() const {
  std::vector<geo::Vec3d> corners;
  corners.reserve(3 * triangle_count());
  for (const TriangleMesh& mesh : parts_->meshes) {
    for (const std::uint32_t i : mesh.indices) {
      const geo::Vec3f& c = mesh.corners[i];
      corners.push_back(parts_->origin + geo::Vec3d{c.x, c.y, c.z});
    }
  }
  return corners;
}

geo::Vec3d SunScene::origin() const { return parts_->origin; }
void* SunScene::embree_scene() const { return parts_->scene; }

}  // namespace citiverse::sim
