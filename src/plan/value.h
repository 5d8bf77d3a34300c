// What a property of a planned object can be: numbers, words, outlines, cross-sections, stops.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "city/feature.h"
#include "geo/vec.h"

namespace citiverse::plan {

/// Metres in the city plane, on the millimetre grid. Rings are open; holes follow their outer ring.
struct Ring {
  std::vector<geo::Vec2d> points;
  bool is_hole = false;
  friend bool operator==(const Ring&, const Ring&) = default;
};
struct Shape {
  city::GeometryType type = city::GeometryType::point;
  std::vector<Ring> parts;
  friend bool operator==(const Shape&, const Shape&) = default;
};

/// What a strip of a street is for. Stored by its word.
enum class LaneUse : std::uint8_t { pavement, bicycle, drive, bus, parking, trees, median, buffer };
inline constexpr std::size_t kLaneUses = 8;
enum class LaneDirection : std::uint8_t { none, forward, backward, both };
struct Lane {
  LaneUse use = LaneUse::drive;
  LaneDirection direction = LaneDirection::none;
  double width_m = 0;
  friend bool operator==(const Lane&, const Lane&) = default;
};
/// From left to right, looking along the street's geometry.
using Section = std::vector<Lane>;

enum class CrossingKind : std::uint8_t { zebra, signals, island, raised };
struct Crossing {
  double at_m = 0;  ///< Along the street from its first vertex.
  CrossingKind kind = CrossingKind::zebra;
  friend bool operator==(const Crossing&, const Crossing&) = default;
};

/// Nothing (monostate) is 'as the base has it'.
using Value = std::variant<std::monostate, bool, double, std::string, Shape, Section, std::vector<Crossing>,
                           std::vector<city::FeatureId>>;

std::span<const std::string_view> lane_use_words();
std::span<const std::string_view> lane_direction_words();
std::span<const std::string_view> crossing_words();
inline std::string_view word_for(LaneUse use) { return lane_use_words()[static_cast<std::size_t>(use)]; }
inline std::string_view word_for(LaneDirection d) { return lane_direction_words()[static_cast<std::size_t>(d)]; }
inline std::string_view word_for(CrossingKind kind) { return crossing_words()[static_cast<std::size_t>(kind)]; }

}  // namespace citiverse::plan
