// Why something is reported and on what ground it is decided: one short list that reporters, moderators and statistics share.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace citiverse::safety {

/// Most urgent first: the moderators' queue is in this order. The numbers are stored; add at the end of a group only with a
/// migration.
enum class Reason : std::uint8_t {
  threat,
  minor_safety,
  self_harm,
  sexual,
  hate,
  harassment,
  private_data,
  impersonation,
  illegal_goods,
  spam,
  other,
};
inline constexpr std::uint8_t kReasonCount = 11;

/// What a moderator does. `none` closes a case without a consequence.
enum class Action : std::uint8_t { none, warning, removal, silence, time_out };
inline constexpr std::uint8_t kActionCount = 5;

/// True for what lasts for a time: `silence` (no talk) and `time_out` (no entry to spaces).
constexpr bool needs_duration(Action action) { return action == Action::silence || action == Action::time_out; }

/// To whom a message was said.
enum class Audience : std::uint8_t { near, group, place, person };
inline constexpr std::uint8_t kAudienceCount = 4;

std::string_view name_of(Reason reason);
std::string_view name_of(Action action);
std::string_view name_of(Audience audience);
std::optional<Reason> reason_named(std::string_view name);
std::optional<Action> action_named(std::string_view name);
std::optional<Audience> audience_named(std::string_view name);

}  // namespace citiverse::safety
