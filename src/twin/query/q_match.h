// Whether an entity is what a `q` asks for.
#pragma once

#include <functional>
#include <string_view>

#include "twin/entity.h"
#include "twin/names.h"
#include "twin/query/q_expression.h"

namespace citiverse::twin {

/// What evaluating needs beside the entity. Lives as long as the evaluation.
struct QSurroundings {
  const Names& names;
  /// The entity at the other end of a relationship, or null. May be empty: then no link leads anywhere.
  std::function<EntityPtr(std::string_view id)> linked;
};

/// Text is compared by code points; a pattern must match the whole value. With several instances or languages, one is enough.
/// Where value and operand are of different types, only `!=` holds. A relationship knows only `==` and `!=`.
/// Cost: no allocation but for escapes in strings. Threads: safe. Source: ETSI GS CIM 009 V1.9.1, 4.9.
bool matches(const QExpression& expression, const Entity& entity, const QSurroundings& surroundings);

/// Calls for every target value of a path (also for what cannot be compared); true when a call gave true.
struct QTarget {
  const Attribute* attribute = nullptr;  ///< Null: a time of the entity itself.
  TimeUs time_us = kNoTime;              ///< Set: a time of the system.
  std::string_view text;                 ///< Set: a unitCode, datasetId or objectType.
};
bool any_target(const QPath& path, const Entity& entity, const QSurroundings& surroundings,
                const std::function<bool(const QTarget&)>& is_it);

}  // namespace citiverse::twin
