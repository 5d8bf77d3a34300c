// What the query options of a request ask for, at the top and within $expand.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/sensor_things/expression.h"
#include "api/sensor_things/model.h"
#include "base/result.h"
#include "net/target.h"

namespace citiverse::api::sensor_things {

inline constexpr std::size_t kTopDefault = 100;         ///< Entities of a page.
inline constexpr std::size_t kTopMax = 1'000;           ///< What asks for more gets as many (9.3.3.2).
inline constexpr std::size_t kExpandedTopDefault = 25;  ///< Entities of an expanded collection.
inline constexpr std::size_t kSkipMax = 10'000'000;     ///< Entities passed over.
inline constexpr std::size_t kExpandDepthMax = 6;       ///< $expand within $expand.
inline constexpr std::size_t kExpandNamesMax = 32;      ///< Navigation properties of one $expand.
inline constexpr std::size_t kSelectNamesMax = 64;      ///< Names of one $select.
inline constexpr std::size_t kOrderTermsMax = 8;        ///< Expressions of one $orderby.

struct Order {
  Expression by;
  bool is_descending = false;
};

struct Expand;

struct Query {
  std::optional<Expression> filter;
  std::vector<Order> order;
  std::vector<std::string> select;  ///< Empty: everything.
  std::vector<Expand> expand;
  std::optional<std::size_t> top;
  std::size_t skip = 0;
  bool counts = false;
  bool is_data_array = false;  ///< $resultFormat=dataArray (13.1).
  /// The texts of all options but $expand and $skip, for links to the next page.
  std::vector<std::pair<std::string, std::string>> options;

  const Expand* find_expand(std::string_view navigation) const;
};

struct Expand {
  std::string navigation;
  Query query;
};

/// Whether there is such a system query option; a request with another one is answered with 501 (9.3, Req 21).
bool is_query_option(std::string_view name);

/// Reads the options of a request for entities of a kind; parameters without '$' are passed over. Every name is held against
/// the data model. Fails: bad_input, naming the option and the place; limit.
base::Result<Query> read_query(const net::QueryParameters& parameters, Kind kind);

}  // namespace citiverse::api::sensor_things
