// Interpolation at Chebyshev nodes, turned into powers once so that evaluation is two nested Horner schemes.
#include "tiles/map_projection.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace citiverse::tiles {
namespace {

constexpr double kPi = std::numbers::pi;

// Row k holds the factors by which values at the nodes give the coefficient of u^k.
template <std::size_t N>
std::array<std::array<double, N>, N> powers_from_values(const std::array<double, N>& nodes) {
  std::array<std::array<double, N>, N> powers{};
  for (std::size_t i = 0; i < N; ++i) {
    // The Lagrange polynomial of node i, multiplied out.
    std::array<double, N> polynomial{};
    polynomial[0] = 1;
    std::size_t degree = 0;
    for (std::size_t j = 0; j < N; ++j) {
      if (j == i) continue;
      const double scale = 1 / (nodes[i] - nodes[j]);
      for (std::size_t k = ++degree + 1; k-- > 0;) {
        const double lower = k > 0 ? polynomial[k - 1] : 0;
        polynomial[k] = (lower - nodes[j] * polynomial[k]) * scale;
      }
    }
    for (std::size_t k = 0; k < N; ++k) powers[k][i] = polynomial[k];
  }
  return powers;
}

}  // namespace

geo::Vec2d mercator_of(geo::LatLon place) {
  const double lat = std::clamp(place.lat_deg, -kMercatorLatMaxDeg, kMercatorLatMaxDeg) * kPi / 180;
  return {place.lon_deg / 360 + 0.5, 0.5 - std::asinh(std::tan(lat)) / (2 * kPi)};
}

geo::LatLon lat_lon_of(geo::Vec2d m) { return {std::atan(std::sinh(kPi * (1 - 2 * m.y))) * 180 / kPi, (m.x - 0.5) * 360}; }

MapProjection::MapProjection(const geo::CityPlane& plane, const geo::Box2d& box)
    : plane_(plane), centre_(box.empty() ? geo::Vec2d{} : box.center()) {
  half_m_ = std::max({1000.0, box.empty() ? 0.0 : box.width() / 2, box.empty() ? 0.0 : box.height() / 2});
  std::array<double, kTerms> nodes;
  for (std::size_t i = 0; i < kTerms; ++i) nodes[i] = std::cos(kPi * (2.0 * static_cast<double>(i) + 1) / (2.0 * kTerms));
  const auto powers = powers_from_values(nodes);
  std::array<std::array<geo::Vec2d, kTerms>, kTerms> values;
  for (std::size_t j = 0; j < kTerms; ++j) {
    for (std::size_t i = 0; i < kTerms; ++i) {
      values[j][i] = mercator_of(plane.to_lat_lon(centre_ + geo::Vec2d{nodes[i], nodes[j]} * half_m_));
    }
  }
  for (std::size_t q = 0; q < kTerms; ++q) {
    for (std::size_t p = 0; p < kTerms; ++p) {
      geo::Vec2d sum;
      for (std::size_t j = 0; j < kTerms; ++j) {
        for (std::size_t i = 0; i < kTerms; ++i) sum = sum + values[j][i] * (powers[q][j] * powers[p][i]);
      }
      factors_[q][p] = sum;
    }
  }
}

geo::Vec2d MapProjection::operator()(geo::Vec2d point) const {
  const double u = (point.x - centre_.x) / half_m_;
  const double v = (point.y - centre_.y) / half_m_;
  if (std::abs(u) > 1 || std::abs(v) > 1) return mercator_of(plane_.to_lat_lon(point));
  geo::Vec2d sum;
  for (std::size_t q = kTerms; q-- > 0;) {
    const auto& row = factors_[q];
    geo::Vec2d inner = row[kTerms - 1];
    for (std::size_t p = kTerms - 1; p-- > 0;) inner = inner * u + row[p];
    sum = sum * v + inner;
  }
  return sum;
}

}  // namespace citiverse::tiles
