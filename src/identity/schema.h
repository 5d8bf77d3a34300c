// The tables of this room, step by step from nothing to their newest form.
#pragma once

#include <span>
#include <string_view>

namespace citiverse::identity {

inline constexpr std::string_view kSchemaPart = "identity";
/// For storage::Store::migrate. A step that has landed is never changed: add one.
std::span<const std::string_view> schema_steps();

}  // namespace citiverse::identity
