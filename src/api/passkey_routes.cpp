// Passkeys over HTTP: options go out and credentials come back in the JSON forms of WebAuthn Level 3.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "api/identity_json.h"
#include "api/json_body.h"
#include "api/parameters.h"
#include "api/problem.h"
#include "api/sign_in_services.h"
#include "base/json_writer.h"
#include "identity/base64url.h"

namespace citiverse::api {
namespace {

using base::ErrorCode;
using base::JsonWriter;
using identity::base64url_of;
using identity::Permission;
using net::Method;

constexpr std::size_t kTicketCharactersMax = 1024;

// For the browser's own patience; the ticket ends at the same time.
constexpr auto kTimeoutMs = std::chrono::milliseconds(identity::kCeremonyTime).count();

// Bytes of a member in base64url; a member that is something else is marked.
std::string bytes_of(JsonBody& body, base::JsonValue object, std::string_view name) {
  const auto text = object.find(name).text();
  auto bytes = text ? identity::base64url_bytes(*text) : std::nullopt;
  if (!bytes) body.fail("credential", fmt::format("credential: its {} is missing or not base64url", name));
  return std::move(bytes).value_or("");
}

// The credential as the browser's toJSON() gives it (5.1, RegistrationResponseJSON and AuthenticationResponseJSON).
base::JsonValue credential_of(JsonBody& body) {
  const base::JsonValue credential = body.value("credential");
  if (credential.find("type").text() != "public-key") body.fail("credential", "credential: its type must be public-key");
  return credential;
}

net::Reply wrong_passkey(const base::Error& error, int status) {
  if (identity::is_ticket_refused(error)) return net::problem(400, "ticket_spent", error.message, "ticket");
  if (error.code == ErrorCode::bad_input) return net::problem(400, "wrong_passkey", error.message);
  if (error.code == ErrorCode::denied) return net::problem(status, "wrong_passkey", error.message);
  return problem_from(error);
}

void write_passkey(JsonWriter& json, const identity::Passkey& passkey) {
  json.begin_object().member("id", to_text(passkey.id)).member("label", passkey.label);
  json.member("created_at", fmt::format("{:%FT%TZ}", passkey.created_at));
  if (passkey.used_on) json.member("used_on", fmt::format("{:%F}", *passkey.used_on));
  json.key("synced").boolean(passkey.is_synced).end_object();
}

// PublicKeyCredentialCreationOptionsJSON (5.1.8): a passkey that its device finds without being told whose, and that is used
// only by its verified owner; who made the device is not asked.
std::string creation_options(const SignInServices& services, const identity::PasskeyRegistration& registration,
                             const identity::Account& account) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("ticket", registration.ceremony.ticket).key("public_key").begin_object();
  json.key("rp").begin_object().member("id", services.passkeys->site().rp_id).member("name", services.city_name).end_object();
  const std::string& name = account.sign_in_name.empty() ? account.profile.name : account.sign_in_name;
  json.key("user").begin_object().member("id", base64url_of(registration.user_handle)).member("name", name);
  json.member("displayName", account.profile.name).end_object();
  json.member("challenge", base64url_of(registration.ceremony.challenge)).key("pubKeyCredParams").begin_array();
  for (const int algorithm : identity::kPasskeyAlgorithms)
    json.begin_object().member("type", "public-key").key("alg").integer(algorithm).end_object();
  json.end_array().key("timeout").integer(kTimeoutMs).key("excludeCredentials").begin_array();
  for (const std::string& id : registration.credential_ids)
    json.begin_object().member("type", "public-key").member("id", base64url_of(id)).end_object();
  json.end_array().key("authenticatorSelection").begin_object().member("residentKey", "required");
  json.key("requireResidentKey").boolean(true).member("userVerification", "required").end_object();
  json.member("attestation", "none").end_object().end_object();
  return text;
}

// PublicKeyCredentialRequestOptionsJSON (5.1.9) without allowCredentials: nobody learns here who has an account.
std::string request_options(const SignInServices& services, const identity::PasskeyCeremony& ceremony) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("ticket", ceremony.ticket).key("public_key").begin_object();
  json.member("challenge", base64url_of(ceremony.challenge)).key("timeout").integer(kTimeoutMs);
  json.member("rpId", services.passkeys->site().rp_id).member("userVerification", "required").end_object().end_object();
  return text;
}

// Members must have signed in just now: whoever finds an open screen must not add a key of their own.
std::optional<net::Reply> refuse_stale(const SignInServices& services, const net::Call& call) {
  const auto session = session_of(services.people, call.request);
  if (!session) return net::problem(401, "sign_in_needed", "sign in first");
  const bool is_guest = (session->standing & identity::kGuest) != 0;
  return is_guest || session->is_fresh ? std::nullopt : std::optional(sign_in_again());
}

net::Reply begin_sign_in(const SignInServices& services, const net::Call& call) {
  JsonBody body(call.request.body);
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  if (services.passkeys->site().rp_id.empty())
    return net::problem(409, "conflict", "passkeys need a node with a name that is reached by https; sign in another way");
  return personal_reply(request_options(services, services.passkeys->begin_sign_in()));
}

