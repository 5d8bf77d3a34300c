// Both questions walk the objects that any of the states mentions, in the order of their ids.
#include "plan/review.h"

#include <array>
#include <set>

namespace citiverse::plan {
namespace {

constexpr std::array<std::string_view, 3> kChangeWords{"added", "changed", "removed"};

std::set<ObjectId> mentioned(std::initializer_list<const PlanState*> states) {
  std::set<ObjectId> ids;
  for (const PlanState* state : states)
    for (const auto& [id, edits] : state->objects()) ids.insert(id);
  return ids;
}

// What holds in a state; of an object that nobody touched, what the base has.
Value value_in(const city::City& base, const PlanState& state, ObjectId id, std::size_t property) {
  if (const ObjectEdits* edits = state.find(id)) return ObjectView(base, id, *edits).value(property);
  const ObjectEdits untouched(*family_of(id.kind()));
  return ObjectView(base, id, untouched).value(property);
}

Stamp writer_of(const PlanState& state, ObjectId id, std::size_t property) {
  const ObjectEdits* edits = state.find(id);
  const Write<Value>* write = edits == nullptr ? nullptr : edits->last(property);
  return write == nullptr ? Stamp{} : write->by;
}

Stamp existence_writer(const PlanState& state, ObjectId id) {
  const ObjectEdits* edits = state.find(id);
  if (edits == nullptr) return {};
  return edits->existence() != nullptr ? edits->existence()->by : edits->last_writer();
}

std::vector<PropertyChange> changed_properties(const city::City& base, const PlanState& before, const PlanState& after,
                                               ObjectId id, bool is_new) {
  std::vector<PropertyChange> changes;
  for (std::size_t i = 0; i < family_of(id.kind())->properties.size(); ++i) {
    Value now = value_in(base, after, id, i);
    Value then = is_new ? Value{} : value_in(base, before, id, i);
    if (now != then) changes.push_back({i, std::move(then), std::move(now), writer_of(after, id, i)});
  }
  return changes;
}

struct MergeOfObject {
  const city::City& base;
  const PlanState& ancestor;
  const PlanState& ours;
  const PlanState& theirs;
  Prefer prefer;

  // What they changed of the properties, on an object that both have.
  void properties(ObjectId id, Merge& merge) const {
    Edit edit{Action::change, id, {}};
    for (std::size_t i = 0; i < family_of(id.kind())->properties.size(); ++i) {
      Value wanted = value_in(base, theirs, id, i);
      if (wanted == value_in(base, ancestor, id, i)) continue;
      Value own = value_in(base, ours, id, i);
      if (own == wanted) continue;
      if (own != value_in(base, ancestor, id, i)) {
        merge.conflicts.push_back({id, false, i, std::move(own), wanted, writer_of(ours, id, i), writer_of(theirs, id, i)});
        if (prefer != Prefer::theirs) continue;
      }
      edit.writes.push_back({i, std::move(wanted)});
    }
    if (!edit.writes.empty()) merge.edits.push_back(std::move(edit));
  }

  // All that an object of theirs has, to add it to ours.
  void add(ObjectId id, Merge& merge) const {
    Edit edit{Action::add, id, {}};
    const ObjectEdits* edits = theirs.find(id);
    for (std::size_t i = 0; edits != nullptr && i < edits->family().properties.size(); ++i)
      if (const Write<Value>* write = edits->last(i)) edit.writes.push_back({i, write->value});
    merge.edits.push_back(std::move(edit));
  }

  bool they_changed(ObjectId id) const {
    for (std::size_t i = 0; i < family_of(id.kind())->properties.size(); ++i)
      if (value_in(base, theirs, id, i) != value_in(base, ancestor, id, i)) return true;
    return false;
  }
  bool we_changed(ObjectId id) const {
    for (std::size_t i = 0; i < family_of(id.kind())->properties.size(); ++i)
      if (value_in(base, ours, id, i) != value_in(base, ancestor, id, i)) return true;
    return false;
  }

  void object(ObjectId id, Merge& merge) const {
    const bool before = ancestor.exists(base, id);
    const bool own = ours.exists(base, id);
    const bool wanted = theirs.exists(base, id);
    if (own && wanted) return properties(id, merge);
    if (own == wanted) return;
    // Only one of the two has it: either they took it away or added it, or we did.
    const bool theirs_is_news = wanted != before;
    const bool other_cares = theirs_is_news ? (before && we_changed(id)) : (before && they_changed(id));
    if (other_cares) {
      merge.conflicts.push_back({id, true, 0, own, wanted, existence_writer(ours, id), existence_writer(theirs, id)});
      if (prefer != Prefer::theirs) return;
    } else if (!theirs_is_news) {
      return;
    }
    if (wanted)
      add(id, merge);
    else
      merge.edits.push_back({Action::remove, id, {}});
  }
};

}  // namespace

std::string_view word_for(ChangeKind kind) { return kChangeWords[static_cast<std::size_t>(kind)]; }

std::vector<ObjectChange> difference(const city::City& base, const PlanState& before, const PlanState& after) {
  std::vector<ObjectChange> changes;
  for (const ObjectId id : mentioned({&before, &after})) {
    const bool was = before.exists(base, id);
    const bool is = after.exists(base, id);
    if (!was && !is) continue;
    if (was && !is) {
      changes.push_back({id, ChangeKind::removed, existence_writer(after, id), {}});
      continue;
    }
    auto properties = changed_properties(base, before, after, id, !was);
    if (was && properties.empty()) continue;
    const ObjectEdits* edits = after.find(id);
    changes.push_back({id, was ? ChangeKind::changed : ChangeKind::added, edits == nullptr ? Stamp{} : edits->last_writer(),
                       std::move(properties)});
  }
  return changes;
}

Merge merged(const city::City& base, const PlanState& ancestor, const PlanState& ours, const PlanState& theirs, Prefer prefer) {
  Merge merge;
  const MergeOfObject walk{base, ancestor, ours, theirs, prefer};
  for (const ObjectId id : mentioned({&ancestor, &ours, &theirs})) walk.object(id, merge);
  return merge;
}

}  // namespace citiverse::plan
