// The version that the program tells of itself.
#pragma once

#include <string_view>

namespace citiverse::api {

inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace citiverse::api
