// The SQL of cases, and rows as values: one place that knows the order of the columns.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "safety/case_types.h"

namespace citiverse::safety {

inline constexpr std::string_view kDecisionColumns =
    "SELECT id, report, subject, moderator, action, until, ground, law, reasons, lang, notice, decided_at, revoked_at, "
    "revocation,"
    " appealed_at, appeal, appeal_decided_at, appeal_reversed, appeal_reasons, thing FROM safety_decisions";

inline Decision decision_in(const storage::Statement& row) {
  return {.id = DecisionId{id_in(row, 0)},
          .report = ReportId{id_in(row, 1)},
          .subject = account_in(row, 2),
          .moderator = account_in(row, 3),
          .action = static_cast<Action>(row.integer(4)),
          .until = time_in(row, 5),
          .ground = static_cast<Reason>(row.integer(6)),
          .law = std::string(row.text(7)),
          .reasons = std::string(row.text(8)),
          .lang = std::string(row.text(9)),
          .left = {id_in(row, 10), id_in(row, 19)},
          .decided_at = time_in(row, 11),
          .revoked_at = time_in(row, 12),
          .revocation = std::string(row.text(13)),
          .appealed_at = time_in(row, 14),
          .appeal = std::string(row.text(15)),
          .appeal_decided_at = time_in(row, 16),
          .appeal_reversed = row.integer(17) != 0,
          .appeal_reasons = std::string(row.text(18))};
}

/// Columns 9 and 10, reporter and decision, are not part of a Case.
inline constexpr std::string_view kCaseColumns =
    "SELECT id, subject, subject_name, reason, text, notice, reported_at, decided_at, claimed_by, reporter, decision, "
    "claimed_until, thing"
    " FROM safety_reports";

inline Case case_in(const storage::Statement& row, Time now) {
  Case result{.id = ReportId{id_in(row, 0)},
              .subject = account_in(row, 1),
              .subject_name = std::string(row.text(2)),
              .reason = static_cast<Reason>(row.integer(3)),
              .text = std::string(row.text(4)),
              .left = {id_in(row, 5), id_in(row, 12)},
              .reported_at = time_in(row, 6),
              .decided_at = time_in(row, 7)};
  if (time_in(row, 11) > now) {
    result.claimed_by = account_in(row, 8);
    result.claimed_until = time_in(row, 11);
  }
  return result;
}

// Restrictions: silence is action 3, time_out 4 (safety/reason.h).
inline constexpr std::string_view kAllRestrictions =
    "SELECT subject, max(CASE action WHEN 3 THEN until ELSE 0 END), max(CASE action WHEN 4 THEN until ELSE 0 END)"
    " FROM safety_decisions WHERE action >= 3 AND revoked_at = 0 AND appeal_reversed = 0 AND subject <> 0 GROUP BY subject";
inline constexpr std::string_view kOneRestriction =
    "SELECT coalesce(max(CASE action WHEN 3 THEN until ELSE 0 END), 0), coalesce(max(CASE action WHEN 4 THEN until ELSE 0 "
    "END), 0)"
    " FROM safety_decisions WHERE action >= 3 AND revoked_at = 0 AND appeal_reversed = 0 AND subject = ?";
static_assert(static_cast<int>(Action::silence) == 3 && static_cast<int>(Action::time_out) == 4);

/// Of a reporter ?1 and a subject ?2; account 0 is nobody.
inline constexpr std::string_view kCaseCounts =
    "SELECT (SELECT count(*) FROM safety_reports WHERE reporter = ?1 AND ?1 <> 0),"
    " (SELECT count(*) FROM safety_reports r JOIN safety_decisions d ON d.id = r.decision"
    "  WHERE r.reporter = ?1 AND ?1 <> 0 AND d.action = 0),"
    " (SELECT count(*) FROM safety_reports WHERE subject = ?2 AND ?2 <> 0 AND decided_at = 0),"
    " (SELECT count(DISTINCT reporter) FROM safety_reports WHERE subject = ?2 AND ?2 <> 0),"
    " (SELECT count(*) FROM safety_decisions"
    "  WHERE subject = ?2 AND ?2 <> 0 AND action > 0 AND revoked_at = 0 AND appeal_reversed = 0)";

inline constexpr std::string_view kSummary =
    "SELECT (SELECT count(*) FROM safety_reports), (SELECT count(*) FROM safety_reports WHERE decided_at = 0),"
    " (SELECT count(*) FROM safety_reports WHERE decided_at > 0),"
    " (SELECT count(*) FROM safety_reports r JOIN safety_decisions d ON d.id = r.decision WHERE d.action > 0),"
    " (SELECT count(*) FROM safety_decisions WHERE report = 0),"
    " (SELECT count(*) FROM safety_decisions WHERE appealed_at > 0),"
    " (SELECT count(*) FROM safety_decisions WHERE appeal_reversed = 1),"
    " (SELECT min(reported_at) FROM safety_reports WHERE decided_at = 0)";

/// Each with ?1, the moment before which a case must have been closed.
inline constexpr std::array<std::string_view, 5> kSweep = {
    // Whoever was reported is gone, and nobody has decided for so long.
    "UPDATE safety_reports SET decided_at = ?1 - 1 WHERE subject = 0 AND decided_at = 0 AND reported_at < ?1",
    "DELETE FROM safety_evidence WHERE report IN (SELECT r.id FROM safety_reports r LEFT JOIN safety_decisions d ON d.id = "
    "r.decision"
    " WHERE r.decided_at > 0 AND r.decided_at < ?1 AND (d.id IS NULL OR d.appealed_at = 0 OR d.appeal_decided_at > 0))",
    "UPDATE safety_reports SET text = '', subject_name = '' WHERE decided_at > 0 AND decided_at < ?1"
    " AND NOT EXISTS (SELECT 1 FROM safety_decisions d WHERE d.id = decision AND d.appealed_at > 0 AND d.appeal_decided_at = "
    "0)",
    "UPDATE safety_decisions SET appeal = '', appeal_reasons = '' WHERE decided_at < ?1 AND appeal_decided_at > 0",
    // A statement of reasons stays while what it says still holds.
    "UPDATE safety_decisions SET reasons = '', law = '', revocation = '' WHERE decided_at < ?1 AND until < ?1"
    " AND (appealed_at = 0 OR appeal_decided_at > 0)",
};

/// Each with ?1 the account and ?2 now.
inline constexpr std::array<std::string_view, 10> kErase = {
    "DELETE FROM safety_contact WHERE account = ?1 AND ?2 > 0",
    "DELETE FROM safety_evidence WHERE report IN (SELECT id FROM safety_reports WHERE subject = ?1 AND decided_at > 0)"
    " AND ?2 > 0",
    "UPDATE safety_reports SET text = '' WHERE subject = ?1 AND decided_at > 0 AND ?2 > 0",
    // What is not decided yet goes on, cut from the person: going away must not be the way to wipe what one did.
    "UPDATE safety_reports SET subject = 0, subject_name = '', notice = 0, thing = 0 WHERE subject = ?1 AND ?2 > 0",
    // What the reporter wrote goes with the reporter; the messages shown are the other's.
    "UPDATE safety_reports SET reporter = 0, text = '' WHERE reporter = ?1 AND ?2 > 0",
    "UPDATE safety_reports SET claimed_by = 0, claimed_until = 0 WHERE claimed_by = ?1 AND ?2 > 0",
    "UPDATE safety_decisions SET subject = 0, reasons = '', law = '', revocation = '', appeal = '', appeal_reasons = '',"
    " appeal_decided_at = CASE WHEN appealed_at > 0 AND appeal_decided_at = 0 THEN ?2 ELSE appeal_decided_at END"
    " WHERE subject = ?1",
    "UPDATE safety_decisions SET moderator = 0 WHERE moderator = ?1 AND ?2 > 0",
    "UPDATE safety_decisions SET appeal_moderator = 0 WHERE appeal_moderator = ?1 AND ?2 > 0",
    "DELETE FROM safety_relations WHERE (account = ?1 OR other = ?1) AND ?2 > 0",
};

}  // namespace citiverse::safety
