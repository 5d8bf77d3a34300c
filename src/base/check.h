// A broken invariant stops the program, in release too: a wrong city is worse than none.
#pragma once

namespace citiverse::base {

/// Prints file, line, condition and reason to stderr, then aborts.
[[noreturn]] void check_failed(const char* file, int line, const char* condition, const char* reason);

}  // namespace citiverse::base

/// `reason` says why the condition must hold.
#define CITIVERSE_CHECK(condition, reason)                                     \
  do {                                                                         \
    if (!(condition)) [[unlikely]] {                                           \
      ::citiverse::base::check_failed(__FILE__, __LINE__, #condition, reason); \
    }                                                                          \
  } while (false)
