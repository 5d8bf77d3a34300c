// The tables of this room. What erasure empties stays as a row of counts, so that statistics and other people's cases hold.
#include "safety/tables.h"

#include <array>
#include <cstring>
#include <string_view>

#include "safety/evidence_seal.h"

namespace citiverse::safety {
namespace {

// Account 0 is nobody: somebody who was erased. An id of 0 is none, a time of 0 never.
constexpr std::string_view kFirst = R"sql(
CREATE TABLE safety_relations (
  id INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  account INTEGER NOT NULL,
  other INTEGER NOT NULL,
  name TEXT NOT NULL,
  since INTEGER NOT NULL,
  UNIQUE (kind, account, other)
) STRICT;
CREATE INDEX safety_relations_account ON safety_relations (account, kind, since);
CREATE INDEX safety_relations_other ON safety_relations (other);
CREATE TABLE safety_secret (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  seal_key BLOB NOT NULL
) STRICT;
CREATE TABLE safety_contact (
  account INTEGER PRIMARY KEY,
  direct INTEGER NOT NULL
) STRICT;
CREATE TABLE safety_reports (
  id INTEGER PRIMARY KEY,
  reporter INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  subject_name TEXT NOT NULL,
  reason INTEGER NOT NULL,
  text TEXT NOT NULL,
  notice INTEGER NOT NULL,
  reported_at INTEGER NOT NULL,
  decided_at INTEGER NOT NULL DEFAULT 0,
  decision INTEGER NOT NULL DEFAULT 0,
  claimed_by INTEGER NOT NULL DEFAULT 0,
  claimed_until INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX safety_reports_queue ON safety_reports (decided_at, reason, reported_at, id);
CREATE INDEX safety_reports_reporter ON safety_reports (reporter, reported_at);
CREATE INDEX safety_reports_subject ON safety_reports (subject, decided_at);
CREATE TABLE safety_evidence (
  report INTEGER NOT NULL REFERENCES safety_reports (id),
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  said_at INTEGER NOT NULL,
  audience INTEGER NOT NULL,
  PRIMARY KEY (report, position)
) STRICT;
CREATE TABLE safety_decisions (
  id INTEGER PRIMARY KEY,
  report INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  moderator INTEGER NOT NULL,
  action INTEGER NOT NULL,
  until INTEGER NOT NULL,
  ground INTEGER NOT NULL,
  law TEXT NOT NULL,
  reasons TEXT NOT NULL,
  lang TEXT NOT NULL,
  notice INTEGER NOT NULL,
  decided_at INTEGER NOT NULL,
  revoked_at INTEGER NOT NULL DEFAULT 0,
  revocation TEXT NOT NULL DEFAULT '',
  appealed_at INTEGER NOT NULL DEFAULT 0,
  appeal TEXT NOT NULL DEFAULT '',
  appeal_decided_at INTEGER NOT NULL DEFAULT 0,
  appeal_moderator INTEGER NOT NULL DEFAULT 0,
  appeal_reversed INTEGER NOT NULL DEFAULT 0,
  appeal_reasons TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX safety_decisions_subject ON safety_decisions (subject, decided_at);
CREATE INDEX safety_decisions_appeals ON safety_decisions (appealed_at)
  WHERE appealed_at > 0 AND appeal_decided_at = 0;
)sql";

constexpr std::string_view kSecond = R"sql(
ALTER TABLE safety_reports ADD COLUMN thing INTEGER NOT NULL DEFAULT 0;
ALTER TABLE safety_decisions ADD COLUMN thing INTEGER NOT NULL DEFAULT 0;
)sql";

constexpr std::array<std::string_view, 2> kSteps{kFirst, kSecond};

}  // namespace

base::Result<void> make_tables(storage::Store& store) { return store.migrate("safety", kSteps); }

base::Result<std::unique_ptr<EvidenceSeal>> load_seal(storage::Store& store, const identity::Surroundings& surroundings) {
  std::array<std::uint8_t, EvidenceSeal::kKeyBytes> key{};
  const auto loaded = store.write([&](storage::Database& database) -> base::Result<void> {
    bool is_there = false;
    const auto rows = storage::each_row(database, "SELECT seal_key FROM safety_secret", [&](const storage::Statement& row) {
      is_there = row.text(0).size() == key.size();
      if (is_there) std::memcpy(key.data(), row.text(0).data(), key.size());
    });
    if (!rows) return std::unexpected(rows.error());
    if (is_there) return {};
    surroundings.fill_random(std::as_writable_bytes(std::span(key)));
    const std::string_view bytes(reinterpret_cast<const char*>(key.data()), key.size());
    return done(storage::execute(database, "INSERT OR REPLACE INTO safety_secret VALUES (1, ?)", storage::Blob{bytes}));
  });
  if (!loaded) return std::unexpected(loaded.error());
  return std::make_unique<EvidenceSeal>(key);
}

}  // namespace citiverse::safety
