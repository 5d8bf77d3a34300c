// What an ingest says about imperfect input: the city is made all the same, and every repair and omission is told.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace citiverse::ingest {

/// One imperfection of one object: "monaco.osm.pbf", "way 42", "height of -3 m", "estimated from levels".
struct Finding {
  std::string file;
  std::string object;
  std::string reason;
  std::string action;
};

/// Keeps every count, and the first kFindingsKeptPerReason examples of each reason, so that a file with a million faults makes
/// a short report and takes little memory. Threads: one owner.
class Findings {
 public:
  static constexpr std::size_t kFindingsKeptPerReason = 100;
  static constexpr std::size_t kReasonsMax = 1000;

  struct Group {
    std::uint64_t count = 0;
    std::vector<Finding> examples;
  };

  /// `reason` groups: it names the fault, not the object. `detail` is added to the example's reason only.
  void add(std::string_view file, std::string_view object, std::string_view reason, std::string_view action,
           std::string_view detail = {});

  std::uint64_t total() const { return total_; }
  /// By reason, in alphabetical order.
  const std::map<std::string, Group, std::less<>>& groups() const { return groups_; }

  /// {"total": n, "reasons": [{"reason", "count", "examples": [{"file", "object", "reason", "action"}]}]}, two spaces deep.
  std::string to_json() const;
  /// A line a reason with its count and first example, the most frequent first; at most `lines_max` reasons.
  std::string summary(std::size_t lines_max) const;

 private:
  std::map<std::string, Group, std::less<>> groups_;
  std::uint64_t total_ = 0;
};

}  // namespace citiverse::ingest
