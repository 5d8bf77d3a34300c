// A provider that answers with any bytes: nobody comes back from it.
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "identity/oidc_provider.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace citiverse::identity;
  // The answers in the order of the calls, with zero bytes between.
  std::string_view left(reinterpret_cast<const char*>(data), size);
  const auto next = [&] {
    const std::string_view answer = left.substr(0, left.find('\0'));
    left.remove_prefix(std::min(left.size(), answer.size() + 1));
    return std::string(answer);
  };
  const std::string name(next());
  bool is_first = true;
  const Surroundings surroundings = real_surroundings();
  OidcProvider provider(
      {.id = "x", .issuer = "https://x.example", .client_id = "c", .label = "X", .resident = ResidentClaim{"r", "", ""}},
      surroundings, [&](const OutgoingCall&) -> citiverse::base::Result<CallAnswer> {
        // With addresses that are right every second time, so that the later answers are reached.
        if (is_first && name.starts_with('!')) {
          is_first = false;
          return CallAnswer{200, R"({"issuer":"https://x.example","authorization_endpoint":"https://x.example/a",)"
                                 R"("token_endpoint":"https://x.example/t","jwks_uri":"https://x.example/k",)"
                                 R"("userinfo_endpoint":"https://x.example/u"})"};
        }
        return CallAnswer{200, next()};
      });
  const OidcFlow flow = begin_flow(surroundings, "https://city.example/callback");
  if (const auto url = provider.authorization_url(flow)) {
    for (const char c : *url) CITIVERSE_CHECK(c > ' ' && c < 127, "an address fits into a header field");
  }
  CITIVERSE_CHECK(!provider.redeem(flow, {.code = "c", .state = flow.state, .issuer = name}), "nobody without a signature");
  CITIVERSE_CHECK(!provider.redeem(flow, {.code = "c", .state = flow.state}), "nobody without a signature");
  return 0;
}
