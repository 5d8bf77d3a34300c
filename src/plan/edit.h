// One step of a plan: what somebody wrote to which properties of which objects, at once.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "plan/object_id.h"
#include "plan/value.h"

namespace citiverse::plan {

enum class Action : std::uint8_t { add, change, remove };

struct PropertyWrite {
  std::size_t property = 0;  ///< Place in Family::properties.
  Value value;
  friend bool operator==(const PropertyWrite&, const PropertyWrite&) = default;
};

struct Edit {
  Action action = Action::change;
  ObjectId object;
  std::vector<PropertyWrite> writes;
  friend bool operator==(const Edit&, const Edit&) = default;
};

/// An entry of the log: edits that hold together, or the undoing of an earlier entry. Sequence numbers count from 1 in the
/// order that the server gave. Accounts are numbers that this room does not understand; 0 is somebody who has left.
struct Entry {
  std::uint64_t sequence = 0;
  std::uint64_t author = 0;
  std::uint64_t accepted_by = 0;  ///< Of a suggestion: who took it over.
  std::int64_t time_s = 0;        ///< Since 1970.
  std::uint64_t undoes = 0;       ///< 0: this entry has edits.
  std::vector<Edit> edits;
  friend bool operator==(const Entry&, const Entry&) = default;
};

}  // namespace citiverse::plan
