// Names in an invented language, one flavour for the whole city, with translations for what visitors ask for.
#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "base/random.h"

namespace citiverse::ingest::practice {

/// A name and what it is called by visitors; translations are empty for names that stay as they are.
struct Name {
  std::string local;
  std::string en;
  std::string fr;
  std::string es;
  std::string ar;
};

/// What the second half of a name says: "Lindova Gassa" is Lindova Street.
enum class NameKind : std::uint8_t {
  street,
  lane,
  avenue,
  quay,
  ring,
  steps,
  path,
  road,
  square,
  bridge,
  park,
  district,
  church,
  school,
  kindergarten,
  stop
};

/// Threads: one owner. The same seed gives the same names in the same order.
class Names {
 public:
  explicit Names(std::uint64_t seed);

  /// The city's and the river's own names.
  const Name& city() const { return city_; }
  const Name& river() const { return river_; }
  /// An unused name of this kind. Where words run out, "2" and so on follow.
  Name fresh(NameKind kind);
  /// The kind's word with a given stem, such as the market's square.
  Name with(NameKind kind, const Name& stem) const;
  /// A fresh invented word, as for people and places.
  std::string word();
  /// A person's name, for shops.
  std::string person();

  // Stems with a meaning.
  static Name market();
  static Name minster();
  static Name station();
  static Name old();
  static Name university();
  static Name hospital();

 private:
  Name stem();

  base::Random random_;
  std::unordered_set<std::string> used_;  // Only asked, never walked through.
  std::vector<std::uint32_t> meanings_;   // Order in which stems with a meaning are used up, by kind.
  std::size_t next_meaning_ = 0;
  Name city_;
  Name river_;
};

/// Latin letters of the invented language as Arabic script writes foreign names.
std::string in_arabic(std::string_view latin);

}  // namespace citiverse::ingest::practice
