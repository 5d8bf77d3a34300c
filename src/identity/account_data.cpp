// Secrets are not exported: that there is a password, and since when, is all that is said of it.
#include "identity/account_data.h"

#include "base/json_writer.h"
#include "identity/account_rows.h"
#include "identity/sessions.h"
#include "storage/rows.h"

namespace citiverse::identity {
namespace {

using base::JsonWriter;
using base::Result;
using storage::Database;
using storage::Statement;

std::string time_of(const Statement& row, int column) { return time_text(Time(std::chrono::seconds(row.integer(column)))); }

void write_account(JsonWriter& json, const Account& account) {
  json.key("account").begin_object();
  json.member("id", to_text(account.id)).key("guest").boolean(account.is_guest).key("minor").boolean(account.is_minor);
  json.member_if_known("sign_in_name", account.sign_in_name).member("name", account.profile.name);
  json.member_if_known("pronouns", account.profile.pronouns).key("languages").begin_array();
  for (const std::string& tag : account.profile.languages) json.text(tag);
  json.end_array().key("access_needs").begin_array();
  for (std::size_t i = 0; i < kAccessNeeds; ++i)
    if ((account.profile.access_needs >> i & 1) != 0) json.text(name_of(static_cast<AccessNeed>(i)));
  json.end_array();
  if (!account.profile.look_json.empty()) json.key("look").raw(account.profile.look_json);
  json.key("roles").begin_array();
  for (const std::string_view role : role_names(account.roles)) json.text(role);
  json.end_array().member("created_at", time_text(account.created_at));
  if (account.verification)
    json.member("verified_at", time_text(account.verification->at)).member("verified_by", account.verification->by);
  if (account.restricted_until) json.member("restricted_until", time_text(*account.restricted_until));
  if (account.erase_at) json.member("erase_at", time_text(*account.erase_at));
  json.end_object();
}

// One list of the export: rows of `sql`, which has the account as its parameters ?1.
template <class WriteRow>
Result<void> write_list(JsonWriter& json, Database& database, std::string_view name, std::string_view sql, AccountId account,
                        WriteRow&& write_row) {
  json.key(name).begin_array();
  const auto rows = storage::each_row(
      database, sql,
      [&](const Statement& row) {
        json.begin_object();
        write_row(row);
        json.end_object();
      },
      account.value);
  json.end_array();
  if (!rows) return std::unexpected(rows.error());
  return {};
}

Result<void> write_lists(JsonWriter& json, Database& database, AccountId account) {
  auto done = write_list(json, database, "passwords", "SELECT changed_at FROM passwords WHERE account = ?1", account,
                         [&](const Statement& row) { json.member("changed_at", time_of(row, 0)); });
  if (!done) return done;
  done = write_list(json, database, "recovery_codes",
                    "SELECT count(*), min(made_at) FROM recovery_codes WHERE account = ?1 HAVING count(*) > 0", account,
                    [&](const Statement& row) { json.key("left").integer(row.integer(0)).member("made_at", time_of(row, 1)); });
  if (!done) return done;
  done =
      write_list(json, database, "sessions",
                 "SELECT id, method, device, signed_in_at, token_at FROM sessions WHERE account = ?1 ORDER BY signed_in_at, id",
                 account, [&](const Statement& row) {
                   json.member("id", id_text(static_cast<std::uint64_t>(row.integer(0))))
                       .member("method", name_of(static_cast<SignInMethod>(row.integer(1))))
                       .member("device", row.text(2))
                       .member("signed_in_at", time_of(row, 3))
                       .member("used_at", time_of(row, 4));
                 });
  if (!done) return done;
  done = write_list(json, database, "organisations",
                    "SELECT o.id, o.name, m.role, m.state, m.at FROM organisation_members m JOIN organisations o ON o.id = "
                    "m.organisation WHERE m.account = ?1 ORDER BY o.name_key",
                    account, [&](const Statement& row) {
                      json.member("id", id_text(static_cast<std::uint64_t>(row.integer(0))))
                          .member("name", row.text(1))
                          .member("role", row.integer(2) == 0 ? "owner" : "member")
                          .member("state", row.integer(3) == 0 ? "invited" : "member")
                          .member("since", time_of(row, 4));
                    });
  if (!done) return done;
  done =
      write_list(json, database, "consents", "SELECT purpose, is_given, at FROM consents WHERE account = ?1 ORDER BY rowid",
                 account, [&](const Statement& row) {
                   json.member("purpose", row.text(0)).key("given").boolean(row.integer(1) != 0).member("at", time_of(row, 2));
                 });
  if (!done) return done;
  // Who acted upon me is another person: the act is told, the name is not.
  return write_list(json, database, "audit",
                    "SELECT at, act, actor = ?1, detail FROM audit WHERE actor = ?1 OR subject = ?1 ORDER BY number", account,
                    [&](const Statement& row) {
                      json.member("at", time_of(row, 0)).member("act", row.text(1)).key("by_me").boolean(row.integer(2) != 0);
                      json.member_if_known("detail", row.text(3));
                    });
}

constexpr std::string_view kOwnerless =
    "SELECT organisation FROM organisation_members m WHERE account = ?1 AND NOT EXISTS (SELECT 1 FROM organisation_members o "
    "WHERE o.organisation = m.organisation AND o.account <> ?1 AND o.role = 0 AND o.state = 1)";

Result<void> hand_over_organisations(Database& database, AccountId account) {
  const auto passed = storage::execute(
      database,
      fmt::format(
          "UPDATE organisation_members SET role = 0 WHERE state = 1 AND account <> ?1 AND organisation IN ({}) AND account "
          "= (SELECT n.account FROM organisation_members n WHERE n.organisation = organisation_members.organisation AND "
          "n.state = 1 AND n.account <> ?1 ORDER BY n.at, n.account LIMIT 1)",
          kOwnerless),
      account.value);
  if (!passed) return std::unexpected(passed.error());
  const auto closed = storage::execute(
      database,
      fmt::format("DELETE FROM organisations WHERE id IN ({}) AND EXISTS (SELECT 1 FROM organisation_members m WHERE "
                  "m.organisation = id AND m.account = ?1 AND m.role = 0 AND m.state = 1)",
                  kOwnerless),
      account.value);
  if (!closed) return std::unexpected(closed.error());
  return {};
}

}  // namespace

std::string time_text(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

Result<std::string> AccountData::export_json(AccountId account) {
  return store_.read([&](Database& database) -> Result<std::string> {
    const auto found = account_in(database, account);
    if (!found) return std::unexpected(found.error());
    std::string text;
    JsonWriter json(text);
    json.begin_object();
    write_account(json, *found);
    if (auto done = write_lists(json, database, account); !done) return std::unexpected(done.error());
    json.end_object();
    return text;
  });
}

Result<void> AccountData::erase(AccountId account) {
  return store_.write([&](Database& database) -> Result<void> {
    if (auto passed = hand_over_organisations(database, account); !passed) return passed;
    const auto gone = storage::execute(database, "DELETE FROM accounts WHERE id = ?", account.value);
    if (!gone) return std::unexpected(gone.error());
    accounts_.tell_change(account);
    return {};
  });
}

}  // namespace citiverse::identity
