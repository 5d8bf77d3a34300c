// The wish to be erased is on the disk before anything is erased, so that what a crash interrupts is finished later.
#include "identity/erasure.h"

#include <limits>
#include <optional>

#include "base/json_writer.h"
#include "identity/account_data.h"
#include "identity/account_rows.h"
#include "storage/rows.h"

namespace citiverse::identity {
namespace {

using base::Result;
using storage::Database;

}  // namespace

Result<std::string> Erasure::export_json(AccountId account) {
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().member("made_at", time_text(surroundings_.now())).member("account", to_text(account));
  const auto add = [&](PersonalData& data) -> Result<void> {
    const auto part = data.export_json(account);
    if (!part) return std::unexpected(part.error());
    json.key(data.name()).raw(*part);
    return {};
  };
  if (auto done = add(own_); !done) return std::unexpected(done.error());
  for (PersonalData* data : data_)
    if (auto done = add(*data); !done) return std::unexpected(done.error());
  json.end_object();
  return text;
}

Result<void> Erasure::erase_now(AccountId account) {
  const auto marked = store_.write([&](Database& database) -> Result<void> {
    accounts_.tell_change(account);
    return touched_one(storage::execute(database, "UPDATE accounts SET erase_at = ? WHERE id = ?",
                                        seconds_of(surroundings_.now()), account.value));
  });
  if (!marked) return marked;
  for (PersonalData* data : data_)
    if (auto done = data->erase(account); !done) return done;
  if (auto done = own_.erase(account); !done) return done;
  return store_.checkpoint();
}

Result<std::vector<AccountId>> Erasure::due_after(std::int64_t last) {
  std::vector<AccountId> due;
  const Time now = surroundings_.now();
  const auto rows = store_.read([&](Database& database) {
    return storage::each_row(
        database,
        "SELECT id FROM accounts WHERE (erase_at <= ?1 OR (is_guest = 1 AND seen_at <= ?2)) AND id > ?3 ORDER BY id LIMIT ?4",
        [&](const storage::Statement& row) { due.push_back({static_cast<std::uint64_t>(row.integer(0))}); }, seconds_of(now),
        seconds_of(now - kGuestTime), last, kErasuresAtOnceMax);
  });
  if (!rows) return std::unexpected(rows.error());
  return due;
}

Result<std::size_t> Erasure::erase_due() {
  std::size_t erased = 0;
  std::optional<base::Error> trouble;
  for (std::int64_t last = std::numeric_limits<std::int64_t>::min();;) {
    const auto due = due_after(last);
    if (!due) return std::unexpected(due.error());
    for (const AccountId account : *due) {
      const auto done = erase_now(account);
      if (done)
        ++erased;
      else if (!trouble)
        trouble = done.error();
    }
    if (due->size() < kErasuresAtOnceMax) break;
    last = static_cast<std::int64_t>(due->back().value);
  }
  if (trouble) return std::unexpected(*std::move(trouble));
  return erased;
}

}  // namespace citiverse::identity
