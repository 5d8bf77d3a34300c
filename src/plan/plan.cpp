// An entry is put into the state, looked at there, and taken out again when it does not fit.
#include "plan/plan.h"

#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "base/random.h"
#include "base/text.h"
#include "plan/checks.h"
#include "plan/limits.h"

namespace citiverse::plan {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

std::unexpected<base::Error> in_edit(std::size_t number, const Edit& edit, const base::Error& error) {
  return fail(error.code, fmt::format("edit {} ({}): {}", number + 1, to_string(edit.object), error.message));
}

// What can be said of one edit without the others.
Result<void> check_form(const city::City& base, Edit& edit) {
  const Family* family = family_of(edit.object.kind());
  if (family == nullptr) return fail(ErrorCode::bad_input, "a plan cannot change this kind of object");
  if (edit.action == Action::remove && !edit.writes.empty())
    return fail(ErrorCode::bad_input, "what is removed has no properties to set");
  if (edit.action == Action::change && edit.writes.empty()) return fail(ErrorCode::bad_input, "there is nothing to set");
  std::set<std::size_t> seen;
  for (PropertyWrite& write : edit.writes) {
    if (write.property >= family->properties.size()) return fail(ErrorCode::bad_input, "there is no such property");
    if (!seen.insert(write.property).second)
      return fail(ErrorCode::bad_input, fmt::format("{}: it is set twice", family->properties[write.property].name));
    auto good = checked_value(base, family->properties[write.property], std::move(write.value));
    if (!good) return std::unexpected(good.error());
    write.value = std::move(*good);
  }
  return {};
}

Result<void> check_existence(const city::City& base, const PlanState& state, const Edit& edit) {
  const bool exists = state.exists(base, edit.object);
  if (edit.action == Action::add) {
    if (exists) return fail(ErrorCode::conflict, "it is there already; change it");
    if (state.find(edit.object) == nullptr && !edit.object.is_planned() &&
        !(edit.object.is_feature() && base.find(edit.object.feature())))
      return fail(ErrorCode::bad_input, "what is new has an id with a p, such as building-p1, or none");
    return {};
  }
  if (!exists) return fail(ErrorCode::not_found, "it is not there");
  return {};
}

}  // namespace

ObjectId Plan::next_id(std::uint8_t kind, std::size_t number) const {
  constexpr std::uint64_t kNumberBits = (std::uint64_t{1} << 52) - 1;
  return ObjectId::planned(kind, base::mix64(seed_ ^ base::mix64((head() + 1) << 16 | number)) & kNumberBits);
}

std::size_t Plan::edit_count() const {
  std::size_t count = 0;
  for (const Entry& entry : log_) count += std::max<std::size_t>(1, entry.edits.size());
  return count;
}

Result<void> Plan::check_objects(const Entry& entry, PlanState& state) const {
  for (std::size_t i = 0; i < entry.edits.size(); ++i) {
    const ObjectId id = entry.edits[i].object;
    const bool is_there = state.exists(*base_, id);
    auto good = is_there ? check_object(*base_, state, id) : check_absence(*base_, state, id);
    if (!good) return in_edit(i, entry.edits[i], good.error());
  }
  return {};
}

Result<const Entry*> Plan::append(const Request& request, std::vector<Edit> edits) {
  if (edits.empty()) return fail(ErrorCode::bad_input, "edits: at least one edit is needed");
  if (edits.size() > kEditsAtOnceMax)
    return fail(ErrorCode::limit, fmt::format("edits: {} at once; {} is the most", edits.size(), kEditsAtOnceMax));
  if (edit_count() + edits.size() > kEditsMax)
    return fail(ErrorCode::limit, fmt::format("a plan holds {} edits; this one has {} and {} more would come", kEditsMax,
                                              edit_count(), edits.size()));
  std::set<ObjectId> touched;
  for (std::size_t i = 0; i < edits.size(); ++i) {
    if (!touched.insert(edits[i].object).second)
      return in_edit(i, edits[i], {ErrorCode::bad_input, "an object has one edit at a time; put its properties together"});
    if (auto good = check_form(*base_, edits[i]); !good) return in_edit(i, edits[i], good.error());
    if (auto good = check_existence(*base_, state_, edits[i]); !good) return in_edit(i, edits[i], good.error());
  }
  Entry entry{head() + 1, request.author, request.accepted_by, request.time_s, 0, std::move(edits)};
  state_.put(entry);
  if (auto good = check_objects(entry, state_); !good) {
    state_.take(entry);
    return std::unexpected(good.error());
  }
  log_.push_back(std::move(entry));
  return &log_.back();
}

Result<void> Plan::check(const std::vector<Edit>& edits) const {
  Plan copy = *this;
  auto done = copy.append({}, edits);
  if (!done) return std::unexpected(done.error());
  return {};
}

namespace {

// Others' work on something whose adding is undone would hang in the air.
Result<void> check_nothing_hangs(const city::City& base, const PlanState& state, const Entry& entry) {
  for (const Edit& edit : entry.edits) {
    const ObjectEdits* left = state.find(edit.object);
    if (edit.action != Action::add || left == nullptr || state.exists(base, edit.object)) continue;
    if (left->existence() != nullptr) continue;  // Taken away by a later edit anyway.
    return fail(ErrorCode::conflict, fmt::format("{} was changed since, by entry {}; undo that first", to_string(edit.object),
                                                 left->last_writer().sequence));
  }
  return {};
}

}  // namespace

