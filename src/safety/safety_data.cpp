// The export is for reading by people: names instead of numbers, times in UTC.
#include "safety/safety_data.h"

#include <fmt/chrono.h>

#include "base/json_writer.h"

namespace citiverse::safety {
namespace {

using base::JsonWriter;

std::string utc(Time time) { return fmt::format("{:%FT%TZ}", time); }

void write_relations(JsonWriter& json, std::string_view name, const std::vector<Relation>& relations) {
  json.key(name).begin_array();
  for (const Relation& one : relations)
    json.begin_object().member("name", one.name).member("since", utc(one.since)).end_object();
  json.end_array();
}

void write_decision(JsonWriter& json, const Decision& decision) {
  json.begin_object().member("action", name_of(decision.action)).member("ground", name_of(decision.ground));
  json.member("reasons", decision.reasons).member_if_known("law", decision.law).member("decided_at", utc(decision.decided_at));
  if (decision.until != Time{}) json.member("until", utc(decision.until));
  if (decision.revoked_at != Time{})
    json.member("revoked_at", utc(decision.revoked_at)).member("revocation", decision.revocation);
  if (decision.appealed_at != Time{}) json.member("appealed_at", utc(decision.appealed_at)).member("appeal", decision.appeal);
  if (decision.appeal_decided_at != Time{})
    json.member("appeal_answer", decision.appeal_reversed ? "reversed" : "upheld")
        .member("appeal_reasons", decision.appeal_reasons);
  json.end_object();
}

}  // namespace

base::Result<std::string> SafetyData::export_json(AccountId account) {
  const auto blocks = relations_.list(RelationKind::block, account);
  if (!blocks) return std::unexpected(blocks.error());
  const auto mutes = relations_.list(RelationKind::mute, account);
  if (!mutes) return std::unexpected(mutes.error());
  const auto reports = cases_.own_reports(account);
  if (!reports) return std::unexpected(reports.error());
  const auto decisions = cases_.decisions_about(account);
  if (!decisions) return std::unexpected(decisions.error());
  const auto chosen = choices_.chosen(account);
  if (!chosen) return std::unexpected(chosen.error());

  std::string text;
  JsonWriter json(text);
  json.begin_object();
  write_relations(json, "blocked", *blocks);
  write_relations(json, "muted", *mutes);
  if (*chosen) json.member("who_may_write_to_me", name_of(**chosen));
  json.key("my_reports").begin_array();
  for (const OwnReport& one : *reports) {
    json.begin_object().member("about", one.subject_name).member("reason", name_of(one.reason));
    json.member_if_known("text", one.text).member("reported_at", utc(one.reported_at));
    if (one.decided_at != Time{})
      json.member("decided_at", utc(one.decided_at)).key("led_to_action").boolean(one.led_to_action);
    json.end_object();
  }
  json.end_array().key("decisions_about_me").begin_array();
  for (const Decision& one : *decisions) write_decision(json, one);
  json.end_array().end_object();
  return text;
}

base::Result<void> SafetyData::erase(AccountId account) {
  if (auto gone = relations_.erase(account); !gone) return gone;
  return cases_.erase(account);
}

}  // namespace citiverse::safety
