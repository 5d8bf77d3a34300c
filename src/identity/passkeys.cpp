// Rows of passkeys, and the order in which a proof is read, checked, and its challenge used up.
#include "identity/passkeys.h"

#include <algorithm>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/json_writer.h"
#include "base/text.h"
#include "identity/account_rows.h"
#include "identity/base64url.h"
#include "storage/rows.h"

namespace citiverse::identity {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using storage::Blob;
using storage::Database;

constexpr std::string_view kRegistration = "passkey registration";
constexpr std::string_view kSignIn = "passkey sign-in";

constexpr std::string_view kPasskeyMigrations[] = {
    "CREATE TABLE passkey_users (account INTEGER PRIMARY KEY, handle BLOB NOT NULL UNIQUE);"
    "CREATE TABLE passkeys (id INTEGER PRIMARY KEY, account INTEGER NOT NULL, credential BLOB NOT NULL UNIQUE,"
    " algorithm INTEGER NOT NULL, key BLOB NOT NULL, counter INTEGER NOT NULL, is_synced INTEGER NOT NULL, label TEXT NOT NULL,"
    " created_at INTEGER NOT NULL, used_on INTEGER);"
    "CREATE INDEX passkeys_of_account ON passkeys (account);",
};

std::string random_bytes(const Surroundings& surroundings, std::size_t size) {
  std::string bytes(size, '\0');
  surroundings.fill_random(std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

Passkey passkey_from(const storage::Statement& row) {
  Passkey passkey;
  passkey.id.value = static_cast<std::uint64_t>(row.integer(0));
  passkey.label = row.text(1);
  passkey.created_at = Time(std::chrono::seconds(row.integer(2)));
  if (!row.is_null(3)) passkey.used_on = Time(std::chrono::seconds(row.integer(3)));
  passkey.is_synced = row.integer(4) != 0;
  return passkey;
}

struct StoredPasskey {
  std::int64_t id = 0;
  AccountId account;
  PasskeyKey key;
  std::int64_t counter = 0;
  bool is_synced = false;
  std::string user_handle;
};

Result<std::optional<StoredPasskey>> find_credential(Database& database, std::string_view credential_id) {
  std::optional<StoredPasskey> found;
  const auto rows = storage::each_row(
      database,
      "SELECT id, passkeys.account, algorithm, key, counter, is_synced, handle FROM passkeys JOIN passkey_users USING (account)"
      " WHERE credential = ?",
      [&](const auto& row) {
        found = StoredPasskey{row.integer(0),
                              {static_cast<std::uint64_t>(row.integer(1))},
                              {static_cast<int>(row.integer(2)), std::string(row.text(3))},
                              row.integer(4),
                              row.integer(5) != 0,
                              std::string(row.text(6))};
      },
      Blob{credential_id});
  if (!rows) return std::unexpected(rows.error());
  return found;
}

Result<std::int64_t> count_of(Database& database, AccountId account) {
  const auto count = storage::one_integer(database, "SELECT count(*) FROM passkeys WHERE account = ?", account.value);
  if (!count) return std::unexpected(count.error());
  if (count->value_or(0) >= static_cast<std::int64_t>(kPasskeysPerAccountMax))
    return fail(ErrorCode::conflict, fmt::format("there are {} passkeys already; remove one first", kPasskeysPerAccountMax));
  return count->value_or(0);
}

Result<std::string> clean_label(std::string_view label) {
  std::string cleaned = base::clean_text(label, kPasskeyLabelCharactersMax * 4);
  const auto characters = std::ranges::count_if(cleaned, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  if (cleaned.empty() || characters > static_cast<std::ptrdiff_t>(kPasskeyLabelCharactersMax))
    return fail(ErrorCode::bad_input, fmt::format("label: 1 to {} characters that show", kPasskeyLabelCharactersMax));
  return cleaned;
}

}  // namespace

Result<std::unique_ptr<Passkeys>> Passkeys::open(storage::Store& store, const Surroundings& surroundings, Accounts& accounts,
                                                 SealedTickets& tickets, PasskeySite site) {
  if (auto done = store.migrate("passkeys", kPasskeyMigrations); !done) return std::unexpected(done.error());
  return std::unique_ptr<Passkeys>(new Passkeys(store, surroundings, accounts, tickets, std::move(site)));
}

Result<std::string> Passkeys::user_handle(AccountId account) {
  return store_.write([&](Database& database) -> Result<std::string> {
    const auto made = storage::execute(database, "INSERT OR IGNORE INTO passkey_users VALUES (?, ?)", account.value,
                                       Blob{random_bytes(surroundings_, kUserHandleBytes)});
    if (!made) return std::unexpected(made.error());
    std::string handle;
    const auto rows = storage::each_row(
        database, "SELECT handle FROM passkey_users WHERE account = ?", [&](const auto& row) { handle = row.text(0); },
        account.value);
    if (!rows) return std::unexpected(rows.error());
    return handle;
  });
}

Result<PasskeyRegistration> Passkeys::begin(AccountId account) {
  if (site_.rp_id.empty())
    return fail(ErrorCode::conflict,
                "passkeys need a node with a name that is reached by https; this one has none (--public-origin)");
  PasskeyRegistration registration;
  auto handle = user_handle(account);
  if (!handle) return std::unexpected(handle.error());
  registration.user_handle = std::move(*handle);
  const auto read = store_.read([&](Database& database) -> Result<void> {
    if (auto count = count_of(database, account); !count) return std::unexpected(count.error());
    const auto rows = storage::each_row(
        database, "SELECT credential FROM passkeys WHERE account = ? ORDER BY id",
        [&](const auto& row) { registration.credential_ids.emplace_back(row.text(0)); }, account.value);
    if (!rows) return std::unexpected(rows.error());
    return {};
  });
  if (!read) return std::unexpected(read.error());
  registration.ceremony.challenge = random_bytes(surroundings_, kChallengeBytes);
  registration.ceremony.ticket =
      tickets_.seal(kRegistration, to_text(account) + registration.ceremony.challenge, kCeremonyTime);
  return registration;
}

Result<Passkey> Passkeys::add(AccountId account, std::string_view ticket, std::string_view label,
                              std::string_view client_data_json, std::string_view attestation_object) {
  const auto shown = clean_label(label);
  if (!shown) return std::unexpected(shown.error());
  const auto content = tickets_.open(kRegistration, ticket);
  if (!content) return std::unexpected(content.error());
  if (!content->starts_with(to_text(account))) return fail(ErrorCode::denied, "ticket: made for another account; begin again");
  const auto made = verify_registration(site_, std::string_view(*content).substr(kIdCharacters), client_data_json,
                                        attestation_object, UserVerification::required);
  if (!made) return std::unexpected(made.error());
  if (auto spent = tickets_.spend(kRegistration, ticket); !spent) return std::unexpected(spent.error());
  const Passkey passkey{{random_id_value(surroundings_)}, *shown, surroundings_.now(), std::nullopt, made->is_backup_eligible};
  const auto kept = store_.write([&](Database& database) -> Result<void> {
    if (auto count = count_of(database, account); !count) return std::unexpected(count.error());
    // Whoever has it: a credential id is never anybody's second one (WebAuthn Level 3, 7.1, step 26).
    const auto other = find_credential(database, made->credential_id);
    if (!other) return std::unexpected(other.error());
    if (*other) return fail(ErrorCode::conflict, "this passkey is kept already");
    const auto row =
        storage::execute(database, "INSERT INTO passkeys VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)", passkey.id.value,
                         account.value, Blob{made->credential_id}, made->key.algorithm, Blob{made->key.bytes}, made->counter,
                         made->is_backup_eligible, *shown, seconds_of(passkey.created_at));
    if (!row) return std::unexpected(row.error());
    return accounts_.make_member(account);
  });
  if (!kept) return std::unexpected(kept.error());
  return passkey;
}

PasskeyCeremony Passkeys::begin_sign_in() const {
  PasskeyCeremony ceremony;
  ceremony.challenge = random_bytes(surroundings_, kChallengeBytes);
  ceremony.ticket = tickets_.seal(kSignIn, ceremony.challenge, kCeremonyTime);
  return ceremony;
}

Result<AccountId> Passkeys::sign_in(std::string_view ticket, std::string_view credential_id, std::string_view user_handle,
                                    const Assertion& assertion) {
  const auto challenge = tickets_.open(kSignIn, ticket);
  if (!challenge) return std::unexpected(challenge.error());
  const auto stored = store_.read([&](Database& database) { return find_credential(database, credential_id); });
  if (!stored) return std::unexpected(stored.error());
  if (!*stored || (**stored).user_handle != user_handle)
    return fail(ErrorCode::denied, "credential: this city does not know this passkey; it may have been removed");
  const StoredPasskey& passkey = **stored;
  const auto proven = verify_assertion(site_, *challenge, passkey.key, assertion, UserVerification::required);
  if (!proven) return std::unexpected(proven.error());
  // WebAuthn Level 3, 7.2, steps 19 and 22: neither changes in an honest device; a counter that does not grow means a copy.
  if (proven->is_backup_eligible != passkey.is_synced ||
      ((proven->counter != 0 || passkey.counter != 0) && proven->counter <= passkey.counter))
    return fail(ErrorCode::denied, "credential: somebody may have a copy of this passkey; remove it and make a new one");
  if (auto spent = tickets_.spend(kSignIn, ticket); !spent) return std::unexpected(spent.error());
  const auto day = std::chrono::floor<std::chrono::days>(surroundings_.now());
  const auto kept = store_.write([&](Database& database) -> Result<void> {
    // The counter in the condition lets of two proofs at once only one pass.
    const auto rows = storage::execute(database, "UPDATE passkeys SET counter = ?, used_on = ? WHERE id = ? AND counter = ?",
                                       proven->counter, seconds_of(Time(day)), passkey.id, passkey.counter);
    if (!rows) return std::unexpected(rows.error());
    if (*rows == 0) return fail(ErrorCode::denied, "credential: it was used elsewhere at the same time, or removed; try again");
    return {};
  });
  if (!kept) return std::unexpected(kept.error());
  return passkey.account;
}

Result<std::vector<Passkey>> Passkeys::list(AccountId account) {
  std::vector<Passkey> passkeys;
  const auto rows = store_.read([&](Database& database) {
    return storage::each_row(
        database,
        "SELECT id, label, created_at, used_on, is_synced FROM passkeys WHERE account = ? ORDER BY created_at DESC, id",
        [&](const auto& row) { passkeys.push_back(passkey_from(row)); }, account.value);
  });
  if (!rows) return std::unexpected(rows.error());
  return passkeys;
}

Result<void> Passkeys::remove(AccountId account, PasskeyId passkey) {
  return store_.write([&](Database& database) -> Result<void> {
    const auto rows =
        storage::execute(database, "DELETE FROM passkeys WHERE id = ? AND account = ?", passkey.value, account.value);
    if (!rows) return std::unexpected(rows.error());
    if (*rows == 0) return fail(ErrorCode::not_found, "there is no such passkey");
    return {};
  });
}

Result<std::string> Passkeys::export_json(AccountId account) {
  const auto passkeys = list(account);
  if (!passkeys) return std::unexpected(passkeys.error());
  std::string json;
  base::JsonWriter writer(json);
  writer.begin_array();
  for (const Passkey& passkey : *passkeys) {
    writer.begin_object().member("label", passkey.label).key("synced").boolean(passkey.is_synced);
    writer.member("created_at", fmt::format("{:%FT%TZ}", passkey.created_at));
    if (passkey.used_on) writer.member("used_on", fmt::format("{:%F}", *passkey.used_on));
    writer.end_object();
  }
  writer.end_array();
  return json;
}

Result<void> Passkeys::erase(AccountId account) {
  return store_.write([&](Database& database) -> Result<void> {
    for (const std::string_view table : {"passkeys", "passkey_users"}) {
      const auto rows = storage::execute(database, fmt::format("DELETE FROM {} WHERE account = ?", table), account.value);
      if (!rows) return std::unexpected(rows.error());
    }
    return {};
  });
}

PasskeySite passkey_site_of(std::string_view public_origin) {
  const bool is_tls = public_origin.starts_with("https://");
  if (!is_tls && !public_origin.starts_with("http://")) return {};
  const std::string_view scheme = is_tls ? "https://" : "http://";
  const std::string_view authority = public_origin.substr(scheme.size());
  const std::size_t host_end =
      authority.starts_with('[') ? authority.find(']') + 1 : std::min(authority.find(':'), authority.size());
  std::string host(authority.substr(0, host_end));
  if (host == "127.0.0.1" || host == "[::1]") host = "localhost";
  const bool is_numeric = host.starts_with('[') || host.find_first_not_of("0123456789.") == std::string::npos;
  if (host.empty() || is_numeric || (!is_tls && host != "localhost")) return {};
  return {host, {fmt::format("{}{}{}", scheme, host, authority.substr(host_end))}};
}

}  // namespace citiverse::identity
