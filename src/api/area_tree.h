// Areas within areas, and what is in each.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "city/city.h"

namespace citiverse::api {

inline constexpr std::size_t kPlaceClasses = 26;

struct AreaFacts {
  city::FeatureIndex area = city::kNone;
  city::FeatureIndex parent = city::kNone;  ///< The smallest of a broader class that holds its anchor.
  double area_m2 = 0;
  std::uint64_t people = 0;
  std::uint64_t jobs = 0;
  std::uint64_t homes = 0;
  std::uint32_t buildings = 0;
  std::uint32_t places = 0;
  std::array<std::uint32_t, kPlaceClasses> places_by_class{};
};

/// Threads: reading is safe.
class AreaTree {
 public:
  explicit AreaTree(const city::City& city);

  /// Larger classes first, then by name.
  const std::vector<AreaFacts>& areas() const { return areas_; }
  const AreaFacts* find(city::FeatureIndex area) const;
  /// The polygon areas that hold a point, smallest first.
  std::vector<city::FeatureIndex> holding(geo::Vec2d point) const;

 private:
  template <class Add>
  void add_to_areas(geo::Vec2d point, Add&& add);

  const city::City& city_;
  std::vector<AreaFacts> areas_;
  std::vector<std::uint32_t> by_feature_;  // Position in areas_ of the n-th feature of kind area.
};

}  // namespace citiverse::api
