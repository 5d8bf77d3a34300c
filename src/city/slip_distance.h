// How many slips of the finger lie between two words, given up as soon as it is too many.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace citiverse::city {

/// Optimal string alignment distance between Unicode code points (insertion, deletion, substitution, swap of neighbours),
/// bounded. Words that are asked in sorted order share the rows of their common beginning, so a sorted vocabulary is walked as
/// a trie. Source: Damerau 1964, doi:10.1145/363958.363994.
class SlipDistance {
 public:
  SlipDistance(std::string_view wanted, int slips_max);

  struct Answer {
    int slips;                   ///< At most slips_max, or slips_max + 1 for 'more'.
    std::size_t hopeless_bytes;  ///< When more: every word with these first bytes is as far; the word's size if not known.
  };
  Answer to(std::string_view word);

  /// Code points of a UTF-8 text.
  static std::size_t letters(std::string_view text);

 private:
  void decode(std::string_view text, std::u32string& out, std::vector<std::size_t>* ends);

  std::u32string wanted_;
  int slips_max_;
  std::u32string last_;                 // The word whose rows are held.
  std::vector<std::vector<int>> rows_;  // rows_[i]: distances of the first i letters of last_.
  std::size_t valid_rows_ = 1;
  std::u32string word_;
  std::vector<std::size_t> ends_;
};

}  // namespace citiverse::city
