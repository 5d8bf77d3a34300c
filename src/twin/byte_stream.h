// Values as bytes in files that only this program reads: whole numbers in seven bits a byte, texts with their length.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace citiverse::twin {

static_assert(std::endian::native == std::endian::little, "files are little-endian, and so is every machine this runs on");

/// Small magnitudes of either sign as small numbers.
constexpr std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

/// Appends to a string.
class ByteWriter {
 public:
  explicit ByteWriter(std::string& out) : out_(out) {}

  void byte(std::uint8_t value) { out_.push_back(static_cast<char>(value)); }
  void unsigned_number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) byte(static_cast<std::uint8_t>(value | 0x80));
    byte(static_cast<std::uint8_t>(value));
  }
  void signed_number(std::int64_t value) { unsigned_number(zigzag(value)); }
  void text(std::string_view value) {
    unsigned_number(value.size());
    out_.append(value);
  }
  template <class T>
    requires std::is_trivially_copyable_v<T>
  void plain(const T& value) {
    out_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }

 private:
  std::string& out_;
};

/// Reads what may be damaged: after the first thing that is not there, ok() is false and everything reads as zero or empty.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }
  std::size_t size() const { return rest_.size(); }
  void fail() {
    ok_ = false;
    rest_ = {};
  }

  std::uint8_t byte() {
    const auto one = take(1);
    return one.empty() ? 0 : static_cast<std::uint8_t>(one.front());
  }
  std::uint64_t unsigned_number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::uint8_t next = byte();
      value |= static_cast<std::uint64_t>(next & 0x7F) << shift;
      if (next < 0x80) return ok_ ? value : 0;
    }
    fail();
    return 0;
  }
  std::int64_t signed_number() { return unzigzag(unsigned_number()); }
  std::string_view text() { return take(unsigned_number()); }
  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) {
      fail();
      return {};
    }
    const auto taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  template <class T>
    requires std::is_trivially_copyable_v<T>
  T plain() {
    T value{};
    if (const auto bytes = take(sizeof value); bytes.size() == sizeof value) std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace citiverse::twin