// An undoing of an undoing brings back: the entry that has edits, and whether they come back.
std::pair<const Entry*, bool> Plan::edited_by_undoing(std::uint64_t sequence) const {
  const Entry* edited = &log_[sequence - 1];
  bool comes_back = false;
  for (; edited->undoes != 0; edited = &log_[edited->undoes - 1]) comes_back = !comes_back;
  return {edited, comes_back};
}

Result<const Entry*> Plan::undo(const Request& request, std::uint64_t sequence) {
  if (sequence == 0 || sequence > head())
    return fail(ErrorCode::not_found, fmt::format("there is no entry {}; the plan has {}", sequence, head()));
  const Entry& target = log_[sequence - 1];
  if (target.author != request.author || request.author == 0)
    return fail(ErrorCode::denied, fmt::format("entry {} was made by somebody else; each undoes their own", sequence));
  if (edit_count() + 1 > kEditsMax) return fail(ErrorCode::limit, fmt::format("a plan holds {} edits", kEditsMax));
  if (!counting(log_)[sequence - 1]) return fail(ErrorCode::conflict, fmt::format("entry {} is undone already", sequence));
  const auto [edited, comes_back] = edited_by_undoing(sequence);
  const auto turn = [&, at = edited](bool put) { put ? state_.put(*at) : state_.take(*at); };
  turn(comes_back);
  auto good = check_nothing_hangs(*base_, state_, *edited);
  if (good) good = check_objects(*edited, state_);
  if (!good) {
    turn(!comes_back);
    return std::unexpected(good.error());
  }
  log_.push_back({head() + 1, request.author, request.accepted_by, request.time_s, sequence, {}});
  return &log_.back();
}

std::uint64_t Plan::last_own(std::uint64_t author) const {
  const std::vector<bool> counts = counting(log_);
  for (std::size_t i = log_.size(); i-- > 0;)
    if (counts[i] && log_[i].author == author && log_[i].undoes == 0) return i + 1;
  return 0;
}

Result<void> Plan::name_version(const Request& request, std::string name, std::uint64_t sequence) {
  name = base::clean_text(name, kTextBytesMax);
  const bool is_number = std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
  if (name.empty() || is_number || name == "head" || name == "base")
    return fail(ErrorCode::bad_input, "name: a version has a name of its own, other than a number, 'head' and 'base'");
  if (sequence > head())
    return fail(ErrorCode::bad_input, fmt::format("sequence: {}; the plan has {} entries", sequence, head()));
  if (std::ranges::any_of(versions_, [&](const NamedVersion& v) { return v.name == name; }))
    return fail(ErrorCode::conflict, "name: another version has this name");
  if (versions_.size() >= kVersionsMax)
    return fail(ErrorCode::limit, fmt::format("a plan has at most {} named versions", kVersionsMax));
  versions_.push_back({std::move(name), sequence, request.author, request.time_s});
  return {};
}

Result<std::uint64_t> Plan::sequence_of(std::string_view version) const {
  if (version.empty() || version == "head") return head();
  if (version == "base") return 0;
  for (const NamedVersion& v : versions_)
    if (v.name == version) return v.sequence;
  std::uint64_t sequence = 0;
  const auto [end, error] = std::from_chars(version.data(), version.data() + version.size(), sequence);
  if (error == std::errc() && end == version.data() + version.size() && sequence <= head()) return sequence;
  return fail(ErrorCode::not_found, fmt::format("there is no version '{}'", base::clean_text(version, 80)));
}

Result<void> Plan::restore(Entry entry) {
  const auto broken = [&] {
    return fail(ErrorCode::corrupt, fmt::format("entry {} of the plan's log does not fit", entry.sequence));
  };
  if (entry.sequence != head() + 1 || entry.undoes >= entry.sequence || (entry.undoes != 0) != entry.edits.empty())
    return broken();
  for (const Edit& edit : entry.edits) {
    const Family* family = family_of(edit.object.kind());
    if (family == nullptr) return broken();
    for (const PropertyWrite& write : edit.writes)
      if (write.property >= family->properties.size()) return broken();
  }
  log_.push_back(std::move(entry));
  if (log_.back().undoes == 0) {
    state_.put(log_.back());
    return {};
  }
  const auto [edited, comes_back] = edited_by_undoing(log_.back().undoes);
  comes_back ? state_.put(*edited) : state_.take(*edited);
  return {};
}

Result<void> Plan::restore(NamedVersion version) {
  if (version.sequence > head()) return fail(ErrorCode::corrupt, "a version of the plan is newer than its log");
  versions_.push_back(std::move(version));
  return {};
}

void Plan::forget_author(std::uint64_t author) {
  for (Entry& entry : log_) {
    if (entry.author == author) entry.author = 0;
    if (entry.accepted_by == author) entry.accepted_by = 0;
  }
  for (NamedVersion& version : versions_)
    if (version.author == author) version.author = 0;
  state_ = replayed(log_);
}

}  // namespace citiverse::plan
