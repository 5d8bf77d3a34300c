// Building the sorted vocabulary and ranking what a query meets.
#include "city/search_index.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_set>

#include "city/folded_text.h"
#include "city/kind_words.h"
#include "city/slip_distance.h"

namespace citiverse::city {
namespace {

// How well a word matched; all words' qualities are averaged.
constexpr float kExact = 1.0f;
constexpr float kPrefix = 0.8f;
constexpr float kOneSlip = 0.55f;
constexpr float kTwoSlips = 0.4f;

std::uint16_t language_code(std::string_view language) {
  if (language.size() < 2) return 0;
  return static_cast<std::uint16_t>((static_cast<unsigned char>(language[0]) << 8) | static_cast<unsigned char>(language[1]));
}

// What a searcher more likely means, other things being equal.
float importance(FeatureKind kind) {
  switch (kind) {
    case FeatureKind::area: return 0.10f;
    case FeatureKind::place: return 0.08f;
    case FeatureKind::street: return 0.07f;
    case FeatureKind::stop: return 0.05f;
    case FeatureKind::green:
    case FeatureKind::water:
    case FeatureKind::paved: return 0.06f;
    case FeatureKind::building: return 0.04f;
    case FeatureKind::address: return 0.02f;
    default: return 0.0f;
  }
}

}  // namespace

SearchIndex::SearchIndex(const City& city) : city_(city) {
  struct Pair {
    std::uint32_t text_first;
    std::uint16_t text_count;
    std::uint32_t entry;
  };
  std::vector<Pair> pairs;
  std::vector<char> texts;
  std::vector<std::string_view> words;
  std::string fold;
  const auto add_entry = [&](FeatureIndex feature, std::string_view raw, Field field, std::uint16_t language) {
    fold = folded(raw);
    split_words(fold, words);
    if (words.empty()) return;
    const auto entry = static_cast<std::uint32_t>(entries_.size());
    entries_.push_back({feature, language, static_cast<std::uint8_t>(words.size()), field});
    for (const std::string_view word : words) {
      pairs.push_back({static_cast<std::uint32_t>(texts.size()), static_cast<std::uint16_t>(word.size()), entry});
      texts.insert(texts.end(), word.begin(), word.end());
    }
  };

  std::string joined;
  for (FeatureIndex i = 0; i < city.features().size(); ++i) {
    const Feature& f = city.feature(i);
    if (!f.name.empty()) add_entry(i, city.text(f.name), Field::name, 0);
    for (const Attribute& a : city.attributes(f)) {
      const std::string_view key = city.text(a.key);
      const bool name = key.starts_with("name:") && key.size() <= 8;
      const bool other_name = key == "alt_name" || key == "short_name" || key == "official_name" || key == "old_name";
      if (name || other_name) add_entry(i, city.text(a.value), Field::name, name ? language_code(key.substr(5)) : 0);
    }
    if (f.address != kNone) {
      const Address& address = city.columns().addresses[f.address];
      if (!address.house_number.empty() && !address.street.empty()) {
        joined = city.text(address.street);
        joined += ' ';
        joined += city.text(address.house_number);
        add_entry(i, joined, Field::address, 0);
      }
    }
    for (std::string_view rest = kind_words(city, f); !rest.empty();) {
      const std::size_t bar = std::min(rest.find('|'), rest.size());
      add_entry(i, rest.substr(0, bar), Field::kind, 0);
      rest.remove_prefix(std::min(bar + 1, rest.size()));
    }
  }

  const auto text_of = [&](const Pair& p) { return std::string_view(texts.data() + p.text_first, p.text_count); };
  std::sort(pairs.begin(), pairs.end(), [&](const Pair& a, const Pair& b) {
    const int order = text_of(a).compare(text_of(b));
    return order != 0 ? order < 0 : a.entry < b.entry;
  });
  postings_.reserve(pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const bool same_word = i > 0 && text_of(pairs[i]) == text_of(pairs[i - 1]);
    if (!same_word) {
      words_.push_back({static_cast<std::uint32_t>(word_texts_.size()), pairs[i].text_count,
                        static_cast<std::uint32_t>(postings_.size()), 0});
      const std::string_view word = text_of(pairs[i]);
      word_texts_.insert(word_texts_.end(), word.begin(), word.end());
    } else if (pairs[i].entry == pairs[i - 1].entry) {
      continue;
    }
    postings_.push_back(pairs[i].entry);
    ++words_.back().postings_count;
  }
}

std::size_t SearchIndex::lower_bound(std::string_view wanted) const {
  const auto at = std::lower_bound(words_.begin(), words_.end(), wanted,
                                   [&](const Word& w, std::string_view value) { return text(w) < value; });
  return static_cast<std::size_t>(at - words_.begin());
}

void SearchIndex::add_word(std::size_t word, float quality, std::vector<Match>& matches) const {
  const Word& w = words_[word];
  for (std::uint32_t i = 0; i < w.postings_count && matches.size() < kCandidatesMax; ++i) {
    matches.push_back({postings_[w.postings_first + i], quality});
  }
}

void SearchIndex::add_slips(std::string_view wanted, int slips_max, std::vector<Match>& matches) const {
  SlipDistance distance(wanted, slips_max);
  for (std::size_t i = 0; i < words_.size();) {
    const std::string_view word = text(words_[i]);
    const SlipDistance::Answer answer = distance.to(word);
    if (answer.slips <= slips_max) {
      if (answer.slips > 0) add_word(i, answer.slips == 1 ? kOneSlip : kTwoSlips, matches);
      ++i;
    } else if (answer.hopeless_bytes < word.size()) {
      // No word that begins so can match: go on after all of them.
      std::string beyond(word.substr(0, answer.hopeless_bytes));
      beyond += '\xFF';
      i = std::max(i + 1, lower_bound(beyond));
    } else {
      ++i;
    }
  }
}

void SearchIndex::matches_of(std::string_view wanted, bool may_be_prefix, std::vector<Match>& matches) const {
  matches.clear();
  std::size_t i = lower_bound(wanted);
  if (i < words_.size() && text(words_[i]) == wanted) add_word(i++, kExact, matches);
  for (; may_be_prefix && i < words_.size() && text(words_[i]).starts_with(wanted) && matches.size() < kCandidatesMax; ++i) {
    add_word(i, kPrefix, matches);
  }
  const std::size_t letters = SlipDistance::letters(wanted);
  if (letters >= 4) add_slips(wanted, letters >= 8 ? 2 : 1, matches);
  std::sort(matches.begin(), matches.end(),
            [](const Match& a, const Match& b) { return a.entry != b.entry ? a.entry < b.entry : a.quality > b.quality; });
  matches.erase(std::unique(matches.begin(), matches.end(), [](const Match& a, const Match& b) { return a.entry == b.entry; }),
                matches.end());
}

float SearchIndex::rank(const Entry& entry, float quality, std::size_t query_words, std::uint16_t language) const {
  float score = quality;
  if (entry.word_count == query_words) score += 0.15f;  // The whole text was named, not a part of it.
  if (entry.field == Field::name) score += 0.05f;
  if (entry.language != 0 && entry.language != language) score -= 0.04f;
  return score + importance(city_.feature(entry.feature).id.kind());
}

std::vector<SearchHit> SearchIndex::find(std::string_view query, std::optional<geo::Vec2d> near, std::string_view language,
                                         std::size_t limit) const {
  const std::string fold = folded(query.substr(0, kQueryBytesMax));
  std::vector<std::string_view> wanted;
  split_words(fold, wanted);
  if (wanted.size() > kQueryWordsMax) wanted.resize(kQueryWordsMax);
  if (wanted.empty() || limit == 0) return {};

  std::vector<Match> met;
  std::vector<Match> next;
  std::vector<Match> both;
  for (std::size_t w = 0; w < wanted.size(); ++w) {
    matches_of(wanted[w], w + 1 == wanted.size(), next);
    if (w == 0) {
      met.swap(next);
      continue;
    }
    both.clear();
    for (auto a = met.begin(), b = next.begin(); a != met.end() && b != next.end();) {
      if (a->entry < b->entry) {
        ++a;
      } else if (b->entry < a->entry) {
        ++b;
      } else {
        both.push_back({a->entry, a->quality + b->quality});
        ++a;
        ++b;
      }
    }
    met.swap(both);
  }

  const std::uint16_t code = language_code(language);
  std::vector<SearchHit> hits;
  hits.reserve(met.size());
  for (const Match& m : met) {
    const Entry& entry = entries_[m.entry];
    const float score = rank(entry, m.quality / static_cast<float>(wanted.size()), wanted.size(), code);
    const double distance_m = near ? std::sqrt(city_.feature(entry.feature).box.squared_distance(*near)) : 0.0;
    hits.push_back({entry.feature, std::round(score * 20.0f) / 20.0f, distance_m});
  }
  const auto better = [](const SearchHit& a, const SearchHit& b) {
    if (a.score != b.score) return a.score > b.score;
    return a.distance_m != b.distance_m ? a.distance_m < b.distance_m : a.feature < b.feature;
  };
  std::sort(hits.begin(), hits.end(), better);

  // One hit a feature, and one a name and kind.
  std::vector<SearchHit> kept;
  std::unordered_set<std::uint64_t> seen;
  for (const SearchHit& hit : hits) {
    const Feature& f = city_.feature(hit.feature);
    const FeatureKind kind = f.id.kind();
    const bool merges =
        !f.name.empty() && (kind == FeatureKind::street || kind == FeatureKind::stop || kind == FeatureKind::water);
    const std::uint64_t key = merges ? (1ull << 63) | (static_cast<std::uint64_t>(kind) << 32) | f.name.first : hit.feature;
    if (!seen.insert(key).second) continue;
    kept.push_back(hit);
    if (kept.size() == std::min(limit, kHitsMax)) break;
  }
  return kept;
}

}  // namespace citiverse::city
