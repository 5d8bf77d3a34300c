// The classic table, one row a letter, kept between words.
#include "city/slip_distance.h"

#include <algorithm>

namespace citiverse::city {

SlipDistance::SlipDistance(std::string_view wanted, int slips_max) : slips_max_(slips_max) {
  decode(wanted, wanted_, nullptr);
  rows_.emplace_back(wanted_.size() + 1);
  for (std::size_t j = 0; j <= wanted_.size(); ++j) rows_[0][j] = static_cast<int>(j);
}

void SlipDistance::decode(std::string_view text, std::u32string& out, std::vector<std::size_t>* ends) {
  out.clear();
  if (ends) ends->clear();
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    char32_t c = length == 1 ? lead : lead & (0x7Fu >> length);
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k)
      c = (c << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3Fu);
    i = std::min(i + length, text.size());
    out += c;
    if (ends) ends->push_back(i);
  }
}

std::size_t SlipDistance::letters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

SlipDistance::Answer SlipDistance::to(std::string_view word) {
  decode(word, word_, &ends_);
  const std::size_t n = wanted_.size();
  std::size_t shared = 0;
  while (shared < word_.size() && shared < last_.size() && shared + 1 < valid_rows_ && word_[shared] == last_[shared]) ++shared;
  last_ = word_;
  valid_rows_ = shared + 1;
  if (rows_.size() < word_.size() + 1) rows_.resize(word_.size() + 1, std::vector<int>(n + 1));
  for (std::size_t i = shared + 1; i <= word_.size(); ++i) {
    const auto& above = rows_[i - 1];
    auto& row = rows_[i];
    row[0] = static_cast<int>(i);
    int least = row[0];
    for (std::size_t j = 1; j <= n; ++j) {
      const bool same = word_[i - 1] == wanted_[j - 1];
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && word_[i - 1] == wanted_[j - 2] && word_[i - 2] == wanted_[j - 1]) {
        row[j] = std::min(row[j], rows_[i - 2][j - 2] + 1);
      }
      least = std::min(least, row[j]);
    }
    valid_rows_ = i + 1;
    // A swap reaches back two rows, so both must be beyond hope.
    const int before = *std::min_element(above.begin(), above.end());
    if (least > slips_max_ && before > slips_max_) return {slips_max_ + 1, ends_[i - 1]};
  }
  return {std::min(rows_[word_.size()][n], slips_max_ + 1), word.size()};
}

}  // namespace citiverse::city
