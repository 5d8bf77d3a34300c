// The newest row of a purpose counts; older ones stay as long as the account does.
#include "identity/consents.h"

#include "identity/account_rows.h"
#include "storage/rows.h"

namespace citiverse::identity {
namespace {

using base::Result;
using storage::Database;

constexpr std::array<std::string_view, kPurposes> kPurposeNames{"captions", "voice", "profile"};

}  // namespace

std::string_view name_of(Purpose purpose) { return kPurposeNames[static_cast<std::size_t>(purpose)]; }

std::optional<Purpose> parse_purpose(std::string_view name) {
  const auto found = std::ranges::find(kPurposeNames, name);
  if (found == kPurposeNames.end()) return std::nullopt;
  return static_cast<Purpose>(found - kPurposeNames.begin());
}

Result<Consent> Consents::get(AccountId account, Purpose purpose) {
  const auto every = all(account);
  if (!every) return std::unexpected(every.error());
  return (*every)[static_cast<std::size_t>(purpose)];
}

Result<std::array<Consent, kPurposes>> Consents::all(AccountId account) {
  std::array<Consent, kPurposes> consents;
  const auto rows = store_.read([&](Database& database) {
    return storage::each_row(
        database, "SELECT purpose, is_given, at FROM consents WHERE account = ? ORDER BY rowid",
        [&](const storage::Statement& row) {
          if (const auto purpose = parse_purpose(row.text(0)))
            consents[static_cast<std::size_t>(*purpose)] = {row.integer(1) != 0, Time(std::chrono::seconds(row.integer(2)))};
        },
        account.value);
  });
  if (!rows) return std::unexpected(rows.error());
  return consents;
}

Result<void> Consents::set(AccountId account, Purpose purpose, bool is_given) {
  auto kept = store_.write([&](Database& database) -> Result<void> {
    const auto before = get(account, purpose);
    if (!before) return std::unexpected(before.error());
    if (before->changed_at && before->is_given == is_given) return {};
    return touched_one(storage::execute(database, "INSERT INTO consents SELECT id, ?, ?, ? FROM accounts WHERE id = ?",
                                        name_of(purpose), is_given, seconds_of(surroundings_.now()), account.value));
  });
  if (kept && changed) changed(account);
  return kept;
}

}  // namespace citiverse::identity
