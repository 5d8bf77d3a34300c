// Rules at work: each change is held against the rules that it concerns, and what they give is written like any other value.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include "twin/change.h"
#include "twin/rules/rule.h"
#include "twin/rules/window.h"
#include "twin/store.h"

namespace citiverse::twin::rules {

/// Since the start.
struct DeriverFigures {
  std::atomic<std::uint64_t> written = 0;    ///< Values, some of which said nothing new.
  std::atomic<std::uint64_t> conflicts = 0;  ///< Not written: the attribute is there and not the rule's.
  std::atomic<std::uint64_t> lost = 0;       ///< Changes that did not fit into the queue; all things were looked at again.
  std::atomic<std::uint64_t> left_out = 0;   ///< Values beyond the limits of windows and counts.
};

/// Single values of a series from a time on, oldest first: what a window begins with when the node starts.
using PastValues = std::function<std::vector<WindowPoint>(const std::string& id, NameId attribute, TimeUs from_us)>;

class RuleWork;

/// Derives in the default tenant. Add on_changes() to the store's listeners before the first write; run() is one thread's, and
/// must end before the store does. Nothing is asked again and again: a change that concerns no rule costs a look-up of its
/// type.
class Deriver {
 public:
  static constexpr std::size_t kWaitingMax = 200'000;
  static constexpr TimeUs kCountAgeUsMax = 300'000'000;  ///< A count that stays is said again, when anything was heard.

  /// The rules have no problem_among() them.
  Deriver(Store& store, std::vector<Rule> rules, PastValues past = {});
  ~Deriver();
  Deriver(const Deriver&) = delete;
  Deriver& operator=(const Deriver&) = delete;

  const std::vector<Rule>& rules() const { return rules_; }
  const DeriverFigures& figures() const { return figures_; }

  void on_changes(std::span<const Change> changes);
  /// Does what waits; first of all looks at everything that is there, and takes away what rules of the past have left. False
  /// when there was nothing to do.
  bool work(const std::stop_token& stop = {});
  /// Works whenever something changes or a thing that is counted expires, until it is told to stop.
  void run(const std::stop_token& stop);

 private:
  struct Item {
    std::uint32_t rule = 0;
    EntityPtr before, after;
    TimeUs at_us = 0;
  };
  bool concerns(std::uint32_t rule, const Change& change) const;

  Store& store_;
  const std::vector<Rule> rules_;
  std::vector<std::vector<NameId>> inputs_;
  std::unordered_map<NameId, std::vector<std::uint32_t>> rules_by_type_;
  DeriverFigures figures_;

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<Item> waiting_;
  bool looks_at_all_ = true;
  std::unique_ptr<RuleWork> work_;
};

}  // namespace citiverse::twin::rules
