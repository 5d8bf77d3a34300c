// Signatures of other servers: a set of public keys, and whether one of them signed a token.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

struct evp_pkey_st;

namespace citiverse::identity {

inline constexpr std::size_t kJwksBytesMax = 256 * 1024;  ///< Text of a key set.
inline constexpr std::size_t kJwksKeysMax = 64;           ///< Keys that are kept of one set.
inline constexpr std::size_t kJwsBytesMax = 32 * 1024;    ///< Text of one token.

/// Never "none", and no symmetric algorithm: a public key must not pass for a shared secret (RFC 8725, 3.1 and 3.2).
enum class JwsAlgorithm : std::uint8_t {
  rs256,  ///< RSASSA-PKCS1-v1_5 with SHA-256; keys of 2048 to 8192 bits.
  es256,  ///< ECDSA on P-256 with SHA-256.
  eddsa,  ///< Ed25519 (RFC 8037).
};

/// The public keys of one issuer (RFC 7517). Threads: reading is safe.
class JwkSet {
 public:
  /// Keys of other types, for other uses and damaged ones are left out, as RFC 7517 clause 5 asks. Fails: bad_input.
  static base::Result<JwkSet> parse(std::string_view json);

  std::size_t size() const { return keys_.size(); }

  /// The payload of a JWS in compact serialisation (RFC 7515, 7.1) that a key of this set signed with the algorithm of its
  /// type. Fails: bad_input (not a JWS, or with `crit`), not_found (no such key: the set may be older than the token), denied
  /// (the signature is wrong).
  base::Result<std::string> verify(std::string_view compact) const;

 private:
  struct FreeKey {
    void operator()(evp_pkey_st* key) const;
  };
  struct Key {
    std::string id;  ///< kid; may be empty.
    JwsAlgorithm algorithm;
    std::unique_ptr<evp_pkey_st, FreeKey> key;
  };
  friend struct JwkReader;
  std::vector<Key> keys_;
};

}  // namespace citiverse::identity
