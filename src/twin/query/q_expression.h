// What a `q` text asks, as values that an evaluator walks and from which indexes can be chosen.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "twin/attribute.h"
#include "twin/query/pattern.h"

namespace citiverse::twin {

/// One name of a dotted path. Names of the system's own members have no number (ETSI GS CIM 009, 4.8, 4.5.2).
struct QStep {
  enum class Kind : std::uint8_t {
    attribute,
    created_at,
    modified_at,
    observed_at,
    expires_at,
    unit_code,
    dataset_id,
    object_type,
  };
  Kind kind = Kind::attribute;
  NameId name = kNoName;
};

/// "sensor{Device:…}": the relationship that is followed, and the types that the other end may have; none says any.
struct QLink {
  NameId relationship = kNoName;
  std::vector<NameId> types;
};

/// "a{b.c[d.e]}": links, then a dotted path, then members of a compound value, a language, or "*" for any language.
struct QPath {
  std::vector<QLink> links;
  std::vector<QStep> steps;
  std::vector<std::string> members;
};

struct QLiteral {
  enum class Type : std::uint8_t { number, text, boolean, moment, day, time_of_day };
  Type type = Type::text;
  bool boolean = false;
  double number = 0;
  TimeUs time_us = kNoTime;  ///< Also of a quoted text that reads as a DateTime, for members of the system.
  std::string text;          ///< As it was written, without quotation marks and escapes.
  std::string expanded;      ///< By the caller's context, for vocabulary terms; empty when it cannot be a term.
};

enum class QOperator : std::uint8_t { exists, equal, unequal, greater, greater_equal, less, less_equal, matches, matches_not };

struct QTerm {
  QPath path;
  QOperator op = QOperator::exists;
  std::vector<QLiteral> values;  ///< One; or the two ends of a range; or a list.
  bool is_range = false;
  bool expands_values = false;  ///< The attribute is named in expandValues.
  std::optional<Pattern> pattern;
};

struct QExpression {
  enum class Kind : std::uint8_t { term, all, any };
  Kind kind = Kind::term;
  QTerm term;
  std::vector<QExpression> parts;  ///< Of `all` and `any`: at least two.
};

}  // namespace citiverse::twin
