// Recursive descent, as deep as kQueryDepthMax: any := all ('|' all)*, all := one (';' one)*, one := '(' any ')' or a term.
#include "twin/query/q_parser.h"

#include <algorithm>
#include <array>
#include <utility>

#include "twin/json_view.h"
#include "twin/moment.h"
#include "twin/query/q_path_parser.h"
#include "twin/query/text_cursor.h"

namespace citiverse::twin {
namespace {

constexpr std::string_view kValueEnds = ";&|), ";

// Longer ones first.
constexpr std::array<std::pair<std::string_view, QOperator>, 8> kOperators{{{"!~=", QOperator::matches_not},
                                                                            {"~=", QOperator::matches},
                                                                            {"==", QOperator::equal},
                                                                            {"!=", QOperator::unequal},
                                                                            {">=", QOperator::greater_equal},
                                                                            {"<=", QOperator::less_equal},
                                                                            {">", QOperator::greater},
                                                                            {"<", QOperator::less}}};

class QParser {
 public:
  QParser(std::string_view text, const Terms& terms, std::span<const std::string> expand_values)
      : cursor_("q", text), terms_(terms), expand_values_(expand_values) {}

  base::Result<QExpression> parse() {
    auto expression = read_any(0);
    if (!expression) return expression;
    if (!cursor_.is_at_end()) return cursor_.expected("';', '|' or the end");
    return expression;
  }

 private:
  using Read = base::Result<QExpression> (QParser::*)(int depth);

  base::Result<QExpression> read_any(int depth) { return read_row(QExpression::Kind::any, "|", &QParser::read_all, depth); }
  base::Result<QExpression> read_all(int depth) { return read_row(QExpression::Kind::all, ";&", &QParser::read_one, depth); }

  base::Result<QExpression> read_row(QExpression::Kind kind, std::string_view separators, Read read, int depth) {
    QExpression row;
    row.kind = kind;
    while (true) {
      auto part = (this->*read)(depth);
      if (!part) return part;
      row.parts.push_back(std::move(*part));
      cursor_.skip_blanks();
      if (cursor_.is_at_end() || separators.find(cursor_.peek()) == std::string_view::npos) break;
      cursor_.skip(1);
    }
    if (row.parts.size() > 1) return row;
    QExpression only = std::move(row.parts.front());
    return only;
  }

  base::Result<QExpression> read_one(int depth) {
    cursor_.skip_blanks();
    if (!cursor_.take("(")) return read_term();
    if (depth == kQueryDepthMax) return cursor_.expected("no more parentheses within each other than 16");
    auto inside = read_any(depth + 1);
    if (!inside) return inside;
    if (!cursor_.take(")")) return cursor_.expected("';', '|' or ')'");
    return inside;
  }

  base::Result<QExpression> read_term() {
    if (++terms_read_ > kQueryTermsMax) return cursor_.expected("no more than 256 conditions");
    QExpression expression;
    QTerm& term = expression.term;
    auto path = read_path(cursor_, terms_);
    if (!path) return std::unexpected(path.error());
    term.path = std::move(path->path);
    term.expands_values = std::ranges::find(expand_values_, path->first_name) != expand_values_.end();
    cursor_.skip_blanks();
    for (const auto& [text, op] : kOperators) {
      if (!cursor_.take(text)) continue;
      term.op = op;
      cursor_.skip_blanks();
      if (auto read = read_operand(term); !read) return std::unexpected(read.error());
      return expression;
    }
    return expression;
  }

  base::Result<void> read_operand(QTerm& term) {
    if (term.op == QOperator::matches || term.op == QOperator::matches_not) return read_pattern(term);
    auto first = read_literal();
    if (!first) return std::unexpected(first.error());
    term.values.push_back(std::move(*first));
    if (term.op != QOperator::equal && term.op != QOperator::unequal) return {};
    if (cursor_.take("..")) return read_range_end(term);
    while (cursor_.take(",")) {
      cursor_.skip_blanks();
      if (term.values.size() == kQueryTermsMax) return cursor_.expected("no more than 256 values in a list");
      auto next = read_literal();
      if (!next) return std::unexpected(next.error());
      term.values.push_back(std::move(*next));
    }
    return {};
  }

  base::Result<void> read_range_end(QTerm& term) {
    const base::Error wrong = cursor_.error("expected the end of the range, of the kind of its beginning");
    auto last = read_literal();
    if (!last) return std::unexpected(last.error());
    if (last->type != term.values.front().type || last->type == QLiteral::Type::boolean) return std::unexpected(wrong);
    term.values.push_back(std::move(*last));
    term.is_range = true;
    return {};
  }

