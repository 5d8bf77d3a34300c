// RE2 works in time linear in the text and in bounded memory, unlike std::regex, which can be made to overflow the stack.
#include "twin/query/pattern.h"

#include <fmt/format.h>
#include <re2/re2.h>

namespace citiverse::twin {
namespace {

constexpr std::int64_t kMachineBytesMax = 1 << 20;

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

base::Result<Pattern> Pattern::compile(std::string_view parameter, std::string_view pattern) {
  if (pattern.size() > kBytesMax)
    return base::fail(base::ErrorCode::limit, fmt::format("{}: a pattern has at most {} bytes", parameter, kBytesMax));
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMachineBytesMax);
  auto machine = std::make_shared<const re2::RE2>(piece(pattern), options);
  if (!machine->ok())
    return base::fail(base::ErrorCode::bad_input, fmt::format("{}: pattern '{}': {}", parameter, pattern, machine->error()));
  return Pattern(std::move(machine));
}

bool Pattern::matches_whole(std::string_view text) const { return re2::RE2::FullMatch(piece(text), *machine_); }
bool Pattern::finds_in(std::string_view text) const { return re2::RE2::PartialMatch(piece(text), *machine_); }
std::string_view Pattern::text() const { return machine_->pattern(); }

}  // namespace citiverse::twin
