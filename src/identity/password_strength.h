// What makes a password easy to guess although it is long.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace citiverse::identity {

/// The reason why `normal` (NFKC) is easy to guess, for the person who chose it; nothing when it is not. `own_words` are words
/// that anybody would try for this person: names, the city. Source: NIST SP 800-63B-4, 3.1.1.2 (context-specific words,
/// repetitions).
std::optional<std::string> guessable_because(std::string_view normal, std::span<const std::string> own_words);

}  // namespace citiverse::identity
