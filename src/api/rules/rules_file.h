// What a rules file says: which values the node derives from others, and how. The manner is that of mapping files.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "city/city.h"
#include "twin/rules/rule.h"

namespace citiverse::api::rules {

inline constexpr std::int64_t kRulesVersion = 1;
inline constexpr std::size_t kRulesBytesMax = 1 << 20;
inline constexpr std::size_t kAreaPositionsMax = 10'000;  ///< Of the area of one rule.

/// The areas of a class of city::AreaClass, such as "district", smallest id first.
using AreasOf = std::function<std::vector<twin::rules::CountedArea>(std::string_view area_class)>;
/// Those of a city whose geometry is a polygon. The city must outlive it.
AreasOf areas_in(const city::City& city);

/// Reads a rules file's text; docs/guides/rules.md is its reference. `name` begins every message. Fails: bad_input, with the
/// line where the text is no JSON, or the path of the member that is wrong, and how it is put right; also where a rule feeds
/// on itself.
base::Result<std::vector<twin::rules::Rule>> read_rules(std::string_view text, std::string_view name, twin::Names& names,
                                                        const AreasOf& areas_of);
/// The same from a file. Fails also: not_found, limit, unavailable.
base::Result<std::vector<twin::rules::Rule>> read_rules_file(const std::filesystem::path& file, twin::Names& names,
                                                             const AreasOf& areas_of);

}  // namespace citiverse::api::rules
