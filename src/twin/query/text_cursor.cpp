// Complaints quote a few characters of the text, cleaned, since they are shown to whoever wrote it.
#include "twin/query/text_cursor.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace citiverse::twin {

bool TextCursor::take(std::string_view token) {
  if (!rest().starts_with(token)) return false;
  at_ += token.size();
  return true;
}

std::string_view TextCursor::take_until(std::string_view ends) {
  const std::string_view here = rest();
  const std::string_view taken = here.substr(0, here.find_first_of(ends));
  at_ += taken.size();
  return taken;
}

void TextCursor::skip_blanks() {
  while (peek() == ' ') ++at_;
}

base::Error TextCursor::error(std::string_view what) const {
  if (is_at_end()) return {base::ErrorCode::bad_input, fmt::format("{}: at its end: {}", parameter_, what)};
  return {base::ErrorCode::bad_input,
          fmt::format("{}: at byte {}, '{}': {}", parameter_, at_ + 1, base::clean_text(rest(), 24), what)};
}

std::unexpected<base::Error> TextCursor::expected(std::string_view what) const {
  return std::unexpected(error(fmt::format("expected {}", what)));
}

base::Result<void> check_query_text(std::string_view parameter, std::string_view text) {
  if (text.size() > kQueryBytesMax)
    return base::fail(base::ErrorCode::limit, fmt::format("{}: at most {} bytes", parameter, kQueryBytesMax));
  if (!base::is_utf8(text)) return base::fail(base::ErrorCode::bad_input, fmt::format("{}: is not UTF-8", parameter));
  return {};
}

}  // namespace citiverse::twin
