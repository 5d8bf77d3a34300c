// Text as search compares it: without case, accents, width or script variants, cut into words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace citiverse::city {

/// Unicode NFKC_Casefold, then decomposed with non-spacing marks left out ("Café" → "cafe", Arabic without vowel signs and with
/// bare alif, "Straße" → "strasse"). Malformed UTF-8 is dropped. Source: Unicode UAX #15, UTR #30 practice, by ICU.
std::string folded(std::string_view text);

/// The words of a folded text: runs of letters and digits; each Han, Kana or Thai character is a word of its own, because those
/// scripts write no spaces. Views into `folded_text`, at most kWordsMax.
void split_words(std::string_view folded_text, std::vector<std::string_view>& words);
inline constexpr std::size_t kWordsMax = 32;

}  // namespace citiverse::city
