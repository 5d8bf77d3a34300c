// A value as a comparison sees it, whatever kind of attribute it comes from.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "twin/attribute.h"
#include "twin/query/q_expression.h"

namespace citiverse::twin {

/// A window onto a value; valid as long as the entity, and as long as `scratch` where the text had escapes.
struct QValue {
  enum class Type : std::uint8_t { none, boolean, number, text, time, array, object };
  Type type = Type::none;
  bool boolean = false;
  double number = 0;
  TimeUs time_us = kNoTime;
  std::string_view text;  ///< Of text; of array and object their JSON.

  static QValue of(const Value& value, std::string& scratch);
  static QValue of_json(std::string_view json, std::string& scratch);
};

/// The order of a value and a literal, or nothing when they are of different types. {"@type":"DateTime","@value":…} counts as
/// the time that it says (4.6.3). `expands`: the literal is a term of a vocabulary.
std::optional<std::partial_ordering> compare(const QValue& value, const QLiteral& literal, bool expands);

}  // namespace citiverse::twin
