// ASCII takes the short way; everything else goes through ICU.
#include "city/folded_text.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "base/check.h"

namespace citiverse::city {
namespace {

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Arabic letters that people type for one another: hamza carriers for alif, alif maqsura for ya, ta marbuta for ha.
UChar32 arabic_base(UChar32 c) {
  switch (c) {
    case 0x0622:
    case 0x0623:
    case 0x0625:
    case 0x0671: return 0x0627;
    case 0x0649: return 0x064A;
    case 0x0629: return 0x0647;
    case 0x0640: return 0;  // Tatweel only stretches.
    default: return c;
  }
}

struct Normalizers {
  const icu::Normalizer2* casefold;
  const icu::Normalizer2* decompose;
};

const Normalizers& normalizers() {
  static const Normalizers all = [] {
    UErrorCode error = U_ZERO_ERROR;
    const Normalizers n{icu::Normalizer2::getNFKCCasefoldInstance(error), icu::Normalizer2::getNFDInstance(error)};
    CITIVERSE_CHECK(U_SUCCESS(error), "ICU carries its normalisation data inside");
    return n;
  }();
  return all;
}

bool stands_alone(UChar32 c) {
  UErrorCode error = U_ZERO_ERROR;
  switch (uscript_getScript(c, &error)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER: return true;
    default: return false;
  }
}

}  // namespace

std::string folded(std::string_view text) {
  std::string out;
  if (is_ascii(text)) {
    out.reserve(text.size());
    for (const char c : text) out += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    return out;
  }
  UErrorCode error = U_ZERO_ERROR;
  const auto raw = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  const icu::UnicodeString plain = normalizers().decompose->normalize(normalizers().casefold->normalize(raw, error), error);
  if (U_FAILURE(error)) return out;
  for (std::int32_t i = 0; i < plain.length(); i = plain.moveIndex32(i, 1)) {
    const UChar32 c = arabic_base(plain.char32At(i));
    if (c == 0 || c == 0xFFFD || u_charType(c) == U_NON_SPACING_MARK) continue;
    char bytes[U8_MAX_LENGTH];
    std::int32_t length = 0;
    U8_APPEND_UNSAFE(bytes, length, c);
    out.append(bytes, static_cast<std::size_t>(length));
  }
  return out;
}

void split_words(std::string_view folded_text, std::vector<std::string_view>& words) {
  words.clear();
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(folded_text.data());
  const auto size = static_cast<std::int32_t>(folded_text.size());
  std::int32_t start = -1;
  const auto end_word = [&](std::int32_t end) {
    if (start >= 0 && words.size() < kWordsMax) {
      words.push_back(folded_text.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(end - start)));
    }
    start = -1;
  };
  for (std::int32_t at = 0; at < size;) {
    const std::int32_t here = at;
    UChar32 c = 0;
    U8_NEXT(bytes, at, size, c);
    const bool letter = c >= 0 && (c < 0x80 ? (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') : u_isalnum(c) != 0);
    if (!letter) {
      // An apostrophe joins in "l'église" as people search it: "eglise"; it ends a word.
      end_word(here);
      continue;
    }
    if (c >= 0x0E00 && stands_alone(c)) {
      end_word(here);
      start = here;
      end_word(at);
      continue;
    }
    if (start < 0) start = here;
  }
  end_word(size);
}

}  // namespace citiverse::city
