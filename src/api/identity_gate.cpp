// The door: each request's cookie becomes a visitor, and the policy table says what the visitor may.
#include "api/identity_api.h"
#include "net/reply.h"

namespace citiverse::api {

using identity::Permission;
using identity::Verdict;

namespace {

// RFC 6750, 2.1: the scheme is compared without case. Empty for any other scheme.
std::string_view bearer_of(const net::Request& request) {
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view field = request.authorization;
  if (field.size() < kScheme.size() || !net::equal_without_case(field.substr(0, kScheme.size()), kScheme)) return {};
  return field.substr(field.find_first_not_of(' ', kScheme.size() - 1));
}

// Who brings a token is a machine whatever cookies come along: net asks no Origin of it.
std::expected<net::Visitor, net::Reply> admit_machine(const identity::Machines& machines, const net::Request& request,
                                                      Permission permission) {
  const auto machine = machines.find(bearer_of(request));
  if (machine == nullptr) {
    net::Reply refusal =
        net::problem(401, "bad_token", "this token is not, or no longer, one of this node's; an operator makes them");
    refusal.fields = "WWW-Authenticate: Bearer error=\"invalid_token\"\r\n";
    return std::unexpected(std::move(refusal));
  }
  if (!machine->may(permission)) {
    net::Reply refusal = net::problem(403, "denied", "this machine's token does not carry the permission that is needed here");
    refusal.fields = "WWW-Authenticate: Bearer error=\"insufficient_scope\"\r\n";
    return std::unexpected(std::move(refusal));
  }
  return net::Visitor{.machine = machine->id.value};
}

}  // namespace

net::Pace IdentityGate::pace_of(const net::Request& request, std::chrono::nanoseconds now) {
  const auto machine = identity_.machines().find(bearer_of(request));
  if (machine == nullptr) return net::Pace::of_address;
  return identity_.machines().take(*machine, now) ? net::Pace::granted : net::Pace::too_often;
}

std::expected<net::Visitor, net::Reply> IdentityGate::admit(const net::Request& request, net::AccessRule access, bool) {
  if (access >= identity::kPermissions) return std::unexpected(net::problem(403, "denied", "nobody may use this address"));
  if (!request.authorization.empty()) return admit_machine(identity_.machines(), request, static_cast<Permission>(access));
  const std::string_view token = token_of(request);
  const auto session = token.empty() ? std::nullopt : identity_.sessions().find(token);
  const auto permission = static_cast<Permission>(access);
  const identity::Policy& policy = identity::policy_of(permission);
  switch (identity::decide(permission, session ? session->standing : 0, session ? session->dormant : 0)) {
    case Verdict::allowed: break;
    case Verdict::sign_in_needed: return std::unexpected(net::problem(401, "sign_in_needed", policy.needs));
    case Verdict::sign_in_again_needed: return std::unexpected(sign_in_again());
    case Verdict::denied: return std::unexpected(net::problem(403, "denied", policy.needs));
  }
  if (!session) return net::Visitor{};
  return net::Visitor{.account = session->account.value, .session = session->session.value, .roles = session->standing};
}

std::optional<identity::ActiveSession> session_of(const IdentityApi& api, const net::Request& request) {
  return api.identity.sessions().find(token_of(request));
}

net::Reply sign_in_again() {
  return net::problem(403, "sign_in_again", "the sign-in is too long ago for this; sign in again and repeat it");
}

net::Reply no_such(std::string_view thing) {
  return net::problem(404, "not_found", std::string("there is no such ") + std::string(thing));
}

void add_route(net::Router& router, net::Method method, std::string pattern, Permission permission,
               std::function<net::Reply(const net::Call&)> make, net::Work work) {
  net::Route route;
  route.pattern = std::move(pattern);
  route.method = method;
  route.access = access_of(permission);
  route.work = work;
  route.make = std::move(make);
  router.add(std::move(route));
}

void add_identity_routes(net::Router& router, const IdentityApi& api) {
  add_me_routes(router, api);
  add_sign_in_routes(router, api);
  add_own_data_routes(router, api);
  add_account_routes(router, api);
  add_organisation_routes(router, api);
  add_machine_routes(router, api);
}

}  // namespace citiverse::api
