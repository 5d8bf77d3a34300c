// Where a parser of a query text stands, so that every complaint names the place and what was expected there.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace citiverse::twin {

inline constexpr std::size_t kQueryBytesMax = 16'384;  ///< Of one query text.
inline constexpr std::size_t kQueryTermsMax = 256;     ///< Conditions, types, scopes or listed values in one query text.
inline constexpr int kQueryDepthMax = 16;              ///< Parentheses within each other.

class TextCursor {
 public:
  /// `parameter` is the name under which the reader knows the text, such as "q"; both stay valid as long as this.
  TextCursor(std::string_view parameter, std::string_view text) : parameter_(parameter), text_(text) {}

  bool is_at_end() const { return at_ >= text_.size(); }
  /// The next byte; 0 at the end.
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  std::string_view rest() const { return text_.substr(at_); }
  std::size_t at() const { return at_; }
  void skip(std::size_t bytes) { at_ += bytes; }
  /// Steps over `token` when it stands here.
  bool take(std::string_view token);
  /// What stands before the next of `ends`, or before the end.
  std::string_view take_until(std::string_view ends);
  /// Skips white space.
  void skip_blanks();

  /// bad_input: "q: at byte 12 ('…'): expected a value".
  std::unexpected<base::Error> expected(std::string_view what) const;
  base::Error error(std::string_view what) const;

 private:
  std::string_view parameter_;
  std::string_view text_;
  std::size_t at_ = 0;
};

/// Fails when a text is too long, or no UTF-8. limit, bad_input.
base::Result<void> check_query_text(std::string_view parameter, std::string_view text);

}  // namespace citiverse::twin
