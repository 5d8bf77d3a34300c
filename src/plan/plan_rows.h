// How plans lie in SQLite: the tables, and rows as values.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "plan/plan.h"
#include "plan/plan_record.h"
#include "storage/rows.h"

namespace citiverse::plan {

std::span<const std::string_view> plan_steps();

/// Edits as the JSON array that stands in a row, and back. Fails: corrupt.
std::string edits_text(std::span<const Edit> edits, const geo::CityPlane& plane);
base::Result<std::vector<Edit>> edits_from(std::string_view text, const Plan& plan);

base::Result<void> done(const base::Result<std::int64_t>& rows);

inline std::int64_t seconds_of(PlanTime time) { return time.time_since_epoch().count(); }
inline PlanTime plan_time(std::int64_t seconds) { return PlanTime(std::chrono::seconds(seconds)); }
inline std::uint64_t unsigned_at(const storage::Statement& row, int column) {
  return static_cast<std::uint64_t>(row.integer(column));
}

}  // namespace citiverse::plan
