// Points and vectors. In the city plane x is metres east, y metres north, z metres up.
#pragma once

#include <cmath>

namespace citiverse::geo {

struct Vec2d {
  double x = 0;
  double y = 0;
  friend bool operator==(const Vec2d&, const Vec2d&) = default;
};

struct Vec3d {
  double x = 0;
  double y = 0;
  double z = 0;
  friend bool operator==(const Vec3d&, const Vec3d&) = default;
};

struct Vec3f {
  float x = 0;
  float y = 0;
  float z = 0;
  friend bool operator==(const Vec3f&, const Vec3f&) = default;
};

constexpr Vec2d operator+(Vec2d a, Vec2d b) { return {a.x + b.x, a.y + b.y}; }
constexpr Vec2d operator-(Vec2d a, Vec2d b) { return {a.x - b.x, a.y - b.y}; }
constexpr Vec2d operator*(Vec2d a, double k) { return {a.x * k, a.y * k}; }
constexpr double dot(Vec2d a, Vec2d b) { return a.x * b.x + a.y * b.y; }
/// The z of the cross product: positive when b lies to the left of a.
constexpr double cross(Vec2d a, Vec2d b) { return a.x * b.y - a.y * b.x; }
inline double length(Vec2d a) { return std::sqrt(dot(a, a)); }
inline double distance(Vec2d a, Vec2d b) { return length(b - a); }
constexpr Vec2d left_of(Vec2d a) { return {-a.y, a.x}; }

constexpr Vec3d operator+(Vec3d a, Vec3d b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
constexpr Vec3d operator-(Vec3d a, Vec3d b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
constexpr Vec3d operator*(Vec3d a, double k) { return {a.x * k, a.y * k, a.z * k}; }
constexpr double dot(Vec3d a, Vec3d b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
constexpr Vec3d cross(Vec3d a, Vec3d b) { return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x}; }
inline double length(Vec3d a) { return std::sqrt(dot(a, a)); }

/// The nearest point of the millimetre grid on which every city coordinate lies: what is stored is what is read back.
inline Vec2d snapped_to_mm(Vec2d p) { return {std::round(p.x * 1000.0) / 1000.0, std::round(p.y * 1000.0) / 1000.0}; }

}  // namespace citiverse::geo
