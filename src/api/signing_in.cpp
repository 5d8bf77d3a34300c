// A proof of who somebody is becomes a session and its cookies; and what slows down those who guess.
#include "api/identity_api.h"
#include "api/identity_json.h"
#include "api/problem.h"

namespace citiverse::api {
namespace {

using base::Result;
using identity::AccountId;
using identity::SignInMethod;

constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kNonceCharacters = 16;
constexpr std::int64_t kDeviceCookieSeconds = 365 * 86'400;

std::uint64_t number_of(std::string_view hash) {
  std::uint64_t number = 0;
  std::memcpy(&number, hash.data(), sizeof number);
  return number;
}

// "nonce.seal": the seal is this node's, over the account and the nonce. It signs nobody in; it only says that this device has
// signed in before, so that strangers who guess elsewhere cannot slow the owner down.
std::string device_seal(const IdentityApi& api, AccountId account, std::string_view nonce) {
  const std::string hash = identity::keyed_hash(api.identity.surroundings(), "device", to_text(account) + std::string(nonce));
  std::string hex;
  for (const char c : std::string_view(hash).substr(0, 16)) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return hex;
}

std::string device_cookie(const IdentityApi& api, AccountId account) {
  const std::string nonce = identity::random_token(api.identity.surroundings(), kNonceBytes);
  return fmt::format("Set-Cookie: {}={}.{}; Path=/api/v1; HttpOnly; SameSite=Strict; Max-Age={}{}\r\n", kDeviceCookie, nonce,
                     device_seal(api, account, nonce), kDeviceCookieSeconds, api.is_secure ? "; Secure" : "");
}

std::uint64_t known_device(const IdentityApi& api, const net::Request& request, AccountId account) {
  const std::string_view cookie = net::cookie_of(request, kDeviceCookie);
  if (cookie.size() <= kNonceCharacters + 1 || cookie[kNonceCharacters] != '.') return 0;
  const std::string_view nonce = cookie.substr(0, kNonceCharacters);
  const std::string seal = device_seal(api, account, nonce);
  const std::string_view given = cookie.substr(kNonceCharacters + 1);
  if (given.size() != seal.size()) return 0;
  unsigned difference = 0;  // In the same time whatever differs.
  for (std::size_t i = 0; i < seal.size(); ++i) difference |= static_cast<unsigned char>(seal[i] ^ given[i]);
  return difference == 0 ? number_of(identity::keyed_hash(api.identity.surroundings(), "known device", nonce)) | 1 : 0;
}

std::string cookie_of_session(const IdentityApi& api, std::string_view token, std::int64_t seconds) {
  return fmt::format("Set-Cookie: {}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{}\r\n", kSessionCookie, token, seconds,
                     api.is_secure ? "; Secure" : "");
}

}  // namespace

std::string session_cookie(const IdentityApi& api, std::string_view token) {
  return cookie_of_session(api, token, std::chrono::seconds(identity::kSessionTime).count());
}
std::string no_session_cookie(const IdentityApi& api) { return cookie_of_session(api, "", 0); }

Result<std::string> sign_in(const IdentityApi& api, const net::Request& request, AccountId account, SignInMethod method) {
  const auto before = session_of(api, request);
  std::string token;
  const auto done = api.identity.store().write([&](storage::Database&) -> Result<void> {
    if (before && before->account == account) {
      auto refreshed = api.identity.sessions().refresh(token_of(request), method);
      if (!refreshed) return std::unexpected(refreshed.error());
      token = *std::move(refreshed);
    } else {
      auto started =
          api.identity.sessions().start(account, method, device_name(request.field("User-Agent")), token_of(request));
      if (!started) return std::unexpected(started.error());
      token = std::move(started->token);
    }
    const auto owner = api.identity.accounts().get(account);
    if (!owner) return std::unexpected(owner.error());
    if ((owner->roles & identity::kPrivilegedRoles) == 0) return {};
    return api.identity.audit().add(account, "sign_in", account, identity::name_of(method));
  });
  if (!done) return std::unexpected(done.error());
  std::string fields = session_cookie(api, token);
  if (method != SignInMethod::guest) fields += device_cookie(api, account);
  return fields;
}

net::Reply signed_in_reply(const IdentityApi& api, const net::Request& request, AccountId account, SignInMethod method,
                           int status) {
  auto fields = sign_in(api, request, account, method);
  if (!fields) return problem_from(fields.error());
  // The token that was just given, read back from its cookie.
  const std::size_t begin = fields->find('=') + 1;
  const auto session = api.identity.sessions().find(std::string_view(*fields).substr(begin, identity::kTokenCharacters));
  return me_reply(api, session, status, *std::move(fields));
}

identity::SignInAttempt attempt_of(const IdentityApi& api, const net::Request& request, std::string_view sign_in_name,
                                   std::optional<AccountId> account) {
  const auto& surroundings = api.identity.surroundings();
  const std::string name = identity::folded_sign_in_name(sign_in_name).value_or(std::string(sign_in_name));
  return {.subject = number_of(identity::keyed_hash(surroundings, "throttled name", name)),
          .address = request.address,
          .device = account ? known_device(api, request, *account) : 0};
}

net::Reply too_many_attempts(std::chrono::seconds wait) {
  net::Reply reply =
      net::problem(429, "too_many_attempts", fmt::format("too many attempts; wait {} seconds, or use a passkey", wait.count()));
  reply.fields = fmt::format("Retry-After: {}\r\n", wait.count());
  return reply;
}

}  // namespace citiverse::api
