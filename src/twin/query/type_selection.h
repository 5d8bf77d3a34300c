// Which types of entities are meant: "(Home;Vehicle)|Motorhome".
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "twin/entity.h"
#include "twin/query/terms.h"

namespace citiverse::twin {

/// One of several groups; an entity fits a group that has all its types.
class TypeSelection {
 public:
  /// Fails: bad_input, with the place; limit. Source: ETSI GS CIM 009 V1.9.1, 4.17.
  static base::Result<TypeSelection> parse(std::string_view text, const Terms& terms);

  bool matches(const Entity& entity) const;
  /// Every entity that matches is of one of these types.
  std::vector<NameId> narrowing() const;

 private:
  std::vector<std::vector<NameId>> groups_;
};

}  // namespace citiverse::twin
