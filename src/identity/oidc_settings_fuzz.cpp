// Any bytes as sign_in.json: what is taken keeps its limits.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "identity/oidc_settings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace citiverse::identity;
  const auto settings = parse_sign_in_settings({reinterpret_cast<const char*>(data), size});
  if (!settings) return 0;
  CITIVERSE_CHECK(settings->providers.size() <= kProvidersMax, "no more providers than the limit");
  for (const OidcSettings& provider : settings->providers)
    CITIVERSE_CHECK(!provider.id.empty() && !provider.issuer.empty() && !provider.client_id.empty() && !provider.label.empty(),
                    "a provider that is taken is complete");
  return 0;
}
