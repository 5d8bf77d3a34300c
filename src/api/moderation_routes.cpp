// The moderators' desk: /api/v1/reports, /decisions, /appeals; and /moderation, which everybody may read.
#include "api/parameters.h"
#include "api/safety_json.h"
#include "api/safety_replies.h"
#include "api/safety_routes.h"
#include "api/whom.h"

namespace citiverse::api {
namespace {

using base::JsonWriter;
using base::Result;
using identity::AccountId;
using identity::Permission;
using safety::Decision;
using safety::DecisionId;
using safety::ReportId;

constexpr std::size_t kReasonsCharactersMax = 2000;
constexpr std::size_t kLawCharactersMax = 300;

CaseContext context_of(PeopleSafety& safety, const safety::Case& one, AccountId moderator) {
  CaseContext context{.moderator = moderator, .now = safety.identity().surroundings().now()};
  if (const auto facts = safety.facts(one.subject)) context.subject = *facts;
  if (one.left.notice != 0) {
    if (auto notice = safety.notices().get_kept(one.left.notice)) context.notice = *std::move(notice);
  }
  if (one.left.thing != 0) {
    if (auto thing = safety.things().get_kept(one.left.thing)) context.thing = *std::move(thing);
  }
  return context;
}

net::Reply case_reply(PeopleSafety& safety, const net::Call& call,
                      Result<safety::Case> (safety::CaseBook::*ask)(AccountId, ReportId)) {
  const auto id = id_in_path(call);
  if (!id) return refusal(id.error());
  const auto one = (safety.cases().*ask)(account_of(call), ReportId{*id});
  if (!one) return refusal(one.error());
  return json_for_one(200, [&](JsonWriter& json) { write_case(json, *one, context_of(safety, *one, account_of(call))); });
}

// The id that a page began after; 0 for the first page.
std::uint64_t after_of(Parameters& parameters) {
  const auto cursor = parameters.text("cursor", 200);
  if (!cursor) return 0;
  const auto id = identity::parse_id_text(*cursor);
  if (!id) parameters.fail("cursor", "cursor is the next_cursor of the page before");
  return id.value_or(0);
}

net::Reply queue_reply(PeopleSafety& safety, const net::Call& call) {
  Parameters parameters(call.request.query);
  const std::string state = parameters.text("state", 10).value_or("open");
  if (state != "open" && state != "decided") parameters.fail("state", "state is open or decided");
  const std::size_t limit = parameters.count_or("limit", 1, safety::kCasesPageMax, 50);
  const std::uint64_t after = after_of(parameters);
  if (const auto& failure = parameters.failure()) return bad_parameter(*failure);
  const auto cases = safety.cases().queue(account_of(call), state == "decided", limit, ReportId{after});
  if (!cases) return refusal(cases.error());
  return json_for_one(200, [&](JsonWriter& json) {
    json.begin_object().key("items").begin_array();
    for (const safety::Case& one : *cases) write_case(json, one, context_of(safety, one, account_of(call)));
    json.end_array();
    if (cases->size() == limit) json.member("next_cursor", to_text(cases->back().id));
    json.end_object();
  });
}

net::Reply appeals_reply(PeopleSafety& safety, const net::Call& call) {
  Parameters parameters(call.request.query);
  const std::size_t limit = parameters.count_or("limit", 1, safety::kCasesPageMax, 50);
  const std::uint64_t after = after_of(parameters);
  if (const auto& failure = parameters.failure()) return bad_parameter(*failure);
  const auto appeals = safety.cases().appeals(account_of(call), limit, DecisionId{after});
  if (!appeals) return refusal(appeals.error());
  const safety::Time now = safety.identity().surroundings().now();
  return json_for_one(200, [&](JsonWriter& json) {
    json.begin_object().key("items").begin_array();
    for (const safety::AppealCase& one : *appeals) {
      json.begin_object().member("id", to_text(one.decision.id)).member("appealed_at", utc_text(one.decision.appealed_at));
      json.member("text", one.decision.appeal).key("decision");
      write_decision(json, one.decision, now);
      if (one.about) {
        json.key("case");
        write_case(json, *one.about, context_of(safety, *one.about, account_of(call)));
      }
      json.end_object();
    }
    json.end_array();
    if (appeals->size() == limit) json.member("next_cursor", to_text(appeals->back().decision.id));
    json.end_object();
  });
}

safety::NewDecision read_decision(JsonBody& body) {
  safety::NewDecision decision;
  const auto action = safety::action_named(body.required_text("action", 1, 20));
  if (!action) body.fail("action", "action must be none, warning, removal, silence or time_out");
  const auto ground = safety::reason_named(body.required_text("ground", 1, 40));
  if (!ground) body.fail("ground", "ground must be one of the contract's SafetyReason, such as harassment");
  decision.action = action.value_or(safety::Action::none);
  decision.ground = ground.value_or(safety::Reason::other);
  if (const auto duration_h = body.integer("hours", 1, safety::kRestrictionTimeMax.count()))
    decision.duration = std::chrono::hours{*duration_h};
  decision.law = body.text("law", 0, kLawCharactersMax).value_or("");
  decision.reasons = clean_text_of(body, "reasons", kReasonsCharactersMax);
  decision.lang = language_of(body);
  return decision;
}

// What somebody left comes down or back, as the decision says.
Result<void> carry_out(PeopleSafety& safety, const Decision& decision) {
  if (decision.action != safety::Action::removal) return {};
  if (decision.left.notice != 0) return safety.notices().hide(decision.left.notice, decision.stands());
  return decision.left.thing != 0 ? safety.things().hide(decision.left.thing, decision.stands()) : Result<void>{};
}

// Decides and logs it in one write; then it is carried out.
template <class Work>
net::Reply change_reply(PeopleSafety& safety, const net::Call& call, int status, std::string_view act, Work&& work) {
  const auto decision = safety.identity().store().write([&](storage::Database&) -> Result<Decision> {
    auto changed = work();
    if (!changed) return changed;
    const auto logged =
        safety.identity().audit().add(account_of(call), act, changed->subject, safety::name_of(changed->action));
    if (!logged) return std::unexpected(logged.error());
    return changed;
  });
  if (!decision) return refusal(decision.error());
  if (auto done = carry_out(safety, *decision); !done) return refusal(done.error());
  const safety::Time now = safety.identity().surroundings().now();
  return json_for_one(status, [&](JsonWriter& json) { write_decision(json, *decision, now); });
}

net::Reply decide_reply(PeopleSafety& safety, const net::Call& call) {
  JsonBody body(call.request.body);
  const safety::NewDecision made = read_decision(body);
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  const auto id = id_in_path(call);
  if (!id) return refusal(id.error());
  return change_reply(safety, call, 201, "moderation.decide",
                      [&] { return safety.cases().decide(account_of(call), ReportId{*id}, made); });
}

net::Reply decide_unasked_reply(PeopleSafety& safety, PeopleMet& met, const net::Call& call) {
  JsonBody body(call.request.body);
  const base::JsonValue value = body.value("whom");
  const safety::NewDecision made = read_decision(body);
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  const auto whom = read_whom(safety, met, account_of(call), value);
  if (!whom) return refusal(whom.error());
  return change_reply(safety, call, 201, "moderation.decide_unasked",
                      [&] { return safety.cases().decide_unasked(account_of(call), whom->account, whom->left, made); });
}

net::Reply revoke_reply(PeopleSafety& safety, const net::Call& call) {
  JsonBody body(call.request.body);
  const std::string reasons = clean_text_of(body, "reasons", kReasonsCharactersMax);
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  const auto id = id_in_path(call);
  if (!id) return refusal(id.error());
  return change_reply(safety, call, 200, "moderation.revoke",
                      [&] { return safety.cases().revoke(account_of(call), DecisionId{*id}, reasons); });
}

net::Reply decide_appeal_reply(PeopleSafety& safety, const net::Call& call) {
  JsonBody body(call.request.body);
  const std::string outcome = body.required_text("outcome", 1, 10);
  if (outcome != "upheld" && outcome != "reversed") body.fail("outcome", "outcome must be upheld or reversed");
  const std::string reasons = clean_text_of(body, "reasons", kReasonsCharactersMax);
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  const auto id = id_in_path(call);
  if (!id) return refusal(id.error());
  return change_reply(safety, call, 200, outcome == "reversed" ? "moderation.reverse" : "moderation.uphold", [&] {
    return safety.cases().decide_appeal(account_of(call), DecisionId{*id}, outcome == "reversed", reasons);
  });
}

net::Reply summary_reply(PeopleSafety& safety) {
  const auto summary = safety.cases().summary();
  if (!summary) return refusal(summary.error());
  auto reply = json_for_one(200, [&](JsonWriter& json) { write_summary(json, *summary); });
  reply.has_etag = true;
  reply.cache_control = "public, max-age=60";
  return reply;
}

}  // namespace

void add_moderation_routes(net::Router& router, PeopleSafety& safety, PeopleMet& met) {
  using net::Method;
  const auto moderate = [&](Method method, std::string pattern, std::function<net::Reply(const net::Call&)> make) {
    add_route(router, method, std::move(pattern), Permission::moderate, std::move(make));
  };
  moderate(Method::get, "/api/v1/reports", [&safety](const net::Call& call) { return queue_reply(safety, call); });
  moderate(Method::get, "/api/v1/reports/{id}",
           [&safety](const net::Call& call) { return case_reply(safety, call, &safety::CaseBook::get); });
  moderate(Method::put, "/api/v1/reports/{id}/claim",
           [&safety](const net::Call& call) { return case_reply(safety, call, &safety::CaseBook::claim); });
  moderate(Method::delete_, "/api/v1/reports/{id}/claim",
           [&safety](const net::Call& call) { return case_reply(safety, call, &safety::CaseBook::release); });
  moderate(Method::post, "/api/v1/reports/{id}/decision",
           [&safety](const net::Call& call) { return decide_reply(safety, call); });
  moderate(Method::post, "/api/v1/decisions",
           [&safety, &met](const net::Call& call) { return decide_unasked_reply(safety, met, call); });
  moderate(Method::post, "/api/v1/decisions/{id}/revocation",
           [&safety](const net::Call& call) { return revoke_reply(safety, call); });
  moderate(Method::get, "/api/v1/appeals", [&safety](const net::Call& call) { return appeals_reply(safety, call); });
  moderate(Method::post, "/api/v1/appeals/{id}/decision",
           [&safety](const net::Call& call) { return decide_appeal_reply(safety, call); });
  add_route(router, Method::get, "/api/v1/moderation", Permission::everyone,
            [&safety](const net::Call&) { return summary_reply(safety); });
}

}  // namespace citiverse::api
