// What the routes about people share: who is who, and whether cookies travel by https only.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "identity/identity.h"
#include "net/gate.h"
#include "net/router.h"

namespace citiverse::api {

inline constexpr std::string_view kSessionCookie = "citiverse_session";
inline constexpr std::string_view kDeviceCookie = "citiverse_device";

/// Must outlive the router.
struct IdentityApi {
  identity::Identity& identity;
  bool is_secure = false;  ///< The public origin is https.
};

/// Holds every request against identity's policy table. Threads: safe. Cost: a hash and two look-ups.
class IdentityGate : public net::Gate {
 public:
  explicit IdentityGate(identity::Identity& identity) : identity_(identity) {}
  std::expected<net::Visitor, net::Reply> admit(const net::Request& request, net::AccessRule access, bool is_unsafe) override;
  net::Pace pace_of(const net::Request& request, std::chrono::nanoseconds now) override;

 private:
  identity::Identity& identity_;
};

constexpr net::AccessRule access_of(identity::Permission permission) { return static_cast<net::AccessRule>(permission); }
inline identity::AccountId account_of(const net::Call& call) { return {call.visitor.account}; }
inline std::string_view token_of(const net::Request& request) { return net::cookie_of(request, kSessionCookie); }
/// The session of a request that the gate let in.
std::optional<identity::ActiveSession> session_of(const IdentityApi& api, const net::Request& request);

// Cookies (RFC 6265), as header fields.
std::string session_cookie(const IdentityApi& api, std::string_view token);
std::string no_session_cookie(const IdentityApi& api);

/// Signs in on the device that asks. A session of the same account goes on under a new token; any other ends. Gives the cookies
/// as header fields: for answers that are redirections. A privileged account's sign-in is logged.
base::Result<std::string> sign_in(const IdentityApi& api, const net::Request& request, identity::AccountId account,
                                  identity::SignInMethod method);
/// sign_in(), answered with Me.
net::Reply signed_in_reply(const IdentityApi& api, const net::Request& request, identity::AccountId account,
                           identity::SignInMethod method, int status = 200);

/// An attempt to sign in under a name, as the throttle counts it. `account` is whose name it is, if anybody's.
identity::SignInAttempt attempt_of(const IdentityApi& api, const net::Request& request, std::string_view sign_in_name,
                                   std::optional<identity::AccountId> account);
/// 429 too_many_attempts with Retry-After.
net::Reply too_many_attempts(std::chrono::seconds wait);
/// 403 sign_in_again, for what needs a fresh sign-in.
net::Reply sign_in_again();
/// 404 for an id in a path that is none.
net::Reply no_such(std::string_view thing);

// Routes, a file each.
void add_sign_in_routes(net::Router& router, const IdentityApi& api);
void add_me_routes(net::Router& router, const IdentityApi& api);
void add_own_data_routes(net::Router& router, const IdentityApi& api);
void add_account_routes(net::Router& router, const IdentityApi& api);
void add_organisation_routes(net::Router& router, const IdentityApi& api);
void add_machine_routes(net::Router& router, const IdentityApi& api);
/// All of them.
void add_identity_routes(net::Router& router, const IdentityApi& api);

/// A route that answers on a worker.
void add_route(net::Router& router, net::Method method, std::string pattern, identity::Permission permission,
               std::function<net::Reply(const net::Call&)> make, net::Work work = net::Work::brief);

}  // namespace citiverse::api
