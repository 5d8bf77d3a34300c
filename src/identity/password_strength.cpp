// Three ways to be long and weak: one's own words, few different characters, and keys in a row.
#include "identity/password_strength.h"

#include <set>

#include "identity/passwords.h"
#include "identity/unicode_forms.h"

namespace citiverse::identity {
namespace {

constexpr std::size_t kWordCharactersMin = 4;  // Shorter words are in anything.
constexpr std::string_view kKeyRows = "qwertzuiop asdfghjkl yxcvbnm qwertyuiop zxcvbnm azertyuiop qsdfghjklm wxcvbn";

bool follow_each_other(char a, char b) {
  if (a == b || a + 1 == b || b + 1 == a || (a == '9' && b == '0')) return true;
  const std::array<char, 2> pair{a, b};
  return kKeyRows.find(std::string_view(pair.data(), 2)) != std::string_view::npos;
}

// True when the text is one shorter text, at least three times.
bool repeats(std::string_view text) {
  for (std::size_t period = 1; period * 3 <= text.size(); ++period)
    if (text.substr(period) == text.substr(0, text.size() - period)) return true;
  return false;
}

}  // namespace

std::optional<std::string> guessable_because(std::string_view normal, std::span<const std::string> own_words) {
  const std::string folded = case_folded(normal).value_or(std::string(normal));
  if (std::set<char>(folded.begin(), folded.end()).size() < kDifferentCharactersMin)
    return fmt::format("it has fewer than {} different characters", kDifferentCharactersMin);
  if (repeats(folded)) return "it is the same again and again";
  std::size_t in_a_row = 0;
  for (std::size_t i = 1; i < folded.size(); ++i) in_a_row += follow_each_other(folded[i - 1], folded[i]) ? 1 : 0;
  if (2 * in_a_row > folded.size()) return "most of it is keys, digits or letters in a row";
  std::string left = folded;
  for (const std::string& own : own_words) {
    const std::string word = case_folded(own).value_or(own);
    if (character_count(word) < kWordCharactersMin) continue;
    for (std::size_t at = left.find(word); at != std::string::npos; at = left.find(word, at)) left.erase(at, word.size());
  }
  if (character_count(left) < kUnguessableCharactersMin) return "it is little more than a name that anybody can guess";
  return std::nullopt;
}

}  // namespace citiverse::identity
