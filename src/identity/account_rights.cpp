// What the city gives to an account and takes away: membership, roles, verification, time-outs, and the way out.
#include "identity/account_rows.h"
#include "identity/accounts.h"
#include "storage/rows.h"

namespace citiverse::identity {
namespace {

using base::ErrorCode;
using base::Result;
using storage::Database;

Result<void> refuse_guests(const Account& account, std::string_view what) {
  if (!account.is_guest) return {};
  return base::fail(ErrorCode::conflict, fmt::format("a guest cannot be given {}: the account has no means to sign in", what));
}

}  // namespace

void Accounts::tell_change(AccountId account) {
  store_.after_commit([this, account] {
    if (changed) changed(account);
  });
}

Result<void> Accounts::make_member(AccountId account) {
  return store_.write([&](Database& database) {
    tell_change(account);
    return touched_one(storage::execute(database, "UPDATE accounts SET is_guest = 0 WHERE id = ?", account.value));
  });
}

Result<void> Accounts::set_minor(AccountId account, bool is_minor) {
  return store_.write([&](Database& database) {
    tell_change(account);
    return touched_one(storage::execute(database, "UPDATE accounts SET is_minor = ? WHERE id = ?", is_minor, account.value));
  });
}

Result<void> Accounts::give_role(AccountId account, Role role) {
  if (role == Role::resident)
    return base::fail(ErrorCode::conflict, "role: resident comes with verification (PUT …/verification)");
  return store_.write([&](Database& database) -> Result<void> {
    tell_change(account);
    const auto found = account_in(database, account);
    if (!found) return std::unexpected(found.error());
    if (auto refused = refuse_guests(*found, "a role"); !refused) return refused;
    return touched_one(
        storage::execute(database, "UPDATE accounts SET roles = roles | ? WHERE id = ?", bit_of(role), account.value));
  });
}

Result<void> Accounts::take_role(AccountId account, Role role) {
  if (role == Role::resident)
    return base::fail(ErrorCode::conflict, "role: resident goes with verification (DELETE …/verification)");
  return store_.write([&](Database& database) -> Result<void> {
    tell_change(account);
    if (role == Role::operator_) {
      const auto others = storage::one_integer(database, "SELECT count(*) FROM accounts WHERE roles & ? <> 0 AND id <> ?",
                                               bit_of(role), account.value);
      if (!others) return std::unexpected(others.error());
      if (others->value_or(0) == 0)
        return base::fail(ErrorCode::conflict, "this is the last operator; give the role to somebody else first");
    }
    return touched_one(
        storage::execute(database, "UPDATE accounts SET roles = roles & ~? WHERE id = ?", bit_of(role), account.value));
  });
}

Result<void> Accounts::restrict_until(AccountId account, std::optional<Time> until) {
  return store_.write([&](Database& database) {
    tell_change(account);
    const std::optional<std::int64_t> seconds = until ? std::optional(seconds_of(*until)) : std::nullopt;
    return touched_one(
        storage::execute(database, "UPDATE accounts SET restricted_until = ? WHERE id = ?", seconds, account.value));
  });
}

Result<void> Accounts::verify(AccountId account, std::string_view person_key, std::string_view by) {
  const std::string hash = keyed_hash(surroundings_, "person", person_key);
  return store_.write([&](Database& database) -> Result<void> {
    tell_change(account);
    const auto found = account_in(database, account);
    if (!found) return std::unexpected(found.error());
    if (auto refused = refuse_guests(*found, "verification"); !refused) return refused;
    const auto holder =
        storage::one_integer(database, "SELECT account FROM verifications WHERE person_hash = ?", storage::Blob{hash});
    if (!holder) return std::unexpected(holder.error());
    if (*holder && static_cast<std::uint64_t>(**holder) != account.value)
      return base::fail(ErrorCode::conflict, "this person has another verified account; one person has one");
    const auto kept = storage::execute(database, "INSERT OR REPLACE INTO verifications VALUES (?, ?, ?, ?)", account.value,
                                       storage::Blob{hash}, seconds_of(surroundings_.now()), by);
    return touched_one(kept);
  });
}

Result<void> Accounts::withdraw_verification(AccountId account) {
  return store_.write([&](Database& database) -> Result<void> {
    tell_change(account);
    const auto found = account_in(database, account);
    if (!found) return std::unexpected(found.error());
    const auto gone = storage::execute(database, "DELETE FROM verifications WHERE account = ?", account.value);
    if (!gone) return std::unexpected(gone.error());
    return {};
  });
}

Result<Time> Accounts::ask_for_erasure(AccountId account) {
  const Time due = surroundings_.now() + kErasureTime;
  return store_.write([&](Database& database) -> Result<Time> {
    tell_change(account);
    const auto found = account_in(database, account);
    if (!found) return std::unexpected(found.error());
    if (found->erase_at) return *found->erase_at;  // Asking again does not put it off.
    const auto kept = touched_one(
        storage::execute(database, "UPDATE accounts SET erase_at = ? WHERE id = ?", seconds_of(due), account.value));
    if (!kept) return std::unexpected(kept.error());
    return due;
  });
}

Result<void> Accounts::keep(AccountId account) {
  return store_.write([&](Database& database) {
    tell_change(account);
    return touched_one(storage::execute(database, "UPDATE accounts SET erase_at = NULL WHERE id = ?", account.value));
  });
}

}  // namespace citiverse::identity
