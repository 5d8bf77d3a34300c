// /api/v1/me/consents and /api/v1/me/export: what a person agreed to, and everything that is stored about them.
#include "api/export_page.h"
#include "api/identity_api.h"
#include "api/identity_json.h"
#include "api/json_body.h"
#include "api/problem.h"
#include "identity/account_data.h"

namespace citiverse::api {
namespace {

using identity::Permission;
using identity::Purpose;
using net::Call;
using net::Method;
using net::Reply;

void write_consent(base::JsonWriter& json, Purpose purpose, const identity::Consent& consent) {
  json.begin_object().member("purpose", name_of(purpose)).key("given").boolean(consent.is_given);
  if (consent.changed_at) json.member("changed_at", identity::time_text(*consent.changed_at));
  json.end_object();
}

Reply list_consents(const IdentityApi& api, const Call& call) {
  const auto consents = api.identity.consents().all(account_of(call));
  if (!consents) return problem_from(consents.error());
  std::string body;
  base::JsonWriter json(body);
  json.begin_object().key("consents").begin_array();
  for (std::size_t i = 0; i < identity::kPurposes; ++i) write_consent(json, static_cast<Purpose>(i), (*consents)[i]);
  json.end_array().end_object();
  return personal_reply(std::move(body));
}

Reply set_consent(const IdentityApi& api, const Call& call) {
  const auto purpose = identity::parse_purpose(call.parameters[0]);
  if (!purpose) return no_such("purpose");
  JsonBody body(call.request.body);
  const bool is_given = body.required_boolean("given");
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  if (const auto kept = api.identity.consents().set(account_of(call), *purpose, is_given); !kept)
    return problem_from(kept.error());
  const auto consent = api.identity.consents().get(account_of(call), *purpose);
  if (!consent) return problem_from(consent.error());
  std::string text;
  base::JsonWriter json(text);
  write_consent(json, *purpose, *consent);
  return personal_reply(std::move(text));
}

Reply export_me(const IdentityApi& api, const Call& call) {
  Parameters parameters(call.request.query);
  const std::string format = parameters.text("format", 10).value_or("json");
  if (format != "json" && format != "html") parameters.fail("format", "format is json or html");
  if (const auto& failure = parameters.failure()) return bad_parameter(*failure);
  auto everything = api.identity.erasure().export_json(account_of(call));
  if (!everything) return problem_from(everything.error());
  if (format == "json") {
    Reply reply = personal_reply(*std::move(everything));
    reply.fields = "Content-Disposition: attachment; filename=\"citiverse-export.json\"\r\n";
    return reply;
  }
  auto page = export_page(*everything);
  if (!page) return problem_from(page.error());
  Reply reply = personal_reply(*std::move(page));
  reply.media_type = "text/html; charset=utf-8";
  return reply;
}

}  // namespace

void add_own_data_routes(net::Router& router, const IdentityApi& api) {
  const auto add = [&](Method method, std::string pattern, Reply (*make)(const IdentityApi&, const Call&),
                       net::Work work = net::Work::brief) {
    add_route(
        router, method, std::move(pattern), Permission::own_account, [&api, make](const Call& call) { return make(api, call); },
        work);
  };
  add(Method::get, "/api/v1/me/consents", list_consents);
  add(Method::put, "/api/v1/me/consents/{purpose}", set_consent);
  add(Method::get, "/api/v1/me/export", export_me, net::Work::long_);
}

}  // namespace citiverse::api
