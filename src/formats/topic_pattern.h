// Topics of MQTT with named levels, so that a topic says which sensor speaks.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace citiverse::formats {

/// "air/{room}/{id}/now": each {name} stands for one level, a last {name*} for all that follow. Levels are as MQTT has them
/// (MQTT 3.1.1, 4.7.1); '+' and a last '#' may be written where the level does not matter. Threads: reading is safe.
class TopicPattern {
 public:
  static constexpr std::size_t kTopicBytesMax = 1024;
  static constexpr std::size_t kLevelsMax = 32;

  /// Fails: bad_input.
  static base::Result<TopicPattern> parse(std::string_view text);

  /// The topic filter to subscribe to: "air/+/+/now".
  const std::string& filter() const { return filter_; }
  /// Names in the order in which they stand.
  std::vector<std::string> names() const;
  /// The named levels of a topic, as windows into both; false when the topic does not fit. A wildcard at the first level fits
  /// no topic that begins with '$' (4.7.2).
  using Captures = std::vector<std::pair<std::string_view, std::string_view>>;
  bool match(std::string_view topic, Captures& captures) const;

 private:
  struct Level {
    enum class Kind { literal, one, rest } kind = Kind::literal;
    std::string text;  // Of a literal; otherwise the name, or empty.
  };
  std::vector<Level> levels_;
  std::string filter_;
};

}  // namespace citiverse::formats
