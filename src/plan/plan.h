// A plan: a branch of a city's version, as an ordered log of edits that were checked when they came.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "city/city.h"
#include "plan/edit.h"
#include "plan/state.h"

namespace citiverse::plan {

struct NamedVersion {
  std::string name;
  std::uint64_t sequence = 0;  ///< The state after so many entries.
  std::uint64_t author = 0;
  std::int64_t time_s = 0;
  friend bool operator==(const NamedVersion&, const NamedVersion&) = default;
};

/// Who asks, and when.
struct Request {
  std::uint64_t author = 0;
  std::uint64_t accepted_by = 0;
  std::int64_t time_s = 0;
};

/// `base` must outlive it. Threads: one owner. Every entry of the log keeps to limits.h and fits what came before it.
class Plan {
 public:
  /// `seed` makes the ids of what is added differ between plans.
  Plan(const city::City& base, std::uint64_t seed) : base_(&base), seed_(seed) {}

  const city::City& base() const { return *base_; }
  std::uint64_t seed() const { return seed_; }
  std::span<const Entry> log() const { return log_; }
  std::uint64_t head() const { return log_.size(); }
  const PlanState& state() const { return state_; }
  std::span<const NamedVersion> versions() const { return versions_; }
  /// The state after the first `sequence` entries. Cost: that of the edits.
  PlanState state_at(std::uint64_t sequence) const { return replayed(log_, sequence); }

  /// An id for something new that this plan has not used: `number` counts within the next entry.
  ObjectId next_id(std::uint8_t kind, std::size_t number) const;

  /// Checks all of `edits` together and takes them as one entry, or none. Fails: bad_input naming the edit, counted from 1, the
  /// property and the figures; not_found when the object is not there; conflict when it is there already; limit beyond
  /// kEditsMax and kEditsAtOnceMax.
  base::Result<const Entry*> append(const Request& request, std::vector<Edit> edits);
  /// What append() would say.
  base::Result<void> check(const std::vector<Edit>& edits) const;
  /// Undoes one's own entry, or an undoing of one's own (which brings the edits back). Fails: not_found; denied when somebody
  /// else made it; conflict when it is undone already, or when what others did since cannot stand without it; bad_input when
  /// what comes back does not fit any more.
  base::Result<const Entry*> undo(const Request& request, std::uint64_t sequence);
  /// The newest entry of `author` that counts and has edits; 0: none.
  std::uint64_t last_own(std::uint64_t author) const;
  /// Names the state after `sequence` entries. Fails: bad_input, conflict when the name is taken, limit.
  base::Result<void> name_version(const Request& request, std::string name, std::uint64_t sequence);
  /// The sequence of a version: its name, "head", "base" or a number. Fails: not_found.
  base::Result<std::uint64_t> sequence_of(std::string_view version) const;

  /// For what was stored: entries as they were acknowledged, without checking them again against rules that may be stricter
  /// now. Fails: corrupt when a number or property does not fit.
  base::Result<void> restore(Entry entry);
  base::Result<void> restore(NamedVersion version);
  /// Replaces an author by 0, everywhere.
  void forget_author(std::uint64_t author);

 private:
  base::Result<void> check_objects(const Entry& entry, PlanState& state) const;
  std::size_t edit_count() const;
  std::pair<const Entry*, bool> edited_by_undoing(std::uint64_t sequence) const;

  const city::City* base_;
  std::uint64_t seed_;
  std::vector<Entry> log_;
  PlanState state_;
  std::vector<NamedVersion> versions_;
};

}  // namespace citiverse::plan
