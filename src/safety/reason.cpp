// The names are the contract's; the order is the enumerations'.
#include "safety/reason.h"

#include <algorithm>
#include <array>

namespace citiverse::safety {
namespace {

using Names = std::string_view;

constexpr std::array<Names, kReasonCount> kReasons = {"threat",        "minor_safety", "self_harm",    "sexual",
                                                      "hate",          "harassment",   "private_data", "impersonation",
                                                      "illegal_goods", "spam",         "other"};
constexpr std::array<Names, kActionCount> kActions = {"none", "warning", "removal", "silence", "time_out"};
constexpr std::array<Names, kAudienceCount> kAudiences = {"near", "group", "place", "person"};

template <class Enum, std::size_t N>
std::optional<Enum> find(const std::array<Names, N>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

}  // namespace

std::string_view name_of(Reason reason) { return kReasons.at(static_cast<std::size_t>(reason)); }
std::string_view name_of(Action action) { return kActions.at(static_cast<std::size_t>(action)); }
std::string_view name_of(Audience audience) { return kAudiences.at(static_cast<std::size_t>(audience)); }
std::optional<Reason> reason_named(std::string_view name) { return find<Reason>(kReasons, name); }
std::optional<Action> action_named(std::string_view name) { return find<Action>(kActions, name); }
std::optional<Audience> audience_named(std::string_view name) { return find<Audience>(kAudiences, name); }

}  // namespace citiverse::safety
