// What an ID token must say before its subject is believed.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/json_reader.h"
#include "base/result.h"
#include "identity/surroundings.h"

namespace citiverse::identity {

inline constexpr std::chrono::seconds kClockDifferenceMax{60};  ///< Between this node and a provider.
inline constexpr std::size_t kSubjectBytesMax = 255;            ///< OpenID Connect Core 1.0, clause 2: sub.

struct ExpectedToken {
  std::string_view issuer;
  std::string_view client_id;
  std::string_view nonce;
  Time now;
};

/// The subject of a token whose signature was verified. Checks iss, aud, azp, exp, iat, nonce and sub (OpenID Connect Core 1.0,
/// clause 3.1.3.7, steps 2 to 5 and 9 to 11). Fails: denied, naming the claim.
base::Result<std::string> check_id_token(base::JsonValue claims, const ExpectedToken& expected);

}  // namespace citiverse::identity
