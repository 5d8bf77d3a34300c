// How an account stands in its table. Private to the room.
#pragma once

#include "base/result.h"
#include "identity/accounts.h"
#include "storage/database.h"

namespace citiverse::identity {

inline constexpr std::string_view kSelectAccount =
    "SELECT id, is_guest, is_minor, sign_in_name, name, pronouns, languages, access_needs, look, roles, created_at, "
    "restricted_until, erase_at, verifications.at, verifications.by FROM accounts LEFT JOIN verifications ON account = id";

/// Of a row of kSelectAccount.
Account account_from(const storage::Statement& row);
/// Fails: not_found.
base::Result<Account> account_in(storage::Database& database, AccountId id);
/// not_found when a statement about one account touched no row.
base::Result<void> touched_one(const base::Result<std::int64_t>& rows);

constexpr std::int64_t seconds_of(Time time) { return time.time_since_epoch().count(); }

}  // namespace citiverse::identity
