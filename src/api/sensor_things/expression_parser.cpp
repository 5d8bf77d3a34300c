// Recursive descent by OData's precedence, but for `not`, which takes a whole comparison: "not result eq 5" has no other
// meaning.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "api/sensor_things/expression.h"
#include "twin/duration.h"
#include "twin/moment.h"
#include "twin/query/text_cursor.h"

namespace citiverse::api::sensor_things {
namespace {

using Parsed = base::Result<Expression>;

struct FunctionRow {
  std::string_view name;
  std::size_t arguments_min, arguments_max;
};
constexpr std::array kFunctions = std::to_array<FunctionRow>({
    {"substringof", 2, 2},
    {"contains", 2, 2},
    {"endswith", 2, 2},
    {"startswith", 2, 2},
    {"length", 1, 1},
    {"indexof", 2, 2},
    {"substring", 2, 3},
    {"tolower", 1, 1},
    {"toupper", 1, 1},
    {"trim", 1, 1},
    {"concat", 2, 2},
    {"year", 1, 1},
    {"month", 1, 1},
    {"day", 1, 1},
    {"hour", 1, 1},
    {"minute", 1, 1},
    {"second", 1, 1},
    {"fractionalseconds", 1, 1},
    {"date", 1, 1},
    {"time", 1, 1},
    {"totaloffsetminutes", 1, 1},
    {"now", 0, 0},
    {"mindatetime", 0, 0},
    {"maxdatetime", 0, 0},
    {"before", 2, 2},
    {"after", 2, 2},
    {"meets", 2, 2},
    {"during", 2, 2},
    {"overlaps", 2, 2},
    {"starts", 2, 2},
    {"finishes", 2, 2},
    {"round", 1, 1},
    {"floor", 1, 1},
    {"ceiling", 1, 1},
    {"geo.distance", 2, 2},
    {"geo.length", 1, 1},
    {"geo.intersects", 2, 2},
    {"st_equals", 2, 2},
    {"st_disjoint", 2, 2},
    {"st_touches", 2, 2},
    {"st_within", 2, 2},
    {"st_overlaps", 2, 2},
    {"st_crosses", 2, 2},
    {"st_intersects", 2, 2},
    {"st_contains", 2, 2},
    {"st_relate", 3, 3},
});

struct Word {
  std::string_view text;
  Operation operation;
};
constexpr std::array kComparisons = std::to_array<Word>({{"eq", Operation::eq},
                                                         {"ne", Operation::ne},
                                                         {"gt", Operation::gt},
                                                         {"ge", Operation::ge},
                                                         {"lt", Operation::lt},
                                                         {"le", Operation::le}});
constexpr std::array kSums = std::to_array<Word>({{"add", Operation::add}, {"sub", Operation::sub}});
constexpr std::array kProducts =
    std::to_array<Word>({{"mul", Operation::mul}, {"div", Operation::div}, {"mod", Operation::mod}});
constexpr std::array kAnds = std::to_array<Word>({{"and", Operation::and_}});
constexpr std::array kOrs = std::to_array<Word>({{"or", Operation::or_}});

bool is_figure(char c) { return c >= '0' && c <= '9'; }
bool is_alphabetic(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; }
bool begins_name(char c) { return is_alphabetic(c) || c == '_' || c == '@'; }
bool goes_on_in_name(char c) { return begins_name(c) || is_figure(c) || c == '.' || c == '-' || c == ':'; }

Expression literal_of(Datum datum) { return {.operation = Operation::literal, .literal = std::move(datum)}; }

class ExpressionParser {
 public:
  ExpressionParser(std::string_view parameter, std::string_view text) : parameter_(parameter), cursor_(parameter, text) {}

  Parsed parse() {
    auto whole = disjunction();
    if (!whole) return whole;
    cursor_.skip_blanks();
    if (!cursor_.is_at_end()) return cursor_.expected("an operator such as eq, and, or, or the end");
    return whole;
  }

 private:
  Parsed disjunction() {
    return chain(kOrs, [this] { return chain(kAnds, [this] { return comparison(); }); });
  }

