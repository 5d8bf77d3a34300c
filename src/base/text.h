// What text from outside must pass before it is stored or shown: valid UTF-8, no control characters, a bounded length.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace citiverse::base {

/// True when `text` is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF).
bool is_utf8(std::string_view text);

/// `text` with malformed bytes replaced by U+FFFD, control and bidirectional-override characters dropped, white space
/// trimmed, and cut on a character border to at most `bytes_max` bytes.
std::string clean_text(std::string_view text, std::size_t bytes_max);

/// `text` without the spaces and tabs at its ends (RFC 9110, 5.6.3: optional white space).
std::string_view trimmed(std::string_view text);

}  // namespace citiverse::base
