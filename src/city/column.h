// One array of plain values: owned while a city is built, or a window into a mapped file when it is served.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace citiverse::city {

/// Move-only. The values are trivially copyable, so that a column is written and mapped as bytes.
template <class T>
class Column {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Column() = default;
  explicit Column(std::vector<T> values) : owned_(std::move(values)), values_(owned_) {}
  /// A window; the bytes must outlive the column.
  explicit Column(std::span<const T> window) : values_(window) {}
  Column(Column&& other) noexcept : owned_(std::move(other.owned_)), values_(std::exchange(other.values_, {})) {}
  Column& operator=(Column&& other) noexcept {
    owned_ = std::move(other.owned_);
    values_ = std::exchange(other.values_, {});
    return *this;
  }

  std::span<const T> values() const { return values_; }
  std::size_t size() const { return values_.size(); }
  bool empty() const { return values_.empty(); }
  const T& operator[](std::size_t i) const { return values_[i]; }
  auto begin() const { return values_.begin(); }
  auto end() const { return values_.end(); }

 private:
  std::vector<T> owned_;
  std::span<const T> values_;
};

/// A run of `count` values of a column, from `first`.
struct Run {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  friend bool operator==(const Run&, const Run&) = default;
};

}  // namespace citiverse::city
