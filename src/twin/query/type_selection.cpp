// Names end at an operator, as the standard's note on IRIs with such characters allows.
#include "twin/query/type_selection.h"

#include <algorithm>

#include "twin/query/text_cursor.h"

namespace citiverse::twin {

base::Result<TypeSelection> TypeSelection::parse(std::string_view text, const Terms& terms) {
  if (auto checked = check_query_text("type", text); !checked) return std::unexpected(checked.error());
  TextCursor cursor("type", text);
  TypeSelection selection;
  std::size_t types = 0;
  do {
    cursor.skip_blanks();
    std::vector<NameId> group;
    const bool is_group = cursor.take("(");
    do {
      const std::string_view type = cursor.take_until(",;|() ");
      if (type.empty()) return cursor.expected("a type of entity");
      if (++types > kQueryTermsMax) return cursor.expected("no more than 256 types");
      group.push_back(terms.name(type));
      cursor.skip_blanks();
    } while (is_group && (cursor.take(";") || cursor.take("&")));
    if (is_group && !cursor.take(")")) return cursor.expected("';' or ')'");
    selection.groups_.push_back(std::move(group));
    cursor.skip_blanks();
  } while (cursor.take("|") || cursor.take(","));
  if (!cursor.is_at_end()) return cursor.expected("'|', ',' or the end; types that must come together stand in parentheses");
  return selection;
}

bool TypeSelection::matches(const Entity& entity) const {
  const auto has = [&](NameId type) { return std::ranges::find(entity.types, type) != entity.types.end(); };
  return std::ranges::any_of(groups_, [&](const auto& group) { return std::ranges::all_of(group, has); });
}

std::vector<NameId> TypeSelection::narrowing() const {
  std::vector<NameId> types;
  for (const auto& group : groups_) types.push_back(group.front());
  std::ranges::sort(types);
  types.erase(std::ranges::unique(types).begin(), types.end());
  return types;
}

}  // namespace citiverse::twin
