// Where in a JSON text a value stands, as mapping files say it: the part of JSONPath that needs no search.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json_reader.h"
#include "base/result.h"

namespace citiverse::formats {

/// "$.a.b", "$['a b'][0]", "$.items[*]": names, indexes and wildcards of child segments (RFC 9535, 2.3.1 to 2.3.3 and 2.5.1).
/// Filters, slices, descendants and functions are left out: a path costs as many steps as it has. Threads: reading is safe.
class JsonPath {
 public:
  static constexpr std::size_t kPathBytesMax = 512;
  static constexpr std::size_t kSegmentsMax = 16;

  /// Fails: bad_input, saying at which character.
  static base::Result<JsonPath> parse(std::string_view text);

  /// Without a wildcard: it names one value at most.
  bool is_singular() const;
  /// The first value at this path, or absent.
  base::JsonValue find(base::JsonValue root) const;
  /// Calls for each value at this path, in the order of the text, until it gives false. False when it did.
  bool each(base::JsonValue root, const std::function<bool(base::JsonValue)>& on_value) const;

 private:
  struct Wildcard {};
  using Segment = std::variant<std::string, std::size_t, Wildcard>;
  bool each_from(std::size_t segment, base::JsonValue at, const std::function<bool(base::JsonValue)>& on_value) const;
  std::vector<Segment> segments_;
};

}  // namespace citiverse::formats
