// Rules that feed each other in a ring would never rest; that is found out before the first value.
#include "twin/rules/rule.h"

#include <algorithm>

#include <fmt/format.h>

namespace citiverse::twin::rules {
namespace {

constexpr std::array<std::string_view, 5> kKinds{"threshold", "rolling_mean", "count", "heat_index", "air_quality_index"};

template <class... Each>
struct ByKind : Each... {
  using Each::operator()...;
};

// Follows what a rule feeds until it meets itself. Rules that were left without are in no ring.
class RingFinder {
 public:
  RingFinder(const std::vector<Rule>& rules, NameId location) : rules_(rules), marks_(rules.size()) {
    for (const Rule& rule : rules) inputs_.push_back(rule.inputs(location));
  }

  std::optional<RuleProblem> find() {
    for (std::size_t rule = 0; rule < rules_.size(); ++rule)
      if (marks_[rule] == Mark::unknown && meets_itself(rule)) return problem();
    return std::nullopt;
  }

 private:
  enum class Mark : std::uint8_t { unknown, under_way, free };

  bool feeds(std::size_t from, std::size_t to) const {
    return std::ranges::find(inputs_[to], rules_[from].becomes) != inputs_[to].end();
  }
  // As deep as there are rules: kRulesMax.
  bool meets_itself(std::size_t rule) {
    marks_[rule] = Mark::under_way;
    path_.push_back(rule);
    for (std::size_t next = 0; next < rules_.size(); ++next) {
      if (!feeds(rule, next)) continue;
      if (marks_[next] == Mark::under_way) {
        path_.erase(path_.begin(), std::ranges::find(path_, next));
        return true;
      }
      if (marks_[next] == Mark::unknown && meets_itself(next)) return true;
    }
    marks_[rule] = Mark::free;
    path_.pop_back();
    return false;
  }
  RuleProblem problem() const {
    std::string ring;
    for (const std::size_t rule : path_) ring += rules_[rule].name + " → ";
    ring += rules_[path_.front()].name;
    return {path_.front(), fmt::format("the rule '{}' feeds on itself ({}); let one of them become something else",
                                       rules_[path_.front()].name, ring)};
  }

  const std::vector<Rule>& rules_;
  std::vector<std::vector<NameId>> inputs_;
  std::vector<Mark> marks_;
  std::vector<std::size_t> path_;
};

}  // namespace

std::vector<NameId> Rule::inputs(NameId location) const {
  std::vector<NameId> found =
      std::visit(ByKind{[](const Threshold& each) { return std::vector{each.of}; },
                        [](const RollingMean& each) { return std::vector{each.of}; },
                        [&](const Count& each) { return std::vector{location, each.where}; },
                        [](const HeatIndex& each) { return std::vector{each.temperature, each.humidity}; },
                        [](const AirQuality& each) { return std::vector(each.pollutants.begin(), each.pollutants.end()); }},
                 how);
  std::erase(found, kNoName);
  return found;
}

std::string_view Rule::kind() const { return kKinds[how.index()]; }

std::optional<RuleProblem> problem_among(const std::vector<Rule>& rules, NameId location) {
  for (std::size_t i = 0; i < rules.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      if (rules[i].name == rules[j].name) return RuleProblem{i, fmt::format("two rules are called '{}'", rules[i].name)};
      if (rules[i].becomes == rules[j].becomes)
        return RuleProblem{i, fmt::format("the rule '{}' becomes the same attribute", rules[j].name)};
    }
  return RingFinder(rules, location).find();
}

}  // namespace citiverse::twin::rules
