// Reports and what becomes of them: the moderators' queue, decisions with their reasons, appeals to somebody else.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "safety/case_types.h"

namespace citiverse::safety {

/// Nobody judges a case that is about them or that they reported; an appeal is judged by another moderator than the one who
/// decided (Regulation (EU) 2022/2065, Article 20(6): not by automated means alone; here: never).
/// Threads: safe. restriction_of() never touches the disk.
class CaseBook {
 public:
  /// Told after a change of what an account may do is on the disk, from the thread that made it.
  using Listener = std::function<void(AccountId, Restriction)>;

  /// Both must outlive this; make_tables() has been called. Fails: unavailable, corrupt.
  static base::Result<std::unique_ptr<CaseBook>> load(storage::Store& store, const identity::Surroundings& surroundings);
  /// Before the first change.
  void set_listener(Listener listener) { listener_ = std::move(listener); }

  /// Fails: conflict for a report about oneself, or again while an equal one is open; limit beyond kReportsPerHourMax.
  base::Result<OwnReport> report(const NewReport& report);
  /// Newest first, at most kOwnListMax.
  base::Result<std::vector<OwnReport>> own_reports(AccountId reporter);

  /// Open: most urgent reason first, then oldest. Decided: newest first. After the case `after`, when that is known.
  base::Result<std::vector<Case>> queue(AccountId moderator, bool decided, std::size_t count, ReportId after = {});
  /// Fails: not_found, also for a case that this moderator may not see.
  base::Result<Case> get(AccountId moderator, ReportId id);
  /// Fails: not_found; conflict while another has it, or when it is decided.
  base::Result<Case> claim(AccountId moderator, ReportId id);
  base::Result<Case> release(AccountId moderator, ReportId id);

  /// Closes the case; with it all open cases about the same notice or thing. Fails: not_found; bad_input naming the member;
  /// conflict while another moderator has claimed it, or when it is decided.
  base::Result<Decision> decide(AccountId moderator, ReportId id, const NewDecision& decision);
  /// Without a report. Fails: bad_input; denied about oneself.
  base::Result<Decision> decide_unasked(AccountId moderator, AccountId subject, const Left& left, const NewDecision& decision);
  /// Fails: not_found, conflict when it no longer stands or is the moderator's own case.
  base::Result<Decision> revoke(AccountId moderator, DecisionId id, std::string_view reasons);

  /// Newest first, at most kOwnListMax; decisions without consequence are nobody's business.
  base::Result<std::vector<Decision>> decisions_about(AccountId subject);
  /// Fails: not_found; conflict when it was appealed before, is too long ago or no longer stands.
  base::Result<Decision> appeal(AccountId subject, DecisionId id, std::string_view text);
  /// Oldest first, without those that this moderator may not judge.
  base::Result<std::vector<AppealCase>> appeals(AccountId moderator, std::size_t count, DecisionId after = {});
  /// Fails: not_found; denied for whoever decided; conflict when there is no appeal that waits.
  base::Result<Decision> decide_appeal(AccountId moderator, DecisionId id, bool reverse, std::string_view reasons);

  Restriction restriction_of(AccountId account) const;
  base::Result<Summary> summary();

  /// Closes cases about erased accounts that nobody decided for kCaseTextTime, and wipes the texts of those closed so long ago.
  /// Call now and then.
  base::Result<void> sweep();
  /// Cuts every tie to an account; open cases about it are closed. What others wrote stays theirs.
  base::Result<void> erase(AccountId account);

 private:
  using Database = storage::Database;

  CaseBook(storage::Store& store, const identity::Surroundings& surroundings) : store_(store), surroundings_(surroundings) {}
  base::Result<Case> read_case(Database& database, AccountId moderator, ReportId id);
  base::Result<Decision> read_decision(Database& database, DecisionId id);
  base::Result<Decision> insert_decision(Database& database, Decision decision);
  base::Result<Restriction> read_restriction(Database& database, AccountId account);
  /// Brings memory to what is on the disk, and tells the listener of a change.
  void refresh(AccountId account, Restriction restriction);
  template <class Work>
  base::Result<Decision> change_decision(Work&& work);

  storage::Store& store_;
  const identity::Surroundings& surroundings_;
  Listener listener_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<AccountId, Restriction> restrictions_;
};

/// Checks what a moderator wrote. Fails: bad_input naming the member and the fix.
base::Result<void> check(const NewDecision& decision, bool has_left);

}  // namespace citiverse::safety
