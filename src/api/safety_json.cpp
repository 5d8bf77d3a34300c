// Nobody is named by account here; ids are random and of the report, decision or notice.
#include "api/safety_json.h"

#include <fmt/chrono.h>

#include "api/summary_json.h"

namespace citiverse::api {
namespace {

using base::JsonWriter;
using identity::id_text;
using safety::Time;

void time_member(JsonWriter& json, std::string_view name, Time time) {
  if (time != Time{}) json.member(name, utc_text(time));
}

void write_appeal(JsonWriter& json, const safety::Decision& decision, Time now) {
  const safety::AppealState state = decision.appeal_state(now);
  json.key("appeal").begin_object().member("state", safety::name_of(state));
  if (state == safety::AppealState::possible) time_member(json, "until", decision.decided_at + safety::kAppealTime);
  json.member_if_known("text", decision.appeal).member_if_known("reasons", decision.appeal_reasons);
  time_member(json, "decided_at", decision.appeal_decided_at);
  json.end_object();
}

void write_subject(JsonWriter& json, const safety::Case& one, const CaseContext& context) {
  json.key("subject").begin_object().member("name", one.subject_name);
  json.member("standing", context.subject ? safety::name_of(safety::tier_of(*context.subject, context.now)) : "erased");
  json.key("open_reports").integer(one.subject_open_reports).key("reporters").integer(one.subject_reporters);
  json.key("decisions").integer(one.subject_decisions);
  if (context.subject && context.subject->silenced_until > context.now)
    time_member(json, "silenced_until", context.subject->silenced_until);
  if (context.subject && context.subject->shut_out_until > context.now)
    time_member(json, "shut_out_until", context.subject->shut_out_until);
  json.end_object();
}

}  // namespace

std::string utc_text(Time time) { return fmt::format("{:%FT%TZ}", time); }

void write_relation(JsonWriter& json, const safety::Relation& relation) {
  json.begin_object().member("id", id_text(relation.id)).member("name", relation.name);
  json.member("since", utc_text(relation.since)).end_object();
}

void write_limits(JsonWriter& json, const safety::ContactLimits& limits, const safety::AccountFacts& facts, Time now) {
  json.begin_object().member("standing", safety::name_of(limits.tier));
  if (limits.settled_at) time_member(json, "settled_at", *limits.settled_at);
  json.key("messages_per_minute").integer(limits.messages_per_minute);
  json.key("direct_new_per_hour").integer(limits.direct_new_per_hour);
  json.key("notices_per_day").integer(limits.notices_per_day).key("may_link").boolean(limits.may_link);
  json.key("may_speak_near").boolean(limits.may_speak_near);
  json.key("may_speak_in_groups").boolean(limits.may_speak_in_groups);
  if (facts.silenced_until > now) time_member(json, "silenced_until", facts.silenced_until);
  if (facts.shut_out_until > now) time_member(json, "shut_out_until", facts.shut_out_until);
  json.end_object();
}

void write_report(JsonWriter& json, const safety::OwnReport& report) {
  const bool is_open = report.decided_at == Time{};
  json.begin_object().member("id", to_text(report.id)).member("reason", safety::name_of(report.reason));
  json.member_if_known("name", report.subject_name).member_if_known("text", report.text);
  json.member("state", is_open ? "open" : "decided").member("reported_at", utc_text(report.reported_at));
  if (!is_open)
    json.member("decided_at", utc_text(report.decided_at)).member("outcome", report.led_to_action ? "action" : "no_action");
  json.end_object();
}

void write_decision(JsonWriter& json, const safety::Decision& decision, Time now) {
  json.begin_object().member("id", to_text(decision.id)).member("action", safety::name_of(decision.action));
  time_member(json, "until", decision.until);
  json.member("ground", safety::name_of(decision.ground)).member_if_known("law", decision.law);
  json.member("reasons", decision.reasons).member_if_known("lang", decision.lang);
  json.member("decided_at", utc_text(decision.decided_at));
  json.member("origin", decision.report.is_known() ? "report" : "own_initiative").key("automated").boolean(false);
  time_member(json, "revoked_at", decision.revoked_at);
  json.member_if_known("revocation", decision.revocation);
  write_appeal(json, decision, now);
  json.end_object();
}

void write_case(JsonWriter& json, const safety::Case& one, const CaseContext& context) {
  json.begin_object().member("id", to_text(one.id)).member("reason", safety::name_of(one.reason));
  json.member_if_known("text", one.text).member("state", one.decided_at == Time{} ? "open" : "decided");
  json.member("reported_at", utc_text(one.reported_at));
  json.member("claimed", !one.claimed_by.is_known() ? "no" : one.claimed_by == context.moderator ? "me" : "another");
  if (one.claimed_by.is_known()) time_member(json, "claimed_until", one.claimed_until);
  write_subject(json, one, context);
  json.key("reporter").begin_object().key("reports").integer(one.reporter_reports);
  json.key("without_action").integer(one.reporter_without_action).end_object();
  json.key("evidence").begin_array();
  for (const safety::Exhibit& exhibit : one.exhibits) {
    json.begin_object().member("text", exhibit.text).member("said_at", utc_text(exhibit.said_at));
    json.member("to", safety::name_of(exhibit.audience)).end_object();
  }
  json.end_array();
  if (context.notice) {
    json.key("notice");
    write_notice(json, *context.notice, {});
  }
  if (context.thing) {
    json.key("thing");
    write_thing(json, *context.thing);
  }
  if (one.decision) {
    json.key("decision");
    write_decision(json, *one.decision, context.now);
  }
  json.end_object();
}

void write_summary(JsonWriter& json, const safety::Summary& summary) {
  json.begin_object().key("reports").integer(summary.reports).key("open").integer(summary.open);
  json.key("decided").integer(summary.decided).key("with_action").integer(summary.with_action);
  json.key("own_initiative").integer(summary.own_initiative).key("appeals").integer(summary.appeals);
  json.key("reversed").integer(summary.reversed);
  if (summary.median_hours) json.key("median_hours").number(*summary.median_hours, 2);
  if (summary.oldest_open_hours) json.key("oldest_open_hours").number(*summary.oldest_open_hours, 2);
  json.end_object();
}

void write_notice(JsonWriter& json, const presence::Notice& notice, identity::AccountId reader) {
  json.begin_object().member("id", id_text(notice.id)).member("text", notice.text).member_if_known("lang", notice.lang);
  json.member("author", notice.author_name);
  if (reader.is_known() && reader.value == notice.author) json.key("mine").boolean(true);
  json.member_if_known("object", notice.object).member_if_known("object_name", notice.object_name);
  json.key("lat").number(notice.place.lat_deg, kDegreeDecimals).key("lon").number(notice.place.lon_deg, kDegreeDecimals);
  json.member("posted_at", utc_text(notice.posted_at)).member("expires_at", utc_text(notice.expires_at)).end_object();
}

void write_thing(JsonWriter& json, const presence::KeptObject& thing) {
  json.begin_object().member("id", id_text(thing.id)).member("space", thing.space).member("shape", thing.shape);
  json.member_if_known("text", thing.text).member("by", thing.owner_name).key("at").begin_array();
  for (const std::int32_t cm : {thing.at.x, thing.at.y, thing.at.z}) json.number(cm / 100.0, 2);
  json.end_array().key("locked").boolean(thing.is_locked);
  json.member("put_down_at", utc_text(thing.put_down_at)).member("stays_until", utc_text(thing.stays_until)).end_object();
}

}  // namespace citiverse::api
