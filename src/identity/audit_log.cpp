// Entry n's hash covers entry n - 1's: who changes one entry must write all that follow anew, or check() finds it.
#include "identity/audit_log.h"

#include <sodium.h>

#include "base/text.h"
#include "identity/account_rows.h"
#include "storage/rows.h"

namespace citiverse::identity {
namespace {

using base::ErrorCode;
using base::Result;
using storage::Database;

std::string hash_of_entry(std::string_view before, const AuditEntry& entry) {
  // Lengths stand before texts, so that no two entries give the same bytes.
  const std::string bytes = fmt::format("{} {} {} {} {}:{} {}:{} ", entry.number, seconds_of(entry.at), entry.actor.value,
                                        entry.subject.value, entry.act.size(), entry.act, entry.detail.size(), entry.detail);
  std::string hash(crypto_generichash_BYTES, '\0');
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, hash.size());
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(before.data()), before.size());
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(hash.data()), hash.size());
  return hash;
}

constexpr std::string_view kSelectEntry = "SELECT number, at, actor, act, subject, detail, hash FROM audit";
AuditEntry entry_from(const storage::Statement& row) {
  return {row.integer(0),           Time(std::chrono::seconds(row.integer(1))),   {static_cast<std::uint64_t>(row.integer(2))},
          std::string(row.text(3)), {static_cast<std::uint64_t>(row.integer(4))}, std::string(row.text(5))};
}

}  // namespace

Result<void> AuditLog::add(AccountId actor, std::string_view act, AccountId subject, std::string_view detail) {
  return store_.write([&](Database& database) -> Result<void> {
    AuditEntry entry{1,       surroundings_.now(),
                     actor,   base::clean_text(act, kAuditActBytesMax),
                     subject, base::clean_text(detail, kAuditDetailBytesMax)};
    std::string before;
    const auto rows = storage::each_row(database, fmt::format("{} ORDER BY number DESC LIMIT 1", kSelectEntry),
                                        [&](const storage::Statement& row) {
                                          entry.number = row.integer(0) + 1;
                                          before = row.text(6);
                                        });
    if (!rows) return std::unexpected(rows.error());
    const std::string hash = hash_of_entry(before, entry);
    const auto kept =
        storage::execute(database, "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)", entry.number, seconds_of(entry.at),
                         entry.actor.value, entry.act, entry.subject.value, entry.detail, storage::Blob{hash});
    if (!kept) return std::unexpected(kept.error());
    return {};
  });
}

Result<std::vector<AuditEntry>> AuditLog::list(std::optional<std::int64_t> before, std::size_t count, AccountId about) {
  std::vector<AuditEntry> entries;
  const auto rows = store_.read([&](Database& database) {
    return storage::each_row(
        database,
        fmt::format("{} WHERE number < ?1 AND (?2 = 0 OR actor = ?2 OR subject = ?2) ORDER BY number DESC LIMIT ?3",
                    kSelectEntry),
        [&](const storage::Statement& row) { entries.push_back(entry_from(row)); },
        before.value_or(std::numeric_limits<std::int64_t>::max()), about.value, std::min(count, kAuditPageMax));
  });
  if (!rows) return std::unexpected(rows.error());
  return entries;
}

Result<void> AuditLog::check() {
  std::optional<std::int64_t> broken;
  const auto rows = store_.read([&](Database& database) {
    std::optional<std::string> before;
    std::int64_t next = 0;
    return storage::each_row(database, fmt::format("{} ORDER BY number", kSelectEntry), [&](const storage::Statement& row) {
      // The first entry that is kept may follow on entries whose time has run out.
      const AuditEntry entry = entry_from(row);
      const bool follows = before ? entry.number == next && hash_of_entry(*before, entry) == row.text(6)
                                  : entry.number != 1 || hash_of_entry({}, entry) == row.text(6);
      if (!follows && !broken) broken = entry.number;
      before = std::string(row.text(6));
      next = entry.number + 1;
    });
  });
  if (!rows) return std::unexpected(rows.error());
  if (broken)
    return base::fail(ErrorCode::corrupt, fmt::format("audit log, entry {}: this or the entry before was changed", *broken));
  return {};
}

Result<void> AuditLog::sweep() {
  const std::int64_t oldest = seconds_of(surroundings_.now() - kAuditTime);
  const auto first = store_.read(
      [](Database& database) { return storage::one_integer(database, "SELECT at FROM audit ORDER BY number LIMIT 1"); });
  if (!first) return std::unexpected(first.error());
  if (first->value_or(oldest) >= oldest) return {};
  return store_.write([&](Database& database) -> Result<void> {
    const auto gone = storage::execute(database, "DELETE FROM audit WHERE at < ?", oldest);
    if (!gone) return std::unexpected(gone.error());
    return {};
  });
}

}  // namespace citiverse::identity
