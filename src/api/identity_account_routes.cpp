// /api/v1/accounts…, /api/v1/audit and /api/v1/policy: what officials do, each act of it in the audit log.
#include "api/identity_api.h"
#include "api/identity_json.h"
#include "api/json_body.h"
#include "api/problem.h"
#include "api/routes.h"
#include "identity/account_data.h"
#include "identity/unicode_forms.h"

namespace citiverse::api {
namespace {

using base::Result;
using identity::AccountId;
using identity::Permission;
using net::Call;
using net::Method;
using net::Reply;

Reply summary_reply(const IdentityApi& api, AccountId id) {
  const auto account = api.identity.accounts().get(id);
  if (!account) return problem_from(account.error());
  std::string body;
  base::JsonWriter json(body);
  write_account_summary(json, *account);
  return personal_reply(std::move(body));
}

// Does something to an account and logs it, both or neither.
template <class Act>
Reply act_reply(const IdentityApi& api, const Call& call, std::string_view name, std::string_view detail, Act&& act) {
  const auto id = identity::parse_id<AccountId>(call.parameters[0]);
  if (!id) return no_such("account");
  const auto done = api.identity.store().write([&](storage::Database&) -> Result<void> {
    if (Result<void> acted = act(*id); !acted) return acted;
    return api.identity.audit().add(account_of(call), name, *id, detail);
  });
  return done ? summary_reply(api, *id) : problem_from(done.error());
}

Reply search_accounts(const IdentityApi& api, const Call& call) {
  Parameters parameters(call.request.query);
  const auto text = parameters.text("q", 4 * identity::kSignInNameCharactersMax);
  if (!text || text->size() < 2) parameters.fail("q", "q is part of a name, of 2 bytes or more");
  if (const auto& failure = parameters.failure()) return bad_parameter(*failure);
  // What was searched for may be a name and is not logged; that somebody searched, and how much was found, is.
  const auto found = api.identity.accounts().search(*text);
  if (!found) return problem_from(found.error());
  const auto logged = api.identity.audit().add(account_of(call), "accounts.search", {}, fmt::format("{} found", found->size()));
  if (!logged) return problem_from(logged.error());
  std::string body;
  base::JsonWriter json(body);
  json.begin_object().key("accounts").begin_array();
  for (const identity::Account& account : *found) write_account_summary(json, account);
  json.end_array().end_object();
  return personal_reply(std::move(body));
}

Reply get_account(const IdentityApi& api, const Call& call) {
  return act_reply(api, call, "account.see", {}, [&](AccountId id) -> Result<void> {
    const auto found = api.identity.accounts().get(id);
    if (!found) return std::unexpected(found.error());
    return {};
  });
}

Reply change_role(const IdentityApi& api, const Call& call, bool gives) {
  identity::Role role{};
  if (!identity::parse_role(call.parameters[1], role)) return no_such("role");
  return act_reply(api, call, gives ? "role.give" : "role.take", identity::name_of(role), [&](AccountId id) {
    return gives ? api.identity.accounts().give_role(id, role) : api.identity.accounts().take_role(id, role);
  });
}
Reply give_role(const IdentityApi& api, const Call& call) { return change_role(api, call, true); }
Reply take_role(const IdentityApi& api, const Call& call) { return change_role(api, call, false); }

Reply verify_resident(const IdentityApi& api, const Call& call) {
  JsonBody body(call.request.body);
  const std::string reference = body.required_text("reference", 3, 100);
  const auto minor = body.boolean("minor");
  const std::string number = identity::bare_number(reference);
  if (number.empty()) body.fail("reference", "reference has no letter and no digit");
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  if (identity::parse_id<AccountId>(call.parameters[0]) == account_of(call))
    return net::problem(403, "denied", "nobody verifies their own account; ask a colleague");
  Reply reply = act_reply(api, call, "resident.verify", {}, [&](AccountId id) -> Result<void> {
    if (auto verified = api.identity.accounts().verify(id, identity::register_key(number), "office"); !verified)
      return verified;
    return minor ? api.identity.accounts().set_minor(id, *minor) : Result<void>();
  });
  if (reply.status != 409) return reply;
  return net::problem(409, "already_verified", "this person has another verified account, or this account is a guest's",
                      "reference");
}

Reply withdraw_verification(const IdentityApi& api, const Call& call) {
  return act_reply(api, call, "resident.withdraw", {},
                   [&](AccountId id) { return api.identity.accounts().withdraw_verification(id); });
}

Reply list_audit(const IdentityApi& api, const Call& call) {
  Parameters parameters(call.request.query);
  const auto about = parameters.text("about", identity::kIdCharacters);
  const auto id = about ? identity::parse_id<AccountId>(*about) : std::optional(AccountId());
  if (!id) parameters.fail("about", "about is an account's id");
  const std::size_t count = parameters.count_or("limit", 1, identity::kAuditPageMax, 50);
  // The cursor is an entry's number, so that a page stays the same while entries come.
  const auto cursor = parameters.text("cursor", 20);
  std::optional<std::int64_t> before;
  if (cursor) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(cursor->data(), cursor->data() + cursor->size(), number);
    if (error != std::errc() || end != cursor->data() + cursor->size() || number < 1)
      parameters.fail("cursor", "cursor is next_cursor of the page before");
    before = number;
  }
  if (const auto& failure = parameters.failure()) return bad_parameter(*failure);
  const auto entries = api.identity.audit().list(before, count, *id);
  if (!entries) return problem_from(entries.error());
  std::string body;
  base::JsonWriter json(body);
  json.begin_object().key("entries").begin_array();
  for (const identity::AuditEntry& entry : *entries) {
    json.begin_object().key("number").integer(entry.number).member("at", identity::time_text(entry.at));
    if (entry.actor.is_known()) json.member("actor", to_text(entry.actor));
    json.member("act", entry.act);
    if (entry.subject.is_known()) json.member("subject", to_text(entry.subject));
    json.member_if_known("detail", entry.detail).end_object();
  }
  json.end_array();
  if (entries->size() == count) json.member("next_cursor", fmt::format("{}", entries->back().number));
  json.end_object();
  return personal_reply(std::move(body));
}

}  // namespace

void add_account_routes(net::Router& router, const IdentityApi& api) {
  using enum Permission;
  const auto add = [&](Method method, std::string pattern, Permission permission,
                       Reply (*make)(const IdentityApi&, const Call&)) {
    add_route(router, method, std::move(pattern), permission, [&api, make](const Call& call) { return make(api, call); });
  };
  add(Method::get, "/api/v1/accounts", find_accounts, search_accounts);
  add(Method::get, "/api/v1/accounts/{id}", find_accounts, get_account);
  add(Method::put, "/api/v1/accounts/{id}/roles/{role}", give_roles, give_role);
  add(Method::delete_, "/api/v1/accounts/{id}/roles/{role}", give_roles, take_role);
  add(Method::put, "/api/v1/accounts/{id}/verification", verify_residents, verify_resident);
  add(Method::delete_, "/api/v1/accounts/{id}/verification", verify_residents, withdraw_verification);
  add(Method::get, "/api/v1/audit", read_audit, list_audit);
  net::Route policy;
  policy.pattern = "/api/v1/policy";
  policy.access = net::kOpenToAll;
  policy.quick = [body = policy_json()](const Call&) { return std::optional(json_reply(body)); };
  router.add(std::move(policy));
}

}  // namespace citiverse::api
