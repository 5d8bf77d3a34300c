#include "city/search_index.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "city/city_builder.h"
#include "city/folded_text.h"
#include "city/slip_distance.h"

namespace citiverse::city {
namespace {

struct TownOfNames {
  CityBuilder builder{"Trial", {43.7, 7.4}};
  std::uint64_t next = 1;

  FeatureIndex place(std::string_view name, geo::Vec2d at, std::string_view subtype = {},
                     PlaceClass place_class = PlaceClass::other) {
    Geometry g = builder.begin(GeometryType::point);
    EXPECT_TRUE(builder.add_part(g, std::span(&at, 1)));
    return builder.add(FeatureId::of(FeatureKind::place, IdSource::generated, next++), g, builder.text(name),
                       Place{.subtype = builder.text(subtype), .place_class = place_class});
  }
  void name_in(FeatureIndex i, std::string_view key, std::string_view value) {
    const Attribute a{builder.text(key), builder.text(value)};
    builder.set_attributes(i, std::span(&a, 1));
  }
};

std::vector<std::string> names(const City& city, const std::vector<SearchHit>& hits) {
  std::vector<std::string> out;
  for (const auto& hit : hits) out.emplace_back(city.text(city.feature(hit.feature).name));
  return out;
}
std::string first(const City& city, const SearchIndex& index, std::string_view query) {
  const auto found = names(city, index.find(query, geo::Vec2d{0, 0}, "en", 10));
  return found.empty() ? "" : found[0];
}

City town() {
  TownOfNames t;
  t.place("Café de Paris", {10, 0}, "cafe", PlaceClass::food);
  t.place("Lycée Albert Premier", {20, 0}, "school", PlaceClass::school);
  t.place("Pharmacie du Rocher", {300, 0}, "pharmacy", PlaceClass::pharmacy);
  t.place("Pharmacie Plati", {30, 0}, "pharmacy", PlaceClass::pharmacy);
  t.name_in(t.place("Musée océanographique", {40, 0}, "museum", PlaceClass::culture), "name:ar", "متحف المحيطات");
  t.place("東京駅前広場", {50, 0});
  t.place("Ελληνικό Σχολείο", {60, 0});
  t.place("Straße des Friedens", {70, 0});
  const auto house = t.place("Villa", {80, 0});
  t.builder.set_address(house, {"12bis", "Avenue de l'Annonciade", "98000", "Monaco"});
  return std::move(t.builder).build();
}

TEST(Search, finds_by_prefix_and_without_accents_or_case) {
  const City city = town();
  const SearchIndex index(city);
  EXPECT_EQ(first(city, index, "cafe"), "Café de Paris");
  EXPECT_EQ(first(city, index, "CAFÉ d"), "Café de Paris");
  EXPECT_EQ(first(city, index, "lyc"), "Lycée Albert Premier");
  EXPECT_EQ(first(city, index, "paris cafe"), "Café de Paris") << "words in any order";
  EXPECT_EQ(first(city, index, "strasse"), "Straße des Friedens");
}

TEST(Search, forgives_slips_of_the_finger) {
  const City city = town();
  const SearchIndex index(city);
  for (const char* query : {"oceanografique", "oceanographque", "oceanogarphique", "museee", "ocaenographiqe"}) {
    EXPECT_EQ(first(city, index, query), "Musée océanographique") << query;
  }
  EXPECT_EQ(first(city, index, "xyzzyq"), "");
  EXPECT_EQ(first(city, index, "rohcer"), "Pharmacie du Rocher");
}

TEST(Search, reads_other_scripts) {
  const City city = town();
  const SearchIndex index(city);
  EXPECT_EQ(first(city, index, "東京"), "東京駅前広場");
  EXPECT_EQ(first(city, index, "広場"), "東京駅前広場");
  EXPECT_EQ(first(city, index, "σχολειο"), "Ελληνικό Σχολείο");
  EXPECT_EQ(first(city, index, "متحف"), "Musée océanographique");
  EXPECT_EQ(first(city, index, "المحيطات"), "Musée océanographique");
}

TEST(Search, finds_kinds_nearest_first_in_four_languages) {
  const City city = town();
  const SearchIndex index(city);
  for (const char* query : {"pharmacy", "farmacia", "صيدلية", "chemist"}) {
    EXPECT_EQ(names(city, index.find(query, geo::Vec2d{0, 0}, "en", 10)),
              (std::vector<std::string>{"Pharmacie Plati", "Pharmacie du Rocher"}))
        << query;
    EXPECT_EQ(names(city, index.find(query, geo::Vec2d{310, 0}, "en", 10)).front(), "Pharmacie du Rocher") << query;
  }
}

TEST(Search, finds_addresses) {
  const City city = town();
  const SearchIndex index(city);
  EXPECT_EQ(first(city, index, "12bis avenue de l'annonciade"), "Villa");
  EXPECT_EQ(first(city, index, "annonciade 12"), "Villa");
}

TEST(Search, hostile_queries_are_answered) {
  const City city = town();
  const SearchIndex index(city);
  for (const std::string& query : {std::string(100000, 'a'), std::string("\xFF\xFE\x80"), std::string(" .,-\"' "),
                                   std::string("a b c d e f g h i j k l"), std::string("\0x", 2)}) {
    EXPECT_LE(index.find(query, std::nullopt, "", 5).size(), 5u);
  }
}

TEST(SlipDistance, agrees_with_the_plain_table) {
  const auto plain = [](std::string_view a, std::string_view b) {
    std::vector<std::vector<int>> d(a.size() + 1, std::vector<int>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
      for (std::size_t j = 0; j <= b.size(); ++j) {
        if (i == 0 || j == 0) {
          d[i][j] = static_cast<int>(i + j);
          continue;
        }
        d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
    return d[a.size()][b.size()];
  };
  base::Random random(3);
  std::vector<std::string> words;
  for (int i = 0; i < 3000; ++i) {
    std::string word;
    for (std::uint32_t n = 1 + random.below(8); n > 0; --n) word += static_cast<char>('a' + random.below(3));
    words.push_back(word);
  }
  std::sort(words.begin(), words.end());
  for (const char* wanted : {"abcab", "aaaa", "cbacbacb"}) {
    SlipDistance distance(wanted, 2);
    for (const auto& word : words) {
      const auto answer = distance.to(word);
      const int expected = plain(word, wanted);
      ASSERT_EQ(answer.slips, std::min(expected, 3)) << word << " " << wanted;
      if (answer.slips > 2 && answer.hopeless_bytes < word.size()) {
        for (const auto& other : words) {
          if (other.starts_with(word.substr(0, answer.hopeless_bytes))) {
            ASSERT_GT(plain(other, wanted), 2);
          }
        }
      }
    }
  }
}

TEST(FoldedText, splits_words_by_script) {
  std::vector<std::string_view> words;
  const std::string fold = folded("L'Église St-Étienne, 東京 12");
  split_words(fold, words);
  EXPECT_EQ(words, (std::vector<std::string_view>{"l", "eglise", "st", "etienne", "東", "京", "12"}));
}

}  // namespace
}  // namespace citiverse::city
