// /api/v1/me and what hangs on it: profile, sessions, password, recovery codes, leaving.
#include "api/identity_api.h"
#include "api/identity_json.h"
#include "api/json_body.h"
#include "api/problem.h"
#include "identity/account_data.h"
#include "identity/avatar_look.h"

namespace citiverse::api {
namespace {

using base::Result;
using identity::Permission;
using identity::SignInMethod;
using net::Call;
using net::Method;
using net::Reply;

Reply get_me(const IdentityApi& api, const Call& call) {
  const auto session = session_of(api, call.request);
  std::string fields;
  if (session && session->token_is_due) {
    const auto token = api.identity.sessions().rotate(token_of(call.request));
    if (!token) return problem_from(token.error());
    fields = session_cookie(api, *token);
  }
  // A cookie that is worth nothing any more goes.
  if (!session && !token_of(call.request).empty()) fields = no_session_cookie(api);
  return me_reply(api, session, 200, std::move(fields));
}

identity::AccessNeeds read_needs(JsonBody& body, identity::AccessNeeds before) {
  const auto names = body.texts("access_needs", identity::kAccessNeeds, 30);
  if (!names) return before;
  identity::AccessNeeds needs = 0;
  for (const std::string& name : *names) {
    std::size_t need = 0;
    while (need < identity::kAccessNeeds && identity::name_of(static_cast<identity::AccessNeed>(need)) != name) ++need;
    if (need == identity::kAccessNeeds)
      body.fail("access_needs", "access_needs has a name that the contract does not list");
    else
      needs |= 1u << need;
  }
  return needs;
}

// What is absent stays as it was.
void read_profile(JsonBody& body, identity::Profile& profile) {
  if (auto name = body.text("name", 1, identity::kNameCharactersMax)) profile.name = *std::move(name);
  if (auto pronouns = body.text("pronouns", 0, identity::kPronounsCharactersMax)) profile.pronouns = *std::move(pronouns);
  if (auto languages = body.texts("languages", identity::kLanguagesMax, identity::kLanguageTagBytesMax))
    profile.languages = *std::move(languages);
  profile.access_needs = read_needs(body, profile.access_needs);
  if (const auto look = body.value("look"); !look.is_absent()) {
    auto checked = identity::checked_look(look);
    if (checked)
      profile.look_json = *std::move(checked);
    else
      body.fail("look", checked.error().message);
  }
}

Reply change_me(const IdentityApi& api, const Call& call) {
  auto account = api.identity.accounts().get(account_of(call));
  if (!account) return problem_from(account.error());
  JsonBody body(call.request.body);
  read_profile(body, account->profile);
  const auto minor = body.boolean("minor");
  if (minor == false) body.fail("minor", "minor can be set, and taken back by an office only");
  const auto sign_in_name = body.text("sign_in_name", identity::kSignInNameCharactersMin, identity::kSignInNameCharactersMax);
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  // The name that signs in is part of what can lock the owner out.
  const auto session = session_of(api, call.request);
  if (sign_in_name && (!session || !session->is_fresh)) return sign_in_again();
  const auto done = api.identity.store().write([&](storage::Database&) -> Result<void> {
    if (auto kept = api.identity.accounts().set_profile(account->id, account->profile); !kept) return kept;
    if (minor) {
      if (auto kept = api.identity.accounts().set_minor(account->id, true); !kept) return kept;
    }
    return sign_in_name ? api.identity.accounts().set_sign_in_name(account->id, *sign_in_name) : Result<void>();
  });
  if (!done && done.error().code == base::ErrorCode::conflict)
    return net::problem(409, "name_taken", done.error().message, "sign_in_name");
  if (!done) return problem_from(done.error());
  return me_reply(api, session_of(api, call.request));
}

Reply erase_me(const IdentityApi& api, const Call& call) {
  const auto session = session_of(api, call.request);
  if (!session) return net::problem(401, "sign_in_needed", "this session has ended");
  // A guest has no means to sign in again, and loses nothing that could be kept.
  if ((session->standing & identity::kGuest) != 0) {
    const auto gone = api.identity.erasure().erase_now(session->account);
    if (!gone) return problem_from(gone.error());
    return done_reply(no_session_cookie(api));
  }
  if (!session->is_fresh) return sign_in_again();
  const auto due = api.identity.accounts().ask_for_erasure(session->account);
  if (!due) return problem_from(due.error());
  if (const auto ended = api.identity.sessions().end_all(session->account, session->session); !ended)
    return problem_from(ended.error());
  return me_reply(api, session_of(api, call.request), 202);
}

Reply keep_me(const IdentityApi& api, const Call& call) {
  if (const auto kept = api.identity.accounts().keep(account_of(call)); !kept) return problem_from(kept.error());
  return me_reply(api, session_of(api, call.request));
}

Reply list_sessions(const IdentityApi& api, const Call& call) {
  const auto sessions = api.identity.sessions().list(account_of(call));
  if (!sessions) return problem_from(sessions.error());
  std::string body;
  base::JsonWriter json(body);
  json.begin_object().key("sessions").begin_array();
  for (const identity::SessionEntry& session : *sessions) {
    json.begin_object().member("id", to_text(session.id)).member("method", name_of(session.method));
    json.member("device", session.device).member("signed_in_at", identity::time_text(session.signed_in_at));
    json.member("used_on", identity::time_text(session.used_at).substr(0, 10));
    json.key("current").boolean(session.id.value == call.visitor.session).end_object();
  }
  json.end_array().end_object();
  return personal_reply(std::move(body));
}

Reply end_session(const IdentityApi& api, const Call& call) {
  const auto id = identity::parse_id<identity::SessionId>(call.parameters[0]);
  if (!id) return no_such("session");
  if (const auto ended = api.identity.sessions().end(account_of(call), *id); !ended) return problem_from(ended.error());
  return done_reply(id->value == call.visitor.session ? no_session_cookie(api) : std::string());
}

Reply end_other_sessions(const IdentityApi& api, const Call& call) {
  const auto ended = api.identity.sessions().end_all(account_of(call), {call.visitor.session});
  return ended ? done_reply() : problem_from(ended.error());
}

// Whether the person may set a new password without the old one: they proved who they are in another way a moment ago.
bool has_proved_otherwise(const identity::ActiveSession& session) {
  return session.is_fresh && session.method != SignInMethod::password && session.method != SignInMethod::guest;
}

// Nothing when the current password is right; counted like an attempt to sign in.
std::optional<Reply> refuse_wrong_password(const IdentityApi& api, const Call& call, const identity::Account& account,
                                           std::string_view password) {
  const auto attempt = attempt_of(api, call.request, account.sign_in_name, account.id);
  const identity::Time now = api.identity.surroundings().now();
  if (const auto wait = api.identity.throttle().take(attempt, now)) return too_many_attempts(*wait);
  const auto right = api.identity.passwords().verify(account.id, password);
  if (!right) {
    api.identity.throttle().not_tried(attempt, now);
    return net::problem(503, "busy", right.error().message);
  }
  if (!*right) return net::problem(401, "wrong_credentials", "the current password is wrong", "current_password");
  api.identity.throttle().succeeded(attempt, now);
  return std::nullopt;
}

Reply set_password(const IdentityApi& api, const Call& call) {
  JsonBody body(call.request.body);
  const auto current = body.text("current_password", 1, identity::kPasswordCharactersMax);
  const std::string wanted = body.required_text("new_password", 1, identity::kPasswordCharactersMax);
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  const auto session = session_of(api, call.request);
  const auto account = api.identity.accounts().get(account_of(call));
  if (!session || !account) return net::problem(401, "sign_in_needed", "this session has ended");
  if (account->sign_in_name.empty())
    return net::problem(400, "bad_input",
                        "a password needs a name to sign in with: set sign_in_name at PATCH /api/v1/me first");
  const auto has_one = api.identity.passwords().has(account->id);
  if (!has_one) return problem_from(has_one.error());
  if (current && *has_one) {
    if (auto refused = refuse_wrong_password(api, call, *account, *current)) return *std::move(refused);
  } else if (*has_one && !has_proved_otherwise(*session)) {
    return net::problem(400, "bad_input", "current_password is missing", "current_password");
  } else if (!session->is_fresh) {
    return sign_in_again();
  }
  const auto strong = api.identity.passwords().check_strength(wanted, account->sign_in_name, account->profile.name);
  if (!strong) return net::problem(400, "weak_password", strong.error().message, "new_password");
  const auto hashed = api.identity.passwords().hashed(wanted);
  if (!hashed) return net::problem(503, "busy", hashed.error().message);
  std::string token;
  const auto done = api.identity.store().write([&](storage::Database&) -> Result<void> {
    if (auto kept = api.identity.passwords().keep(account->id, *hashed); !kept) return kept;
    if (auto ended = api.identity.sessions().end_all(account->id, session->session); !ended) return ended;
    auto refreshed = api.identity.sessions().refresh(token_of(call.request), SignInMethod::password);
    if (!refreshed) return std::unexpected(refreshed.error());
    token = *std::move(refreshed);
    return {};
  });
  return done ? done_reply(session_cookie(api, token)) : problem_from(done.error());
}

Reply make_recovery_codes(const IdentityApi& api, const Call& call) {
  JsonBody body(call.request.body);
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  const auto session = session_of(api, call.request);
  if (!session || !session->is_fresh) return sign_in_again();
  const auto codes = api.identity.recovery_codes().make(session->account);
  if (!codes) return problem_from(codes.error());
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().key("codes").begin_array();
  for (const std::string& code : *codes) json.text(code);
  json.end_array().end_object();
  return personal_reply(std::move(text), 201);
}

}  // namespace

void add_me_routes(net::Router& router, const IdentityApi& api) {
  using enum Permission;
  const auto add = [&](Method method, std::string pattern, Permission permission,
                       Reply (*make)(const IdentityApi&, const Call&), net::Work work = net::Work::brief) {
    add_route(router, method, std::move(pattern), permission, [&api, make](const Call& call) { return make(api, call); }, work);
  };
  add(Method::get, "/api/v1/me", everyone, get_me);
  add(Method::patch, "/api/v1/me", own_account, change_me);
  add(Method::delete_, "/api/v1/me", own_account, erase_me);
  add(Method::delete_, "/api/v1/me/erasure", own_account, keep_me);
  add(Method::get, "/api/v1/me/sessions", own_account, list_sessions);
  add(Method::delete_, "/api/v1/me/sessions", own_account, end_other_sessions);
  add(Method::delete_, "/api/v1/me/sessions/{id}", own_account, end_session);
  add(Method::put, "/api/v1/me/password", own_sign_in, set_password, net::Work::long_);
  add(Method::post, "/api/v1/me/recovery-codes", own_sign_in, make_recovery_codes);
}

}  // namespace citiverse::api
