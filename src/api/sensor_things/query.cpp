// Options are cut at their separators first, outside of quotation marks and parentheses, and then each part is read.
#include "api/sensor_things/query.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/text.h"

namespace citiverse::api::sensor_things {
namespace {

using base::ErrorCode;

constexpr std::array<std::string_view, 8> kOptions{"$filter", "$orderby", "$select", "$expand",
                                                   "$top",    "$skip",    "$count",  "$resultFormat"};

std::unexpected<base::Error> wrong_option(std::string_view option, std::string_view what) {
  return base::fail(ErrorCode::bad_input, fmt::format("{}: {}", option, what));
}
std::unexpected<base::Error> too_many(std::string_view option, std::size_t most) {
  return base::fail(ErrorCode::limit, fmt::format("{}: at most {}", option, most));
}

// The part before the next separator that stands outside of '…' and (…), which goes with it.
std::string_view cut_part(std::string_view& rest, char separator) {
  int depth = 0;
  bool is_quoted = false;
  std::size_t at = 0;
  for (; at < rest.size(); ++at) {
    const char c = rest[at];
    if (c == '\'') is_quoted = !is_quoted;
    if (is_quoted) continue;
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (c == separator && depth <= 0) break;
  }
  const std::string_view part = rest.substr(0, at);
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return base::trimmed(part);
}

base::Result<std::size_t> whole_number(std::string_view option, std::string_view text, std::size_t most) {
  std::size_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size())
    return wrong_option(option, "a whole number from 0 is needed");
  return std::min(number, most);
}

class QueryReader {
 public:
  explicit QueryReader(std::size_t depth) : depth_(depth) {}

  base::Result<void> option(Query& query, Kind kind, std::string_view name, std::string_view text) {
    if (name != "$expand" && name != "$skip") query.options.emplace_back(name, text);
    if (name == "$filter") return filter(query, kind, text);
    if (name == "$orderby") return order(query, kind, text);
    if (name == "$select") return select(query, kind, text);
    if (name == "$expand") return expand(query, kind, text);
    if (name == "$count") {
      if (text != "true" && text != "false") return wrong_option(name, "true or false is needed");
      query.counts = text == "true";
      return {};
    }
    if (name == "$resultFormat") {
      if (text != "dataArray" && text != "DataArray") return wrong_option(name, "there is dataArray alone");
      if (kind != Kind::observation || depth_ > 0) return wrong_option(name, "only for a collection of Observations (13.1)");
      query.is_data_array = true;
      return {};
    }
    const bool is_top = name == "$top";
    if (!is_top && name != "$skip") return wrong_option(name, "there is no such option here");
    const auto number = whole_number(name, text, is_top ? kTopMax : kSkipMax);
    if (!number) return std::unexpected(number.error());
    if (is_top)
      query.top = *number;
    else
      query.skip = *number;
    return {};
  }

 private:
  base::Result<void> filter(Query& query, Kind kind, std::string_view text) {
    auto parsed = parse_expression("$filter", text);
    if (!parsed) return std::unexpected(std::move(parsed.error()));
    if (auto checked = check_paths("$filter", *parsed, kind); !checked) return checked;
    query.filter = *std::move(parsed);
    return {};
  }

  base::Result<void> order(Query& query, Kind kind, std::string_view text) {
    query.order.clear();
    while (!text.empty()) {
      std::string_view part = cut_part(text, ',');
      Order each;
      for (const std::string_view word : {" desc", " asc"}) {
        if (!part.ends_with(word)) continue;
        each.is_descending = word == " desc";
        part.remove_suffix(word.size());
        break;
      }
      auto parsed = parse_expression("$orderby", part);
      if (!parsed) return std::unexpected(std::move(parsed.error()));
      if (auto checked = check_paths("$orderby", *parsed, kind); !checked) return checked;
      each.by = *std::move(parsed);
      query.order.push_back(std::move(each));
      if (query.order.size() > kOrderTermsMax) return too_many("$orderby", kOrderTermsMax);
    }
    return query.order.empty() ? wrong_option("$orderby", "a property is needed") : base::Result<void>();
  }

