// What an edit is about: a feature of the city, or one of the things that only plans know.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "city/feature_id.h"

namespace citiverse::plan {

/// Kinds of the city's features keep their numbers; a plan's own follow far behind. Stored in files: only ever append.
inline constexpr std::uint8_t kJunctionKind = 200;
inline constexpr std::uint8_t kPolicyKind = 201;

/// Laid out as city::FeatureId. Text form: "building-w42", "street-p7", "junction-p9", "policy-p10".
struct ObjectId {
  std::uint64_t value = 0;

  static constexpr ObjectId of(city::FeatureId id) { return {id.value}; }
  static constexpr ObjectId planned(std::uint8_t kind, std::uint64_t number) {
    return {(static_cast<std::uint64_t>(kind) << 56) |
            city::FeatureId::of(city::FeatureKind{}, city::IdSource::planned, number).value};
  }
  constexpr std::uint8_t kind() const { return static_cast<std::uint8_t>(value >> 56); }
  constexpr bool is_feature() const { return kind() < kJunctionKind; }
  constexpr city::FeatureId feature() const { return {value}; }
  constexpr bool is_planned() const { return city::FeatureId{value}.source() == city::IdSource::planned; }
  friend constexpr auto operator<=>(const ObjectId&, const ObjectId&) = default;
};

std::string to_string(ObjectId id);
/// Nothing when the text is not exactly what to_string writes.
std::optional<ObjectId> object_id_from(std::string_view text);

}  // namespace citiverse::plan
