// The plans of a node, kept on the disk: what was acknowledged survives a killed process.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "city/city.h"
#include "plan/plan.h"
#include "plan/plan_record.h"
#include "storage/store.h"

namespace citiverse::plan {

/// Records are in memory; logs are read when they are asked for, kPlansOpenMax at a time. Who may do what is for the caller to
/// ask (right_of). Threads: safe; writers of one plan wait for each other.
class PlanBook {
 public:
  struct Surroundings {
    std::function<PlanTime()> now;
    std::function<std::uint64_t()> random_id;
  };
  /// `store` and `base` must outlive it. `base_version` names the city as it is now: plans of another version are kept and can
  /// be read, but take no entries. Fails: unavailable, corrupt.
  static base::Result<std::unique_ptr<PlanBook>> load(storage::Store& store, const city::City& base, std::string base_version,
                                                      Surroundings surroundings);

  const city::City& base() const { return base_; }
  const std::string& base_version() const { return base_version_; }

  /// An empty plan, or one that begins with the log of `from`. Fails: bad_input naming the member; limit.
  base::Result<PlanRecord> make(PlanRecord record, const Plan* from = nullptr);
  base::Result<PlanRecord> get(std::uint64_t id) const;
  /// The newest change first.
  std::vector<PlanRecord> all() const;
  /// Changes name, about, everybody and accounts.
  base::Result<PlanRecord> change(std::uint64_t id, const std::function<base::Result<void>(PlanRecord&)>& edit);
  /// Right::none takes them off. Fails: limit beyond kPlanPeopleMax.
  base::Result<void> share(std::uint64_t id, std::uint64_t account, Right right);
  /// With all that hangs on it.
  base::Result<void> remove(std::uint64_t id);

  /// Runs `look(const Plan&)` while nobody writes. Fails: not_found, unavailable, corrupt; what `look` fails with.
  template <class Look>
  auto read(std::uint64_t id, Look&& look) -> std::invoke_result_t<Look, const Plan&> {
    auto plan = open(id);
    if (!plan) return std::unexpected(plan.error());
    const std::lock_guard hold((*plan)->mutex);
    return look(std::as_const((*plan)->plan));
  }
  /// `make` gets the plan, to read edits against; a key (Idempotency-Key) that its author has used already gives the entry that
  /// came of it. Fails: as Plan::append(); conflict when the city has changed since.
  using MakeEdits = std::function<base::Result<std::vector<Edit>>(const Plan&)>;
  base::Result<Entry> append(std::uint64_t id, std::uint64_t author, std::string_view key, const MakeEdits& make);
  /// `sequence` 0: the newest of one's own. Fails: as Plan::undo().
  base::Result<Entry> undo(std::uint64_t id, std::uint64_t author, std::string_view key, std::uint64_t sequence);
  base::Result<NamedVersion> name_version(std::uint64_t id, std::uint64_t author, std::string name, std::uint64_t sequence);

  /// Checked as if it came now, and again when it is accepted. Fails: as append(); limit beyond kSuggestionsOpenMax.
  base::Result<Suggestion> suggest(std::uint64_t id, std::uint64_t author, std::string_view note, const MakeEdits& make);
  base::Result<std::vector<Suggestion>> suggestions(std::uint64_t id);
  /// Accepting appends the edits as an entry of who suggested. Fails: not_found, conflict when it is decided already.
  base::Result<Suggestion> decide(std::uint64_t id, std::uint64_t suggestion, SuggestionState state, std::uint64_t by);

  /// Fails: not_found for a reply to nothing; limit beyond kCommentsMax.
  base::Result<Comment> comment(std::uint64_t id, Comment comment);
  base::Result<std::vector<Comment>> comments(std::uint64_t id);
  base::Result<Comment> resolve(std::uint64_t id, std::uint64_t comment, bool is_resolved);
  /// With its replies when it begins a thread.
  base::Result<void> remove_comment(std::uint64_t id, std::uint64_t comment);

  /// Plans of their own are deleted, unless somebody else edits them: then the first of those owns them. Elsewhere their
  /// entries stay without an author, and their comments go. Fails: unavailable.
  base::Result<void> erase(std::uint64_t account);

 private:
  struct OpenPlan {
    OpenPlan(const city::City& base, std::uint64_t seed) : plan(base, seed) {}
    std::mutex mutex;
    Plan plan;
  };
  using Handle = std::shared_ptr<OpenPlan>;

  PlanBook(storage::Store& store, const city::City& base, std::string base_version, Surroundings surroundings)
      : store_(store), base_(base), base_version_(std::move(base_version)), surroundings_(std::move(surroundings)) {}
  base::Result<void> read_records();
  base::Result<Handle> open(std::uint64_t id);
  base::Result<void> read_log(storage::Database& database, std::uint64_t id, Plan& plan) const;
  base::Result<void> keep(const PlanRecord& record);
  base::Result<void> keep_entry(std::uint64_t id, const Entry& entry, std::string_view key, const Plan& plan);
  base::Result<std::uint64_t> known_key(std::uint64_t id, std::uint64_t author, std::string_view key);
  base::Result<Entry> write_entry(std::uint64_t id, std::uint64_t author, std::string_view key,
                                  const std::function<base::Result<const Entry*>(Plan&, const Request&)>& make);
  base::Result<void> may_write(std::uint64_t id) const;
  void close(std::uint64_t id);
  std::int64_t now_s() const { return surroundings_.now().time_since_epoch().count(); }

  storage::Store& store_;
  const city::City& base_;
  std::string base_version_;
  Surroundings surroundings_;
  mutable std::shared_mutex mutex_;  // Of records_; never held while the disk is written.
  std::map<std::uint64_t, PlanRecord> records_;
  std::mutex open_mutex_;
  std::list<std::pair<std::uint64_t, Handle>> open_;  // The last used first.
};

}  // namespace citiverse::plan
