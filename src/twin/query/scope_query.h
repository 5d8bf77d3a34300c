// Which scopes are meant: "(/Madrid/Districts/#;/CompanyA)|/+/Gardens".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "twin/entity.h"
#include "twin/names.h"

namespace citiverse::twin {

/// One of several groups; an entity fits a group when it has a scope for each of the group's patterns.
class ScopeQuery {
 public:
  /// Fails: bad_input, with the place; limit. Source: ETSI GS CIM 009 V1.9.1, 4.19.
  static base::Result<ScopeQuery> parse(std::string_view text);

  bool matches(const Entity& entity, const Names& names) const;

 private:
  struct ScopePattern {
    std::vector<std::string> levels;  // "+" is any one level.
    bool is_tree = false;             // Ended in "/#": what is below, too.
    bool matches(std::string_view scope) const;
  };
  static base::Result<ScopePattern> read_pattern(class TextCursor& cursor);

  std::vector<std::vector<ScopePattern>> groups_;
};

}  // namespace citiverse::twin
