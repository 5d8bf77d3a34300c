// Any bytes as a key set and as a token: nothing that was not signed by a key of the set gives a payload.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "identity/jose.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto set = citiverse::identity::JwkSet::parse(text)) {
    CITIVERSE_CHECK(set->size() <= citiverse::identity::kJwksKeysMax, "no more keys than the limit");
  }
  // RFC 8037, appendix A.2; who fuzzes does not hold its private half.
  static const auto key = citiverse::identity::JwkSet::parse(
      R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})");
  const auto payload = key->verify(text);
  CITIVERSE_CHECK(!payload || *payload == "Example of Ed25519 signing",
                  "only the standard's own example is known to be signed");
  return 0;
}
