// The tables, which are only ever added to.
#include "plan/plan_rows.h"

#include <array>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "plan/edit_json.h"

namespace citiverse::plan {
namespace {

constexpr std::array<std::string_view, 1> kPlanSteps{R"sql(
CREATE TABLE plans (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  about TEXT NOT NULL,
  owner INTEGER NOT NULL,
  base_version TEXT NOT NULL,
  everybody INTEGER NOT NULL,
  accounts INTEGER NOT NULL,
  forked_from INTEGER NOT NULL,
  forked_at INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE TABLE plan_people (
  plan INTEGER NOT NULL REFERENCES plans ON DELETE CASCADE,
  account INTEGER NOT NULL,
  may INTEGER NOT NULL,
  PRIMARY KEY (plan, account)
) STRICT, WITHOUT ROWID;
CREATE TABLE plan_entries (
  plan INTEGER NOT NULL REFERENCES plans ON DELETE CASCADE,
  sequence INTEGER NOT NULL,
  author INTEGER NOT NULL,
  accepted_by INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  undoes INTEGER NOT NULL,
  edits TEXT NOT NULL,
  key TEXT,
  PRIMARY KEY (plan, sequence)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX plan_entry_keys ON plan_entries (plan, author, key) WHERE key IS NOT NULL;
CREATE TABLE plan_versions (
  plan INTEGER NOT NULL REFERENCES plans ON DELETE CASCADE,
  name TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  author INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  PRIMARY KEY (plan, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE plan_suggestions (
  plan INTEGER NOT NULL REFERENCES plans ON DELETE CASCADE,
  id INTEGER NOT NULL,
  author INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  note TEXT NOT NULL,
  edits TEXT NOT NULL,
  state INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (plan, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE plan_comments (
  plan INTEGER NOT NULL REFERENCES plans ON DELETE CASCADE,
  id INTEGER NOT NULL,
  author INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  object TEXT NOT NULL,
  lat REAL,
  lon REAL,
  reply_to INTEGER NOT NULL,
  body TEXT NOT NULL,
  resolved INTEGER NOT NULL,
  PRIMARY KEY (plan, id)
) STRICT, WITHOUT ROWID;
)sql"};

}  // namespace

std::span<const std::string_view> plan_steps() { return kPlanSteps; }

std::string edits_text(std::span<const Edit> edits, const geo::CityPlane& plane) {
  std::string text;
  base::JsonWriter json(text);
  json.begin_array();
  for (const Edit& edit : edits) write_edit(json, plane, edit);
  json.end_array();
  return text;
}

base::Result<std::vector<Edit>> edits_from(std::string_view text, const Plan& plan) {
  auto document = base::JsonDocument::parse(text);
  auto edits = document ? read_edits(document->root(), plan.base().plane(), plan)
                        : base::Result<std::vector<Edit>>(std::unexpected(document.error()));
  if (!edits) return base::fail(base::ErrorCode::corrupt, "edits of a plan cannot be read: " + edits.error().message);
  return edits;
}

base::Result<void> done(const base::Result<std::int64_t>& rows) {
  if (!rows) return std::unexpected(rows.error());
  return {};
}

}  // namespace citiverse::plan
