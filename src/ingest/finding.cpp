// Counting, and writing JSON by hand: the form is small and its order must not change.
#include "ingest/finding.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace citiverse::ingest {
namespace {

constexpr std::size_t kPieceBytesMax = 300;

std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;  // Findings hold cleaned text: there are no control characters.
  }
  return out + '"';
}

}  // namespace

void Findings::add(std::string_view file, std::string_view object, std::string_view reason, std::string_view action,
                   std::string_view detail) {
  ++total_;
  auto at = groups_.find(reason);
  if (at == groups_.end()) {
    const bool full = groups_.size() >= kReasonsMax;
    at = groups_.try_emplace(full ? "other findings" : base::clean_text(reason, kPieceBytesMax)).first;
  }
  Group& group = at->second;
  ++group.count;
  if (group.examples.size() >= kFindingsKeptPerReason) return;
  const auto told = detail.empty() ? std::string(reason) : fmt::format("{}: {}", reason, base::clean_text(detail, 120));
  group.examples.push_back({base::clean_text(file, kPieceBytesMax), base::clean_text(object, kPieceBytesMax),
                            base::clean_text(told, kPieceBytesMax), base::clean_text(action, kPieceBytesMax)});
}

std::string Findings::to_json() const {
  std::string out = fmt::format("{{\n  \"total\": {},\n  \"reasons\": [", total_);
  bool first_group = true;
  for (const auto& [reason, group] : groups_) {
    out += fmt::format("{}\n    {{\n      \"reason\": {},\n      \"count\": {},\n      \"examples\": [", first_group ? "" : ",",
                       json_text(reason), group.count);
    first_group = false;
    bool first = true;
    for (const Finding& f : group.examples) {
      out += fmt::format("{}\n        {{\"file\": {}, \"object\": {}, \"reason\": {}, \"action\": {}}}", first ? "" : ",",
                         json_text(f.file), json_text(f.object), json_text(f.reason), json_text(f.action));
      first = false;
    }
    out += "\n      ]\n    }";
  }
  return out + (groups_.empty() ? "]\n}\n" : "\n  ]\n}\n");
}

std::string Findings::summary(std::size_t lines_max) const {
  std::vector<const std::pair<const std::string, Group>*> order;
  for (const auto& entry : groups_) order.push_back(&entry);
  std::stable_sort(order.begin(), order.end(), [](auto* a, auto* b) { return a->second.count > b->second.count; });
  std::string out;
  for (std::size_t i = 0; i < order.size() && i < lines_max; ++i) {
    const auto& [reason, group] = *order[i];
    const Finding& f = group.examples.front();
    out += fmt::format("{:>8}  {} (such as {}: {})\n", group.count, reason, f.object.empty() ? f.file : f.object, f.action);
  }
  if (order.size() > lines_max)
    out += fmt::format("          and {} other reasons, in findings.json\n", order.size() - lines_max);
  return out;
}

}  // namespace citiverse::ingest
