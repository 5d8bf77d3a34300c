// SHA-1 is what coturn checks; as a keyed hash it is not broken (RFC 6194, clause 3.3).
#include "api/voice_servers.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include <fmt/format.h>

#include "base/check.h"

namespace citiverse::api {

TurnCredentials turn_credentials(std::string_view secret, std::string_view tag, identity::Time now) {
  TurnCredentials credentials{.expires_at = now + kTurnTime};
  credentials.username = fmt::format("{}:{}", credentials.expires_at.time_since_epoch().count(), tag);
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned int size = 0;
  const auto* text = reinterpret_cast<const unsigned char*>(credentials.username.data());
  CITIVERSE_CHECK(HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), text, credentials.username.size(),
                       hash.data(), &size) != nullptr,
                  "HMAC fails only without memory");
  std::array<unsigned char, 4 * ((EVP_MAX_MD_SIZE + 2) / 3) + 1> encoded{};
  const int length = EVP_EncodeBlock(encoded.data(), hash.data(), static_cast<int>(size));
  credentials.credential.assign(encoded.begin(), encoded.begin() + length);
  return credentials;
}

}  // namespace citiverse::api
