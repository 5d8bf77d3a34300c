// Writes are kept in stacks a property, so that undoing takes one out and leaves what others wrote.
#include "plan/state.h"

#include <algorithm>

#include "base/check.h"

namespace citiverse::plan {
namespace {

template <class T>
void put_in_order(std::vector<Write<T>>& writes, Stamp by, const T& value) {
  const auto at = std::upper_bound(writes.begin(), writes.end(), by.sequence,
                                   [](std::uint64_t sequence, const Write<T>& w) { return sequence < w.by.sequence; });
  writes.insert(at, {by, value});
}

template <class T>
void take_out(std::vector<Write<T>>& writes, std::uint64_t sequence) {
  std::erase_if(writes, [&](const Write<T>& w) { return w.by.sequence == sequence; });
}

}  // namespace

bool ObjectEdits::empty() const {
  return existence_.empty() && std::ranges::all_of(properties_, [](const auto& writes) { return writes.empty(); });
}

Stamp ObjectEdits::last_writer() const {
  Stamp last;
  const auto look = [&](Stamp by) {
    if (by.sequence >= last.sequence) last = by;
  };
  if (!existence_.empty()) look(existence_.back().by);
  for (const auto& writes : properties_)
    if (!writes.empty()) look(writes.back().by);
  return last;
}

void ObjectEdits::put(const Edit& edit, Stamp by) {
  if (edit.action != Action::change) put_in_order(existence_, by, edit.action == Action::add);
  for (const PropertyWrite& write : edit.writes) put_in_order(properties_[write.property], by, write.value);
}

void ObjectEdits::take(const Edit& edit, std::uint64_t sequence) {
  if (edit.action != Action::change) take_out(existence_, sequence);
  for (const PropertyWrite& write : edit.writes) take_out(properties_[write.property], sequence);
}

const ObjectEdits* PlanState::find(ObjectId id) const {
  const auto found = objects_.find(id);
  return found == objects_.end() ? nullptr : &found->second;
}

void PlanState::put(const Entry& entry) {
  for (const Edit& edit : entry.edits) {
    const Family* family = family_of(edit.object.kind());
    CITIVERSE_CHECK(family != nullptr, "an edit was checked before it is put");
    objects_.try_emplace(edit.object, *family).first->second.put(edit, {entry.sequence, entry.author});
  }
}

void PlanState::take(const Entry& entry) {
  for (const Edit& edit : entry.edits) {
    const auto found = objects_.find(edit.object);
    if (found == objects_.end()) continue;
    found->second.take(edit, entry.sequence);
    if (found->second.empty()) objects_.erase(found);
  }
}

bool PlanState::exists(const city::City& base, ObjectId id) const {
  if (const ObjectEdits* edits = find(id); edits != nullptr && edits->existence() != nullptr) return edits->existence()->value;
  return id.is_feature() && base.find(id.feature()).has_value();
}

std::vector<bool> counting(std::span<const Entry> log, std::uint64_t sequence) {
  const std::size_t count = std::min<std::size_t>(log.size(), sequence);
  std::vector<bool> counts(count, true);
  // What undoes comes after what it undoes, so from the last to the first every word is final when it is met.
  for (std::size_t i = count; i-- > 0;)
    if (counts[i] && log[i].undoes != 0) counts[log[i].undoes - 1] = false;
  return counts;
}

PlanState replayed(std::span<const Entry> log, std::uint64_t sequence) {
  const std::vector<bool> counts = counting(log, sequence);
  PlanState state;
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (counts[i]) state.put(log[i]);
  return state;
}

}  // namespace citiverse::plan
