// Scopes are few and short, so patterns are compared level by level with each.
#include "twin/query/scope_query.h"

#include <algorithm>

#include "twin/query/text_cursor.h"

namespace citiverse::twin {

// The first slash may be missing, as in the standard's example 5.
base::Result<ScopeQuery::ScopePattern> ScopeQuery::read_pattern(TextCursor& cursor) {
  ScopePattern pattern;
  cursor.take("/");
  while (true) {
    const std::string_view level = cursor.take_until("/,;|() ");
    if (level == "#") {
      pattern.is_tree = true;
      return pattern;
    }
    if (level.empty() || level.find('#') != std::string_view::npos)
      return cursor.expected("a level of a scope: a name, '+', or '#' as the last");
    if (level.size() > 1 && level.find('+') != std::string_view::npos) return cursor.expected("'+' alone, for a whole level");
    if (pattern.levels.size() == kQueryDepthMax) return cursor.expected("no more than 16 levels");
    pattern.levels.emplace_back(level);
    if (!cursor.take("/")) return pattern;
  }
}

base::Result<ScopeQuery> ScopeQuery::parse(std::string_view text) {
  if (auto checked = check_query_text("scopeQ", text); !checked) return std::unexpected(checked.error());
  TextCursor cursor("scopeQ", text);
  ScopeQuery query;
  std::size_t scopes = 0;
  do {
    cursor.skip_blanks();
    std::vector<ScopePattern> group;
    const bool is_group = cursor.take("(");
    do {
      if (++scopes > kQueryTermsMax) return cursor.expected("no more than 256 scopes");
      auto pattern = read_pattern(cursor);
      if (!pattern) return std::unexpected(pattern.error());
      group.push_back(std::move(*pattern));
    } while (is_group && (cursor.take(";") || cursor.take("&")));
    if (is_group && !cursor.take(")")) return cursor.expected("';' or ')'");
    query.groups_.push_back(std::move(group));
    cursor.skip_blanks();
  } while (cursor.take("|") || cursor.take(","));
  if (!cursor.is_at_end()) return cursor.expected("'|', ',' or the end; scopes that must come together stand in parentheses");
  return query;
}

bool ScopeQuery::ScopePattern::matches(std::string_view scope) const {
  if (scope.starts_with('/')) scope.remove_prefix(1);
  for (const std::string& level : levels) {
    if (scope.empty()) return false;
    const std::string_view here = scope.substr(0, scope.find('/'));
    if (level != "+" && level != here) return false;
    scope.remove_prefix(std::min(here.size() + 1, scope.size()));
  }
  return is_tree || scope.empty();
}

bool ScopeQuery::matches(const Entity& entity, const Names& names) const {
  const auto has = [&](const ScopePattern& pattern) {
    return std::ranges::any_of(entity.scopes, [&](NameId scope) { return pattern.matches(names.text(scope)); });
  };
  return std::ranges::any_of(groups_, [&](const auto& group) { return std::ranges::all_of(group, has); });
}

}  // namespace citiverse::twin
