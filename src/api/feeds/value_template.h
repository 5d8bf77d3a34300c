// One place of a mapping file: fixed text, a path into what came, text with references, or several of which the first counts.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/json_reader.h"
#include "base/result.h"
#include "formats/json_path.h"

namespace citiverse::api::feeds {

/// What a template may refer to: the item it is about ($), the whole message (^), and named levels of the topic.
struct Scope {
  base::JsonValue item;
  base::JsonValue message;
  std::span<const std::pair<std::string_view, std::string_view>> captures;
};

/// "$.a.b" is the value at that path with its type, "^.a" the same from the whole message; in any other text, "{$.a}", "{^.a}"
/// and
/// "{name}" stand for what is there, and "{{" and "}}" for braces. An array of such texts is its first that gives something.
/// Threads: safe.
class ValueTemplate {
 public:
  static constexpr std::size_t kChoicesMax = 8;
  static constexpr std::size_t kTextBytesMax = 4096;

  /// `names` are those of the topic. Fails: bad_input.
  static base::Result<ValueTemplate> parse(base::JsonValue said, std::span<const std::string> names);

  /// Nothing when what it refers to is absent or null.
  using Found = std::variant<std::monostate, base::JsonValue, std::string>;
  Found find(const Scope& scope) const;
  /// As a text: numbers and booleans as JSON writes them; nothing for arrays and objects, and beyond kTextBytesMax. Where
  /// `escapes` is set, what is put between other text is percent-encoded (RFC 3986, 2.1), as ids need it.
  std::optional<std::string> text(const Scope& scope, bool escapes = false) const;
  /// What every text begins with that it gives.
  std::string_view fixed_beginning() const;
  /// Its text, where it refers to nothing.
  std::optional<std::string_view> fixed_text() const;

 private:
  enum class From { text, item, message, topic };
  struct Piece {
    From from = From::text;
    std::string text;  // Or the name of a level.
    std::optional<formats::JsonPath> path;
  };
  struct Choice {
    std::vector<Piece> pieces;
    bool is_whole_path = false;
  };
  static base::Result<Choice> parse_choice(std::string_view text, std::span<const std::string> names);
  static base::Result<Piece> parse_reference(std::string_view text, std::span<const std::string> names);
  static std::optional<std::string> text_of(const Choice& choice, const Scope& scope, bool escapes);
  std::vector<Choice> choices_;
};

/// Text of a JSON value that is no array, object or null.
std::optional<std::string> text_of(base::JsonValue value);

}  // namespace citiverse::api::feeds
