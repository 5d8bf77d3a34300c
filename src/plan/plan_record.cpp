// Words of rights and states, and who has which right.
#include "plan/plan_record.h"

#include <algorithm>

namespace citiverse::plan {
namespace {
constexpr std::array<std::string_view, 5> kRightNames{"none", "read", "suggest", "edit", "own"};
constexpr std::array<std::string_view, 4> kSuggestionNames{"open", "accepted", "declined", "withdrawn"};
}  // namespace

std::string_view name_of(Right right) { return kRightNames[static_cast<std::size_t>(right)]; }

std::optional<Right> right_named(std::string_view name) {
  const auto found = std::ranges::find(kRightNames, name);
  if (found == kRightNames.end()) return std::nullopt;
  return static_cast<Right>(found - kRightNames.begin());
}

std::string_view name_of(SuggestionState state) { return kSuggestionNames[static_cast<std::size_t>(state)]; }

Right right_of(const PlanRecord& plan, std::uint64_t account, bool is_guest) {
  if (account == 0) return plan.everybody;
  if (account == plan.owner) return Right::own;
  Right right = plan.everybody;
  if (!is_guest) right = std::max(right, plan.accounts);
  if (const auto known = plan.people.find(account); known != plan.people.end()) right = std::max(right, known->second);
  return right;
}

}  // namespace citiverse::plan
