// spdlog's asynchronous logger, with our own line: its pattern adds nothing.
#include "base/log.h"

#include <chrono>

#include <fmt/chrono.h>
#include <spdlog/async.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "base/json_writer.h"

namespace citiverse::base {
namespace {

spdlog::async_logger& logger() {
  static const auto pool = std::make_shared<spdlog::details::thread_pool>(kLogLinesMax, 1);
  static const auto made = [] {
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    auto async = std::make_shared<spdlog::async_logger>("citiverse", sink, pool, spdlog::async_overflow_policy::overrun_oldest);
    async->set_pattern("%v");
    async->flush_on(spdlog::level::info);
    return async;
  }();
  return *made;
}

std::string_view name_of(LogLevel level) {
  switch (level) {
    case LogLevel::info: return "info";
    case LogLevel::warning: return "warning";
    case LogLevel::error: return "error";
  }
  return "error";
}

}  // namespace

void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto milliseconds = now.time_since_epoch().count() % 1000;
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  std::string line;
  JsonWriter json(line);
  json.begin_object();
  json.member("time", fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(seconds), milliseconds));
  json.member("level", name_of(level)).member("event", event);
  for (const LogField& field : fields) {
    json.key(field.name);
    if (const auto* text = std::get_if<std::string_view>(&field.value))
      json.text(*text);
    else if (const auto* integer = std::get_if<std::int64_t>(&field.value))
      json.integer(*integer);
    else if (const auto* real = std::get_if<double>(&field.value))
      json.number(*real, 3);
    else
      json.boolean(std::get<bool>(field.value));
  }
  json.end_object();
  logger().log(spdlog::level::info, "{}", line);
}

void flush_log() { logger().flush(); }

}  // namespace citiverse::base
