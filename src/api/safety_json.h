// The contract's schemas of safety and noticeboard, written.
#pragma once

#include <string>

#include "base/json_writer.h"
#include "presence/noticeboard.h"
#include "presence/object_book.h"
#include "safety/case_types.h"
#include "safety/contact_rules.h"
#include "safety/relations.h"

namespace citiverse::api {

/// RFC 3339 in UTC, whole seconds.
std::string utc_text(safety::Time time);

void write_relation(base::JsonWriter& json, const safety::Relation& relation);
void write_limits(base::JsonWriter& json, const safety::ContactLimits& limits, const safety::AccountFacts& facts,
                  safety::Time now);
void write_report(base::JsonWriter& json, const safety::OwnReport& report);
/// As the person concerned and moderators see it: without the moderator's name.
void write_decision(base::JsonWriter& json, const safety::Decision& decision, safety::Time now);

/// What a case needs beside itself.
struct CaseContext {
  identity::AccountId moderator;
  std::optional<safety::AccountFacts> subject;  ///< Absent after erasure.
  std::optional<presence::Notice> notice;
  std::optional<presence::KeptObject> thing;
  safety::Time now{};
};
void write_case(base::JsonWriter& json, const safety::Case& one, const CaseContext& context);
void write_summary(base::JsonWriter& json, const safety::Summary& summary);
/// `reader`: to mark what is their own; unknown when nobody is signed in.
void write_notice(base::JsonWriter& json, const presence::Notice& notice, identity::AccountId reader);
/// A thing that stays, with its place in the frame of its space.
void write_thing(base::JsonWriter& json, const presence::KeptObject& thing);

}  // namespace citiverse::api
