// The part of an address behind the service root: which entities, and what of them (OGC 18-088, 9.2).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/sensor_things/model.h"
#include "base/result.h"

namespace citiverse::api::sensor_things {

inline constexpr std::size_t kPathStepsMax = 12;

/// One step from an entity to others: "Things", "Datastreams('x')", "Thing".
struct Step {
  std::string navigation;         ///< The name as it stands there.
  Kind kind = Kind::thing;        ///< Of what it leads to.
  bool is_many = true;            ///< Whether it names a collection.
  std::optional<std::string> id;  ///< One of the collection.

  bool is_one() const { return id.has_value() || !is_many; }
};

struct ResourcePath {
  enum class End : std::uint8_t { entities, reference, property, value };

  std::vector<Step> steps;            ///< Empty: the service root.
  End end = End::entities;            ///< "$ref", a property, "…/$value".
  std::vector<std::string> property;  ///< A property and, where it has parts, names within it.
};

/// `path` as net decoded it, without a '/' in front. An id is a whole number or a text between quotation marks.
/// Fails: not_found, for what the data model does not have; bad_input; limit.
base::Result<ResourcePath> parse_resource_path(std::string_view path);

}  // namespace citiverse::api::sensor_things
