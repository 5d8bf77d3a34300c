// Reading a request's body: every member has a type and bounds, and the first that is wrong is named with its fix.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/parameters.h"
#include "base/json_reader.h"

namespace citiverse::api {

/// A JSON object (RFC 8259). Reads go on after a failure and give defaults; ask failure() once at the end. Members that no read
/// asked for by then are failures too. Text must be UTF-8; lengths are code points.
class JsonBody {
 public:
  explicit JsonBody(std::string_view body);

  bool has(std::string_view name) { return !find(name).is_absent(); }
  std::optional<std::string> text(std::string_view name, std::size_t characters_min, std::size_t characters_max);
  std::string required_text(std::string_view name, std::size_t characters_min, std::size_t characters_max);
  std::optional<bool> boolean(std::string_view name);
  bool required_boolean(std::string_view name);
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t least, std::int64_t most);
  std::optional<std::vector<std::string>> texts(std::string_view name, std::size_t items_max, std::size_t characters_max);
  /// Whatever stands there; absent when nothing does.
  base::JsonValue value(std::string_view name) { return find(name); }

  /// Marks a member as wrong; the first mark counts.
  void fail(std::string_view name, std::string message);
  const std::optional<Parameters::Failure>& failure();

 private:
  base::JsonValue find(std::string_view name);
  std::optional<std::string> checked(std::string_view name, base::JsonValue value, std::size_t characters_min,
                                     std::size_t characters_max);

  std::optional<base::JsonDocument> document_;
  std::vector<bool> used_;
  std::optional<Parameters::Failure> failure_;
};

}  // namespace citiverse::api
