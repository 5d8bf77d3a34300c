// What a case consists of: a report, what it shows, what was decided and why, and the appeal.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "safety/evidence_seal.h"
#include "safety/reason.h"
#include "safety/tables.h"

namespace citiverse::safety {

using ReportId = identity::RandomId<struct ReportTag>;
using DecisionId = identity::RandomId<struct DecisionTag>;

inline constexpr std::size_t kReportTextBytesMax = 8000;  ///< 2,000 characters of up to 4 bytes.
inline constexpr std::size_t kEvidenceMax = 20;
inline constexpr int kReportsPerHourMax = 10;  ///< By one account.
inline constexpr std::chrono::minutes kClaimTime{30};
/// At least six months from the day on which the decision was told: Regulation (EU) 2022/2065, Article 20(1) and (2).
inline constexpr std::chrono::days kAppealTime{184};
/// After a case is closed for so long, and no appeal waits, its texts and evidence are wiped.
inline constexpr std::chrono::days kCaseTextTime{190};
inline constexpr std::chrono::hours kRestrictionTimeMax{8760};
inline constexpr std::size_t kCasesPageMax = 200;
inline constexpr std::size_t kOwnListMax = 200;

/// A message as it was proven to be said.
struct Exhibit {
  std::string text;
  Time said_at{};
  Audience audience = Audience::near;
};

/// What somebody left for others, by its own id: a notice, or a thing that stays in a space. 0: none of this kind.
struct Left {
  std::uint64_t notice = 0;
  std::uint64_t thing = 0;
  bool is_any() const { return notice != 0 || thing != 0; }
};

struct NewReport {
  AccountId reporter;
  AccountId subject;
  std::string subject_name;  ///< As the reporter saw it.
  Reason reason = Reason::other;
  std::string text;  ///< Cleaned.
  Left left;
  std::vector<Exhibit> exhibits;
};

struct NewDecision {
  Action action = Action::none;
  std::optional<std::chrono::hours> duration;  ///< Exactly where needs_duration(action).
  Reason ground = Reason::other;
  std::string law;  ///< Empty: the house rules are the ground.
  std::string reasons;
  std::string lang;
};

enum class AppealState : std::uint8_t { possible, none, waiting, upheld, reversed };
std::string_view name_of(AppealState state);

/// A statement of reasons. Source: Regulation (EU) 2022/2065, Article 17(3).
struct Decision {
  DecisionId id;
  ReportId report;  ///< Unknown: on a moderator's own initiative.
  AccountId subject;
  AccountId moderator;  ///< Unknown after erasure. Never shown to the subject.
  Action action = Action::none;
  Time until{};
  Reason ground = Reason::other;
  std::string law;
  std::string reasons;
  std::string lang;
  Left left;
  Time decided_at{};
  Time revoked_at{};  ///< The epoch: it stands.
  std::string revocation;
  Time appealed_at{};
  std::string appeal;
  Time appeal_decided_at{};
  bool appeal_reversed = false;
  std::string appeal_reasons;

  AppealState appeal_state(Time now) const;
  /// Neither revoked nor reversed.
  bool stands() const { return revoked_at == Time{} && !appeal_reversed; }
};

/// As its reporter sees it.
struct OwnReport {
  ReportId id;
  Reason reason = Reason::other;
  std::string subject_name;
  std::string text;
  Time reported_at{};
  Time decided_at{};  ///< The epoch: open.
  bool led_to_action = false;
};

/// As a moderator sees it.
struct Case {
  ReportId id;
  AccountId subject;  ///< Unknown after erasure.
  std::string subject_name;
  Reason reason = Reason::other;
  std::string text;
  Left left;
  Time reported_at{};
  Time decided_at{};
  AccountId claimed_by;  ///< Unknown: nobody, or not any more.
  Time claimed_until{};
  std::vector<Exhibit> exhibits;
  std::optional<Decision> decision;
  // The reporter as far as it helps to judge, and no further.
  int reporter_reports = 0;
  int reporter_without_action = 0;
  int subject_open_reports = 0;
  int subject_reporters = 0;
  int subject_decisions = 0;  ///< With action, standing.
};

struct AppealCase {
  Decision decision;
  std::optional<Case> about;  ///< Absent for an own initiative.
};

/// Until when an account may not talk, and not enter spaces; the epoch: it may.
struct Restriction {
  Time silenced_until{};
  Time shut_out_until{};
  friend bool operator==(const Restriction&, const Restriction&) = default;
};

/// How moderation does, without persons. Compare Regulation (EU) 2022/2065, Article 15(1).
struct Summary {
  std::int64_t reports = 0;
  std::int64_t open = 0;
  std::int64_t decided = 0;
  std::int64_t with_action = 0;
  std::int64_t own_initiative = 0;
  std::int64_t appeals = 0;
  std::int64_t reversed = 0;
  std::optional<double> median_hours;  ///< From report to decision, of the last kSummaryCases decided.
  std::optional<double> oldest_open_hours;
};
inline constexpr int kSummaryCases = 1000;

}  // namespace citiverse::safety