  // The string at the cursor, which stands on its quotation mark.
  base::Result<std::string> read_quoted() {
    const std::string_view rest = cursor_.rest();
    const std::size_t end = json_end(rest, 0);
    std::string scratch;
    const auto text = end == std::string_view::npos ? std::nullopt : json_string(rest.substr(0, end), scratch);
    if (!text) return cursor_.expected("a string as in JSON, with its closing quotation mark");
    std::string read(*text);
    cursor_.skip(end);
    return read;
  }

  base::Result<QLiteral> read_literal() {
    QLiteral literal;
    if (cursor_.peek() == '"') {
      auto text = read_quoted();
      if (!text) return std::unexpected(text.error());
      literal.text = std::move(*text);
      literal.time_us = parse_moment(literal.text).value_or(kNoTime);
    } else {
      const std::string_view rest = cursor_.rest();
      const std::string_view word = rest.substr(0, std::min(rest.find_first_of(kValueEnds), rest.find("..")));
      if (word.empty()) return cursor_.expected("a value: a number, a \"text\", a time, true, false or a URI");
      set_word(literal, word);
      cursor_.skip(word.size());
    }
    if (literal.type == QLiteral::Type::text && literal.text.find(' ') == std::string::npos)
      literal.expanded = terms_.expand(literal.text);
    return literal;
  }

  static void set_word(QLiteral& literal, std::string_view word) {
    using Type = QLiteral::Type;
    literal.text = word;
    const auto set_time = [&](Type type, std::optional<TimeUs> time) {
      if (time) literal.type = type, literal.time_us = *time;
      return time.has_value();
    };
    if (word == "true" || word == "false") {
      literal.type = Type::boolean;
      literal.boolean = word == "true";
    } else if (const auto number = json_number(word)) {
      literal.type = Type::number;
      literal.number = *number;
    } else {
      set_time(Type::moment, parse_moment(word)) || set_time(Type::day, parse_day(word)) ||
          set_time(Type::time_of_day, parse_time_of_day(word));
    }
  }

  base::Result<void> read_pattern(QTerm& term) {
    std::string text;
    if (cursor_.peek() == '"') {
      auto quoted = read_quoted();
      if (!quoted) return std::unexpected(quoted.error());
      text = std::move(*quoted);
    } else {
      const std::string_view bare = bare_pattern(cursor_.rest());
      text = bare;
      cursor_.skip(bare.size());
    }
    if (text.empty()) return cursor_.expected("a pattern");
    auto pattern = Pattern::compile("q", text);
    if (!pattern) return std::unexpected(pattern.error());
    term.pattern = std::move(*pattern);
    return {};
  }

  // A pattern without quotation marks ends at a ';', '&', '|' or ')' that is not within its own brackets.
  static std::string_view bare_pattern(std::string_view rest) {
    int groups = 0;
    bool is_in_set = false;
    for (std::size_t at = 0; at < rest.size(); ++at) {
      const char c = rest[at];
      if (c == '\\') {
        ++at;
      } else if (is_in_set) {
        is_in_set = c != ']';
      } else if (c == '[') {
        is_in_set = true;
      } else if (c == '(') {
        ++groups;
      } else if (c == ')' && groups > 0) {
        --groups;
      } else if (groups == 0 && (c == ';' || c == '&' || c == '|' || c == ')')) {
        return rest.substr(0, at);
      }
    }
    return rest;
  }

  TextCursor cursor_;
  const Terms& terms_;
  std::span<const std::string> expand_values_;
  std::size_t terms_read_ = 0;
};

}  // namespace

base::Result<QExpression> parse_q(std::string_view text, const Terms& terms, std::span<const std::string> expand_values) {
  if (auto checked = check_query_text("q", text); !checked) return std::unexpected(checked.error());
  return QParser(text, terms, expand_values).parse();
}

base::Result<QPath> parse_attribute_path(std::string_view parameter, std::string_view text, const Terms& terms) {
  if (auto checked = check_query_text(parameter, text); !checked) return std::unexpected(checked.error());
  TextCursor cursor(parameter, text);
  auto read = read_path(cursor, terms);
  if (!read) return std::unexpected(read.error());
  if (!cursor.is_at_end()) return cursor.expected("the end of the name");
  return std::move(read->path);
}

}  // namespace citiverse::twin
