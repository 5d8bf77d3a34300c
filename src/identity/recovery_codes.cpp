// Codes are hashed with their account, so that a code of one person is nothing at another's.
#include "identity/recovery_codes.h"

#include "identity/account_rows.h"
#include "storage/rows.h"

namespace citiverse::identity {
namespace {

using base::Result;
using storage::Database;

constexpr std::size_t kGroupCharacters = 4;
constexpr std::string_view kCodeLetters = "abcdefghijklmnopqrstuvwxyz234567";

std::string bare_code(std::string_view typed) {
  std::string bare;
  for (const char c : typed) {
    if (c == ' ' || c == '-') continue;
    bare += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  }
  return bare;
}

std::string hash_of_code(const Surroundings& surroundings, AccountId account, std::string_view bare) {
  return keyed_hash(surroundings, "recovery code", to_text(account) + std::string(bare));
}

}  // namespace

Result<std::array<std::string, kRecoveryCodes>> RecoveryCodes::make(AccountId account) {
  std::array<std::string, kRecoveryCodes> codes;
  std::array<std::byte, kRecoveryCodeCharacters> random{};
  for (std::string& code : codes) {
    surroundings_.fill_random(random);
    for (std::size_t i = 0; i < random.size(); ++i) {
      if (i > 0 && i % kGroupCharacters == 0) code += '-';
      code += kCodeLetters[std::to_integer<std::size_t>(random[i]) % kCodeLetters.size()];  // 32 letters: no bias.
    }
  }
  const auto done = store_.write([&](Database& database) -> Result<void> {
    if (const auto owner = account_in(database, account); !owner) return std::unexpected(owner.error());
    if (const auto gone = storage::execute(database, "DELETE FROM recovery_codes WHERE account = ?", account.value); !gone)
      return std::unexpected(gone.error());
    for (const std::string& code : codes) {
      const std::string hash = hash_of_code(surroundings_, account, bare_code(code));
      const auto kept = storage::execute(database, "INSERT INTO recovery_codes VALUES (?, ?, ?)", account.value,
                                         storage::Blob{hash}, seconds_of(surroundings_.now()));
      if (!kept) return std::unexpected(kept.error());
    }
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return codes;
}

Result<std::size_t> RecoveryCodes::left(AccountId account) {
  return store_.read([&](Database& database) -> Result<std::size_t> {
    const auto count = storage::one_integer(database, "SELECT count(*) FROM recovery_codes WHERE account = ?", account.value);
    if (!count) return std::unexpected(count.error());
    return static_cast<std::size_t>(count->value_or(0));
  });
}

Result<bool> RecoveryCodes::use(AccountId account, std::string_view code) {
  const std::string hash = hash_of_code(surroundings_, account, bare_code(code));
  return store_.write([&](Database& database) -> Result<bool> {
    const auto used = storage::execute(database, "DELETE FROM recovery_codes WHERE account = ? AND hash = ?", account.value,
                                       storage::Blob{hash});
    if (!used) return std::unexpected(used.error());
    return *used == 1;
  });
}

}  // namespace citiverse::identity
