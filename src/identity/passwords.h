// Passwords: what may be one, how it is kept, and how one is held against it.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "identity/accounts.h"
#include "identity/breached_passwords.h"
#include "identity/password_hash.h"

namespace citiverse::identity {

/// NIST SP 800-63B-4, 3.1.1.2: at least 15 characters where a password alone signs in; at least 64 must be taken.
inline constexpr std::size_t kPasswordCharactersMin = 15;
inline constexpr std::size_t kPasswordCharactersMax = 256;
inline constexpr std::size_t kPasswordBytesMax = 1024;
/// Characters of a password that must be left when words that anybody can guess (own names, the city's) are taken out.
inline constexpr std::size_t kUnguessableCharactersMin = 8;
inline constexpr std::size_t kDifferentCharactersMin = 5;
/// Threads: safe.
class Passwords {
 public:
  struct Options {
    HashCost cost;
    const BreachedPasswords* breached = nullptr;  ///< Must outlive this.
    std::vector<std::string> guessable_words;     ///< Of this node, such as the city's name.
  };
  Passwords(storage::Store& store, const Surroundings& surroundings, Accounts& accounts, Options options);

  /// Fails: bad_input, saying why this is no password for this person.
  base::Result<void> check_strength(std::string_view password, std::string_view sign_in_name, std::string_view name) const;
  /// The hash to keep; slow, so outside of a write. Fails: bad_input; unavailable when too many hash at once.
  base::Result<std::string> hashed(std::string_view password) const;
  /// A guest becomes a member. Fails: not_found.
  base::Result<void> keep(AccountId account, std::string_view hashed);
  /// check_strength(), hashed() and keep(). Fails as these do.
  base::Result<void> set(AccountId account, std::string_view password);
  base::Result<bool> has(AccountId account);
  /// Takes the same time whether there is such an account and password or not: give an unknown id where there is none.
  /// Fails: unavailable when too many hash at once.
  base::Result<bool> verify(AccountId account, std::string_view password);

 private:
  const std::string& hash_of_nobody() const;

  storage::Store& store_;
  const Surroundings& surroundings_;
  Accounts& accounts_;
  Options options_;
  mutable PasswordHash hash_;
  mutable std::once_flag nobody_once_;
  mutable std::string hash_of_nobody_;
};

/// NFKC, as SP 800-63B-4, 3.1.1.2 asks for (UAX #15). Fails: bad_input for what is not UTF-8 or longer than the limits.
base::Result<std::string> normal_password(std::string_view password);

}  // namespace citiverse::identity
