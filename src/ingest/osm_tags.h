// The tags of one OpenStreetMap object, apart from the library that reads them, so that the mapping is plain code.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace citiverse::ingest {

/// A key that is asked for often: one of 64 bits tells most objects without it apart at once.
struct TagKey {
  std::string_view name;
  std::uint64_t bit;

  // NOLINTNEXTLINE(google-explicit-constructor): tags["highway"] is how every line of the mapping reads.
  consteval TagKey(const char* key) : name(key), bit(bit_of(key)) {}

  static constexpr std::uint64_t bit_of(std::string_view key) {
    std::uint32_t hash = 2166136261u;  // FNV-1a
    for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    return 1ull << (hash >> 26);
  }
};

/// Views into the reader's buffer: valid as long as the object. Threads: one owner.
class OsmTags {
 public:
  struct Tag {
    std::string_view key;
    std::string_view value;
  };

  void clear() {
    tags_.clear();
    bits_ = 0;
  }
  void add(std::string_view key, std::string_view value) {
    tags_.push_back({key, value});
    bits_ |= TagKey::bit_of(key);
  }

  /// The value, or an empty text.
  std::string_view operator[](TagKey key) const {
    if ((bits_ & key.bit) == 0) return {};
    return find(key.name);
  }
  bool has(TagKey key) const { return !(*this)[key].empty(); }
  bool is(TagKey key, std::string_view value) const { return (*this)[key] == value; }
  /// True when the key is there and does not say no.
  bool says_yes(TagKey key) const {
    const auto value = (*this)[key];
    return !value.empty() && value != "no";
  }
  /// For keys put together at run time.
  std::string_view find(std::string_view key) const {
    for (const Tag& tag : tags_) {
      if (tag.key == key) return tag.value;
    }
    return {};
  }
  const std::vector<Tag>& all() const { return tags_; }

 private:
  std::vector<Tag> tags_;
  std::uint64_t bits_ = 0;
};

/// True when `value` is one of the others.
template <class... Values>
constexpr bool is_any(std::string_view value, Values... others) {
  return ((value == std::string_view(others)) || ...);
}

}  // namespace citiverse::ingest
