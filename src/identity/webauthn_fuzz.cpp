// Any bytes as attestation object, authenticator data and signature: nothing that a stranger sends is taken, or harms.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "identity/base64url.h"
#include "identity/webauthn.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace citiverse::identity;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const PasskeySite site{"example.org", {"https://example.org"}};
  const std::string challenge(32, 'c');
  const auto client_data = [&](std::string_view type) {
    return std::string(R"({"type":")") + std::string(type) + R"(","challenge":")" + base64url_of(challenge) +
           R"(","origin":"https://example.org","crossOrigin":false})";
  };
  const auto made = verify_registration(site, challenge, client_data("webauthn.create"), bytes, UserVerification::preferred);
  if (made) CITIVERSE_CHECK(!made->credential_id.empty() && !made->key.bytes.empty(), "what is registered has an id and a key");
  (void)verify_registration(site, challenge, bytes, bytes, UserVerification::preferred);
  // The key of WebAuthn Level 3's vector none.ES256 has signed no challenge of this fuzzer.
  const std::string key =
      *base64url_bytes("r--hb5fKmy0j64bMtkCY0g25CFYGLrJJwzqbZy8m32GTCla4ei_KZjNLA0WKv4eXF8Esxo7XMpCvLiZkeWuSIA");
  const std::size_t half = size / 2;
  CITIVERSE_CHECK(
      !verify_assertion(site, challenge, {-7, key}, {client_data("webauthn.get"), bytes.substr(0, half), bytes.substr(half)},
                        UserVerification::preferred),
      "no assertion without the key");
  return 0;
}
