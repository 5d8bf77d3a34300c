// How every operation that can fail says so: a value or an Error, never an exception across a room's border.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace citiverse::base {

/// What kind of failure this is; `api` maps each to one HTTP status.
enum class ErrorCode : std::uint8_t {
  bad_input,    ///< The caller's data is wrong; the message names the place and the fix.
  not_found,    ///< The thing that was named does not exist.
  denied,       ///< The caller may not do this.
  conflict,     ///< The state has moved on since the caller looked.
  limit,        ///< A named limit was reached.
  unavailable,  ///< A part outside this process does not answer, or a disk refuses.
  corrupt,      ///< Stored data fails its own checks.
};

/// The stable, lower-case name of a code, e.g. "bad_input".
std::string_view name_of(ErrorCode code);

/// A failure, with a message for the person who must act: "building 42: height −3 m; heights are 0 m or more".
struct Error {
  ErrorCode code;
  std::string message;
};

template <class T>
using Result = std::expected<T, Error>;

/// Builds the failure side of any Result: `return fail(ErrorCode::bad_input, "…")`.
inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
  return std::unexpected(Error{code, std::move(message)});
}

}  // namespace citiverse::base
