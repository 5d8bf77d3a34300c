// One OpenID provider seen from this node: where its pages are, what its keys are, and who comes back from it.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/json_reader.h"
#include "base/result.h"
#include "identity/jose.h"
#include "identity/oidc_settings.h"
#include "identity/surroundings.h"

namespace citiverse::identity {

/// A call to another machine; net::HttpClient in the program.
struct OutgoingCall {
  bool is_post = false;
  std::string url;
  std::string content_type;
  std::string authorization;
  std::string body;
};
struct CallAnswer {
  int status = 0;
  std::string body;
};
using Transport = std::function<base::Result<CallAnswer>(const OutgoingCall&)>;

inline constexpr std::chrono::hours kMetadataTime{1};      ///< How long a provider's addresses and keys are taken as known.
inline constexpr std::chrono::seconds kKeysAgainTime{60};  ///< Unknown keys make this node look anew at most so often.
inline constexpr std::chrono::seconds kProviderPauseTime{
    10};  ///< After a provider did not answer, nobody waits for it so long.
inline constexpr std::size_t kProviderMetadataBytesMax = 64 * 1024;

/// One sign-in on its way, kept by the browser in a sealed ticket.
struct OidcFlow {
  std::string redirect_uri;
  std::string state;
  std::string nonce;
  std::string verifier;  ///< RFC 7636, 4.1.
};
OidcFlow begin_flow(const Surroundings& surroundings, std::string redirect_uri);

/// Who came back, as the provider says.
struct OidcPerson {
  std::string subject;
  std::string name;                 ///< Cleaned; may be empty.
  std::string register_number;      ///< Empty where the operator named no claim for it, or there is none.
  std::optional<bool> is_resident;  ///< Known only where the operator named a claim.
  bool is_minor = false;            ///< By the claim birthdate (OpenID Connect Core 1.0, 5.1): younger than 18 years.
};

/// Authorization code flow with PKCE (OpenID Connect Core 1.0, 3.1; RFC 7636, S256), everything else by Discovery 1.0.
/// Threads: safe; calls go out one at a time.
class OidcProvider {
 public:
  /// `surroundings` must outlive this.
  OidcProvider(OidcSettings settings, const Surroundings& surroundings, Transport transport);

  const OidcSettings& settings() const { return settings_; }

  /// The provider's page to which the browser goes. Blocks. Fails: unavailable, naming what the provider lacks.
  base::Result<std::string> authorization_url(const OidcFlow& flow);

  /// What came in the query of the callback, as it came.
  struct Callback {
    std::string_view code;
    std::string_view state;
    std::string_view issuer;  ///< RFC 9207; empty when absent.
    std::string_view error;
  };
  /// Redeems the code. Blocks. Fails: denied (the person or the provider said no; state, issuer, signature or a claim is
  /// wrong), unavailable.
  base::Result<OidcPerson> redeem(const OidcFlow& flow, const Callback& callback);

 private:
  struct Metadata {
    std::string authorization_endpoint;
    std::string token_endpoint;
    std::string userinfo_endpoint;  ///< May be empty.
    std::string jwks_uri;
    bool has_issuer_in_callback = false;
    bool takes_secret_in_body_only = false;
  };
  struct Tokens {
    std::string id_token;
    std::string access_token;
  };
  base::Result<std::string> call(const OutgoingCall& call, std::string_view what) const;
  base::Result<Metadata> metadata();
  base::Result<Metadata> discover() const;
  base::Result<Tokens> exchange(const Metadata& metadata, const OidcFlow& flow, std::string_view code) const;
  base::Result<std::string> verified_claims(const Metadata& metadata, const std::string& id_token);
  base::Result<void> fetch_keys(const Metadata& metadata);
  OidcPerson person_from(std::string subject, base::JsonValue claims, base::JsonValue more) const;

  OidcSettings settings_;
  const Surroundings& surroundings_;
  Transport transport_;
  std::mutex mutex_;
  std::optional<Metadata> metadata_;
  Time metadata_at_;
  std::optional<base::Error> last_failure_;
  Time failed_at_;
  std::optional<JwkSet> keys_;
  Time keys_at_;
};

}  // namespace citiverse::identity
