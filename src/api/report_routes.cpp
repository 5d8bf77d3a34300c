// POST /api/v1/reports, GET /me/reports, GET /me/decisions, POST /decisions/{id}/appeal: what everybody may do about safety.
#include "api/safety_json.h"
#include "api/safety_replies.h"
#include "api/safety_routes.h"
#include "api/whom.h"
#include "base/text.h"

namespace citiverse::api {
namespace {

using base::JsonWriter;
using identity::Permission;

constexpr std::size_t kReportCharactersMax = 2000;

net::Reply add_reply(PeopleSafety& safety, PeopleMet& met, const net::Call& call) {
  JsonBody body(call.request.body);
  const base::JsonValue whom_value = body.value("whom");
  const base::JsonValue evidence_value = body.value("evidence");
  const auto reason = safety::reason_named(body.required_text("reason", 1, 40));
  if (!reason) body.fail("reason", "reason must be one of the contract's SafetyReason, such as harassment");
  const std::string text = body.text("text", 0, kReportCharactersMax).value_or("");
  const bool also_block = body.boolean("also_block").value_or(false);
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  auto whom = read_whom(safety, met, account_of(call), whom_value);
  if (!whom) return refusal(whom.error());
  auto exhibits = read_evidence(safety, whom->account, evidence_value);
  if (!exhibits) return refusal(exhibits.error());
  const bool is_shown = whom->message && std::ranges::any_of(*exhibits, [&](const safety::Exhibit& one) {
                          return one.text == whom->message->text && one.said_at == whom->message->said_at;
                        });
  if (whom->message && !is_shown && exhibits->size() < safety::kEvidenceMax)
    exhibits->insert(exhibits->begin(), *std::move(whom->message));
  const auto report = safety.cases().report({.reporter = account_of(call),
                                             .subject = whom->account,
                                             .subject_name = whom->name,
                                             .reason = *reason,
                                             .text = base::clean_text(text, safety::kReportTextBytesMax),
                                             .left = whom->left,
                                             .exhibits = *std::move(exhibits)});
  if (!report) return refusal(report.error());
  if (also_block) {
    const auto blocked = safety.relations().add(safety::RelationKind::block, account_of(call), whom->account, whom->name);
    if (!blocked) return refusal(blocked.error());
  }
  return json_for_one(201, [&](JsonWriter& json) { write_report(json, *report); });
}

net::Reply own_reports_reply(PeopleSafety& safety, const net::Call& call) {
  const auto reports = safety.cases().own_reports(account_of(call));
  if (!reports) return refusal(reports.error());
  return json_for_one(200, [&](JsonWriter& json) {
    json.begin_object().key("items").begin_array();
    for (const safety::OwnReport& one : *reports) write_report(json, one);
    json.end_array().end_object();
  });
}

net::Reply decisions_reply(PeopleSafety& safety, const net::Call& call) {
  const auto decisions = safety.cases().decisions_about(account_of(call));
  if (!decisions) return refusal(decisions.error());
  const safety::Time now = safety.identity().surroundings().now();
  return json_for_one(200, [&](JsonWriter& json) {
    json.begin_object().key("items").begin_array();
    for (const safety::Decision& one : *decisions) write_decision(json, one, now);
    json.end_array().end_object();
  });
}

net::Reply appeal_reply(PeopleSafety& safety, const net::Call& call) {
  JsonBody body(call.request.body);
  const std::string reasons = clean_text_of(body, "reasons", kReportCharactersMax);
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  const auto id = id_in_path(call);
  if (!id) return refusal(id.error());
  const auto decision = safety.cases().appeal(account_of(call), safety::DecisionId{*id}, reasons);
  if (!decision) return refusal(decision.error());
  const safety::Time now = safety.identity().surroundings().now();
  return json_for_one(201, [&](JsonWriter& json) { write_decision(json, *decision, now); });
}

}  // namespace

void add_report_routes(net::Router& router, PeopleSafety& safety, PeopleMet& met) {
  add_route(router, net::Method::post, "/api/v1/reports", Permission::report_others,
            [&safety, &met](const net::Call& call) { return add_reply(safety, met, call); });
  add_route(router, net::Method::get, "/api/v1/me/reports", Permission::own_account,
            [&safety](const net::Call& call) { return own_reports_reply(safety, call); });
  add_route(router, net::Method::get, "/api/v1/me/decisions", Permission::own_account,
            [&safety](const net::Call& call) { return decisions_reply(safety, call); });
  add_route(router, net::Method::post, "/api/v1/decisions/{id}/appeal", Permission::appeal_decisions,
            [&safety](const net::Call& call) { return appeal_reply(safety, call); });
}

}  // namespace citiverse::api
