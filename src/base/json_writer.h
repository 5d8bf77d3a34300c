// JSON written straight into one string, without a document in between.
#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace citiverse::base {

/// Appends one JSON value (RFC 8259). Calls must nest as JSON does; a member is key() and then a value. Malformed UTF-8 becomes
/// U+FFFD, controls and '<' are escaped, numbers that are not finite become null: what is written always parses.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name);
  JsonWriter& text(std::string_view value);
  JsonWriter& boolean(bool value) { return raw(value ? "true" : "false"); }
  JsonWriter& null() { return raw("null"); }
  template <std::integral T>
  JsonWriter& integer(T value) {
    if constexpr (std::signed_integral<T>)
      return signed_integer(value);
    else
      return unsigned_integer(value);
  }
  /// At most `decimals` (0 to 9) digits after the point, without trailing zeros: lengths have 2, degrees 7.
  JsonWriter& number(double value, int decimals);
  /// A JSON value that was written before.
  JsonWriter& raw(std::string_view json);

  // A member at once; the text form leaves out what is empty, since an absent property is one that is not known.
  JsonWriter& member(std::string_view name, std::string_view value) { return key(name).text(value); }
  JsonWriter& member_if_known(std::string_view name, std::string_view value) {
    return value.empty() ? *this : key(name).text(value);
  }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  JsonWriter& signed_integer(std::int64_t value);
  JsonWriter& unsigned_integer(std::uint64_t value);
  void separate();

  std::string& out_;
  bool needs_comma_ = false;
};

}  // namespace citiverse::base
