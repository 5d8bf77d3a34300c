// What this room keeps in the file of people: its tables, and how accounts and times stand in them.
#pragma once

#include "identity/ids.h"
#include "identity/surroundings.h"
#include "storage/rows.h"
#include "storage/store.h"

namespace citiverse::safety {

using identity::AccountId;
using identity::Time;

/// Makes or renews the tables, which all begin with safety_. Fails: unavailable, corrupt.
base::Result<void> make_tables(storage::Store& store);

inline std::int64_t stored(AccountId account) { return static_cast<std::int64_t>(account.value); }
inline std::int64_t stored(Time time) { return time.time_since_epoch().count(); }
template <class Enum>
  requires std::is_enum_v<Enum>
std::int64_t stored(Enum value) {
  return static_cast<std::int64_t>(value);
}

inline AccountId account_in(const storage::Statement& row, int column) {
  return AccountId{static_cast<std::uint64_t>(row.integer(column))};
}
inline Time time_in(const storage::Statement& row, int column) { return Time(std::chrono::seconds(row.integer(column))); }
inline std::uint64_t id_in(const storage::Statement& row, int column) {
  return static_cast<std::uint64_t>(row.integer(column));
}

/// A statement that touched `rows`, as an outcome without a value.
inline base::Result<void> done(const base::Result<std::int64_t>& rows) {
  if (!rows) return std::unexpected(rows.error());
  return {};
}

}  // namespace citiverse::safety
