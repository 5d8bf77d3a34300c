// Each kind of rule in a function of its own; all write through the same door, guarded against what is not theirs.
#include "twin/rules/rule_work.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/check.h"
#include "base/json_writer.h"

namespace citiverse::twin::rules {
namespace {

constexpr std::size_t kOutputsAtOnce = 500;
constexpr std::chrono::milliseconds kNoRoomPause{50};

template <class... Each>
struct ByHow : Each... {
  using Each::operator()...;
};

bool is_one_of(const Entity& entity, NameId type) { return std::ranges::find(entity.types, type) != entity.types.end(); }

bool is_over(const Entity& entity, TimeUs now_us) { return entity.expires_us != kNoTime && entity.expires_us <= now_us; }

}  // namespace

RuleWork::RuleWork(Store& store, const std::vector<Rule>& rules, PastValues past, DeriverFigures& figures)
    : store_(store), rules_(rules), terms_(store.names()), past_(std::move(past)), figures_(figures) {
  for (const Rule& rule : rules) {
    const auto* count = std::get_if<Count>(&rule.how);
    states_.emplace_back(count == nullptr ? std::vector<CountedArea>{} : count->areas);
  }
}

void RuleWork::look_at_all() {
  if (std::exchange(is_first_, false)) take_away_what_no_rule_gives();
  for (std::uint32_t rule = 0; rule < rules_.size(); ++rule) {
    State& state = states_[rule];
    state.counts.clear();
    for (AreaCounts::AreaIndex area = 0; area < state.counts.areas().size(); ++area) state.changed.push_back(area);
    state.heard_us = store_.now_us();
    Narrowing narrowing;
    narrowing.types = {rules_[rule].type};
    store_.scan(kDefaultTenant, narrowing, 0, [&](Slot, const EntityPtr& entity) {
      take(rule, nullptr, entity, kNoTime);
      return true;
    });
  }
}

void RuleWork::take_away_what_no_rule_gives() {
  store_.scan(kDefaultTenant, {}, 0, [&](Slot, const EntityPtr& entity) {
    for (const AttributePtr& attribute : entity->attributes) {
      const std::string_view name = saying_of(*attribute, terms_.rule);
      if (name.empty()) continue;
      const auto gives = [&](const Rule& rule) { return rule.name == name && rule.becomes == attribute->name; };
      if (std::ranges::any_of(rules_, gives)) continue;
      const bool gone = store_
                            .write(kDefaultTenant, entity->id,
                                   [&](const EntityPtr& before) -> base::Result<EntityPtr> {
                                     if (before == nullptr) return before;
                                     auto after = std::make_shared<Entity>(*before);
                                     after->remove(attribute->name, attribute->dataset);
                                     return after;
                                   })
                            .has_value();
      if (!gone) return false;
    }
    return true;
  });
}

void RuleWork::take(std::uint32_t rule, const EntityPtr& before, const EntityPtr& after, TimeUs at_us) {
  const bool is_there = after != nullptr && is_one_of(*after, rules_[rule].type);
  const EntityPtr now = is_there ? after : nullptr;
  const std::string& id = (after != nullptr ? after : before)->id;
  State& state = states_[rule];
  std::visit(ByHow{[&](const Count& each) { count(rule, each, id, now, at_us); },
                   [&](const Threshold& each) {
                     if (now) return take_threshold(rule, each, now);
                     state.is_beyond.erase(id);
                   },
                   [&](const RollingMean& each) {
                     if (now) return take_mean(rule, each, now);
                     if (const auto window = state.windows.find(id); window != state.windows.end()) {
                       window_points_ -= window->second.size();
                       state.windows.erase(window);
                     }
                   },
                   [&](const HeatIndex& each) {
                     if (now) give(rule, id, heat_index_of(each, *now, terms_));
                   },
                   [&](const AirQuality& each) {
                     if (now) give(rule, id, air_quality_of(each, *now, terms_));
                   }},
             rules_[rule].how);
}

void RuleWork::give(std::uint32_t rule, const std::string& id, std::optional<Derived> derived) {
  Output& output = outputs_.emplace_back(Output{rule, id, std::nullopt, nullptr});
  if (derived) output.attribute = attribute_of(rules_[rule], *std::move(derived), terms_);
}

void RuleWork::take_threshold(std::uint32_t rule, const Threshold& threshold, const EntityPtr& after) {
  auto& known = states_[rule].is_beyond;
  const auto reading = reading_of(*after, threshold.of, terms_);
  if (!reading) {
    known.erase(after->id);
    return give(rule, after->id, std::nullopt);
  }
  const auto was = known.find(after->id);
  if (was == known.end() && known.size() >= kWindowEntitiesMax) {
    ++figures_.left_out;
    return;
  }
  // After a start the last answer stands in the thing itself.
  const Attribute* last = was == known.end() ? after->find(rules_[rule].becomes) : nullptr;
  const bool* said = last == nullptr ? nullptr : std::get_if<bool>(&last->value);
  const bool was_beyond = was != known.end() ? was->second : said != nullptr && *said;
  Derived derived = threshold_of(threshold, *reading, was_beyond);
  known[after->id] = std::get<bool>(derived.value);
  give(rule, after->id, std::move(derived));
}

Window& RuleWork::window_of(std::uint32_t rule, const RollingMean& mean, const std::string& id, const Reading& newest) {
  auto& windows = states_[rule].windows;
  const auto found = windows.find(id);
  if (found != windows.end()) return found->second;
  Window& window = windows[id];
  window.unit = newest.unit;
  if (past_)
    for (const WindowPoint& point : past_(id, mean.of, newest.at_us - mean.over_us))
      window.add(point, mean.over_us, kWindowValuesMax);
  window_points_ += window.size();
  return window;
}

void RuleWork::take_mean(std::uint32_t rule, const RollingMean& mean, const EntityPtr& after) {
  const auto reading = reading_of(*after, mean.of, terms_);
  if (!reading) return give(rule, after->id, std::nullopt);
  const auto& windows = states_[rule].windows;
  const bool is_known = windows.contains(after->id);
  if (window_points_ >= kWindowPointsMax || (!is_known && windows.size() >= kWindowEntitiesMax)) {
    ++figures_.left_out;
    return;
  }
  Window& window = window_of(rule, mean, after->id, *reading);
  window_points_ -= window.size();
  if (window.unit != reading->unit) window.clear();  // Numbers of two units have no mean.
  window.unit = reading->unit;
  window.add({reading->at_us, reading->value, reading->is_simulated}, mean.over_us, kWindowValuesMax);
  window_points_ += window.size();
  if (!window.empty()) give(rule, after->id, rolling_mean_of(mean, window));
}

void RuleWork::count(std::uint32_t rule, const Count& count, const std::string& id, const EntityPtr& after, TimeUs at_us) {
  State& state = states_[rule];
  std::optional<LonLat> place;
  bool is_made_up = false;
  if (after != nullptr && !is_over(*after, store_.now_us())) {
    const Attribute* location = after->find(terms_.location);
    const Attribute* where = count.where == kNoName ? nullptr : after->find(count.where);
    const auto* text = where == nullptr ? nullptr : std::get_if<std::string>(&where->value);
    const bool is_counted = count.where == kNoName || (text != nullptr && *text == count.is);
    if (is_counted && location != nullptr) place = point_of(location->value);
    const auto made_up = [&](const AttributePtr& each) { return is_simulated(*each, terms_); };
    is_made_up = std::ranges::any_of(after->attributes, made_up);
    if (place && after->expires_us != kNoTime && state.expiring.insert(id).second)
      expiries_.push({after->expires_us, rule, id});
    if (location != nullptr && location->observed_us != kNoTime) at_us = location->observed_us;
  }
  if (at_us != kNoTime) state.heard_us = std::max(state.heard_us, at_us);
  if (!state.counts.move(id, place, is_made_up, state.changed, kCountedMax)) ++figures_.left_out;
}

bool RuleWork::drop_expired() {
  bool any = false;
  const TimeUs now_us = store_.now_us();
  while (!expiries_.empty() && expiries_.top().at_us <= now_us) {
    const Expiry expiry = expiries_.top();
    expiries_.pop();
    states_[expiry.rule].expiring.erase(expiry.id);
    const EntityPtr entity = store_.find(kDefaultTenant, expiry.id);
    count(expiry.rule, std::get<Count>(rules_[expiry.rule].how), expiry.id, entity, expiry.at_us);
    any = true;
  }
  return any;
}

void RuleWork::give_counts() {
  for (std::uint32_t rule = 0; rule < rules_.size(); ++rule) {
    State& state = states_[rule];
    for (AreaCounts::AreaIndex area = 0; area < state.last_at_us.size(); ++area)
      if (state.last_at_us[area] != kNoTime && state.heard_us - state.last_at_us[area] >= Deriver::kCountAgeUsMax)
        state.changed.push_back(area);
    std::ranges::sort(state.changed);
    const auto same = std::ranges::unique(state.changed);
    state.changed.erase(same.begin(), same.end());
    for (const AreaCounts::AreaIndex area : std::exchange(state.changed, {})) {
      const CountedArea& counted = state.counts.areas()[area];
      state.last_at_us[area] = state.heard_us;
      give(rule, counted.id,
           Derived{static_cast<std::int64_t>(state.counts.count(area)), state.heard_us, kNoName,
                   state.counts.has_simulated(area), ""});
      outputs_.back().area = &counted;
    }
  }
}

Report RuleWork::report_of(const Output& output) const {
  Report report{.id = output.id, .type = rules_[output.rule].type, .attributes = {*output.attribute}};
  if (output.area == nullptr) return report;
  report.type = std::get<Count>(rules_[output.rule].how).area_type;
  const auto add = [&](NameId name, AttributeKind kind, Value value) {
    Attribute& attribute = report.attributes.emplace_back();
    attribute.name = name;
    attribute.kind = kind;
    attribute.value = std::move(value);
  };
  if (!output.area->name.empty()) add(terms_.name, AttributeKind::property, output.area->name);
  if (!output.area->anchor.empty()) add(terms_.anchor, AttributeKind::property, output.area->anchor);
  std::string point;
  base::JsonWriter json(point);
  json.begin_object().member("type", "Point").key("coordinates").begin_array();
  json.number(output.area->middle.lon_deg, 7).number(output.area->middle.lat_deg, 7).end_array().end_object();
  add(terms_.location, AttributeKind::geo_property, Json{std::move(point)});
  return report;
}

// A thing that went is not made again, and what somebody else says under the same name stays.
base::Result<EntityPtr> RuleWork::guard(const Output& output, const EntityPtr& before, const Edit& edit) {
  const Rule& rule = rules_[output.rule];
  if (output.area == nullptr) {
    if (before == nullptr || is_over(*before, store_.now_us()) || !is_one_of(*before, rule.type)) return before;
  }
  const Attribute* there = before == nullptr ? nullptr : before->find(rule.becomes);
  if (there != nullptr && saying_of(*there, terms_.rule) != rule.name) {
    ++figures_.conflicts;
    return before;
  }
  return edit(before);
}

base::Result<EntityPtr> RuleWork::without(const Output& output, const EntityPtr& before) {
  const Rule& rule = rules_[output.rule];
  const Attribute* there = before == nullptr ? nullptr : before->find(rule.becomes);
  if (there == nullptr || saying_of(*there, terms_.rule) != rule.name) return before;
  auto after = std::make_shared<Entity>(*before);
  after->remove(rule.becomes);
  after->modified_us = store_.now_us();
  return after;
}

// False when there is no room now.
bool RuleWork::write_some(std::span<const Output> outputs) {
  std::vector<Report> reports;
  for (const Output& each : outputs)
    if (each.attribute) reports.push_back(report_of(each));
  const ReportWrites report_writes(std::move(reports), store_.now_us());
  const auto of_reports = report_writes.writes();
  CITIVERSE_CHECK(of_reports.size() == 2 * report_writes.size(), "what is derived has a time, so each report is two writes");
  std::vector<Write> writes;
  std::size_t next = 0;
  for (const Output& each : outputs) {
    if (!each.attribute) {
      writes.push_back({each.id, [this, &each](const EntityPtr& before) { return without(each, before); }});
      continue;
    }
    for (int i = 0; i < 2; ++i, ++next) {
      const Write& inner = of_reports[next];
      writes.push_back({each.id, [this, &each, &inner](const EntityPtr& before) { return guard(each, before, inner.edit); }});
    }
  }
  const auto written = store_.write_soon(kDefaultTenant, writes, [](const base::Result<void>&) {});
  if (!written) return written.error().code != base::ErrorCode::limit;
  figures_.written += outputs.size();
  return true;
}

void RuleWork::write(const std::stop_token& stop) {
  give_counts();
  const std::vector<Output> outputs = std::exchange(outputs_, {});
  for (std::size_t begin = 0; begin < outputs.size() && !stop.stop_requested();) {
    const std::size_t count = std::min(kOutputsAtOnce, outputs.size() - begin);
    if (write_some(std::span(outputs).subspan(begin, count)))
      begin += count;
    else
      std::this_thread::sleep_for(kNoRoomPause);
  }
}

}  // namespace citiverse::twin::rules
