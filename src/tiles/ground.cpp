// From the partition to faces: heights, looks, and the vertical faces where neighbours differ in height.
#include "tiles/ground.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "tiles/bridge_deck.h"
#include "tiles/corner.h"
#include "tiles/ground_partition.h"
#include "tiles/ground_surfaces.h"
#include "tiles/ground_terrain.h"
#include "tiles/palette.h"

namespace citiverse::tiles {
namespace {

using geo::Vec2d;
using geo::Vec3d;
using geo::Vec3f;
using Triangle = GroundTriangulation::Triangle;

constexpr std::uint32_t kNoSurface = GroundPartition::kNoSurface;
constexpr double kTerrainErrorFullM = 0.02;
/// Pieces of bare ground and pavement that are smaller than this squared are what streets left over where they meet.
constexpr double kIslandFullM = 1.2;
/// Owner of bare ground that is the sea beyond the data.
constexpr std::uint32_t kOpenSea = kNoSurface - 1;
constexpr double kSeaRoughnessM = 0.05;
/// Steps lower than this are left open: no pixel sees them.
constexpr double kStepMinM = 0.002;

/// Makes the faces of one tile; keeps its arrays from tile to tile.
class GroundMesher {
 public:
  void append(const city::City& city, const geo::Box2d& box, GroundDetail detail, Vec3d origin, TileContent& content);

 private:
  struct Copy {  // A vertex of the partition as a vertex of one surface.
    std::uint32_t surface;
    std::uint32_t index;
    std::uint32_t next;
  };

  const GroundSurface& surface(std::uint32_t owner) const {
    return owner == kNoSurface ? bare_ : owner == kOpenSea ? open_sea_ : surfaces_.surfaces()[owner];
  }
  std::uint32_t owner_of(std::size_t triangle) const;
  void find_open_sea();
  void place_vertices(const GroundGrid& grid);
  double height(std::uint32_t vertex, const GroundSurface& s) const;
  std::uint32_t vertex_of(std::uint32_t vertex, std::uint32_t owner, Mesh& mesh);
  Vec3f local(std::uint32_t vertex, double height_m) const;
  void add_faces(TileContent& content);
  void add_steps(const Triangle& t, std::uint32_t owner, TileContent& content);
  void add_step(std::uint32_t a, std::uint32_t b, const GroundSurface& high, const GroundSurface& low, TileContent& content);
  void add_skirt(const Triangle& t, int edge, std::uint32_t owner, double depth_m, TileContent& content);

