// /api/v1/machines: access tokens of programs, made and revoked by operators. A token is shown once, to who made it.
#include <fmt/chrono.h>

#include "api/identity_api.h"
#include "api/identity_json.h"
#include "api/json_body.h"
#include "api/problem.h"

namespace citiverse::api {
namespace {

using base::Result;
using identity::Machine;
using identity::MachineId;
using identity::Permission;
using net::Call;
using net::Method;
using net::Reply;

constexpr std::int64_t kDaysUnlessAsked = 365;

void write_machine(base::JsonWriter& json, const Machine& machine, std::string_view token = {}) {
  json.begin_object().member("id", to_text(machine.id)).member("name", machine.name);
  json.key("permissions").begin_array();
  for (const Permission permission : machine.permissions) json.text(identity::policy_of(permission).name);
  json.end_array().key("tenants").begin_array();
  for (const std::string& tenant : machine.tenants) json.text(tenant);
  json.end_array();
  if (machine.organisation.is_known()) json.member("organisation", to_text(machine.organisation));
  json.key("requests_per_second").integer(machine.requests_per_second);
  json.member("made_at", fmt::format("{:%FT%TZ}", machine.made_at));
  json.member("expires_at", fmt::format("{:%FT%TZ}", machine.expires_at));
  json.member_if_known("token", token).end_object();
}

Reply list(const IdentityApi& api, const Call&) {
  std::string body;
  base::JsonWriter json(body);
  json.begin_object().key("machines").begin_array();
  for (const Machine& machine : api.identity.machines().list()) write_machine(json, machine);
  json.end_array().end_object();
  return personal_reply(std::move(body));
}

// What a body asks for; failures are marked in it.
Machine asked_for(JsonBody& body, identity::Time now) {
  Machine machine;
  machine.name = body.required_text("name", 2, identity::kMachineNameCharactersMax);
  const auto permissions = body.texts("permissions", identity::kPermissions, 40);
  for (const std::string& name : permissions.value_or(std::vector<std::string>())) {
    const auto allowed = identity::machine_permissions();
    const auto found = std::ranges::find(allowed, name, [](Permission each) { return identity::policy_of(each).name; });
    if (found == allowed.end())
      body.fail("permissions", name + " is no permission that a machine can have; there is write_live_values");
    else
      machine.permissions.push_back(*found);
  }
  machine.tenants = body.texts("tenants", identity::kMachineTenantsMax, identity::kMachineTenantBytesMax)
                        .value_or(std::vector<std::string>());
  machine.expires_at =
      now + std::chrono::days(body.integer("days", 1, identity::kMachineTimeMax.count()).value_or(kDaysUnlessAsked));
  machine.requests_per_second =
      static_cast<std::uint32_t>(body.integer("requests_per_second", 1, identity::kMachineRequestsPerSecondMax)
                                     .value_or(identity::kMachineRequestsPerSecond));
  if (const auto text = body.text("organisation", identity::kIdCharacters, identity::kIdCharacters)) {
    const auto organisation = identity::parse_id<identity::OrganisationId>(*text);
    if (organisation)
      machine.organisation = *organisation;
    else
      body.fail("organisation", "this is no id; GET /api/v1/organisations lists them");
  }
  return machine;
}

Reply make(const IdentityApi& api, const Call& call) {
  JsonBody body(call.request.body);
  const Machine asked = asked_for(body, api.identity.surroundings().now());
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  const auto made = api.identity.store().write([&](storage::Database&) -> Result<identity::MadeMachine> {
    auto machine = api.identity.machines().make(asked);
    if (!machine) return machine;
    if (auto kept = api.identity.audit().add(account_of(call), "machine.make", {}, to_text(machine->machine.id)); !kept)
      return std::unexpected(kept.error());
    return machine;
  });
  if (!made) return problem_from(made.error());
  std::string text;
  base::JsonWriter json(text);
  write_machine(json, made->machine, made->token);
  return personal_reply(std::move(text), 201);
}

Reply revoke(const IdentityApi& api, const Call& call) {
  const auto id = identity::parse_id<MachineId>(call.parameters[0]);
  if (!id) return no_such("machine");
  const auto done = api.identity.store().write([&](storage::Database&) -> Result<void> {
    if (auto gone = api.identity.machines().revoke(*id); !gone) return gone;
    return api.identity.audit().add(account_of(call), "machine.revoke", {}, to_text(*id));
  });
  return done ? done_reply() : problem_from(done.error());
}

}  // namespace

void add_machine_routes(net::Router& router, const IdentityApi& api) {
  const auto add = [&](Method method, std::string pattern, Reply (*answer)(const IdentityApi&, const Call&)) {
    add_route(router, method, std::move(pattern), Permission::manage_machines,
              [&api, answer](const Call& call) { return answer(api, call); });
  };
  add(Method::get, "/api/v1/machines", list);
  add(Method::post, "/api/v1/machines", make);
  add(Method::delete_, "/api/v1/machines/{id}", revoke);
}

}  // namespace citiverse::api
