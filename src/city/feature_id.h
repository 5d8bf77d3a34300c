// The name of a city object that stays the same from one ingest to the next, and on every wire.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace citiverse::city {

/// What a feature is. Values are stored in files: only ever append.
enum class FeatureKind : std::uint8_t {
  building = 1,
  building_part,
  street,
  rail,
  water,
  green,
  land_use,
  paved,   ///< Squares, parking areas, piers, platforms: surfaces that are not lines.
  bridge,  ///< The outline of a bridge's deck.
  barrier,
  tree,
  place,
  stop,
  area,
  line,
  address,
};
inline constexpr std::size_t kFeatureKinds = 17;  ///< Size of a table that is indexed by kind.

/// Lower-case English name, e.g. "building_part"; the tag of the kind in ids, layers and the API.
std::string_view name_of(FeatureKind kind);
std::optional<FeatureKind> feature_kind_from(std::string_view name);

/// Where the number in an id comes from.
enum class IdSource : std::uint8_t {
  generated = 0,     ///< 'g': the practice city.
  osm_node = 1,      ///< 'n'
  osm_way = 2,       ///< 'w'
  osm_relation = 3,  ///< 'r'
  hashed = 4,        ///< 'h': a 52-bit hash of a source's own text id.
  planned = 5,       ///< 'p': what a plan adds; never in a city's own files.
};

/// 8 bits of kind, 4 of source, 52 of number. Text form: "building-w4097656". Zero is no feature.
struct FeatureId {
  std::uint64_t value = 0;

  static constexpr FeatureId of(FeatureKind kind, IdSource source, std::uint64_t number) {
    return {(static_cast<std::uint64_t>(kind) << 56) | (static_cast<std::uint64_t>(source) << 52) |
            (number & ((1ull << 52) - 1))};
  }
  constexpr FeatureKind kind() const { return static_cast<FeatureKind>(value >> 56); }
  constexpr IdSource source() const { return static_cast<IdSource>((value >> 52) & 0xF); }
  constexpr std::uint64_t number() const { return value & ((1ull << 52) - 1); }
  constexpr explicit operator bool() const { return value != 0; }
  friend constexpr auto operator<=>(const FeatureId&, const FeatureId&) = default;
};

std::string to_string(FeatureId id);
/// Nothing when the text is not exactly what to_string writes.
std::optional<FeatureId> feature_id_from(std::string_view text);

}  // namespace citiverse::city

template <>
struct std::hash<citiverse::city::FeatureId> {
  std::size_t operator()(citiverse::city::FeatureId id) const noexcept {
    return static_cast<std::size_t>(id.value * 0x9E3779B97F4A7C15ull);
  }
};
