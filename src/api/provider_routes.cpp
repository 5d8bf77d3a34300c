// Other sign-in services over HTTP: the browser goes there with a sealed ticket in a cookie, and is known by it when it comes
// back.
#include <algorithm>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "api/identity_json.h"
#include "api/parameters.h"
#include "api/problem.h"
#include "api/routes.h"
#include "api/sign_in_services.h"
#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/log.h"
#include "net/target.h"

namespace citiverse::api {
namespace {

using base::ErrorCode;
using base::JsonWriter;
using identity::AccountId;
using identity::Permission;
using net::Method;

constexpr std::string_view kTripCookie = "citiverse_sign_in";
constexpr std::string_view kTripPurpose = "provider sign-in";
constexpr std::chrono::minutes kTripTime{10};
constexpr std::size_t kReturnBytesMax = 512;

// One journey to a provider and back.
struct Trip {
  std::string provider;
  identity::OidcFlow flow;
  std::string return_to;
  bool is_minor = false;
  AccountId links;  // The account that the provider is added to; unknown: none.
};

std::string callback_of(const SignInServices& services, std::string_view provider) {
  return fmt::format("{}/api/v1/sign-in/oidc/{}/callback", services.public_origin, provider);
}

std::string trip_text(const Trip& trip) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("provider", trip.provider).member("state", trip.flow.state).member("nonce", trip.flow.nonce);
  json.member("verifier", trip.flow.verifier).member("return", trip.return_to).key("minor").boolean(trip.is_minor);
  if (trip.links.is_known()) json.member("links", to_text(trip.links));
  json.end_object();
  return text;
}

std::optional<Trip> trip_of(const SignInServices& services, const net::Request& request) {
  const auto content = services.tickets.open(kTripPurpose, net::cookie_of(request, kTripCookie));
  const auto document = content ? base::JsonDocument::parse(*content) : base::fail(ErrorCode::denied, "");
  if (!document) return std::nullopt;
  const base::JsonValue root = document->root();
  const auto text = [&](std::string_view name) { return std::string(root.find(name).text().value_or("")); };
  Trip trip{
      .provider = text("provider"), .return_to = text("return"), .is_minor = root.find("minor").boolean().value_or(false)};
  trip.flow = {callback_of(services, trip.provider), text("state"), text("nonce"), text("verifier")};
  trip.links = identity::parse_id<AccountId>(text("links")).value_or(AccountId{});
  return trip;
}

std::string trip_cookie(const SignInServices& services, std::string_view ticket) {
  const auto seconds = ticket.empty() ? 0 : std::chrono::seconds(kTripTime).count();
  return fmt::format("Set-Cookie: {}={}; Path=/api/v1/sign-in/oidc; HttpOnly; SameSite=Lax; Max-Age={}{}\r\n", kTripCookie,
                     ticket, seconds, services.people.is_secure ? "; Secure" : "");
}

// Path and query of this node: "//host" and "/\host" would lead elsewhere, and blanks and controls out of the header field.
bool is_own_page(std::string_view path) {
  return path.size() <= kReturnBytesMax && path.starts_with('/') && !path.starts_with("//") && !path.starts_with("/\\") &&
         std::ranges::all_of(path, [](char c) { return c > ' ' && c < 127; });
}

net::Reply elsewhere(std::string_view address, std::string_view cookies) {
  net::Reply reply;
  reply.status = 303;
  reply.audience = net::Audience::personal;
  reply.fields = fmt::format("Location: {}\r\nReferrer-Policy: no-referrer\r\n{}", address, cookies);
  return reply;
}

// Back to the page with the code of what went wrong, before a fragment if there is one.
std::string with_problem(std::string_view page, std::string_view code) {
  if (code.empty()) return std::string(page);
  const std::size_t end = std::min(page.find('#'), page.size());
  const std::string_view path = page.substr(0, end);
  return fmt::format("{}{}sign_in_problem={}{}", path, path.contains('?') ? '&' : '?', code, page.substr(end));
}

// The operator learns what a provider lacks; the person only that it does not work now.
void log_failure(std::string_view provider, const base::Error& error) {
  base::log(base::LogLevel::warning, "sign_in_provider",
            {{"provider", provider}, {"problem", std::string_view(error.message)}});
}

net::Reply start(const SignInServices& services, const net::Call& call) {
  identity::OidcProvider* provider = services.find_provider(call.parameters[0]);
  if (provider == nullptr) return no_such("provider");
  Parameters parameters(call.request.query);
  Trip trip{.provider = provider->settings().id};
  trip.return_to = parameters.text("return", kReturnBytesMax).value_or("/");
  trip.is_minor = parameters.boolean("minor");
  const bool wants_link = parameters.boolean("link");
  if (!is_own_page(trip.return_to))
    parameters.fail("return", "return must be a path of this node, such as /?view=text, percent-encoded");
  if (const auto& failure = parameters.failure()) return bad_parameter(*failure);
  if (wants_link) {
    const auto session = session_of(services.people, call.request);
    if (!session) return net::problem(401, "sign_in_needed", "sign in to the account that the provider is to be added to");
    if (call.request.sec_fetch_site != "same-origin")
      return net::problem(403, "cross_origin", "a provider is added from a page of this node only");
    if ((session->standing & identity::kGuest) == 0 && !session->is_fresh) return sign_in_again();
    trip.links = session->account;
  }
  trip.flow = begin_flow(services.people.identity.surroundings(), callback_of(services, trip.provider));
  const auto address = provider->authorization_url(trip.flow);
  if (!address) {
    log_failure(trip.provider, address.error());
    return elsewhere(with_problem(trip.return_to, "provider_unavailable"), {});
  }
  return elsewhere(*address, trip_cookie(services, services.tickets.seal(kTripPurpose, trip_text(trip), kTripTime)));
}

struct Outcome {
  std::string problem;  // Empty: signed in.
  std::string cookies;
};

Outcome finish_trip(const SignInServices& services, const net::Call& call, const Trip& trip) {
  const auto query = net::parse_query(call.request.query);
  const auto field = [&](std::string_view name) -> std::string_view {
    for (const auto& [key, value] : *query) {
      if (key == name) return value;
    }
    return {};
  };
  // What a provider adds of its own is passed over (RFC 6749, 4.1.2).
  if (!query) return {"provider_denied", {}};
  identity::OidcProvider& provider = *services.find_provider(trip.provider);
  auto person = provider.redeem(trip.flow, {field("code"), field("state"), field("iss"), field("error")});
  if (!person) {
    log_failure(trip.provider, person.error());
    return {person.error().code == ErrorCode::denied ? "provider_denied" : "provider_unavailable", {}};
  }
  const auto session = session_of(services.people, call.request);
  const AccountId signed_in = session ? session->account : AccountId{};
  if (trip.links.is_known() && trip.links != signed_in) return {"sign_in_expired", {}};
  const auto arrived = services.provider_accounts->arrive({.provider = provider.settings(),
                                                           .person = std::move(*person),
                                                           .signed_in = signed_in,
                                                           .wants_link = trip.links.is_known(),
                                                           .says_minor = trip.is_minor});
  if (!arrived) return {arrived.error().code == ErrorCode::conflict ? "already_linked" : "provider_unavailable", {}};
  auto cookies = sign_in(services.people, call.request, arrived->account, identity::SignInMethod::oidc);
  if (!cookies) return {"provider_unavailable", {}};
  return {arrived->is_other_verified ? "already_verified" : "", *std::move(cookies)};
}

net::Reply finish(const SignInServices& services, const net::Call& call) {
  if (services.find_provider(call.parameters[0]) == nullptr) return no_such("provider");
  const auto trip = trip_of(services, call.request);
  if (!trip || trip->provider != call.parameters[0])
    return elsewhere(with_problem("/", "sign_in_expired"), trip_cookie(services, ""));
  Outcome outcome = finish_trip(services, call, *trip);
  return elsewhere(with_problem(trip->return_to, outcome.problem), trip_cookie(services, "") + outcome.cookies);
}

net::Reply list_providers(const SignInServices& services, const net::Call&) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().key("providers").begin_array();
  for (const auto& provider : services.providers) {
    const identity::OidcSettings& settings = provider->settings();
    json.begin_object().member("id", settings.id).member("label", settings.label);
    if (settings.resident) json.key("verifies_residents").boolean(true);
    json.end_object();
  }
  json.end_array().end_object();
  return json_reply(std::move(text));
}

