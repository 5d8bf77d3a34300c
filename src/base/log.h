// What the program tells those who run it: one JSON object a line on stderr, without anything about persons.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace citiverse::base {

enum class LogLevel { info, warning, error };

/// A member of a line. Never put search texts, full addresses of persons or machines, or tokens here.
struct LogField {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, double, bool> value;
};

/// Queues a line {"time":…,"level":…,"event":…,…}; it is written by a thread of its own. When more than kLogLinesMax wait, the
/// oldest is dropped: logging never holds up serving. Threads: safe.
void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});
inline constexpr std::size_t kLogLinesMax = 1024;

/// Writes what waits. Call before the program ends.
void flush_log();

}  // namespace citiverse::base