net::Reply sign_in_by_passkey(const SignInServices& services, const net::Call& call) {
  JsonBody body(call.request.body);
  const std::string ticket = body.required_text("ticket", 1, kTicketCharactersMax);
  const base::JsonValue credential = credential_of(body);
  const base::JsonValue response = credential.find("response");
  const std::string id = bytes_of(body, credential, "id");
  const std::string handle = bytes_of(body, response, "userHandle");
  const identity::Assertion assertion{bytes_of(body, response, "clientDataJSON"), bytes_of(body, response, "authenticatorData"),
                                      bytes_of(body, response, "signature")};
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  const auto account = services.passkeys->sign_in(ticket, id, handle, assertion);
  if (!account) return wrong_passkey(account.error(), 401);
  return signed_in_reply(services.people, call.request, *account, identity::SignInMethod::passkey);
}

net::Reply begin_registration(const SignInServices& services, const net::Call& call) {
  JsonBody body(call.request.body);
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  if (auto refused = refuse_stale(services, call)) return *std::move(refused);
  const auto account = services.people.identity.accounts().get(account_of(call));
  if (!account) return problem_from(account.error());
  const auto registration = services.passkeys->begin(account->id);
  if (!registration) return problem_from(registration.error());
  return personal_reply(creation_options(services, *registration, *account));
}

net::Reply add_passkey(const SignInServices& services, const net::Call& call) {
  JsonBody body(call.request.body);
  const std::string ticket = body.required_text("ticket", 1, kTicketCharactersMax);
  const std::string label = body.required_text("label", 1, identity::kPasskeyLabelCharactersMax);
  const base::JsonValue response = credential_of(body).find("response");
  const std::string client_data = bytes_of(body, response, "clientDataJSON");
  const std::string attestation = bytes_of(body, response, "attestationObject");
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  if (auto refused = refuse_stale(services, call)) return *std::move(refused);
  const auto passkey = services.passkeys->add(account_of(call), ticket, label, client_data, attestation);
  if (!passkey) return wrong_passkey(passkey.error(), 400);
  // What one may do has just grown: the session goes on under a new token.
  auto cookies = sign_in(services.people, call.request, account_of(call), identity::SignInMethod::passkey);
  if (!cookies) return problem_from(cookies.error());
  std::string text;
  JsonWriter json(text);
  write_passkey(json, *passkey);
  net::Reply reply = personal_reply(std::move(text), 201);
  reply.fields += *cookies;
  return reply;
}

net::Reply list_passkeys(const SignInServices& services, const net::Call& call) {
  const auto passkeys = services.passkeys->list(account_of(call));
  if (!passkeys) return problem_from(passkeys.error());
  std::string text;
  JsonWriter json(text);
  json.begin_object().key("passkeys").begin_array();
  for (const identity::Passkey& passkey : *passkeys) write_passkey(json, passkey);
  json.end_array().end_object();
  return personal_reply(std::move(text));
}

net::Reply remove_passkey(const SignInServices& services, const net::Call& call) {
  const auto id = identity::parse_id<identity::PasskeyId>(call.parameters[0]);
  if (!id) return no_such("passkey");
  if (auto refused = refuse_stale(services, call)) return *std::move(refused);
  // One write, so that two removals at once cannot take both ways in.
  bool is_last = false;
  const auto removed = services.people.identity.store().write([&](storage::Database&) -> base::Result<void> {
    const auto has_two = services.has_two_ways_in(account_of(call));
    if (!has_two) return std::unexpected(has_two.error());
    is_last = !*has_two;
    if (auto done = services.passkeys->remove(account_of(call), *id); !done) return done;
    return is_last ? base::fail(ErrorCode::conflict, "the last way in") : base::Result<void>();
  });
  if (removed) return done_reply();
  return is_last && removed.error().code == ErrorCode::conflict ? last_way_in() : problem_from(removed.error());
}

}  // namespace

void add_passkey_routes(net::Router& router, const SignInServices& services) {
  const auto add = [&](Method method, std::string pattern, Permission permission,
                       net::Reply (*answer)(const SignInServices&, const net::Call&)) {
    add_route(router, method, std::move(pattern), permission,
              [&services, answer](const net::Call& call) { return answer(services, call); });
  };
  add(Method::post, "/api/v1/sign-in/passkey/options", Permission::everyone, begin_sign_in);
  add(Method::post, "/api/v1/sign-in/passkey", Permission::everyone, sign_in_by_passkey);
  add(Method::post, "/api/v1/me/passkeys/options", Permission::own_account, begin_registration);
  add(Method::post, "/api/v1/me/passkeys", Permission::own_account, add_passkey);
  add(Method::get, "/api/v1/me/passkeys", Permission::own_account, list_passkeys);
  add(Method::delete_, "/api/v1/me/passkeys/{id}", Permission::own_account, remove_passkey);
}

}  // namespace citiverse::api