net::Reply list_own_providers(const SignInServices& services, const net::Call& call) {
  const auto links = services.provider_accounts->list(account_of(call));
  if (!links) return problem_from(links.error());
  std::string text;
  JsonWriter json(text);
  json.begin_object().key("providers").begin_array();
  for (const identity::ProviderLink& link : *links) {
    const identity::OidcProvider* provider = services.find_provider(link.provider);
    json.begin_object().member("id", link.provider).member("label", provider ? provider->settings().label : link.provider);
    json.member("added_at", fmt::format("{:%FT%TZ}", link.added_at)).end_object();
  }
  json.end_array().end_object();
  return personal_reply(std::move(text));
}

net::Reply remove_own_provider(const SignInServices& services, const net::Call& call) {
  const auto session = session_of(services.people, call.request);
  if (!session || !session->is_fresh) return sign_in_again();
  const std::string_view provider = call.parameters[0];
  // One write, so that two removals at once cannot take both ways in. One that the operator no longer names is none.
  bool is_last = false;
  const auto removed = services.people.identity.store().write([&](storage::Database&) -> base::Result<void> {
    const auto has_two = services.has_two_ways_in(account_of(call));
    if (!has_two) return std::unexpected(has_two.error());
    is_last = !*has_two && services.find_provider(provider) != nullptr;
    if (auto done = services.provider_accounts->remove(account_of(call), provider); !done) return done;
    return is_last ? base::fail(ErrorCode::conflict, "the last way in") : base::Result<void>();
  });
  if (removed) return done_reply();
  return is_last && removed.error().code == ErrorCode::conflict ? last_way_in() : problem_from(removed.error());
}

}  // namespace

void add_provider_routes(net::Router& router, const SignInServices& services) {
  const auto add = [&](Method method, std::string pattern, Permission permission,
                       net::Reply (*answer)(const SignInServices&, const net::Call&), net::Work work = net::Work::brief) {
    add_route(
        router, method, std::move(pattern), permission,
        [&services, answer](const net::Call& call) { return answer(services, call); }, work);
  };
  add(Method::get, "/api/v1/sign-in/oidc", Permission::everyone, list_providers);
  // These two wait for another machine.
  add(Method::get, "/api/v1/sign-in/oidc/{provider}/start", Permission::everyone, start, net::Work::long_);
  add(Method::get, "/api/v1/sign-in/oidc/{provider}/callback", Permission::everyone, finish, net::Work::long_);
  add(Method::get, "/api/v1/me/providers", Permission::own_account, list_own_providers);
  add(Method::delete_, "/api/v1/me/providers/{provider}", Permission::own_account, remove_own_provider);
}

}  // namespace citiverse::api
