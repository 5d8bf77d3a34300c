// In which order entities are wanted: by values of theirs, or by distance.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "twin/query/lon_lat.h"
#include "twin/query/q_match.h"
#include "twin/query/terms.h"

namespace citiverse::twin {

/// "name,age;desc" or "location;dist-asc". Values of mixed types: numbers, texts (by ICU's root collation or the one asked
/// for), objects, arrays, booleans, times, and last what has no such value; distances are great circles from a point. Source:
/// ETSI GS CIM 009 V1.9.1, 4.23.
class EntityOrder {
 public:
  static constexpr std::size_t kTermsMax = 8;

  /// `from` is needed by dist-asc and dist-desc. `collation` is a tag such as "de-u-co-phonebk", or empty.
  /// Fails: bad_input, naming the parameter.
  static base::Result<EntityOrder> parse(std::string_view text, const Terms& terms, std::optional<LonLat> from,
                                         std::string_view collation);

  /// Sorts; equal ones stay as they stood.
  void sort(std::vector<EntityPtr>& entities, const QSurroundings& surroundings) const;

 private:
  struct Term {
    QPath path;
    bool is_descending = false;
    bool is_distance = false;
  };
  struct Key;
  Key key_of(const Term& term, const Entity& entity, const QSurroundings& surroundings) const;

  std::vector<Term> terms_;
  std::optional<LonLat> from_;
  std::string collation_;
};

}  // namespace citiverse::twin
