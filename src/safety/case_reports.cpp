// The way of a report into the queue, and who has it in hand.
#include <fmt/format.h>

#include "safety/case_book.h"
#include "safety/case_rows.h"

namespace citiverse::safety {
namespace {

using base::ErrorCode;
using base::fail;
using storage::Database;

base::Result<void> check_room_for(Database& database, const NewReport& report, Time now) {
  if (report.reporter == report.subject) return fail(ErrorCode::conflict, "whom: this is you yourself; name somebody else");
  const auto recent =
      storage::one_integer(database, "SELECT count(*) FROM safety_reports WHERE reporter = ? AND reported_at > ?",
                           stored(report.reporter), stored(now - std::chrono::hours{1}));
  if (!recent) return std::unexpected(recent.error());
  if (recent->value_or(0) >= kReportsPerHourMax)
    return fail(ErrorCode::limit,
                fmt::format("{} reports an hour are the most; in danger, call the police", kReportsPerHourMax));
  const auto same = storage::one_integer(
      database,
      "SELECT count(*) FROM safety_reports WHERE reporter = ? AND subject = ? AND reason = ? AND notice = ? AND thing = ?"
      " AND decided_at = 0",
      stored(report.reporter), stored(report.subject), stored(report.reason), report.left.notice, report.left.thing);
  if (!same) return std::unexpected(same.error());
  if (same->value_or(0) > 0 && report.exhibits.empty())
    return fail(ErrorCode::conflict, "whom: your report about this is open already; a moderator will look at it");
  return {};
}

}  // namespace

base::Result<OwnReport> CaseBook::report(const NewReport& report) {
  const Time now = surroundings_.now();
  const ReportId id{identity::random_id_value(surroundings_)};
  return store_.write([&](Database& database) -> base::Result<OwnReport> {
    if (auto room = check_room_for(database, report, now); !room) return std::unexpected(room.error());
    const auto added = storage::execute(
        database,
        "INSERT INTO safety_reports (id, reporter, subject, subject_name, reason, text, notice, thing,"
        " reported_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        id.value, stored(report.reporter), stored(report.subject), std::string_view(report.subject_name), stored(report.reason),
        std::string_view(report.text), report.left.notice, report.left.thing, stored(now));
    if (!added) return std::unexpected(added.error());
    for (std::size_t i = 0; i < report.exhibits.size() && i < kEvidenceMax; ++i) {
      const Exhibit& exhibit = report.exhibits[i];
      const auto shown = storage::execute(database, "INSERT INTO safety_evidence VALUES (?, ?, ?, ?, ?)", id.value, i,
                                          std::string_view(exhibit.text), stored(exhibit.said_at), stored(exhibit.audience));
      if (!shown) return std::unexpected(shown.error());
    }
    return OwnReport{
        .id = id, .reason = report.reason, .subject_name = report.subject_name, .text = report.text, .reported_at = now};
  });
}

base::Result<std::vector<OwnReport>> CaseBook::own_reports(AccountId reporter) {
  std::vector<OwnReport> reports;
  const auto rows = store_.read([&](Database& database) {
    return storage::each_row(
        database,
        "SELECT r.id, r.reason, r.subject_name, r.text, r.reported_at, r.decided_at, coalesce(d.action, 0)"
        " FROM safety_reports r LEFT JOIN safety_decisions d ON d.id = r.decision"
        " WHERE r.reporter = ? ORDER BY r.reported_at DESC, r.id LIMIT ?",
        [&](const storage::Statement& row) {
          reports.push_back({.id = ReportId{id_in(row, 0)},
                             .reason = static_cast<Reason>(row.integer(1)),
                             .subject_name = std::string(row.text(2)),
                             .text = std::string(row.text(3)),
                             .reported_at = time_in(row, 4),
                             .decided_at = time_in(row, 5),
                             .led_to_action = row.integer(6) != 0});
        },
        stored(reporter), kOwnListMax);
  });
  if (!rows) return std::unexpected(rows.error());
  return reports;
}

base::Result<std::vector<Case>> CaseBook::queue(AccountId moderator, bool decided, std::size_t count, ReportId after) {
  constexpr std::string_view kOpen =
      "SELECT id FROM safety_reports WHERE decided_at = 0 AND reporter <> ?1 AND subject <> ?1 AND (?2 = 0 OR"
      " (reason, reported_at, id) > (SELECT reason, reported_at, id FROM safety_reports WHERE id = ?2))"
      " ORDER BY reason, reported_at, id LIMIT ?3";
  constexpr std::string_view kDecided =
      "SELECT id FROM safety_reports WHERE decided_at > 0 AND reporter <> ?1 AND subject <> ?1 AND (?2 = 0 OR"
      " (decided_at, id) < (SELECT decided_at, id FROM safety_reports WHERE id = ?2))"
      " ORDER BY decided_at DESC, id DESC LIMIT ?3";
  return store_.read([&](Database& database) -> base::Result<std::vector<Case>> {
    std::vector<ReportId> ids;
    const auto rows = storage::each_row(
        database, decided ? kDecided : kOpen, [&](const storage::Statement& row) { ids.push_back(ReportId{id_in(row, 0)}); },
        stored(moderator), after.value, std::min(count, kCasesPageMax));
    if (!rows) return std::unexpected(rows.error());
    std::vector<Case> cases;
    for (const ReportId id : ids) {
      auto one = read_case(database, moderator, id);
      if (!one) return std::unexpected(one.error());
      cases.push_back(*std::move(one));
    }
    return cases;
  });
}

base::Result<Case> CaseBook::get(AccountId moderator, ReportId id) {
  return store_.read([&](Database& database) { return read_case(database, moderator, id); });
}

base::Result<Case> CaseBook::claim(AccountId moderator, ReportId id) {
  const Time now = surroundings_.now();
  return store_.write([&](Database& database) -> base::Result<Case> {
    auto known = read_case(database, moderator, id);
    if (!known) return known;
    if (known->decided_at != Time{}) return fail(ErrorCode::conflict, "this report is decided; read the decision");
    if (known->claimed_by.is_known() && known->claimed_by != moderator)
      return fail(ErrorCode::conflict, "another moderator is working on this report; take the next one");
    const auto claimed = storage::execute(database, "UPDATE safety_reports SET claimed_by = ?, claimed_until = ? WHERE id = ?",
                                          stored(moderator), stored(now + kClaimTime), id.value);
    if (!claimed) return std::unexpected(claimed.error());
    return read_case(database, moderator, id);
  });
}

base::Result<Case> CaseBook::release(AccountId moderator, ReportId id) {
  return store_.write([&](Database& database) -> base::Result<Case> {
    const auto released = storage::execute(
        database, "UPDATE safety_reports SET claimed_by = 0, claimed_until = 0 WHERE id = ? AND claimed_by = ?", id.value,
        stored(moderator));
    if (!released) return std::unexpected(released.error());
    return read_case(database, moderator, id);
  });
}

}  // namespace citiverse::safety
