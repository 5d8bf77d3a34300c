// Whether a passkey was made for this city, and whether its holder is here now: the relying party's side of WebAuthn.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace citiverse::identity {

inline constexpr std::size_t kClientDataBytesMax = 4096;
inline constexpr std::size_t kAttestationBytesMax = 16 * 1024;
inline constexpr std::size_t kAuthenticatorDataBytesMax = 4096;
inline constexpr std::size_t kCredentialIdBytesMax = 1023;  ///< WebAuthn Level 3, clause 4: credential ID.
inline constexpr std::size_t kAssertionSignatureBytesMax = 1024;

/// The relying party: its id is the host of its origins or a parent domain of it.
struct PasskeySite {
  std::string rp_id;
  std::vector<std::string> origins;  ///< Such as "https://city.example"; compared letter by letter.
};

/// COSE algorithms (RFC 9053, RFC 8812) that a passkey may have; all are offered, best first.
inline constexpr int kPasskeyAlgorithms[] = {-8, -7, -257};  // EdDSA on Ed25519, ES256, RS256 with 2048 bits

enum class UserVerification : std::uint8_t {
  preferred,
  required,  ///< The authenticator must have checked a finger, a face or a PIN: a found key is no account.
};

struct PasskeyKey {
  int algorithm = 0;
  std::string bytes;  ///< x and y, n and e, or x, as libfido2 lays them side by side.
};

/// What a registration proved.
struct NewPasskey {
  std::string credential_id;
  PasskeyKey key;
  std::uint32_t counter = 0;
  bool is_backup_eligible = false;  ///< May be on several devices of its owner.
};

/// Verifies a registration (WebAuthn Level 3, 7.1, for attestation conveyance "none": who made the authenticator is not asked,
/// so statements are "none", or "packed" whose signature holds). `challenge` is what was sent out, as bytes. Fails: bad_input
/// (malformed, other formats), denied (another site, challenge or ceremony; no user present or verified).
base::Result<NewPasskey> verify_registration(const PasskeySite& site, std::string_view challenge,
                                             std::string_view client_data_json, std::string_view attestation_object,
                                             UserVerification verification);

struct Assertion {
  std::string client_data_json;
  std::string authenticator_data;
  std::string signature;
};

struct ProvenPasskey {
  std::uint32_t counter = 0;
  bool is_backup_eligible = false;
  bool is_backed_up = false;
};

/// Verifies an assertion by the stored key (WebAuthn Level 3, 7.2, steps 11 to 21). The caller compares the counter.
/// Fails: bad_input, denied.
base::Result<ProvenPasskey> verify_assertion(const PasskeySite& site, std::string_view challenge, const PasskeyKey& key,
                                             const Assertion& assertion, UserVerification verification);

}  // namespace citiverse::identity
