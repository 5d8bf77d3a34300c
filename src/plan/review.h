// Reviewing: what one version changes against another, and what two plans of one base come to together.
#pragma once

#include <string>
#include <vector>

#include "plan/state.h"

namespace citiverse::plan {

enum class ChangeKind : std::uint8_t { added, changed, removed };
std::string_view word_for(ChangeKind kind);

struct PropertyChange {
  std::size_t property = 0;
  Value before;  ///< What held in the older version, the base's own where nobody wrote; monostate: nothing.
  Value after;
  Stamp by;  ///< Who wrote last in the newer version; of nobody where a write was undone.
};
struct ObjectChange {
  ObjectId object;
  ChangeKind kind = ChangeKind::changed;
  Stamp by;  ///< Who added or removed it, or wrote last.
  std::vector<PropertyChange> properties;
};

/// What `after` has otherwise than `before`, in the order of ids. Of what is removed, no properties.
std::vector<ObjectChange> difference(const city::City& base, const PlanState& before, const PlanState& after);

/// Two said different things of the same property, or one took away what the other changed.
struct Conflict {
  ObjectId object;
  bool is_existence = false;
  std::size_t property = 0;
  Value ours;  ///< For existence: whether it is there.
  Value theirs;
  Stamp our_writer;
  Stamp their_writer;
};
enum class Prefer : std::uint8_t { neither, ours, theirs };
struct Merge {
  std::vector<Edit> edits;  ///< What to append to ours. With Prefer::neither, only what is not in conflict.
  std::vector<Conflict> conflicts;
};
/// Brings to `ours` what `theirs` changed since `ancestor` (an empty state: since the base), three ways: what only they changed
/// is taken, what both changed alike is left, the rest is a conflict. Properties are merged one by one.
Merge merged(const city::City& base, const PlanState& ancestor, const PlanState& ours, const PlanState& theirs, Prefer prefer);

}  // namespace citiverse::plan
