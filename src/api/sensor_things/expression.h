// What $filter and $orderby say, as a tree.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/sensor_things/datum.h"
#include "base/result.h"

namespace citiverse::api::sensor_things {

inline constexpr std::size_t kFilterTermsMax = 256;  ///< Operators, functions, properties and literals of one expression.
inline constexpr int kFilterDepthMax = 24;           ///< Parentheses and functions within each other.
inline constexpr std::size_t kPathSegmentsMax = 8;   ///< "Datastreams/Observations/result" has three.

/// Tables 22 and 23 of OGC 18-088 (9.3.3.5), of which the functions are OData's and those of OGC 06-104r4.
enum class Operation : std::uint8_t {
  literal,
  path,
  eq,
  ne,
  gt,
  ge,
  lt,
  le,
  and_,
  or_,
  not_,
  add,
  sub,
  mul,
  div,
  mod,
  negate,
  // Functions; the order is that of the table in expression_parser.cpp.
  substringof,
  contains,
  endswith,
  startswith,
  length,
  indexof,
  substring,
  tolower,
  toupper,
  trim,
  concat,
  year,
  month,
  day,
  hour,
  minute,
  second,
  fractionalseconds,
  date,
  time,
  totaloffsetminutes,
  now,
  mindatetime,
  maxdatetime,
  before,
  after,
  meets,
  during,
  overlaps,
  starts,
  finishes,
  round,
  floor,
  ceiling,
  geo_distance,
  geo_length,
  geo_intersects,
  st_equals,
  st_disjoint,
  st_touches,
  st_within,
  st_overlaps,
  st_crosses,
  st_intersects,
  st_contains,
  st_relate,
};

struct Expression {
  Operation operation = Operation::literal;
  Datum literal;
  std::vector<std::string> path;  ///< Segments of a property path.
  std::vector<Expression> arguments;
};

/// `parameter` is "$filter" or "$orderby". Fails: bad_input, with the byte and what was expected there; limit.
base::Result<Expression> parse_expression(std::string_view parameter, std::string_view text);

}  // namespace citiverse::api::sensor_things
