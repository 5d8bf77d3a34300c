// Unicode text in the forms in which it is compared and hashed.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace citiverse::identity {

/// Code points of well-formed UTF-8.
std::size_t character_count(std::string_view text);
/// NFKC (UAX #15); nothing for malformed UTF-8.
std::optional<std::string> nfkc(std::string_view text);
/// NFKC_Casefold (Unicode Standard, 3.13, D146): two texts that differ in case or in compatible forms of letters become one.
std::optional<std::string> case_folded(std::string_view text);
/// Letters and digits only, with case folded: a register's number is one number, "R 47-11" as well as "r4711".
std::string bare_number(std::string_view text);
/// True when every code point is a letter, a mark, a digit, or one of `signs` (ASCII).
bool has_only_letters_digits_and(std::string_view text, std::string_view signs);

}  // namespace citiverse::identity
