// Following an address through the model to the entity or the entities that it names.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/sensor_things/errors.h"
#include "api/sensor_things/reader.h"
#include "api/sensor_things/resource_path.h"
#include "api/sensor_things/search.h"

namespace citiverse::api::sensor_things {

struct Resource {
  ResourcePath path;
  std::optional<Item> item;    ///< The entity that it names, or to which its last collection belongs.
  bool is_collection = false;  ///< It ends in a collection, of which `item` is the owner, if it has one.

  Kind kind() const { return path.steps.back().kind; }
};

/// `path` has at least one step. Refuses: 404 where a step leads to nothing, 400 for what is no such address.
Answered<Resource> follow(Reader& reader, std::string_view path);
/// The entities of a resource that is a collection.
Source source_of(Reader& reader, const Resource& resource);

}  // namespace citiverse::api::sensor_things
