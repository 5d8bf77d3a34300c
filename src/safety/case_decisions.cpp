// Decisions and appeals: who may make them, what they change, and that each has its reasons.
#include <fmt/format.h>

#include "safety/case_book.h"
#include "safety/case_rows.h"

namespace citiverse::safety {
namespace {

using base::ErrorCode;
using base::fail;
using storage::Database;

Decision decision_from(const NewDecision& made, AccountId moderator, AccountId subject, Time now) {
  Decision decision{.subject = subject,
                    .moderator = moderator,
                    .action = made.action,
                    .ground = made.ground,
                    .law = made.law,
                    .reasons = made.reasons,
                    .lang = made.lang,
                    .decided_at = now};
  if (made.duration) decision.until = now + *made.duration;
  return decision;
}

}  // namespace

base::Result<void> check(const NewDecision& decision, bool has_left) {
  if (decision.reasons.empty())
    return fail(ErrorCode::bad_input, "reasons: write what happened and why this follows; the person concerned will read it");
  if (needs_duration(decision.action) != decision.duration.has_value())
    return fail(ErrorCode::bad_input, needs_duration(decision.action)
                                          ? "hours: silence and time_out need how long, 1 to 8760"
                                          : "hours: only silence and time_out take hours; leave it out");
  if (decision.duration && (*decision.duration < std::chrono::hours{1} || *decision.duration > kRestrictionTimeMax))
    return fail(ErrorCode::bad_input, "hours: give 1 to 8760");
  if (decision.action == Action::removal && !has_left)
    return fail(ErrorCode::bad_input, "action: removal is for notices and things; this is about a person");
  return {};
}

base::Result<Decision> CaseBook::insert_decision(Database& database, Decision decision) {
  decision.id.value = identity::random_id_value(surroundings_);
  const auto added = storage::execute(
      database,
      "INSERT INTO safety_decisions (id, report, subject, moderator, action, until, ground, law, reasons, lang, notice, "
      "thing, decided_at)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      decision.id.value, decision.report.value, stored(decision.subject), stored(decision.moderator), stored(decision.action),
      stored(decision.until), stored(decision.ground), std::string_view(decision.law), std::string_view(decision.reasons),
      std::string_view(decision.lang), decision.left.notice, decision.left.thing, stored(decision.decided_at));
  if (!added) return std::unexpected(added.error());
  return decision;
}

template <class Work>
base::Result<Decision> CaseBook::change_decision(Work&& work) {
  Restriction restriction;
  auto decision = store_.write([&](Database& database) -> base::Result<Decision> {
    auto changed = work(database);
    if (!changed) return changed;
    const auto now_holds = read_restriction(database, changed->subject);
    if (!now_holds) return std::unexpected(now_holds.error());
    restriction = *now_holds;
    return changed;
  });
  if (decision && decision->subject.is_known()) refresh(decision->subject, restriction);
  return decision;
}

base::Result<Decision> CaseBook::decide(AccountId moderator, ReportId id, const NewDecision& made) {
  const Time now = surroundings_.now();
  return change_decision([&](Database& database) -> base::Result<Decision> {
    const auto known = read_case(database, moderator, id);
    if (!known) return std::unexpected(known.error());
    if (known->decided_at != Time{}) return fail(ErrorCode::conflict, "this report is decided already; read the decision");
    if (known->claimed_by.is_known() && known->claimed_by != moderator)
      return fail(ErrorCode::conflict, "another moderator is working on this report; take the next one");
    if (auto fits = check(made, known->left.is_any()); !fits) return std::unexpected(fits.error());
    Decision decision = decision_from(made, moderator, known->subject, now);
    decision.report = id;
    decision.left = known->left;
    auto kept = insert_decision(database, std::move(decision));
    if (!kept) return kept;
    // One notice or thing, one decision: whoever else reported it has the answer too.
    const auto closed =
        storage::execute(database,
                         "UPDATE safety_reports SET decided_at = ?1, decision = ?2, claimed_by = 0, claimed_until = 0"
                         " WHERE id = ?3 OR (decided_at = 0 AND ((notice = ?4 AND ?4 <> 0) OR (thing = ?5 AND ?5 <> 0)))",
                         stored(now), kept->id.value, id.value, known->left.notice, known->left.thing);
    if (!closed) return std::unexpected(closed.error());
    return kept;
  });
}

base::Result<Decision> CaseBook::decide_unasked(AccountId moderator, AccountId subject, const Left& left,
                                                const NewDecision& made) {
  if (moderator == subject) return fail(ErrorCode::denied, "whom: nobody decides about themselves");
  if (made.action == Action::none) return fail(ErrorCode::bad_input, "action: without a report, none changes nothing");
  if (auto fits = check(made, left.is_any()); !fits) return std::unexpected(fits.error());
  const Time now = surroundings_.now();
  return change_decision([&](Database& database) {
    Decision decision = decision_from(made, moderator, subject, now);
    decision.left = left;
    return insert_decision(database, std::move(decision));
  });
}

base::Result<Decision> CaseBook::revoke(AccountId moderator, DecisionId id, std::string_view reasons) {
  const Time now = surroundings_.now();
  return change_decision([&](Database& database) -> base::Result<Decision> {
    const auto known = read_decision(database, id);
    if (!known) return known;
    if (known->subject == moderator) return fail(ErrorCode::denied, "nobody decides about themselves; appeal it instead");
    if (!known->stands()) return fail(ErrorCode::conflict, "this decision no longer stands");
    // What waits for a second moderator is answered with it.
    const auto revoked = storage::execute(
        database,
        "UPDATE safety_decisions SET revoked_at = ?1, revocation = ?2,"
        " appeal_decided_at = CASE WHEN appealed_at > 0 AND appeal_decided_at = 0 THEN ?1 ELSE appeal_decided_at END,"
        " appeal_reversed = CASE WHEN appealed_at > 0 AND appeal_decided_at = 0 THEN 1 ELSE appeal_reversed END WHERE id = ?3",
        stored(now), reasons, id.value);
    if (!revoked) return std::unexpected(revoked.error());
    return read_decision(database, id);
  });
}

base::Result<std::vector<Decision>> CaseBook::decisions_about(AccountId subject) {
  std::vector<Decision> decisions;
  const auto rows = store_.read([&](Database& database) {
    return storage::each_row(
        database, std::string(kDecisionColumns) + " WHERE subject = ? AND action > 0 ORDER BY decided_at DESC, id LIMIT ?",
        [&](const storage::Statement& row) { decisions.push_back(decision_in(row)); }, stored(subject), kOwnListMax);
  });
  if (!rows) return std::unexpected(rows.error());
  return decisions;
}

base::Result<Decision> CaseBook::appeal(AccountId subject, DecisionId id, std::string_view text) {
  const Time now = surroundings_.now();
  return store_.write([&](Database& database) -> base::Result<Decision> {
    const auto known = read_decision(database, id);
    if (!known) return known;
    if (known->subject != subject || known->action == Action::none)
      return fail(ErrorCode::not_found, "there is no such decision about you");
    if (known->appeal_state(now) != AppealState::possible)
      return fail(ErrorCode::conflict, known->appealed_at != Time{}
                                           ? "this decision was appealed before; the answer stands with it"
                                           : "the time for an appeal is over, or the decision no longer stands");
    const auto added = storage::execute(database, "UPDATE safety_decisions SET appealed_at = ?, appeal = ? WHERE id = ?",
                                        stored(now), text, id.value);
    if (!added) return std::unexpected(added.error());
    return read_decision(database, id);
  });
}

base::Result<std::vector<AppealCase>> CaseBook::appeals(AccountId moderator, std::size_t count, DecisionId after) {
  return store_.read([&](Database& database) -> base::Result<std::vector<AppealCase>> {
    std::vector<AppealCase> waiting;
    const auto rows = storage::each_row(
        database,
        std::string(kDecisionColumns) +
            " WHERE appealed_at > 0 AND appeal_decided_at = 0 AND moderator <> ?1 AND subject <> ?1 AND NOT EXISTS"
            " (SELECT 1 FROM safety_reports r WHERE r.id = report AND r.reporter = ?1)"
            " AND (?2 = 0 OR (appealed_at, id) > (SELECT appealed_at, id FROM safety_decisions WHERE id = ?2))"
            " ORDER BY appealed_at, id LIMIT ?3",
        [&](const storage::Statement& row) { waiting.push_back({decision_in(row), {}}); }, stored(moderator), after.value,
        std::min(count, kCasesPageMax));
    if (!rows) return std::unexpected(rows.error());
    for (AppealCase& one : waiting) {
      if (!one.decision.report.is_known()) continue;
      auto about = read_case(database, moderator, one.decision.report);
      if (!about) return std::unexpected(about.error());
      about->decision.reset();
      one.about = *std::move(about);
    }
    return waiting;
  });
}

base::Result<Decision> CaseBook::decide_appeal(AccountId moderator, DecisionId id, bool reverse, std::string_view reasons) {
  if (reasons.empty()) return fail(ErrorCode::bad_input, "reasons: write why; the person concerned will read it");
  const Time now = surroundings_.now();
  return change_decision([&](Database& database) -> base::Result<Decision> {
    const auto known = read_decision(database, id);
    if (!known) return known;
    if (known->moderator == moderator || known->subject == moderator)
      return fail(ErrorCode::denied, "an appeal is decided by another moderator; leave it to a colleague");
    if (known->report.is_known()) {
      const auto own = storage::one_integer(database, "SELECT count(*) FROM safety_reports WHERE id = ? AND reporter = ?",
                                            known->report.value, stored(moderator));
      if (!own) return std::unexpected(own.error());
      if (own->value_or(0) > 0) return fail(ErrorCode::denied, "this case began with your own report; leave it to a colleague");
    }
    if (known->appeal_state(now) != AppealState::waiting) return fail(ErrorCode::conflict, "no appeal of this decision waits");
    const auto decided = storage::execute(database,
                                          "UPDATE safety_decisions SET appeal_decided_at = ?, appeal_moderator = ?, "
                                          "appeal_reversed = ?, appeal_reasons = ? WHERE id = ?",
                                          stored(now), stored(moderator), reverse ? 1 : 0, reasons, id.value);
    if (!decided) return std::unexpected(decided.error());
    return read_decision(database, id);
  });
}

}  // namespace citiverse::safety
