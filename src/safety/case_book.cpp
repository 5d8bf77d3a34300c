// Reading rows, and what holds of an account now: the longest of its decisions that stand.
#include "safety/case_book.h"

#include <algorithm>
#include <array>

#include "safety/case_rows.h"

namespace citiverse::safety {

std::string_view name_of(AppealState state) {
  constexpr std::array<std::string_view, 5> kNames = {"possible", "none", "waiting", "upheld", "reversed"};
  return kNames.at(static_cast<std::size_t>(state));
}

AppealState Decision::appeal_state(Time now) const {
  if (appeal_decided_at != Time{}) return appeal_reversed ? AppealState::reversed : AppealState::upheld;
  if (appealed_at != Time{}) return AppealState::waiting;
  const bool is_possible = action != Action::none && stands() && now < decided_at + kAppealTime;
  return is_possible ? AppealState::possible : AppealState::none;
}

base::Result<std::unique_ptr<CaseBook>> CaseBook::load(storage::Store& store, const identity::Surroundings& surroundings) {
  std::unique_ptr<CaseBook> book(new CaseBook(store, surroundings));
  const auto rows = store.read([&](Database& database) {
    return storage::each_row(database, kAllRestrictions, [&](const storage::Statement& row) {
      book->restrictions_[account_in(row, 0)] = {time_in(row, 1), time_in(row, 2)};
    });
  });
  if (!rows) return std::unexpected(rows.error());
  return book;
}

Restriction CaseBook::restriction_of(AccountId account) const {
  const std::shared_lock lock(mutex_);
  const auto found = restrictions_.find(account);
  return found != restrictions_.end() ? found->second : Restriction{};
}

base::Result<Restriction> CaseBook::read_restriction(Database& database, AccountId account) {
  Restriction restriction;
  const auto rows = storage::each_row(
      database, kOneRestriction, [&](const storage::Statement& row) { restriction = {time_in(row, 0), time_in(row, 1)}; },
      stored(account));
  if (!rows) return std::unexpected(rows.error());
  return restriction;
}

void CaseBook::refresh(AccountId account, Restriction restriction) {
  {
    const std::unique_lock lock(mutex_);
    Restriction& known = restrictions_[account];
    if (known == restriction) return;
    known = restriction;
    if (restriction == Restriction{}) restrictions_.erase(account);
  }
  if (listener_) listener_(account, restriction);
}

base::Result<Decision> CaseBook::read_decision(Database& database, DecisionId id) {
  std::optional<Decision> decision;
  const auto rows = storage::each_row(
      database, std::string(kDecisionColumns) + " WHERE id = ?",
      [&](const storage::Statement& row) { decision = decision_in(row); }, id.value);
  if (!rows) return std::unexpected(rows.error());
  if (!decision) return base::fail(base::ErrorCode::not_found, "there is no such decision");
  return *std::move(decision);
}

base::Result<Case> CaseBook::read_case(Database& database, AccountId moderator, ReportId id) {
  std::optional<Case> found;
  DecisionId decision;
  AccountId reporter;
  const Time now = surroundings_.now();
  auto rows = storage::each_row(
      database, std::string(kCaseColumns) + " WHERE id = ? AND reporter <> ? AND subject <> ?",
      [&](const storage::Statement& row) {
        found = case_in(row, now);
        reporter = account_in(row, 9);
        decision.value = id_in(row, 10);
      },
      id.value, stored(moderator), stored(moderator));
  if (!rows) return std::unexpected(rows.error());
  if (!found) return base::fail(base::ErrorCode::not_found, "there is no such report, or it is one of your own");
  rows = storage::each_row(
      database, "SELECT text, said_at, audience FROM safety_evidence WHERE report = ? ORDER BY position",
      [&](const storage::Statement& row) {
        found->exhibits.push_back({std::string(row.text(0)), time_in(row, 1), static_cast<Audience>(row.integer(2))});
      },
      id.value);
  if (!rows) return std::unexpected(rows.error());
  rows = storage::each_row(
      database, kCaseCounts,
      [&](const storage::Statement& row) {
        found->reporter_reports = std::max(1, static_cast<int>(row.integer(0)));
        found->reporter_without_action = static_cast<int>(row.integer(1));
        found->subject_open_reports = static_cast<int>(row.integer(2));
        found->subject_reporters = static_cast<int>(row.integer(3));
        found->subject_decisions = static_cast<int>(row.integer(4));
      },
      stored(reporter), stored(found->subject));
  if (!rows) return std::unexpected(rows.error());
  // Of those who are gone, nobody knows any more which were one person.
  if (!found->subject.is_known()) found->subject_open_reports = found->subject_reporters = found->subject_decisions = 0;
  if (decision.is_known()) {
    auto made = read_decision(database, decision);
    if (!made) return std::unexpected(made.error());
    found->decision = *std::move(made);
  }
  return *std::move(found);
}

base::Result<Summary> CaseBook::summary() {
  Summary summary;
  std::vector<std::int64_t> waits_s;
  const Time now = surroundings_.now();
  const auto rows = store_.read([&](Database& database) -> base::Result<std::int64_t> {
    auto counted = storage::each_row(database, kSummary, [&](const storage::Statement& row) {
      summary = {.reports = row.integer(0),
                 .open = row.integer(1),
                 .decided = row.integer(2),
                 .with_action = row.integer(3),
                 .own_initiative = row.integer(4),
                 .appeals = row.integer(5),
                 .reversed = row.integer(6)};
      if (!row.is_null(7)) summary.oldest_open_hours = static_cast<double>(stored(now) - row.integer(7)) / 3600;
    });
    if (!counted) return counted;
    return storage::each_row(
        database, "SELECT decided_at - reported_at FROM safety_reports WHERE decided_at > 0 ORDER BY decided_at DESC LIMIT ?",
        [&](const storage::Statement& row) { waits_s.push_back(row.integer(0)); }, kSummaryCases);
  });
  if (!rows) return std::unexpected(rows.error());
  if (!waits_s.empty()) {
    const auto middle = waits_s.begin() + static_cast<std::ptrdiff_t>(waits_s.size() / 2);
    std::nth_element(waits_s.begin(), middle, waits_s.end());
    summary.median_hours = static_cast<double>(*middle) / 3600;
  }
  return summary;
}

base::Result<void> CaseBook::sweep() {
  const std::int64_t before = stored(surroundings_.now() - kCaseTextTime);
  return store_.write([&](Database& database) -> base::Result<void> {
    for (const std::string_view statement : kSweep) {
      if (auto swept = done(storage::execute(database, statement, before)); !swept) return swept;
    }
    return {};
  });
}

base::Result<void> CaseBook::erase(AccountId account) {
  const std::int64_t now = stored(surroundings_.now());
  const auto erased = store_.write([&](Database& database) -> base::Result<void> {
    for (const std::string_view statement : kErase) {
      if (auto gone = done(storage::execute(database, statement, stored(account), now)); !gone) return gone;
    }
    return {};
  });
  if (!erased) return erased;
  const std::unique_lock lock(mutex_);
  restrictions_.erase(account);
  return {};
}

}  // namespace citiverse::safety
