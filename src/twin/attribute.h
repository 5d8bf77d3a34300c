// One thing that is said of an entity: a value with its kind, times, unit and what is said of the value itself.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "twin/names.h"

namespace citiverse::twin {

/// Microseconds since 1970-01-01T00:00Z.
using TimeUs = std::int64_t;
inline constexpr TimeUs kNoTime = INT64_MIN;

/// ETSI GS CIM 009, 4.5.2 to 4.5.24. Values are stored in files: only ever append.
enum class AttributeKind : std::uint8_t {
  property,
  geo_property,
  relationship,
  language_property,
  vocab_property,
  json_property,
  list_property,
  list_relationship,
};

/// Compact JSON: valid UTF-8, no white space outside of strings.
struct Json {
  std::string text;
  friend bool operator==(const Json&, const Json&) = default;
};

/// Numbers and texts as themselves; all else, such as arrays, geometries, language maps and several objects, as JSON.
/// A relationship's single object and a vocab property's single term, expanded, are texts.
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string, Json>;

struct Attribute {
  NameId name = kNoName;     ///< Expanded (5.5.7).
  NameId dataset = kNoName;  ///< datasetId (4.5.5); kNoName is the default instance.
  NameId unit = kNoName;     ///< unitCode, of UN/CEFACT Recommendation 20.
  NameId object_type = kNoName;
  AttributeKind kind = AttributeKind::property;
  TimeUs observed_us = kNoTime;
  TimeUs created_us = kNoTime;
  TimeUs modified_us = kNoTime;
  TimeUs expires_us = kNoTime;
  Value value;
  std::vector<Attribute> about;  ///< Properties and relationships of this attribute, sorted as an entity's are.

  friend bool operator==(const Attribute&, const Attribute&) = default;
};

/// Published attributes never change: entities share those that an update left alone.
using AttributePtr = std::shared_ptr<const Attribute>;

}  // namespace citiverse::twin
