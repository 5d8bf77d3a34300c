// protozero writes the fields; the command integers are section 4.3 of the specification.
#include "formats/mvt_writer.h"

#include <algorithm>

#include <protozero/pbf_writer.hpp>

namespace citiverse::formats {
namespace {

// Field numbers of vector_tile.proto.
constexpr protozero::pbf_tag_type kTileLayer = 3;
constexpr protozero::pbf_tag_type kLayerName = 1, kLayerFeature = 2, kLayerKey = 3, kLayerValue = 4, kLayerExtent = 5,
                                  kLayerVersion = 15;
constexpr protozero::pbf_tag_type kFeatureId = 1, kFeatureTags = 2, kFeatureType = 3, kFeatureGeometry = 4;
constexpr protozero::pbf_tag_type kValueString = 1, kValueUint = 5, kValueBool = 7;

constexpr std::uint32_t kMoveTo = 1, kLineTo = 2, kClosePath = 7;
constexpr std::uint32_t command(std::uint32_t id, std::uint32_t count) { return (id & 7) | (count << 3); }
constexpr std::uint32_t zigzag(std::int32_t v) {
  return (static_cast<std::uint32_t>(v) << 1) ^ static_cast<std::uint32_t>(v >> 31);
}

std::int64_t twice_area(const std::vector<MvtPoint>& ring) {
  std::int64_t twice = 0;
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
    twice += static_cast<std::int64_t>(ring[j].x) * ring[i].y - static_cast<std::int64_t>(ring[i].x) * ring[j].y;
  }
  return twice;
}

}  // namespace

void MvtLayer::begin(std::uint64_t id, MvtGeometryType type) {
  id_ = id;
  type_ = type;
  geometry_.clear();
  tags_.clear();
  cursor_ = {};
}

void MvtLayer::move_to(std::uint32_t count, MvtPoint p) {
  geometry_.push_back(command(kMoveTo, count));
  go(p);
}

void MvtLayer::go(MvtPoint p) {
  geometry_.push_back(zigzag(p.x - cursor_.x));
  geometry_.push_back(zigzag(p.y - cursor_.y));
  cursor_ = p;
}

void MvtLayer::add_point(MvtPoint p) { move_to(1, p); }

void MvtLayer::add_line(std::span<const MvtPoint> points) {
  cleaned_.clear();
  for (const MvtPoint p : points) {
    if (cleaned_.empty() || !(cleaned_.back() == p)) cleaned_.push_back(p);
  }
  if (cleaned_.size() < 2) return;
  move_to(1, cleaned_[0]);
  geometry_.push_back(command(kLineTo, static_cast<std::uint32_t>(cleaned_.size() - 1)));
  for (std::size_t i = 1; i < cleaned_.size(); ++i) go(cleaned_[i]);
}

bool MvtLayer::add_ring(std::span<const MvtPoint> points, bool is_hole) {
  cleaned_.clear();
  for (const MvtPoint p : points) {
    if (cleaned_.empty() || !(cleaned_.back() == p)) cleaned_.push_back(p);
  }
  while (cleaned_.size() > 1 && cleaned_.front() == cleaned_.back()) cleaned_.pop_back();
  if (cleaned_.size() < 3 || (is_hole && geometry_.empty())) return false;
  const std::int64_t twice = twice_area(cleaned_);
  if (twice == 0) return false;
  // With y to the south a positive area is clockwise on the screen.
  if ((twice > 0) == is_hole) std::reverse(cleaned_.begin() + 1, cleaned_.end());
  move_to(1, cleaned_[0]);
  geometry_.push_back(command(kLineTo, static_cast<std::uint32_t>(cleaned_.size() - 1)));
  for (std::size_t i = 1; i < cleaned_.size(); ++i) go(cleaned_[i]);
  geometry_.push_back(command(kClosePath, 1));
  return true;
}

void MvtLayer::tag(std::string_view key, const std::string& encoded_value) {
  const auto number_of = [](Table& table, std::vector<std::string_view>& order, std::string_view text) {
    if (const auto known = table.find(text); known != table.end()) return known->second;
    const auto number = static_cast<std::uint32_t>(order.size());
    order.push_back(table.emplace(text, number).first->first);
    return number;
  };
  tags_.push_back(number_of(key_numbers_, keys_, key));
  tags_.push_back(number_of(value_numbers_, values_, encoded_value));
}

void MvtLayer::property(std::string_view key, std::string_view text) {
  if (text.empty()) return;
  value_.clear();
  protozero::pbf_writer(value_).add_string(kValueString, text.data(), text.size());
  tag(key, value_);
}

void MvtLayer::property(std::string_view key, std::uint64_t number) {
  value_.clear();
  protozero::pbf_writer(value_).add_uint64(kValueUint, number);
  tag(key, value_);
}

void MvtLayer::property(std::string_view key, bool yes) {
  value_.clear();
  protozero::pbf_writer(value_).add_bool(kValueBool, yes);
  tag(key, value_);
}

void MvtLayer::end() {
  if (geometry_.empty()) return;
  // A multipoint is one command for all its points.
  if (type_ == MvtGeometryType::point && geometry_.size() > 3) {
    const auto count = static_cast<std::uint32_t>(geometry_.size() / 3);
    std::vector<std::uint32_t> joined{command(kMoveTo, count)};
    for (std::size_t i = 0; i < geometry_.size(); i += 3) joined.insert(joined.end(), {geometry_[i + 1], geometry_[i + 2]});
    geometry_ = std::move(joined);
  }
  protozero::pbf_writer layer(features_);
  protozero::pbf_writer feature(layer, kLayerFeature);
  feature.add_uint64(kFeatureId, id_);
  feature.add_packed_uint32(kFeatureTags, tags_.begin(), tags_.end());
  feature.add_enum(kFeatureType, static_cast<std::int32_t>(type_));
  feature.add_packed_uint32(kFeatureGeometry, geometry_.begin(), geometry_.end());
  ++feature_count_;
}

void MvtLayer::write_to(std::string& tile) const {
  if (empty()) return;
  std::string content;
  protozero::pbf_writer head(content);
  head.add_uint32(kLayerVersion, 2);
  head.add_string(kLayerName, name_);
  content += features_;
  protozero::pbf_writer tail(content);
  for (const std::string_view key : keys_) tail.add_string(kLayerKey, key.data(), key.size());
  for (const std::string_view value : values_) tail.add_message(kLayerValue, value.data(), value.size());
  tail.add_uint32(kLayerExtent, kMvtExtent);
  protozero::pbf_writer(tile).add_message(kTileLayer, content);
}

}  // namespace citiverse::formats
