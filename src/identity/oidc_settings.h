// What an operator writes about other sign-in services: the file sign_in.json of the state folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace citiverse::identity {

inline constexpr std::size_t kProvidersMax = 16;
inline constexpr std::size_t kSignInFileBytesMax = 64 * 1024;

/// A claim by which a provider says that somebody lives in the city.
struct ResidentClaim {
  std::string name;
  std::string value;  ///< Empty: the claim must be true; else it must be this text, or a list that holds it.
  /// Claim with the person's number in the city's register, the one that an office types in; empty: the provider tells none,
  /// and one person could be verified once by it and once by an office.
  std::string number_claim;
};

/// One OpenID provider.
struct OidcSettings {
  std::string id;  ///< Lower case letters, digits and hyphens, 1 to 32: stands in addresses, and never changes.
  std::string issuer;
  std::string client_id;
  std::string client_secret;  ///< Empty: a public client.
  std::string label;          ///< For people: "City account".
  std::vector<std::string> scopes{"openid", "profile"};
  std::optional<ResidentClaim> resident;
};

struct SignInSettings {
  std::vector<OidcSettings> providers;
  std::vector<std::string> trusted_hosts;  ///< net::OutgoingPolicy::trusted_hosts.
  std::filesystem::path authorities;       ///< net::OutgoingPolicy::authorities.
};

/// Fails: bad_input, naming the member and what it should be; members that are not known are refused.
base::Result<SignInSettings> parse_sign_in_settings(std::string_view json);

/// No file means no providers. Fails: bad_input, also where a file with a secret can be read by others than its owner.
base::Result<SignInSettings> read_sign_in_settings(const std::filesystem::path& file);

}  // namespace citiverse::identity
