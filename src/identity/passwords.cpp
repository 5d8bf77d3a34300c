// Verifying takes as long for a name that nobody has as for one that somebody has.
#include "identity/passwords.h"

#include "base/text.h"
#include "identity/account_rows.h"
#include "identity/password_strength.h"
#include "identity/unicode_forms.h"
#include "storage/rows.h"

namespace citiverse::identity {
namespace {

using base::ErrorCode;
using base::Result;
using storage::Database;

}  // namespace

Result<std::string> normal_password(std::string_view password) {
  if (password.size() > kPasswordBytesMax || !base::is_utf8(password))
    return base::fail(ErrorCode::bad_input, fmt::format("password: UTF-8 of at most {} bytes", kPasswordBytesMax));
  auto normal = nfkc(password);
  if (!normal || character_count(*normal) > kPasswordCharactersMax)
    return base::fail(ErrorCode::bad_input, fmt::format("password: at most {} characters", kPasswordCharactersMax));
  return *std::move(normal);
}

Passwords::Passwords(storage::Store& store, const Surroundings& surroundings, Accounts& accounts, Options options)
    : store_(store),
      surroundings_(surroundings),
      accounts_(accounts),
      options_(std::move(options)),
      hash_(surroundings, options_.cost) {}

// Made when first needed: a hash is long work for a node that starts.
const std::string& Passwords::hash_of_nobody() const {
  std::call_once(nobody_once_, [&] {
    if (auto made = hash_.make(random_token(surroundings_, 32))) hash_of_nobody_ = *std::move(made);
  });
  return hash_of_nobody_;
}

Result<void> Passwords::check_strength(std::string_view password, std::string_view sign_in_name, std::string_view name) const {
  const auto refuse = [](const std::string& why) {
    return base::fail(ErrorCode::bad_input, "this password will not do: " + why);
  };
  const auto normal = normal_password(password);
  if (!normal) return std::unexpected(normal.error());
  if (character_count(*normal) < kPasswordCharactersMin)
    return refuse(fmt::format("it needs at least {} characters; several words are good", kPasswordCharactersMin));
  std::vector<std::string> words = options_.guessable_words;
  words.emplace_back(sign_in_name);
  words.emplace_back(sign_in_name.substr(0, sign_in_name.find('@')));
  words.emplace_back(name);
  if (auto why = guessable_because(*normal, words)) return refuse(*why);
  if (options_.breached != nullptr && options_.breached->contains(password))
    return refuse("it is in a list of stolen passwords, which attackers try first");
  return {};
}

Result<std::string> Passwords::hashed(std::string_view password) const {
  const auto normal = normal_password(password);
  if (!normal) return std::unexpected(normal.error());
  return hash_.make(*normal);
}

Result<void> Passwords::keep(AccountId account, std::string_view hashed) {
  return store_.write([&](Database& database) -> Result<void> {
    if (const auto found = account_in(database, account); !found) return std::unexpected(found.error());
    const auto kept = storage::execute(database, "INSERT OR REPLACE INTO passwords VALUES (?, ?, ?)", account.value, hashed,
                                       seconds_of(surroundings_.now()));
    if (!kept) return std::unexpected(kept.error());
    return accounts_.make_member(account);
  });
}

Result<void> Passwords::set(AccountId account, std::string_view password) {
  const auto owner = accounts_.get(account);
  if (!owner) return std::unexpected(owner.error());
  if (auto strong = check_strength(password, owner->sign_in_name, owner->profile.name); !strong) return strong;
  const auto hash = hashed(password);
  if (!hash) return std::unexpected(hash.error());
  return keep(account, *hash);
}

Result<bool> Passwords::has(AccountId account) {
  return store_.read([&](Database& database) -> Result<bool> {
    const auto found = storage::one_integer(database, "SELECT 1 FROM passwords WHERE account = ?", account.value);
    if (!found) return std::unexpected(found.error());
    return found->has_value();
  });
}

Result<bool> Passwords::verify(AccountId account, std::string_view password) {
  std::string hashed;
  const auto rows = store_.read([&](Database& database) {
    return storage::each_row(
        database, "SELECT hash FROM passwords WHERE account = ?", [&](const auto& row) { hashed = row.text(0); },
        account.value);
  });
  if (!rows) return std::unexpected(rows.error());
  const auto normal = normal_password(password);
  const bool can_match = normal.has_value() && !hashed.empty();
  const std::string& nobody = hash_of_nobody();
  const auto matched = hash_.matches(can_match ? hashed : nobody, normal ? *normal : std::string("-"));
  if (!matched) return std::unexpected(matched.error());
  if (!can_match || !*matched) return false;
  // A node that was given more work for a hash redoes old ones as their owners come by.
  if (hash_.is_outdated(hashed)) {
    if (const auto renewed = hash_.make(*normal)) {
      const auto kept = store_.write([&](Database& database) {
        return storage::execute(database, "UPDATE passwords SET hash = ? WHERE account = ? AND hash = ?", *renewed,
                                account.value, hashed);
      });
      if (!kept) return std::unexpected(kept.error());
    }
  }
  return true;
}

}  // namespace citiverse::identity