  const city::City* city_ = nullptr;
  Vec3d origin_;
  double skirt_m_ = 0;
  GroundSurface bare_;
  GroundSurface open_sea_;  // kNone where the city has no sea.
  geo::Box2d sea_box_;
  GroundSurfaces surfaces_;
  GroundPartition partition_;
  static constexpr std::uint8_t kMeetsRaised = 1, kMeetsKerb = 2, kMeetsOther = 4;
  std::vector<GroundPartition::Surface> kinds_;  // By surface.
  std::vector<std::uint8_t> meeting_;            // By surface: what it is to a pavement that it meets.
  std::vector<std::uint8_t> meets_;              // By vertex: what meets there; 0 for those that are gone.
  std::vector<Vec2d> places_;                    // By vertex of the partition.
  std::vector<double> heights_;
  std::vector<Vec3f> normals_;
  std::vector<std::uint32_t> first_copy_;
  std::vector<Copy> copies_;
};

void GroundMesher::append(const city::City& city, const geo::Box2d& box, GroundDetail detail, Vec3d origin,
                          TileContent& content) {
  city_ = &city;
  origin_ = origin;
  skirt_m_ = ground_skirt_m(detail, box);
  bare_.colour = kPalette.terrain;
  bare_.side = kPalette.bank;
  find_open_sea();
  const GroundGrid grid(box);
  surfaces_.collect(city, box, detail, grid);
  partition_.reset(grid.low(), grid.high());
  const double error_m = ground_error_m(detail, box);
  const double terrain_error_m = detail == GroundDetail::full ? kTerrainErrorFullM : error_m / 2;
  TerrainCreases(city.terrain(), box, terrain_error_m).for_each([&](Vec2d a, Vec2d b) {
    partition_.add_crease(grid.to_grid(a), grid.to_grid(b));
  });
  kinds_.clear();
  meeting_.clear();
  for (std::uint32_t i = 0; i < surfaces_.surfaces().size(); ++i) {
    const GroundSurface& s = surfaces_.surfaces()[i];
    kinds_.push_back({s.level_m != GroundSurface::kFollowsTerrain, s.is_minor});
    meeting_.push_back(s.falls_back ? kMeetsRaised : s.has_kerb ? kMeetsKerb : kMeetsOther);
    for (std::uint32_t ring = s.first_ring; ring < s.end_ring; ++ring) partition_.add_ring(surfaces_.ring(ring), i);
  }
  const double tolerance = detail == GroundDetail::full ? 1.5 : error_m / 8 * kGroundGridPerM;
  const double island_m = detail == GroundDetail::full ? kIslandFullM : error_m / 2;
  partition_.solve(kinds_, tolerance, island_m * island_m * kGroundGridPerM * kGroundGridPerM);
  place_vertices(grid);
  copies_.clear();
  add_faces(content);
  if (detail != GroundDetail::far) append_bridges(city, box, detail, surfaces_.candidates(), origin, content);
}

/// Heights and normals of the vertices that are left, and what meets at each.
void GroundMesher::place_vertices(const GroundGrid& grid) {
  const auto points = partition_.points();
  const auto triangles = partition_.triangles();
  meets_.assign(points.size(), 0);
  for (std::size_t i = 0; i < triangles.size(); ++i) {
    if (triangles[i].v[0] == kNoSurface) continue;
    const std::uint32_t owner = partition_.owners()[i];
    const std::uint8_t kind = owner == kNoSurface ? kMeetsOther : meeting_[owner];
    for (const std::uint32_t vertex : triangles[i].v) meets_[vertex] |= kind;
  }
  places_.resize(points.size());
  heights_.resize(points.size());
  normals_.resize(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (meets_[i] == 0) continue;
    places_[i] = grid.to_plane(points[i]);
    heights_[i] = city_->terrain().height_at(places_[i]);
    normals_[i] = terrain_normal(city_->terrain(), places_[i]);
  }
  first_copy_.assign(points.size(), kNoSurface);
}

double GroundMesher::height(std::uint32_t vertex, const GroundSurface& s) const {
  if (s.level_m != GroundSurface::kFollowsTerrain) return s.level_m;
  // A pavement falls from its kerb to the ground behind it, so that only the kerb is a step.
  const bool is_back = s.falls_back && (meets_[vertex] & (kMeetsKerb | kMeetsOther)) == kMeetsOther;
  return heights_[vertex] + (is_back ? 0.0f : s.raised_m);
}

Vec3f GroundMesher::local(std::uint32_t vertex, double height_m) const {
  const Vec2d p = places_[vertex];
  return {static_cast<float>(p.x - origin_.x), static_cast<float>(p.y - origin_.y), static_cast<float>(height_m - origin_.z)};
}

std::uint32_t GroundMesher::vertex_of(std::uint32_t vertex, std::uint32_t owner, Mesh& mesh) {
  for (std::uint32_t i = first_copy_[vertex]; i != kNoSurface; i = copies_[i].next) {
    if (copies_[i].surface == owner) return copies_[i].index;
  }
  const GroundSurface& s = surface(owner);
  const auto index = static_cast<std::uint32_t>(mesh.positions.size());
  copies_.push_back({owner, index, first_copy_[vertex]});
  first_copy_[vertex] = static_cast<std::uint32_t>(copies_.size() - 1);
  mesh.positions.push_back(local(vertex, height(vertex, s)));
  mesh.normals.push_back(s.level_m != GroundSurface::kFollowsTerrain ? Vec3f{0, 0, 1} : normals_[vertex]);
  mesh.colours.push_back(s.colour);
  mesh.features.push_back(s.feature);
  return index;
}

void GroundMesher::find_open_sea() {
  open_sea_ = {};
  sea_box_ = {};
  const city::Run waters = city_->of_kind(city::FeatureKind::water);
  for (city::FeatureIndex i = waters.first; i < waters.first + waters.count; ++i) {
    const city::Feature& f = city_->feature(i);
    if (city_->water(f).water_class != city::WaterClass::sea || f.geometry.type != city::GeometryType::polygons) continue;
    sea_box_.extend(f.box);
    if (open_sea_.feature == city::kNone) {
      open_sea_ = {.feature = i, .level_m = water_level_m(*city_, f), .colour = kPalette.water, .side = kPalette.water};
      open_sea_.material = Material::water;
    }
  }
}

/// The sea is only known as far as the data reaches, elevation reaches farther: there, what is as level as the sea is the sea.
std::uint32_t GroundMesher::owner_of(std::size_t triangle) const {
  const std::uint32_t owner = partition_.owners()[triangle];
  if (owner != kNoSurface || open_sea_.feature == city::kNone) return owner;
  for (const std::uint32_t vertex : partition_.triangles()[triangle].v) {
    const Vec2d p = places_[vertex];
    const bool beyond = p.x <= sea_box_.low.x || p.x >= sea_box_.high.x || p.y <= sea_box_.low.y || p.y >= sea_box_.high.y;
    if (!beyond || std::fabs(heights_[vertex] - open_sea_.level_m) > kSeaRoughnessM) return owner;
  }
  return kOpenSea;
}

void GroundMesher::add_faces(TileContent& content) {
  const auto triangles = partition_.triangles();
  for (std::size_t i = 0; i < triangles.size(); ++i) {
    const Triangle& t = triangles[i];
    if (t.v[0] == kNoSurface) continue;
    const std::uint32_t owner = owner_of(i);
    Mesh& mesh = content.of(surface(owner).material);
    for (const std::uint32_t vertex : t.v) mesh.indices.push_back(vertex_of(vertex, owner, mesh));
    add_steps(t, owner, content);
  }
}

void GroundMesher::add_steps(const Triangle& t, std::uint32_t owner, TileContent& content) {
  for (int edge = 0; edge < 3; ++edge) {
    if (t.n[edge] == GroundTriangulation::kNoTriangle) {
      add_skirt(t, edge, owner, skirt_m_, content);
      continue;
    }
    const std::uint32_t other = owner_of(t.n[edge]);
    if (other == owner) continue;
    const GroundSurface& here = surface(owner);
    const GroundSurface& there = surface(other);
    if (here.level_m == there.level_m && here.raised_m == there.raised_m) continue;
    add_step(t.v[next(edge)], t.v[before(edge)], here, there, content);
  }
}

/// The face between a and b (which run counter-clockwise around the piece that is `high`) from one surface down to the other;
/// nothing where it is not the higher one.
void GroundMesher::add_step(std::uint32_t a, std::uint32_t b, const GroundSurface& high, const GroundSurface& low,
                            TileContent& content) {
  const double low_a = height(a, low), low_b = height(b, low);
  const double high_a = std::max(height(a, high), low_a), high_b = std::max(height(b, high), low_b);
  if (high_a - low_a < kStepMinM && high_b - low_b < kStepMinM) return;
  const Vec2d along = places_[b] - places_[a];
  const Vec2d out = left_of(along) * (-1 / geo::length(along));
  Mesh& mesh = content.of(high.material);
  const auto first = static_cast<std::uint32_t>(mesh.positions.size());
  for (const Vec3f p : {local(a, low_a), local(b, low_b), local(b, high_b), local(a, high_a)}) {
    mesh.positions.push_back(p);
    mesh.normals.push_back({static_cast<float>(out.x), static_cast<float>(out.y), 0});
    mesh.colours.push_back(high.side);
    mesh.features.push_back(high.feature);
  }
  // Outside is right of a to b.
  if (high_a - low_a < kStepMinM) {
    mesh.indices.insert(mesh.indices.end(), {first, first + 1, first + 2});
  } else if (high_b - low_b < kStepMinM) {
    mesh.indices.insert(mesh.indices.end(), {first, first + 1, first + 3});
  } else {
    mesh.indices.insert(mesh.indices.end(), {first, first + 1, first + 2, first, first + 2, first + 3});
  }
}

void GroundMesher::add_skirt(const Triangle& t, int edge, std::uint32_t owner, double depth_m, TileContent& content) {
  const std::uint32_t a = t.v[next(edge)], b = t.v[before(edge)];
  const GroundSurface& s = surface(owner);
  Mesh& mesh = content.of(s.material);
  const std::uint32_t top_a = vertex_of(a, owner, mesh), top_b = vertex_of(b, owner, mesh);
  const auto first = static_cast<std::uint32_t>(mesh.positions.size());
  for (const std::uint32_t vertex : {a, b}) {
    mesh.positions.push_back(local(vertex, height(vertex, s) - depth_m));
    mesh.normals.push_back(mesh.normals[vertex == a ? top_a : top_b]);  // Lit as the surface, so that it is not seen.
    mesh.colours.push_back(s.colour);
    mesh.features.push_back(s.feature);
  }
  mesh.indices.insert(mesh.indices.end(), {first, first + 1, top_b, first, top_b, top_a});
}

}  // namespace

double ground_error_m(GroundDetail detail, const geo::Box2d& tile_box) {
  switch (detail) {
    case GroundDetail::full: return kGroundErrorFullM;
    case GroundDetail::middle: return kGroundErrorMiddleM;
    case GroundDetail::far: break;
  }
  return std::max(kGroundErrorFarMinM, std::max(tile_box.width(), tile_box.height()) * kGroundErrorFarShare);
}

double ground_skirt_m(GroundDetail detail, const geo::Box2d& tile_box) {
  switch (detail) {
    case GroundDetail::full: return 2 * kGroundErrorMiddleM;
    case GroundDetail::middle: return 4 * kGroundErrorMiddleM;
    case GroundDetail::far: break;
  }
  return 3 * ground_error_m(detail, tile_box);
}

void append_ground(const city::City& city, const geo::Box2d& tile_box, GroundDetail detail, Vec3d origin,
                   TileContent& content) {
  CITIVERSE_CHECK(tile_box.width() * kGroundGridPerM >= 1 && tile_box.height() * kGroundGridPerM >= 1, "a tile has an area");
  thread_local GroundMesher mesher;
  mesher.append(city, tile_box, detail, origin, content);
}

}  // namespace citiverse::tiles
