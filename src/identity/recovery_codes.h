// Codes on paper, each of which signs in once: for the day when phone and passkey are gone.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/result.h"
#include "identity/accounts.h"

namespace citiverse::identity {

inline constexpr std::size_t kRecoveryCodes = 10;
inline constexpr std::size_t kRecoveryCodeCharacters = 24;  ///< Of 5 bits each: 120 bits, more than the 112 for a plain hash.

/// Look-up secrets of NIST SP 800-63B-4, 3.1.2: random, each used once, kept as hashes under the node's key, and tried as
/// seldom as passwords (SignInThrottle). Threads: safe.
class RecoveryCodes {
 public:
  RecoveryCodes(storage::Store& store, const Surroundings& surroundings) : store_(store), surroundings_(surroundings) {}

  /// Ten new codes as "abcd-efgh-ijkl-mnop-qrst-uvwx"; earlier ones end. Fails: not_found.
  base::Result<std::array<std::string, kRecoveryCodes>> make(AccountId account);
  base::Result<std::size_t> left(AccountId account);
  /// True when the code was one, which it is no longer. Case, spaces and hyphens do not count.
  base::Result<bool> use(AccountId account, std::string_view code);

 private:
  storage::Store& store_;
  const Surroundings& surroundings_;
};

}  // namespace citiverse::identity
