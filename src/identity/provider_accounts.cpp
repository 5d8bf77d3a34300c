// The account and its link are there together or not at all; verification follows, since it may be refused alone.
#include "identity/provider_accounts.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/json_writer.h"
#include "identity/unicode_forms.h"
#include "storage/rows.h"

namespace citiverse::identity {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using storage::Database;

constexpr std::string_view kProviderMigrations[] = {
    "CREATE TABLE provider_links (issuer TEXT NOT NULL, subject TEXT NOT NULL, account INTEGER NOT NULL, provider TEXT NOT "
    "NULL,"
    " added_at INTEGER NOT NULL, PRIMARY KEY (issuer, subject));"
    "CREATE UNIQUE INDEX provider_links_of_account ON provider_links (account, provider);",
};

}  // namespace

Result<std::unique_ptr<ProviderAccounts>> ProviderAccounts::open(storage::Store& store, const Surroundings& surroundings,
                                                                 Accounts& accounts, AuditLog& audit) {
  if (auto done = store.migrate("provider_links", kProviderMigrations); !done) return std::unexpected(done.error());
  return std::unique_ptr<ProviderAccounts>(new ProviderAccounts(store, surroundings, accounts, audit));
}

Result<Arrived> ProviderAccounts::find_or_make(Database& database, const Arrival& arrival) {
  const auto linked = storage::one_integer(database, "SELECT account FROM provider_links WHERE issuer = ? AND subject = ?",
                                           arrival.provider.issuer, arrival.person.subject);
  if (!linked) return std::unexpected(linked.error());
  if (*linked) {
    const AccountId owner{static_cast<std::uint64_t>(**linked)};
    if (arrival.wants_link && owner != arrival.signed_in)
      return fail(ErrorCode::conflict, "this sign-in belongs to another account here; remove it there first");
    return Arrived{.account = owner};
  }
  Arrived arrived;
  bool takes_signed_in = arrival.wants_link;
  if (arrival.signed_in.is_known() && !takes_signed_in) {
    const auto current = accounts_.get(arrival.signed_in);
    // A guest keeps what is theirs; a member who signs in as somebody new is somebody new.
    takes_signed_in = current && current->is_guest;
  }
  if (takes_signed_in) {
    arrived.account = arrival.signed_in;
  } else {
    const std::string_view name = arrival.person.name.empty() ? kNamelessName : std::string_view(arrival.person.name);
    auto made = accounts_.create_guest({.name = std::string(name)}, arrival.says_minor || arrival.person.is_minor);
    if (!made) return std::unexpected(made.error());
    arrived.account = *made;
    arrived.is_new = true;
  }
  const auto has_one = storage::one_integer(database, "SELECT count(*) FROM provider_links WHERE account = ? AND provider = ?",
                                            arrived.account.value, arrival.provider.id);
  if (!has_one) return std::unexpected(has_one.error());
  if (has_one->value_or(0) > 0)
    return fail(ErrorCode::conflict, "this account has another sign-in of this provider; remove it first");
  const auto row = storage::execute(database, "INSERT INTO provider_links VALUES (?, ?, ?, ?, ?)", arrival.provider.issuer,
                                    arrival.person.subject, arrived.account.value, arrival.provider.id,
                                    surroundings_.now().time_since_epoch().count());
  if (!row) return std::unexpected(row.error());
  if (auto member = accounts_.make_member(arrived.account); !member) return std::unexpected(member.error());
  return arrived;
}

Result<void> ProviderAccounts::follow_residence(const Arrival& arrival, const Account& account) {
  if (!arrival.person.is_resident) return {};
  const bool is_by_provider = account.verification && account.verification->by == arrival.provider.id;
  const OidcPerson& person = arrival.person;
  const std::string number = bare_number(person.register_number);
  const std::string person_key = number.empty() ? arrival.provider.issuer + "\n" + person.subject : register_key(number);
  const bool becomes = *arrival.person.is_resident && !account.verification;
  if (!becomes && (*arrival.person.is_resident || !is_by_provider)) return {};
  return store_.write([&](Database&) -> Result<void> {
    const auto done =
        becomes ? accounts_.verify(account.id, person_key, arrival.provider.id) : accounts_.withdraw_verification(account.id);
    if (!done) return done;
    return audit_.add({}, becomes ? "resident.verify" : "resident.withdraw", account.id, arrival.provider.id);
  });
}

Result<Arrived> ProviderAccounts::arrive(const Arrival& arrival) {
  auto arrived = store_.write([&](Database& database) -> Result<Arrived> {
    auto found = find_or_make(database, arrival);
    if (!found || !arrival.person.is_minor) return found;
    if (auto set = accounts_.set_minor(found->account, true); !set) return std::unexpected(set.error());
    return found;
  });
  if (!arrived) return arrived;
  const auto account = accounts_.get(arrived->account);
  if (!account) return std::unexpected(account.error());
  const auto followed = follow_residence(arrival, *account);
  arrived->is_other_verified = !followed && followed.error().code == ErrorCode::conflict;
  if (!followed && !arrived->is_other_verified) return std::unexpected(followed.error());
  return arrived;
}

Result<std::vector<ProviderLink>> ProviderAccounts::list(AccountId account) {
  std::vector<ProviderLink> links;
  const auto rows = store_.read([&](Database& database) {
    return storage::each_row(
        database, "SELECT provider, added_at FROM provider_links WHERE account = ? ORDER BY added_at, provider",
        [&](const auto& row) { links.push_back({std::string(row.text(0)), Time(std::chrono::seconds(row.integer(1)))}); },
        account.value);
  });
  if (!rows) return std::unexpected(rows.error());
  return links;
}

Result<void> ProviderAccounts::remove(AccountId account, std::string_view provider) {
  return store_.write([&](Database& database) -> Result<void> {
    const auto rows =
        storage::execute(database, "DELETE FROM provider_links WHERE account = ? AND provider = ?", account.value, provider);
    if (!rows) return std::unexpected(rows.error());
    if (*rows == 0) return fail(ErrorCode::not_found, "this account has no such sign-in");
    return {};
  });
}

Result<std::string> ProviderAccounts::export_json(AccountId account) {
  std::string json;
  base::JsonWriter writer(json);
  writer.begin_array();
  const auto rows = store_.read([&](Database& database) {
    return storage::each_row(
        database,
        "SELECT provider, issuer, subject, added_at FROM provider_links WHERE account = ? ORDER BY added_at, provider",
        [&](const auto& row) {
          writer.begin_object().member("provider", row.text(0)).member("issuer", row.text(1)).member("subject", row.text(2));
          writer.member("added_at", fmt::format("{:%FT%TZ}", Time(std::chrono::seconds(row.integer(3))))).end_object();
        },
        account.value);
  });
  if (!rows) return std::unexpected(rows.error());
  writer.end_array();
  return json;
}

Result<void> ProviderAccounts::erase(AccountId account) {
  return store_.write([&](Database& database) -> Result<void> {
    const auto rows = storage::execute(database, "DELETE FROM provider_links WHERE account = ?", account.value);
    if (!rows) return std::unexpected(rows.error());
    return {};
  });
}

}  // namespace citiverse::identity
