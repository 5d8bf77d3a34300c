// Who is told what of an account stands here: Me for its owner, the summary for officials.
#include "api/identity_json.h"

#include "api/problem.h"
#include "identity/account_data.h"

namespace citiverse::api {
namespace {

using base::JsonWriter;
using identity::Account;
using identity::Permission;
using identity::Standing;
using identity::time_text;

void write_names(JsonWriter& json, std::string_view key, const std::vector<std::string_view>& names) {
  json.key(key).begin_array();
  for (const std::string_view name : names) json.text(name);
  json.end_array();
}

std::vector<std::string_view> permissions_of(Standing standing) {
  std::vector<std::string_view> names;
  for (const identity::Policy& policy : identity::policies())
    if (identity::allows(policy.permission, standing)) names.push_back(policy.name);
  return names;
}

void write_profile(JsonWriter& json, const identity::Profile& profile) {
  json.member("name", profile.name).member_if_known("pronouns", profile.pronouns);
  write_names(json, "languages", {profile.languages.begin(), profile.languages.end()});
  std::vector<std::string_view> needs;
  for (std::size_t i = 0; i < identity::kAccessNeeds; ++i)
    if ((profile.access_needs >> i & 1) != 0) needs.push_back(identity::name_of(static_cast<identity::AccessNeed>(i)));
  write_names(json, "access_needs", needs);
  if (!profile.look_json.empty()) json.key("look").raw(profile.look_json);
}

void write_verification(JsonWriter& json, const Account& account) {
  json.key("verified").boolean(account.verification.has_value());
  if (account.verification) json.member("verified_by", account.verification->by);
}

std::vector<std::string_view> standing_names(Standing standing) {
  auto names = identity::role_names(standing);
  constexpr std::array<std::pair<Standing, std::string_view>, 6> kFlags{{{identity::kGuest, "guest"},
                                                                         {identity::kMember, "member"},
                                                                         {identity::kMinor, "minor"},
                                                                         {identity::kNew, "new"},
                                                                         {identity::kRestricted, "restricted"},
                                                                         {identity::kErasing, "erasing"}}};
  for (const auto& [bit, name] : kFlags)
    if ((standing & bit) != 0) names.push_back(name);
  return names;
}

}  // namespace

base::Result<std::string> me_json(const IdentityApi& api, const std::optional<identity::ActiveSession>& session) {
  std::string body;
  JsonWriter json(body);
  json.begin_object().key("signed_in").boolean(session.has_value());
  const Standing standing = session ? session->standing : 0;
  write_names(json, "permissions", permissions_of(standing));
  if (!session) {
    json.end_object();
    return body;
  }
  const auto account = api.identity.accounts().get(session->account);
  if (!account) return std::unexpected(account.error());
  const auto has_password = api.identity.passwords().has(session->account);
  if (!has_password) return std::unexpected(has_password.error());
  const auto codes_left = api.identity.recovery_codes().left(session->account);
  if (!codes_left) return std::unexpected(codes_left.error());
  if (session->dormant != 0) write_names(json, "permissions_after_sign_in", permissions_of(standing | session->dormant));
  json.member("account", to_text(account->id)).key("guest").boolean(account->is_guest).key("minor").boolean(account->is_minor);
  json.key("new").boolean((standing & identity::kNew) != 0);
  write_profile(json, account->profile);
  json.member_if_known("sign_in_name", account->sign_in_name);
  write_names(json, "roles", identity::role_names(account->roles));
  write_verification(json, *account);
  json.member("created_at", time_text(account->created_at));
  if ((standing & identity::kRestricted) != 0) json.member("restricted_until", time_text(*account->restricted_until));
  if (account->erase_at) json.member("erase_at", time_text(*account->erase_at));
  json.key("session")
      .begin_object()
      .member("id", to_text(session->session))
      .key("fresh")
      .boolean(session->is_fresh)
      .end_object();
  json.key("has_password").boolean(*has_password).key("recovery_codes_left").integer(*codes_left);
  json.end_object();
  return body;
}

net::Reply me_reply(const IdentityApi& api, const std::optional<identity::ActiveSession>& session, int status,
                    std::string fields) {
  auto body = me_json(api, session);
  if (!body) return problem_from(body.error());
  net::Reply reply = personal_reply(*std::move(body), status);
  reply.fields = std::move(fields);
  return reply;
}

void write_account_summary(JsonWriter& json, const Account& account) {
  json.begin_object().member("id", to_text(account.id)).member("name", account.profile.name);
  json.member_if_known("sign_in_name", account.sign_in_name).key("minor").boolean(account.is_minor);
  write_names(json, "roles", identity::role_names(account.roles));
  write_verification(json, account);
  json.member("created_at", time_text(account.created_at));
  if (account.restricted_until) json.member("restricted_until", time_text(*account.restricted_until));
  json.end_object();
}

void write_organisation(JsonWriter& json, const identity::Organisation& organisation) {
  json.begin_object().member("id", to_text(organisation.id)).member("name", organisation.name);
  json.member_if_known("about", organisation.about).key("verified").boolean(organisation.is_verified);
  json.key("members").integer(organisation.members);
  if (organisation.my_role) {
    json.member("my_role", name_of(*organisation.my_role)).member("my_state", name_of(organisation.my_state));
  }
  json.end_object();
}

void write_member(JsonWriter& json, const identity::OrganisationMember& member) {
  json.begin_object().member("account", to_text(member.account)).member("name", member.name);
  json.member("role", name_of(member.role)).member("state", name_of(member.state)).end_object();
}

std::string policy_json() {
  std::string body;
  JsonWriter json(body);
  json.begin_object().key("permissions").begin_array();
  for (const identity::Policy& policy : identity::policies()) {
    json.begin_object().member("name", policy.name);
    write_names(json, "any_of", standing_names(policy.any_of));
    write_names(json, "none_of", standing_names(policy.none_of));
    json.member_if_known("needs", policy.needs).end_object();
  }
  json.end_array().end_object();
  return body;
}

net::Reply personal_reply(std::string body, int status) {
  net::Reply reply;
  reply.status = status;
  reply.audience = net::Audience::personal;
  reply.body = std::move(body);
  return reply;
}

net::Reply done_reply(std::string fields) {
  net::Reply reply;
  reply.status = 204;
  reply.media_type = {};
  reply.audience = net::Audience::personal;
  reply.fields = std::move(fields);
  return reply;
}

std::string device_name(std::string_view user_agent) {
  const auto first_of = [&](std::span<const std::pair<std::string_view, std::string_view>> marks) {
    for (const auto& [mark, name] : marks)
      if (user_agent.find(mark) != std::string_view::npos) return name;
    return std::string_view();
  };
  // Each browser names the ones that it is like, so the order counts.
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kBrowsers{{{"Edg", "Edge"},
                                                                                    {"OPR/", "Opera"},
                                                                                    {"SamsungBrowser", "Samsung Internet"},
                                                                                    {"Firefox", "Firefox"},
                                                                                    {"FxiOS", "Firefox"},
                                                                                    {"CriOS", "Chrome"},
                                                                                    {"Chrom", "Chrome"},
                                                                                    {"Safari", "Safari"}}};
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kSystems{{{"OculusBrowser", "a headset"},
                                                                                   {"Android", "Android"},
                                                                                   {"iPhone", "iPhone"},
                                                                                   {"iPad", "iPad"},
                                                                                   {"Windows", "Windows"},
                                                                                   {"CrOS", "ChromeOS"},
                                                                                   {"Mac OS", "Mac"},
                                                                                   {"Linux", "Linux"}}};
  const std::string_view browser = first_of(kBrowsers);
  const std::string_view system = first_of(kSystems);
  std::string name(browser);
  if (!system.empty()) name += name.empty() ? std::string(system) : fmt::format(" on {}", system);
  return name;
}

}  // namespace citiverse::api
