// The only file of this room that includes ICU.
#include "identity/unicode_forms.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "base/text.h"

namespace citiverse::identity {
namespace {

std::optional<std::string> normalised(std::string_view text, const icu::Normalizer2* form, UErrorCode status) {
  if (U_FAILURE(status) || form == nullptr || !base::is_utf8(text)) return std::nullopt;
  const auto source = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  const icu::UnicodeString result = form->normalize(source, status);
  if (U_FAILURE(status)) return std::nullopt;
  std::string out;
  result.toUTF8String(out);
  return out;
}

}  // namespace

std::size_t character_count(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::optional<std::string> nfkc(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* form = icu::Normalizer2::getNFKCInstance(status);
  return normalised(text, form, status);
}

std::optional<std::string> case_folded(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* form = icu::Normalizer2::getNFKCCasefoldInstance(status);
  return normalised(text, form, status);
}

std::string bare_number(std::string_view text) {
  const std::string folded = case_folded(text).value_or(std::string());
  const auto length = static_cast<std::int32_t>(folded.size());
  std::string bare;
  for (std::int32_t i = 0; i < length;) {
    const std::int32_t begin = i;
    UChar32 c = 0;
    U8_NEXT(folded.data(), i, length, c);
    if (c >= 0 && u_isalnum(c)) bare.append(folded, static_cast<std::size_t>(begin), static_cast<std::size_t>(i - begin));
  }
  return bare;
}

bool has_only_letters_digits_and(std::string_view text, std::string_view signs) {
  const auto length = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < length;) {
    UChar32 c = 0;
    U8_NEXT(text.data(), i, length, c);
    if (c < 0) return false;
    const bool is_sign = c < 0x80 && signs.find(static_cast<char>(c)) != std::string_view::npos;
    if (!is_sign && !u_isalnum(c) && (U_GET_GC_MASK(c) & U_GC_M_MASK) == 0) return false;
  }
  return true;
}

}  // namespace citiverse::identity
