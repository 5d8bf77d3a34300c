// /api/v1/sign-in/…, /api/v1/sign-out and registration: the only places where a session begins by password, code or as a guest.
#include "api/identity_api.h"
#include "api/identity_json.h"
#include "api/json_body.h"
#include "api/problem.h"
#include "identity/recovery_codes.h"

namespace citiverse::api {
namespace {

using base::ErrorCode;
using base::Result;
using identity::AccountId;
using identity::Permission;
using identity::SignInMethod;
using net::Call;
using net::Method;
using net::Reply;

struct NewPerson {
  identity::Profile profile;
  bool is_minor = false;
};
NewPerson read_person(JsonBody& body) {
  NewPerson person;
  person.profile.name = body.required_text("name", 1, identity::kNameCharactersMax);
  person.profile.pronouns = body.text("pronouns", 0, identity::kPronounsCharactersMax).value_or(std::string());
  person.profile.languages =
      body.texts("languages", identity::kLanguagesMax, identity::kLanguageTagBytesMax).value_or(std::vector<std::string>());
  person.is_minor = body.required_boolean("minor");
  return person;
}

std::optional<Reply> refuse_many_new(const IdentityApi& api, const Call& call) {
  const auto wait = api.identity.throttle().take_new_account(call.request.address, api.identity.surroundings().now());
  return wait ? std::optional(too_many_attempts(*wait)) : std::nullopt;
}

Reply guest_reply(const IdentityApi& api, const Call& call) {
  JsonBody body(call.request.body);
  const NewPerson person = read_person(body);
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  if (call.visitor.account != 0)
    return net::problem(409, "conflict", "you are signed in already; sign out first, or change your name at PATCH /api/v1/me");
  if (auto refused = refuse_many_new(api, call)) return *std::move(refused);
  const auto account = api.identity.accounts().create_guest(person.profile, person.is_minor);
  if (!account) return problem_from(account.error());
  return signed_in_reply(api, call.request, *account, SignInMethod::guest, 201);
}

// The account of a new member, all of it or nothing. A guest becomes the member and keeps what is theirs.
Result<AccountId> register_member(const IdentityApi& api, const Call& call, const NewPerson& person,
                                  std::string_view sign_in_name, const std::string& hashed) {
  auto& accounts = api.identity.accounts();
  return api.identity.store().write([&](storage::Database&) -> Result<AccountId> {
    AccountId account = account_of(call);
    if (account.is_known()) {
      auto before = accounts.get(account);
      if (!before) return std::unexpected(before.error());
      identity::Profile profile = person.profile;
      profile.access_needs = before->profile.access_needs;
      profile.look_json = before->profile.look_json;
      if (auto kept = accounts.set_profile(account, profile); !kept) return std::unexpected(kept.error());
      if (person.is_minor && !before->is_minor) {
        if (auto kept = accounts.set_minor(account, true); !kept) return std::unexpected(kept.error());
      }
    } else {
      const auto created = accounts.create_guest(person.profile, person.is_minor);
      if (!created) return created;
      account = *created;
    }
    if (auto named = accounts.set_sign_in_name(account, sign_in_name); !named) return std::unexpected(named.error());
    if (auto kept = api.identity.passwords().keep(account, hashed); !kept) return std::unexpected(kept.error());
    return account;
  });
}

Reply register_reply(const IdentityApi& api, const Call& call) {
  JsonBody body(call.request.body);
  const std::string sign_in_name =
      body.required_text("sign_in_name", identity::kSignInNameCharactersMin, identity::kSignInNameCharactersMax);
  const std::string password = body.required_text("password", 1, identity::kPasswordCharactersMax);
  const NewPerson person = read_person(body);
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  if (call.visitor.account != 0 && (call.visitor.roles & identity::kGuest) == 0)
    return net::problem(409, "conflict", "you are signed in with an account already; sign out first");
  if (auto refused = refuse_many_new(api, call)) return *std::move(refused);
  if (const auto folded = identity::folded_sign_in_name(sign_in_name); !folded)
    return net::problem(400, "bad_input", folded.error().message, "sign_in_name");
  if (const auto strong = api.identity.passwords().check_strength(password, sign_in_name, person.profile.name); !strong)
    return net::problem(400, "weak_password", strong.error().message, "password");
  const auto taken = api.identity.accounts().find_sign_in_name(sign_in_name);
  if (!taken) return problem_from(taken.error());
  const Reply name_taken =
      net::problem(409, "name_taken", "somebody signs in under this name already; choose another, or sign in", "sign_in_name");
  if (*taken) return name_taken;
  const auto hashed = api.identity.passwords().hashed(password);
  if (!hashed) return net::problem(503, "busy", hashed.error().message);
  const auto account = register_member(api, call, person, sign_in_name, *hashed);
  if (!account && account.error().code == ErrorCode::conflict) return name_taken;
  if (!account) return problem_from(account.error());
  return signed_in_reply(api, call.request, *account, SignInMethod::password, 201);
}

// Tries one secret for one name. `is_right` is asked once the throttle lets the attempt through, also where nobody has the
// name.
template <class IsRight>
Reply attempt_reply(const IdentityApi& api, const Call& call, std::string_view sign_in_name, SignInMethod method,
                    std::string_view refusal, IsRight&& is_right) {
  const auto account = api.identity.accounts().find_sign_in_name(sign_in_name);
  if (!account) return problem_from(account.error());
  const auto attempt = attempt_of(api, call.request, sign_in_name, *account);
  const identity::Time now = api.identity.surroundings().now();
  if (const auto wait = api.identity.throttle().take(attempt, now)) return too_many_attempts(*wait);
  const Result<bool> right = is_right(account->value_or(AccountId()));
  if (!right) {
    api.identity.throttle().not_tried(attempt, now);
    return net::problem(503, "busy", right.error().message);
  }
  if (!*right || !*account) return net::problem(401, "wrong_credentials", refusal);
  api.identity.throttle().succeeded(attempt, now);
  return signed_in_reply(api, call.request, **account, method);
}

Reply password_reply(const IdentityApi& api, const Call& call) {
  JsonBody body(call.request.body);
  const std::string sign_in_name = body.required_text("sign_in_name", 1, identity::kSignInNameCharactersMax);
  const std::string password = body.required_text("password", 1, identity::kPasswordCharactersMax);
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  return attempt_reply(api, call, sign_in_name, SignInMethod::password, "name or password is wrong",
                       [&](AccountId account) { return api.identity.passwords().verify(account, password); });
}

Reply recovery_reply(const IdentityApi& api, const Call& call) {
  constexpr std::size_t kTypedCharactersMax = 60;  // With hyphens and spaces.
  JsonBody body(call.request.body);
  const std::string sign_in_name = body.required_text("sign_in_name", 1, identity::kSignInNameCharactersMax);
  const std::string code = body.required_text("code", identity::kRecoveryCodeCharacters, kTypedCharactersMax);
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  return attempt_reply(api, call, sign_in_name, SignInMethod::recovery_code,
                       "name or code is wrong, or the code was used before",
                       [&](AccountId account) { return api.identity.recovery_codes().use(account, code); });
}

Reply sign_out_reply(const IdentityApi& api, const Call& call) {
  JsonBody body(call.request.body);
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  if (call.visitor.session != 0) {
    const auto ended = api.identity.sessions().end(account_of(call), {call.visitor.session});
    if (!ended && ended.error().code != ErrorCode::not_found) return problem_from(ended.error());
  }
  return done_reply(no_session_cookie(api));
}

}  // namespace

void add_sign_in_routes(net::Router& router, const IdentityApi& api) {
  const auto add = [&](std::string pattern, Reply (*make)(const IdentityApi&, const Call&), net::Work work) {
    add_route(
        router, Method::post, std::move(pattern), Permission::everyone,
        [&api, make](const Call& call) { return make(api, call); }, work);
  };
  add("/api/v1/sign-in/guest", guest_reply, net::Work::brief);
  // A hash takes as long as a tile.
  add("/api/v1/sign-in/password", password_reply, net::Work::long_);
  add("/api/v1/sign-in/recovery", recovery_reply, net::Work::brief);
  add("/api/v1/accounts", register_reply, net::Work::long_);
  add("/api/v1/sign-out", sign_out_reply, net::Work::brief);
}

}  // namespace citiverse::api
