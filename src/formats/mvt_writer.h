// Map tiles as bytes: Mapbox Vector Tile 2.1.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace citiverse::formats {

/// Units across a tile.
inline constexpr std::int32_t kMvtExtent = 4096;

/// A place in a tile: x east, y south, 0 to kMvtExtent within the tile, beyond it in its buffer.
struct MvtPoint {
  std::int32_t x = 0;
  std::int32_t y = 0;
  friend bool operator==(const MvtPoint&, const MvtPoint&) = default;
};

enum class MvtGeometryType : std::uint8_t { point = 1, lines = 2, polygons = 3 };

/// One layer. For each feature: begin(), its geometry, its properties, end(). Keys and values are stored once a layer.
/// Source: Vector Tile Specification 2.1, github.com/mapbox/vector-tile-spec.
class MvtLayer {
 public:
  explicit MvtLayer(std::string name) : name_(std::move(name)) {}

  void begin(std::uint64_t id, MvtGeometryType type);
  void add_point(MvtPoint p);
  /// Equal neighbours are dropped; a line of fewer than two different points adds nothing.
  void add_line(std::span<const MvtPoint> points);
  /// Rings are open (first point not repeated). They are turned as the specification demands: outer rings clockwise on the
  /// screen, holes the other way. Rings without area add nothing; a hole needs the outer ring it belongs to before it.
  /// Returns whether something was added.
  bool add_ring(std::span<const MvtPoint> points, bool is_hole);

  // Properties of the feature; texts that are empty are left out.
  void property(std::string_view key, std::string_view text);
  void property(std::string_view key, std::uint64_t number);
  void property(std::string_view key, bool yes);

  /// Ends the feature; one without geometry is left out.
  void end();

  bool empty() const { return feature_count_ == 0; }
  std::size_t feature_count() const { return feature_count_; }
  /// Appends the layer to a tile: a tile is its layers one after another.
  void write_to(std::string& tile) const;

 private:
  void tag(std::string_view key, const std::string& encoded_value);
  void move_to(std::uint32_t count, MvtPoint p);
  void go(MvtPoint p);

  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>{}(s); }
  };
  using Table = std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>>;

  std::string name_;
  std::string features_;  // Encoded, ready to be copied.
  std::size_t feature_count_ = 0;
  Table key_numbers_;
  Table value_numbers_;
  std::vector<std::string_view> keys_;  // Into the tables, whose nodes do not move.
  std::vector<std::string_view> values_;

  std::uint64_t id_ = 0;
  MvtGeometryType type_ = MvtGeometryType::point;
  std::vector<std::uint32_t> geometry_;
  std::vector<std::uint32_t> tags_;
  std::vector<MvtPoint> cleaned_;
  MvtPoint cursor_;
  std::string value_;
};

}  // namespace citiverse::formats