  // a op b op c …, from the left.
  template <std::size_t N, class Next>
  Parsed chain(const std::array<Word, N>& words, const Next& next) {
    auto left = next();
    while (left) {
      const auto operation = take_word(words);
      if (!operation) break;
      left = joined(*operation, *std::move(left), next());
    }
    return left;
  }

  Parsed joined(Operation operation, Expression left, Parsed right) {
    if (!right) return right;
    if (auto counted = count(); !counted) return std::unexpected(std::move(counted.error()));
    Expression out{.operation = operation};
    out.arguments.push_back(std::move(left));
    out.arguments.push_back(*std::move(right));
    return out;
  }

  Parsed comparison() {
    if (take_word(std::to_array<Word>({{"not", Operation::not_}})))
      return within([this] { return wrapped(Operation::not_, comparison()); });
    auto left = sum();
    if (!left) return left;
    const auto operation = take_word(kComparisons);
    return operation ? joined(*operation, *std::move(left), sum()) : std::move(left);
  }

  Parsed sum() {
    return chain(kSums, [this] { return chain(kProducts, [this] { return unary(); }); });
  }

  Parsed unary() {
    cursor_.skip_blanks();
    if (cursor_.peek() != '-' || is_figure(cursor_.peek(1)) || cursor_.peek(1) == '.') return primary();
    cursor_.skip(1);
    return within([this] { return wrapped(Operation::negate, unary()); });
  }

  Parsed wrapped(Operation operation, Parsed inner) {
    if (!inner) return inner;
    if (auto counted = count(); !counted) return std::unexpected(std::move(counted.error()));
    Expression out{.operation = operation};
    out.arguments.push_back(*std::move(inner));
    return out;
  }

  template <class Parse>
  Parsed within(const Parse& parse) {
    if (depth_ == kFilterDepthMax)
      return base::fail(base::ErrorCode::limit, fmt::format("{}: more than {} levels", parameter_, kFilterDepthMax));
    ++depth_;
    auto parsed = parse();
    --depth_;
    return parsed;
  }

  Parsed primary() {
    if (auto counted = count(); !counted) return std::unexpected(std::move(counted.error()));
    cursor_.skip_blanks();
    const char c = cursor_.peek();
    if (c == '(') {
      cursor_.skip(1);
      auto inner = within([this] { return disjunction(); });
      if (!inner) return inner;
      cursor_.skip_blanks();
      if (!cursor_.take(")")) return cursor_.expected("')'");
      return inner;
    }
    if (c == '\'') {
      auto text = quoted();
      if (!text) return std::unexpected(std::move(text.error()));
      return literal_of(*std::move(text));
    }
    if (is_figure(c) || c == '-' || c == '.') return number_or_time();
    if (begins_name(c)) return named();
    return cursor_.expected("a property, a function, or a literal");
  }

  // '' stands for one quotation mark.
  base::Result<std::string> quoted() {
    cursor_.skip(1);
    std::string text;
    for (;;) {
      text += cursor_.take_until("'");
      if (!cursor_.take("'")) return cursor_.expected("a closing quotation mark");
      if (!cursor_.take("'")) return text;
      text += '\'';
    }
  }

  Parsed number_or_time() {
    const std::string_view rest = cursor_.rest();
    std::size_t end = 0;
    while (end < rest.size() && (is_figure(rest[end]) || std::string_view("+-.:/TZeE").contains(rest[end]))) ++end;
    const std::string_view text = rest.substr(0, end);
    if (Datum time = parse_time_object(text); !is_null(time)) return taken(end, std::move(time));
    if (const auto day = twin::parse_day(text)) return taken(end, Moment{*day});
    if (const auto clock = twin::parse_time_of_day(std::string(text) + "Z")) return taken(end, Span{*clock});
    double number = 0;
    const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (read.ec != std::errc() || !std::isfinite(number))
      return cursor_.expected("a number, or a time such as 2010-06-01T00:00:00Z");
    return taken(static_cast<std::size_t>(read.ptr - rest.data()), number);
  }

