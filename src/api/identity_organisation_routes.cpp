// /api/v1/organisations…: what persons act for. Who may change what is decided by identity::Organisations.
#include "api/identity_api.h"
#include "api/identity_json.h"
#include "api/json_body.h"
#include "api/problem.h"

namespace citiverse::api {
namespace {

using base::Result;
using identity::AccountId;
using identity::OrganisationId;
using identity::OrganisationRole;
using identity::Permission;
using net::Call;
using net::Method;
using net::Reply;

constexpr std::size_t kNameCharactersMin = 2;

Reply organisation_reply(const IdentityApi& api, const Call& call, OrganisationId id, int status = 200) {
  const auto organisation = api.identity.organisations().get(id, account_of(call));
  if (!organisation) return problem_from(organisation.error());
  std::string body;
  base::JsonWriter json(body);
  write_organisation(json, *organisation);
  return personal_reply(std::move(body), status);
}

// Calls `act` with the organisation of the path.
template <class Act>
Reply with_organisation(const Call& call, Act&& act) {
  const auto id = identity::parse_id<OrganisationId>(call.parameters[0]);
  return id ? act(*id) : no_such("organisation");
}

// A conflict about a name has a code of its own.
Reply refusal_of(const base::Error& error) {
  if (error.code == base::ErrorCode::conflict && error.message.starts_with("name:"))
    return net::problem(409, "name_taken", error.message, "name");
  return problem_from(error);
}

Reply list_organisations(const IdentityApi& api, const Call& call) {
  Parameters parameters(call.request.query);
  const std::string text = parameters.text("q", 4 * identity::kSignInNameCharactersMax).value_or(std::string());
  const bool is_mine = parameters.boolean("mine");
  const std::size_t count = parameters.count_or("limit", 1, 200, 50);
  const std::size_t first = parameters.cursor();
  if (const auto& failure = parameters.failure()) return bad_parameter(*failure);
  auto found = api.identity.organisations().list(text, is_mine, account_of(call), first, count + 1);
  if (!found) return problem_from(found.error());
  const bool has_more = found->size() > count;
  if (has_more) found->pop_back();
  std::string body;
  base::JsonWriter json(body);
  json.begin_object().key("organisations").begin_array();
  for (const identity::Organisation& organisation : *found) write_organisation(json, organisation);
  json.end_array();
  if (has_more && first + count <= kCursorItemsMax) json.member("next_cursor", Parameters::next_cursor(first + count));
  json.end_object();
  return personal_reply(std::move(body));
}

Reply found(const IdentityApi& api, const Call& call) {
  JsonBody body(call.request.body);
  const std::string name = body.required_text("name", kNameCharactersMin, identity::kOrganisationNameCharactersMax);
  const std::string about = body.text("about", 0, identity::kOrganisationAboutCharactersMax).value_or(std::string());
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  const auto id = api.identity.organisations().found(account_of(call), name, about);
  return id ? organisation_reply(api, call, *id, 201) : refusal_of(id.error());
}

Reply get(const IdentityApi& api, const Call& call) {
  return with_organisation(call, [&](OrganisationId id) { return organisation_reply(api, call, id); });
}

Reply change(const IdentityApi& api, const Call& call) {
  return with_organisation(call, [&](OrganisationId id) {
    JsonBody body(call.request.body);
    const auto name = body.text("name", kNameCharactersMin, identity::kOrganisationNameCharactersMax);
    const auto about = body.text("about", 0, identity::kOrganisationAboutCharactersMax);
    if (const auto& failure = body.failure()) return bad_parameter(*failure);
    const auto done = api.identity.organisations().change(id, account_of(call), name, about);
    return done ? organisation_reply(api, call, id) : refusal_of(done.error());
  });
}

Reply close(const IdentityApi& api, const Call& call) {
  return with_organisation(call, [&](OrganisationId id) {
    const auto done = api.identity.organisations().close(id, account_of(call));
    return done ? done_reply() : problem_from(done.error());
  });
}

Reply list_members(const IdentityApi& api, const Call& call) {
  return with_organisation(call, [&](OrganisationId id) {
    const bool sees_all = identity::allows(Permission::verify_organisations, call.visitor.roles);
    const auto members = api.identity.organisations().members(id, account_of(call), sees_all);
    if (!members) return problem_from(members.error());
    std::string body;
    base::JsonWriter json(body);
    json.begin_object().key("members").begin_array();
    for (const identity::OrganisationMember& member : *members) write_member(json, member);
    json.end_array().end_object();
    return personal_reply(std::move(body));
  });
}

Reply set_member(const IdentityApi& api, const Call& call) {
  return with_organisation(call, [&](OrganisationId id) {
    const auto account = identity::parse_id<AccountId>(call.parameters[1]);
    if (!account) return no_such("account");
    JsonBody body(call.request.body);
    const std::string role = body.required_text("role", 1, 10);
    if (role != "owner" && role != "member") body.fail("role", "role is owner or member");
    if (const auto& failure = body.failure()) return bad_parameter(*failure);
    const auto member = api.identity.organisations().set_member(
        id, account_of(call), *account, role == "owner" ? OrganisationRole::owner : OrganisationRole::member);
    if (!member) return problem_from(member.error());
    std::string text;
    base::JsonWriter json(text);
    write_member(json, *member);
    return personal_reply(std::move(text));
  });
}

Reply remove_member(const IdentityApi& api, const Call& call) {
  return with_organisation(call, [&](OrganisationId id) {
    const auto account = identity::parse_id<AccountId>(call.parameters[1]);
    if (!account) return no_such("account");
    const auto done = api.identity.organisations().remove_member(id, account_of(call), *account);
    return done ? done_reply() : problem_from(done.error());
  });
}

Reply set_verified(const IdentityApi& api, const Call& call, bool is_verified) {
  return with_organisation(call, [&](OrganisationId id) {
    JsonBody body(call.request.body);
    if (const auto& failure = body.failure()) return bad_parameter(*failure);
    const auto done = api.identity.store().write([&](storage::Database&) -> Result<void> {
      if (auto kept = api.identity.organisations().set_verified(id, is_verified); !kept) return kept;
      return api.identity.audit().add(account_of(call), is_verified ? "organisation.verify" : "organisation.withdraw", {},
                                      to_text(id));
    });
    return done ? organisation_reply(api, call, id) : problem_from(done.error());
  });
}
Reply verify_organisation(const IdentityApi& api, const Call& call) { return set_verified(api, call, true); }
Reply withdraw(const IdentityApi& api, const Call& call) { return set_verified(api, call, false); }

}  // namespace

void add_organisation_routes(net::Router& router, const IdentityApi& api) {
  using enum Permission;
  const auto add = [&](Method method, std::string pattern, Permission permission,
                       Reply (*make)(const IdentityApi&, const Call&)) {
    add_route(router, method, std::move(pattern), permission, [&api, make](const Call& call) { return make(api, call); });
  };
  add(Method::get, "/api/v1/organisations", everyone, list_organisations);
  add(Method::post, "/api/v1/organisations", found_organisations, found);
  add(Method::get, "/api/v1/organisations/{id}", everyone, get);
  add(Method::patch, "/api/v1/organisations/{id}", own_sign_in, change);
  add(Method::delete_, "/api/v1/organisations/{id}", own_sign_in, close);
  add(Method::get, "/api/v1/organisations/{id}/members", own_sign_in, list_members);
  add(Method::put, "/api/v1/organisations/{id}/members/{account}", own_sign_in, set_member);
  add(Method::delete_, "/api/v1/organisations/{id}/members/{account}", own_sign_in, remove_member);
  add(Method::put, "/api/v1/organisations/{id}/verification", verify_organisations, verify_organisation);
  add(Method::delete_, "/api/v1/organisations/{id}/verification", verify_organisations, withdraw);
}

}  // namespace citiverse::api
