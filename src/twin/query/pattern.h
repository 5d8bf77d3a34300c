// Patterns from outside, by a matcher whose time grows with the text only: no pattern can hold a thread.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"

namespace re2 {
class RE2;
}

namespace citiverse::twin {

/// A regular expression (ETSI GS CIM 009, 4.9: IEEE 1003.2 extended; RE2's syntax, which has all of it but back-references).
/// Copies share one machine. Threads: safe.
class Pattern {
 public:
  static constexpr std::size_t kBytesMax = 1024;

  /// Fails: bad_input, naming `parameter` and what is wrong; limit.
  static base::Result<Pattern> compile(std::string_view parameter, std::string_view pattern);

  bool matches_whole(std::string_view text) const;
  bool finds_in(std::string_view text) const;
  std::string_view text() const;

 private:
  explicit Pattern(std::shared_ptr<const re2::RE2> machine) : machine_(std::move(machine)) {}
  std::shared_ptr<const re2::RE2> machine_;
};

}  // namespace citiverse::twin
