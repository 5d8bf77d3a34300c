// JSON from outside as values to look at: whoever reads says what type a member must have, and everything else is absent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace boost::json {
class value;
}

namespace citiverse::base {

inline constexpr std::size_t kJsonDepthMax = 16;  ///< Arrays and objects within each other, unless the caller takes more.

/// A window onto one value of a JsonDocument, valid as long as that lives; or nothing, when what was looked for is not there.
class JsonValue {
 public:
  JsonValue() = default;
  explicit JsonValue(const boost::json::value* value) : value_(value) {}

  bool is_absent() const { return value_ == nullptr; }
  bool is_null() const;
  bool is_object() const;
  bool is_array() const;

  // Nothing unless the value has that type.
  std::optional<std::string_view> text() const;  ///< Well-formed UTF-8; may hold control characters that were escaped.
  std::optional<bool> boolean() const;
  std::optional<std::int64_t> integer() const;  ///< Whole numbers; 1.0 is one too, 1.5 and 1e300 are not.
  std::optional<double> number() const;

  /// Items of an array or members of an object; 0 for everything else.
  std::size_t size() const;
  /// An item of an array; absent beyond its end.
  JsonValue operator[](std::size_t index) const;
  /// A member of an object by its place, for those who must know every name.
  std::pair<std::string_view, JsonValue> member(std::size_t index) const;
  /// A member of an object; absent when there is none, or when this is no object.
  JsonValue find(std::string_view name) const;

 private:
  const boost::json::value* value_ = nullptr;
};

/// One JSON text (RFC 8259) that was read whole. Move-only. Threads: reading is safe.
class JsonDocument {
 public:
  /// Refuses what is not well-formed, malformed UTF-8, trailing text, more than `depth_max` levels, and an object that names a
  /// member twice, since two readers could see two different texts. Fails: bad_input, with the byte where reading stopped.
  static Result<JsonDocument> parse(std::string_view text, std::size_t depth_max = kJsonDepthMax);

  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();
  JsonValue root() const;

 private:
  struct Kept;
  explicit JsonDocument(std::unique_ptr<const Kept> kept);
  std::unique_ptr<const Kept> kept_;
};

}  // namespace citiverse::base
