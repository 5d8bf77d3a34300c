// /csourceRegistrations and /csourceRegistrations/{registrationId} (ETSI GS CIM 009 V1.9.1, 5.9, 5.10, 6.8 and 6.9). Who reads
// them needs the right to write, since contextSourceInfo holds what opens other systems.
#include <algorithm>

#include <fmt/format.h>

#include "api/ngsi_ld/asked.h"
#include "api/ngsi_ld/errors.h"
#include "api/ngsi_ld/paging.h"
#include "api/ngsi_ld/registration_json.h"

namespace citiverse::api::ngsi_ld {
namespace {

using base::JsonValue;

net::Reply registration_problem(const base::Error& error) {
  if (error.code == base::ErrorCode::denied) return problem(ErrorType::conflict, error.message);
  return store_problem(error);
}

RegistrationForm form_asked(const Asked& asked) {
  return {.context = *asked.context,
          .shows_system_attributes = asked.has_option("sysAttrs"),
          .has_context = asked.accept == MediaType::ld_json};
}

net::Reply create_registration_reply(const NgsiLdApi& api, const net::Call& call) {
  auto request = ask_with_body(api, call, BodyShape::object, {.makes_tenant = true});
  if (!request) return std::move(request.error());
  if (request->body.root().find("type").text() != "ContextSourceRegistration")
    return problem(ErrorType::bad_request_data, "type: \"ContextSourceRegistration\" is needed (5.2.9)");
  auto members = canonical_registration(request->body.root(), *request->asked.context);
  if (!members) return problem(members.error());
  std::erase_if(*members, [](const auto& each) { return each.second == "null"; });
  const auto id = api.registrations->add(request->asked.tenant, {*std::move(members), {}, request->asked.context->json()});
  if (!id) return registration_problem(id.error());
  return done(request->asked, 201, location_field("/csourceRegistrations/", *id));
}

net::Reply change_registration_reply(const NgsiLdApi& api, const net::Call& call) {
  const auto id = uri_in_path("registrationId", call.parameters[0]);
  if (!id) return id.error();
  auto request = ask_with_body(api, call, BodyShape::object);
  if (!request) return std::move(request.error());
  const JsonValue body = request->body.root();
  if (const JsonValue given = body.find("id"); !given.is_absent() && given.text() != *id)
    return problem(ErrorType::bad_request_data, "id: cannot be changed (5.2.9)");
  auto fragment = canonical_registration(body, *request->asked.context);
  if (!fragment) return problem(fragment.error());
  std::erase_if(*fragment, [](const auto& each) { return each.first == "id"; });
  if (fragment->empty()) return problem(ErrorType::bad_request_data, "the body: says nothing that could be changed");
  const auto changed = api.registrations->change(request->asked.tenant, *id, *fragment);
  return changed ? done(request->asked, 204) : registration_problem(changed.error());
}

net::Reply retrieve_registration_reply(const NgsiLdApi& api, const net::Call& call) {
  const auto id = uri_in_path("registrationId", call.parameters[0]);
  if (!id) return id.error();
  auto asked = ask(api, call);
  if (!asked) return std::move(asked.error());
  const auto registration = api.registrations->find(asked->tenant, *id);
  if (registration == nullptr) return problem(ErrorType::resource_not_found, "there is no such registration");
  std::string body;
  write_registration(body, *registration, std::nullopt, form_asked(*asked));
  return answer(api, *asked, std::move(body));
}

net::Reply search_registrations_reply(const NgsiLdApi& api, const net::Call& call) {
  auto asked = ask(api, call);
  if (!asked) return std::move(asked.error());
  auto search = read_registration_search(api, *asked);
  if (!search) return std::move(search.error());
  const auto fitting = api.registrations->fitting(asked->tenant, search->question);
  const std::size_t first = std::min(search->offset, fitting.size());
  const std::size_t last = std::min(first + search->limit, fitting.size());
  std::string body = "[";
  for (std::size_t i = first; i < last; ++i) {
    if (i > first) body += ',';
    write_registration(body, *fitting[i].registration, std::span<const std::size_t>(fitting[i].information),
                       form_asked(*asked));
  }
  net::Reply reply = answer(api, *asked, body + "]");
  if (search->counts) reply.fields += fmt::format("NGSILD-Results-Count: {}\r\n", fitting.size());
  constexpr std::string_view kPath = "/csourceRegistrations";
  if (search->limit > 0 && first > 0)
    reply.fields += page_link(call, kPath, first - std::min(first, search->limit), search->limit, "prev");
  if (search->limit > 0 && last < fitting.size()) reply.fields += page_link(call, kPath, last, search->limit, "next");
  return reply;
}

net::Reply remove_registration_reply(const NgsiLdApi& api, const net::Call& call) {
  const auto id = uri_in_path("registrationId", call.parameters[0]);
  if (!id) return id.error();
  auto asked = ask(api, call);
  if (!asked) return std::move(asked.error());
  const auto removed = api.registrations->remove(asked->tenant, *id);
  return removed ? done(*asked, 204) : registration_problem(removed.error());
}

}  // namespace

void add_registration_routes(net::Router& router, const NgsiLdApi& api) {
  using net::Method;
  const auto add = [&](Method method, std::string_view path, Maker make) {
    add_guarded_ngsi_route(router, api, method, path, make);
  };
  add(Method::post, "/csourceRegistrations", create_registration_reply);
  add(Method::get, "/csourceRegistrations", search_registrations_reply);
  add(Method::get, "/csourceRegistrations/{id}", retrieve_registration_reply);
  add(Method::patch, "/csourceRegistrations/{id}", change_registration_reply);
  add(Method::delete_, "/csourceRegistrations/{id}", remove_registration_reply);
}

}  // namespace citiverse::api::ngsi_ld