  base::Result<void> select(Query& query, Kind kind, std::string_view text) {
    query.select.clear();
    while (!text.empty()) {
      const std::string_view name = cut_part(text, ',');
      const std::string_view first = name.substr(0, name.find('/'));
      const bool is_deeper = first.size() < name.size();
      if (!(is_id_name(name) || has_property(kind, first) || (!is_deeper && find_navigation(kind, name) != nullptr)))
        return wrong_option("$select", fmt::format("{} have no '{}'", set_name(kind), base::clean_text(name, 80)));
      query.select.emplace_back(first);  // Of a part of a property the whole is shown.
      if (query.select.size() > kSelectNamesMax) return too_many("$select", kSelectNamesMax);
    }
    return query.select.empty() ? wrong_option("$select", "a property is needed") : base::Result<void>();
  }

  base::Result<void> expand(Query& query, Kind kind, std::string_view text) {
    while (!text.empty())
      if (auto done = expand_one(query, kind, cut_part(text, ','), depth_); !done) return done;
    return {};
  }

  // "Datastreams/Observations($top=1)": the options are those of the last one.
  base::Result<void> expand_one(Query& query, Kind kind, std::string_view text, std::size_t depth) {
    if (depth >= kExpandDepthMax) return too_many("$expand: levels", kExpandDepthMax);
    if (++expands_ > kExpandNamesMax) return too_many("$expand: names", kExpandNamesMax);
    const std::size_t end = std::min(text.find_first_of("/("), text.size());
    const std::string_view name = base::trimmed(text.substr(0, end));
    const Navigation* navigation = find_navigation(kind, name);
    if (navigation == nullptr)
      return wrong_option("$expand", fmt::format("{} lead to no '{}'", set_name(kind), base::clean_text(name, 80)));
    auto found = std::ranges::find(query.expand, name, &Expand::navigation);
    if (found == query.expand.end())
      found = query.expand.insert(query.expand.end(), Expand{.navigation = std::string(name), .query = {}});
    text.remove_prefix(end);
    if (text.empty()) return {};
    if (text.front() == '/') return expand_one(found->query, navigation->target, text.substr(1), depth + 1);
    if (text.back() != ')') return wrong_option("$expand", "a ')' is missing, or something stands behind it");
    return inner_options(found->query, navigation->target, text.substr(1, text.size() - 2), depth + 1);
  }

  base::Result<void> inner_options(Query& query, Kind kind, std::string_view text, std::size_t depth) {
    QueryReader inner(depth);
    inner.expands_ = expands_;
    while (!text.empty()) {
      const std::string_view part = cut_part(text, ';');
      const std::size_t equals = part.find('=');
      if (equals == std::string_view::npos) return wrong_option("$expand", "options within it are name=value, parted by ';'");
      if (auto done = inner.option(query, kind, part.substr(0, equals), base::trimmed(part.substr(equals + 1))); !done)
        return done;
    }
    expands_ = inner.expands_;
    return {};
  }

  // Each path leads over navigations to a property, "id", or into a property that has parts.
  static base::Result<void> check_paths(std::string_view option, const Expression& expression, Kind kind) {
    for (const Expression& each : expression.arguments)
      if (auto checked = check_paths(option, each, kind); !checked) return checked;
    for (std::size_t i = 0; i < expression.path.size(); ++i) {
      const std::string& name = expression.path[i];
      if (const Navigation* navigation = find_navigation(kind, name)) {
        if (i + 1 == expression.path.size())
          return wrong_option(option, fmt::format("'{}' leads to other entities; one of their properties is needed", name));
        kind = navigation->target;
        continue;
      }
      if (is_id_name(name) && i + 1 == expression.path.size()) return {};
      if (has_property(kind, name)) return {};
      return wrong_option(option, fmt::format("{} have no '{}'", set_name(kind), base::clean_text(name, 80)));
    }
    return {};
  }

  std::size_t depth_;
  std::size_t expands_ = 0;
};

}  // namespace

const Expand* Query::find_expand(std::string_view navigation) const {
  const auto found = std::ranges::find(expand, navigation, &Expand::navigation);
  return found == expand.end() ? nullptr : &*found;
}

bool is_query_option(std::string_view name) { return std::ranges::find(kOptions, name) != kOptions.end(); }

base::Result<Query> read_query(const net::QueryParameters& parameters, Kind kind) {
  Query query;
  QueryReader reader(0);
  std::vector<std::string_view> seen;
  for (const auto& [name, value] : parameters) {
    if (!name.starts_with('$')) continue;
    if (std::ranges::find(seen, name) != seen.end()) return wrong_option(name, "it stands there twice");
    seen.push_back(name);
    if (auto done = reader.option(query, kind, name, value); !done) return std::unexpected(std::move(done.error()));
  }
  return query;
}

}  // namespace citiverse::api::sensor_things
