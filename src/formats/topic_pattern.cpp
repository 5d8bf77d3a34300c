// Topics are compared level by level in place.
#include "formats/topic_pattern.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace citiverse::formats {
namespace {

bool is_capture_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

base::Result<TopicPattern> TopicPattern::parse(std::string_view text) {
  const auto wrong = [&](std::string_view why) {
    return base::fail(base::ErrorCode::bad_input,
                      fmt::format("'{}': {}; a topic is such as air/{{id}}/now", base::clean_text(text, 80), why));
  };
  if (text.empty() || text.size() > kTopicBytesMax) return wrong(fmt::format("1 to {} bytes", kTopicBytesMax));
  if (base::clean_text(text, kTopicBytesMax) != text) return wrong("controls and white space at the ends are not taken");
  TopicPattern pattern;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('/', at), text.size());
    const std::string_view level = text.substr(at, end - at);
    if (pattern.levels_.size() == kLevelsMax) return wrong(fmt::format("at most {} levels", kLevelsMax));
    if (!pattern.levels_.empty() && pattern.levels_.back().kind == Level::Kind::rest)
      return wrong("nothing can follow the rest");
    const bool is_named = level.size() > 2 && level.front() == '{' && level.back() == '}';
    const bool is_rest = level == "#" || (is_named && level.ends_with("*}"));
    const std::string_view name = is_named ? level.substr(1, level.size() - (is_rest ? 3 : 2)) : std::string_view();
    if (is_named && !is_capture_name(name)) return wrong("a name in braces is letters, digits and '_'");
    if (!is_named && level != "+" && level != "#" && level.find_first_of("+#{}") != std::string_view::npos)
      return wrong("'+', '#' and braces are a level of their own");
    const auto same = [&](const Level& each) { return each.kind != Level::Kind::literal && each.text == name; };
    if (is_named && std::ranges::any_of(pattern.levels_, same)) return wrong("a name stands twice");
    const bool is_wild = is_named || level == "+" || level == "#";
    pattern.levels_.push_back({is_rest   ? Level::Kind::rest
                               : is_wild ? Level::Kind::one
                                         : Level::Kind::literal,
                               std::string(is_wild ? name : level)});
    if (at > 0) pattern.filter_ += '/';
    pattern.filter_ += is_rest ? "#" : is_wild ? "+" : level;
    at = end + 1;
  }
  return pattern;
}

std::vector<std::string> TopicPattern::names() const {
  std::vector<std::string> names;
  for (const Level& each : levels_)
    if (each.kind != Level::Kind::literal && !each.text.empty()) names.push_back(each.text);
  return names;
}

bool TopicPattern::match(std::string_view topic, Captures& captures) const {
  captures.clear();
  if (topic.starts_with('$') && levels_.front().kind != Level::Kind::literal) return false;
  std::size_t at = 0;
  for (const Level& level : levels_) {
    const bool is_over = at > topic.size();
    if (level.kind == Level::Kind::rest) {
      // "a/#" fits "a" as well (4.7.1.2).
      if (!level.text.empty()) captures.emplace_back(level.text, is_over ? std::string_view() : topic.substr(at));
      return true;
    }
    if (is_over) return false;
    const std::size_t end = std::min(topic.find('/', at), topic.size());
    const std::string_view part = topic.substr(at, end - at);
    if (level.kind == Level::Kind::literal && part != level.text) return false;
    if (level.kind == Level::Kind::one && !level.text.empty()) captures.emplace_back(level.text, part);
    at = end + 1;
  }
  return at > topic.size();
}

}  // namespace citiverse::formats
