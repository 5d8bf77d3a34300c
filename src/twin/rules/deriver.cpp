// The store's thread only sorts changes by rule; one thread of its own computes and writes, so that writers never wait for it.
#include "twin/rules/deriver.h"

#include <algorithm>
#include <chrono>

#include "twin/rules/rule_work.h"

namespace citiverse::twin::rules {
namespace {

bool bears_type(const EntityPtr& entity, NameId type) {
  return entity != nullptr && std::ranges::find(entity->types, type) != entity->types.end();
}

}  // namespace

Deriver::Deriver(Store& store, std::vector<Rule> rules, PastValues past) : store_(store), rules_(std::move(rules)) {
  const NameId location = ReportTerms(store.names()).location;
  for (std::uint32_t i = 0; i < rules_.size(); ++i) {
    inputs_.push_back(rules_[i].inputs(location));
    rules_by_type_[rules_[i].type].push_back(i);
  }
  work_ = std::make_unique<RuleWork>(store, rules_, std::move(past), figures_);
}

Deriver::~Deriver() = default;

bool Deriver::concerns(std::uint32_t rule, const Change& change) const {
  const NameId type = rules_[rule].type;
  if (bears_type(change.before, type) != bears_type(change.after, type)) return true;
  return std::ranges::any_of(change.attributes, [&](const AttributeChange& each) {
    return each.dataset == kNoName && std::ranges::find(inputs_[rule], each.name) != inputs_[rule].end();
  });
}

void Deriver::on_changes(std::span<const Change> changes) {
  if (rules_.empty()) return;
  std::vector<Item> found;
  for (const Change& change : changes) {
    if (change.tenant != kDefaultTenant) continue;
    const auto look = [&](const EntityPtr& entity, const EntityPtr& seen) {
      if (entity == nullptr) return;
      for (const NameId type : entity->types) {
        const auto rules = rules_by_type_.find(type);
        if (rules == rules_by_type_.end() || bears_type(seen, type)) continue;
        for (const std::uint32_t rule : rules->second)
          if (concerns(rule, change)) found.push_back({rule, change.before, change.after, change.at_us});
      }
    };
    look(change.after, nullptr);
    look(change.before, change.after);
  }
  if (found.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() + found.size() > kWaitingMax) {
      figures_.lost += waiting_.size() + found.size();
      waiting_.clear();
      looks_at_all_ = true;
    } else {
      std::ranges::move(found, std::back_inserter(waiting_));
    }
  }
  changed_.notify_one();
}

bool Deriver::work(const std::stop_token& stop) {
  std::vector<Item> items;
  bool looks_at_all = false;
  {
    const std::lock_guard lock(mutex_);
    items.swap(waiting_);
    looks_at_all = std::exchange(looks_at_all_, false);
  }
  if (looks_at_all) work_->look_at_all();
  for (const Item& item : items) work_->take(item.rule, item.before, item.after, item.at_us);
  const bool has_expired = work_->drop_expired();
  work_->write(stop);
  return looks_at_all || !items.empty() || has_expired;
}

void Deriver::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    work(stop);
    std::unique_lock lock(mutex_);
    const auto is_due = [&] { return looks_at_all_ || !waiting_.empty(); };
    const TimeUs next_us = work_->next_expiry_us();
    if (next_us == kNoTime)
      changed_.wait(lock, stop, is_due);
    else
      changed_.wait_for(lock, stop, std::chrono::microseconds(std::max<TimeUs>(0, next_us - store_.now_us())), is_due);
  }
}

}  // namespace citiverse::twin::rules
