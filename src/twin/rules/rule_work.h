// What rules remember between changes, and how what they give gets into the store. One thread's.
#pragma once

#include <queue>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "twin/report.h"
#include "twin/rules/deriver.h"
#include "twin/rules/one_thing.h"

namespace citiverse::twin::rules {

class RuleWork {
 public:
  RuleWork(Store& store, const std::vector<Rule>& rules, PastValues past, DeriverFigures& figures);

  /// Everything that is there, as if it had just come. The first time, values of rules that are no more are taken away.
  void look_at_all();
  void take(std::uint32_t rule, const EntityPtr& before, const EntityPtr& after, TimeUs at_us);
  /// Things that expired are in no area any more. True when there were any.
  bool drop_expired();
  TimeUs next_expiry_us() const { return expiries_.empty() ? kNoTime : expiries_.top().at_us; }
  /// Writes what was derived; waits while the store has no room, unless it shall stop.
  void write(const std::stop_token& stop);

 private:
  struct State {
    explicit State(std::vector<CountedArea> areas) : counts(std::move(areas)), last_at_us(counts.areas().size(), kNoTime) {}
    std::unordered_map<std::string, Window> windows;
    std::unordered_map<std::string, bool> is_beyond;
    AreaCounts counts;
    std::vector<TimeUs> last_at_us;  // Of each area's count, as written.
    std::vector<AreaCounts::AreaIndex> changed;
    TimeUs heard_us = kNoTime;
    std::unordered_set<std::string> expiring;  // Has one place among expiries_.
  };
  struct Output {
    std::uint32_t rule = 0;
    std::string id;
    std::optional<Attribute> attribute;  // Nothing: the value goes.
    const CountedArea* area = nullptr;   // The thing is made when it is missing.
  };
  struct Expiry {
    TimeUs at_us;
    std::uint32_t rule;
    std::string id;
    friend bool operator>(const Expiry& a, const Expiry& b) { return a.at_us > b.at_us; }
  };

  void give(std::uint32_t rule, const std::string& id, std::optional<Derived> derived);
  void take_mean(std::uint32_t rule, const RollingMean& mean, const EntityPtr& after);
  void take_threshold(std::uint32_t rule, const Threshold& threshold, const EntityPtr& after);
  void count(std::uint32_t rule, const Count& count, const std::string& id, const EntityPtr& after, TimeUs at_us);
  void give_counts();
  void take_away_what_no_rule_gives();
  Window& window_of(std::uint32_t rule, const RollingMean& mean, const std::string& id, const Reading& newest);
  Report report_of(const Output& output) const;
  base::Result<EntityPtr> guard(const Output& output, const EntityPtr& before, const Edit& edit);
  base::Result<EntityPtr> without(const Output& output, const EntityPtr& before);
  bool write_some(std::span<const Output> outputs);

  Store& store_;
  const std::vector<Rule>& rules_;
  DerivedTerms terms_;
  PastValues past_;
  DeriverFigures& figures_;
  std::vector<State> states_;
  std::vector<Output> outputs_;
  std::priority_queue<Expiry, std::vector<Expiry>, std::greater<>> expiries_;
  std::size_t window_points_ = 0;
  bool is_first_ = true;
};

}  // namespace citiverse::twin::rules
