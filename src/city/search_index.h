// Finding by what people type: names in every language, addresses and kinds of places, with prefixes and slips of the finger.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "city/city.h"

namespace citiverse::city {

struct SearchHit {
  FeatureIndex feature = kNone;
  float score = 0;        ///< Higher is better; only the order has a meaning.
  double distance_m = 0;  ///< From `near` to the feature's box; 0 without `near`.
};

/// An inverted index of folded words (folded_text.h) over names, name:xx attributes, addresses and kind_words(); addresses are
/// found as "street number" in any order. Every word of the query must match one of an entry's: exactly, as a prefix, or with
/// one slip (insertion, deletion, substitution, swapped neighbours) from 4 letters on and two from 8. Better matches come
/// first, and among equals the nearest. Streets and others that share name and kind are one hit, the nearest. Cost: building is
/// one pass and a sort; a query looks at no more than kCandidatesMax entries. Threads: find is safe.
class SearchIndex {
 public:
  static constexpr std::size_t kQueryBytesMax = 200;
  static constexpr std::size_t kQueryWordsMax = 8;
  static constexpr std::size_t kCandidatesMax = 20000;
  static constexpr std::size_t kHitsMax = 100;

  explicit SearchIndex(const City& city);

  /// At most `limit` (and kHitsMax) hits. `language` prefers names of that language and local ones among equal matches.
  std::vector<SearchHit> find(std::string_view query, std::optional<geo::Vec2d> near, std::string_view language,
                              std::size_t limit) const;

  std::size_t word_count() const { return words_.size(); }
  std::size_t entry_count() const { return entries_.size(); }

 private:
  enum class Field : std::uint8_t { name, address, kind };
  /// One text under which one feature is found.
  struct Entry {
    FeatureIndex feature;
    std::uint16_t language;  // Two letters, 0 for the local name.
    std::uint8_t word_count;
    Field field;
  };
  struct Word {
    std::uint32_t text_first;
    std::uint16_t text_count;
    std::uint32_t postings_first;
    std::uint32_t postings_count;
  };
  struct Match {
    std::uint32_t entry;
    float quality;
  };

  std::string_view text(const Word& w) const { return {word_texts_.data() + w.text_first, w.text_count}; }
  std::size_t lower_bound(std::string_view wanted) const;
  /// Appends the entries that hold a word like `wanted`; best quality an entry, in order of entry.
  void matches_of(std::string_view wanted, bool may_be_prefix, std::vector<Match>& matches) const;
  void add_word(std::size_t word, float quality, std::vector<Match>& matches) const;
  void add_slips(std::string_view wanted, int slips_max, std::vector<Match>& matches) const;
  float rank(const Entry& entry, float quality, std::size_t query_words, std::uint16_t language) const;

  const City& city_;
  std::vector<Entry> entries_;
  std::vector<char> word_texts_;
  std::vector<Word> words_;  // Sorted by text.
  std::vector<std::uint32_t> postings_;
};

}  // namespace citiverse::city