  Parsed taken(std::size_t bytes, Datum datum) {
    cursor_.skip(bytes);
    if (goes_on_in_name(cursor_.peek())) return cursor_.expected("the end of a literal");
    return literal_of(std::move(datum));
  }

  std::string_view name() {
    const std::string_view rest = cursor_.rest();
    std::size_t end = 0;
    while (end < rest.size() && goes_on_in_name(rest[end])) ++end;
    cursor_.skip(end);
    return rest.substr(0, end);
  }

  Parsed named() {
    const std::string_view first = name();
    if (cursor_.peek() == '(') return call(first);
    if (cursor_.peek() == '\'') return typed_literal(first);
    if (first == "true" || first == "false") return literal_of(first == "true");
    if (first == "null") return literal_of({});
    Expression path{.operation = Operation::path};
    path.path.emplace_back(first);
    while (cursor_.take("/")) {
      if (!begins_name(cursor_.peek())) return cursor_.expected("a name after '/'");
      if (path.path.size() == kPathSegmentsMax)
        return base::fail(base::ErrorCode::limit, fmt::format("{}: a path has at most {} names", parameter_, kPathSegmentsMax));
      path.path.emplace_back(name());
    }
    return path;
  }

  Parsed typed_literal(std::string_view type) {
    auto text = quoted();
    if (!text) return std::unexpected(std::move(text.error()));
    if (type == "geography" || type == "geometry") return literal_of(Geography{*std::move(text)});
    if (type == "duration") {
      const auto duration = twin::parse_duration(*text);
      if (!duration || duration->months != 0)
        return cursor_.expected("before here a duration such as duration'PT15M', without months");
      return literal_of(Span{duration->us});
    }
    if (type == "datetime" || type == "datetimeoffset")
      if (Datum time = parse_time_object(*text); !is_null(time)) return literal_of(std::move(time));
    return cursor_.expected("before here geography'…', duration'…' or a text in quotation marks");
  }

  Parsed call(std::string_view function) {
    const auto row = std::ranges::find(kFunctions, function, &FunctionRow::name);
    if (row == kFunctions.end()) return cursor_.expected(fmt::format("before here a function that there is, not {}", function));
    const auto place = static_cast<std::size_t>(row - kFunctions.begin());
    Expression out{.operation = static_cast<Operation>(static_cast<std::size_t>(Operation::substringof) + place)};
    cursor_.skip(1);
    cursor_.skip_blanks();
    while (cursor_.peek() != ')') {
      auto argument = within([this] { return disjunction(); });
      if (!argument) return argument;
      out.arguments.push_back(*std::move(argument));
      cursor_.skip_blanks();
      if (!cursor_.take(",")) break;
      cursor_.skip_blanks();
    }
    if (!cursor_.take(")")) return cursor_.expected("',' or ')'");
    if (out.arguments.size() < row->arguments_min || out.arguments.size() > row->arguments_max)
      return cursor_.expected(fmt::format("before here {} arguments of {}", row->arguments_min, function));
    return out;
  }

  // A word that ends where a name would.
  template <std::size_t N>
  std::optional<Operation> take_word(const std::array<Word, N>& words) {
    cursor_.skip_blanks();
    for (const Word& each : words) {
      if (!cursor_.rest().starts_with(each.text) || goes_on_in_name(cursor_.peek(each.text.size()))) continue;
      if (cursor_.peek(each.text.size()) == '/') continue;
      cursor_.skip(each.text.size());
      return each.operation;
    }
    return std::nullopt;
  }

  base::Result<void> count() {
    if (++terms_ <= kFilterTermsMax) return {};
    return base::fail(base::ErrorCode::limit, fmt::format("{}: more than {} terms", parameter_, kFilterTermsMax));
  }

  std::string_view parameter_;
  twin::TextCursor cursor_;
  int depth_ = 0;
  std::size_t terms_ = 0;
};

}  // namespace

Parsed parse_expression(std::string_view parameter, std::string_view text) {
  if (auto checked = twin::check_query_text(parameter, text); !checked) return std::unexpected(std::move(checked.error()));
  return ExpressionParser(parameter, text).parse();
}

}  // namespace citiverse::api::sensor_things
