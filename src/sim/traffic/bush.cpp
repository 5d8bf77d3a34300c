// Passes over a bush: labels forward, shifts backward, shortest ways by repairing labels, and a new order by depth-first
// search.
#include "sim/traffic/bush.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/check.h"

namespace citiverse::sim {
namespace {

constexpr std::uint32_t kNoPlace = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t kNoEntry = std::numeric_limits<std::uint32_t>::max();
constexpr double kShorterBy = 1e-13;  // Relative: sums of the same minutes in another order differ by less.
constexpr double kDustShare = 1e-13;  // Of a source's trips: less than this on a link is rounding.
constexpr int kNewtonStepsMax = 4;
constexpr double kNewtonEnough = 0.05;  // A step that leaves less than this of a difference is followed by no other.

double felt(LinkStates states, const double* extra, std::uint32_t link) {
  return extra ? states.cost[link] + extra[link] : states.cost[link];
}

}  // namespace

BushWork::BushWork(const TrafficGraph& graph) : graph_(graph) {
  const std::size_t nodes = graph.nodes;
  place_.assign(nodes, kNoPlace);
  distance_.assign(nodes, kUnreachable);
  way_.assign(nodes, kNoRoadLink);
  for (auto* by_place : {&node_, &shortest_entry_, &longest_entry_}) by_place->reserve(nodes);
  shortest_.resize(nodes);
  longest_.resize(nodes);
  through_.resize(nodes);
  shortest_entry_.resize(nodes);
  longest_entry_.resize(nodes);
}

void BushWork::open(const Bush& bush, const TripSource& source) {
  unfold(bush, source.origin);
  find_flow(source, bush.merge_units);
}

void BushWork::unfold(const Bush& bush, std::uint32_t origin) {
  for (const std::uint32_t node : node_) place_[node] = kNoPlace;
  node_.assign(1, origin);
  place_[origin] = 0;
  entry_start_.assign(1, 0);
  entry_link_.assign(bush.links.begin(), bush.links.begin() + bush.active);
  idle_.assign(bush.links.begin() + bush.active, bush.links.end());
  entry_tail_.resize(bush.active);
  merges_.clear();
  std::uint32_t last = origin;
  for (std::uint32_t entry = 0; entry < bush.active; entry++) {
    const std::uint32_t link = entry_link_[entry];
    const std::uint32_t head = graph_.head[link];
    if (head != last) {
      place_[head] = static_cast<std::uint32_t>(node_.size());
      node_.push_back(head);
      entry_start_.push_back(entry);
      last = head;
    } else if (entry == entry_start_.back() + 1) {
      merges_.push_back(static_cast<std::uint32_t>(node_.size()) - 1);
    }
    entry_tail_[entry] = place_[graph_.tail[link]];
  }
  entry_start_.push_back(bush.active);
}

/// Backwards from what is wanted at the destinations, dividing as `merge_units` says.
void BushWork::find_flow(const TripSource& source, std::span<const double> merge_units) {
  const std::size_t places = node_.size();
  std::fill_n(through_.begin(), places, 0.0);
  entry_units_.resize(entry_link_.size());
  total_units_ = 0;
  for (std::size_t i = 0; i < source.destinations.size(); i++) {
    through_[place_[source.destinations[i]]] += source.units[i];
    total_units_ += source.units[i];
  }
  std::size_t rest = merge_units.size();
  for (std::size_t place = places - 1; place > 0; place--) {
    const std::uint32_t begin = entry_start_[place];
    const std::uint32_t end = entry_start_[place + 1];
    const double through = through_[place];
    if (end - begin == 1) {
      entry_units_[begin] = through;
      through_[entry_tail_[begin]] += through;
      continue;
    }
    rest -= end - begin;
    double sum = 0;
    std::uint32_t most = begin;
    for (std::uint32_t entry = begin; entry < end; entry++) {
      double units = merge_units[rest + entry - begin];
      if (units < kDustShare * total_units_) units = 0;
      entry_units_[entry] = units;
      sum += units;
      if (units > entry_units_[most]) most = entry;
    }
    // Rounding goes to the largest; where the trips themselves have changed, all change alike.
    const double left = entry_units_[most] + (through - sum);
    if (std::abs(through - sum) <= 1e-9 * through && left >= 0) {
      entry_units_[most] = left;
    } else {
      for (std::uint32_t entry = begin; entry < end; entry++) {
        entry_units_[entry] = sum > 0 ? entry_units_[entry] * (through / sum) : (entry == begin ? through : 0);
      }
    }
    for (std::uint32_t entry = begin; entry < end; entry++) through_[entry_tail_[entry]] += entry_units_[entry];
  }
}

void BushWork::close(Bush& bush) const {
  bush.links.resize(entry_link_.size() + idle_.size());
  std::ranges::copy(entry_link_, bush.links.begin());
  std::ranges::copy(idle_, bush.links.begin() + static_cast<std::ptrdiff_t>(entry_link_.size()));
  bush.active = static_cast<std::uint32_t>(entry_link_.size());
  std::size_t count = 0;
  for (const std::uint32_t place : merges_) count += entry_start_[place + 1] - entry_start_[place];
  bush.merge_units.resize(count);
  auto out = bush.merge_units.begin();
  for (const std::uint32_t place : merges_) {
    out = std::copy(entry_units_.begin() + entry_start_[place], entry_units_.begin() + entry_start_[place + 1], out);
  }
}

void BushWork::find_labels(LinkStates states, const double* extra) {
  shortest_[0] = 0;
  longest_[0] = 0;
  const std::size_t places = node_.size();
  for (std::size_t place = 1; place < places; place++) {
    const std::uint32_t begin = entry_start_[place];
    const std::uint32_t end = entry_start_[place + 1];
    const double cost = felt(states, extra, entry_link_[begin]);
    const std::uint32_t tail = entry_tail_[begin];
    double least = shortest_[tail] + cost;
    double most = longest_[tail] + cost;
    std::uint32_t least_entry = begin;
    std::uint32_t most_entry = begin;
    if (end - begin > 1) {
      if (entry_units_[begin] <= 0) {
        most = -kUnreachable;
        most_entry = kNoEntry;
      }
      for (std::uint32_t entry = begin + 1; entry < end; entry++) {
        const double minutes = felt(states, extra, entry_link_[entry]);
        const double by_shortest = shortest_[entry_tail_[entry]] + minutes;
        const double by_longest = longest_[entry_tail_[entry]] + minutes;
        if (by_shortest < least) {
          least = by_shortest;
          least_entry = entry;
        }
        if (by_longest > most && entry_units_[entry] > 0) {
          most = by_longest;
          most_entry = entry;
        }
      }
      if (most_entry == kNoEntry) {  // Nobody comes this way.
        most = least;
        most_entry = least_entry;
      }
    }
    shortest_[place] = least;
    longest_[place] = most;
    shortest_entry_[place] = least_entry;
    longest_entry_[place] = most_entry;
  }
}

double BushWork::shift(LinkLoads& loads, const double* extra, double part) {
  find_labels(loads.states(), extra);
  double difference = 0;
  for (auto at = merges_.rbegin(); at != merges_.rend(); ++at) {
    const double beyond = longest_[*at] - shortest_[*at];
    if (beyond <= kShorterBy * longest_[*at] || shortest_entry_[*at] == longest_entry_[*at]) continue;
    difference = std::max(difference, beyond);
    shift_between(*at, loads, extra, part);
  }
  return difference;
}

/// From where the longest used way and the shortest way to a place last parted.
void BushWork::shift_between(std::uint32_t place, LinkLoads& loads, const double* extra, double part) {
  const LinkStates states = loads.states();
  short_segment_.clear();
  long_segment_.clear();
  double cost = 0;
  double slope = 0;
  double units = kUnreachable;
  const auto take_short = [&](std::uint32_t entry) {
    const std::uint32_t link = entry_link_[entry];
    cost -= felt(states, extra, link);
    slope += states.slope[link];
    short_segment_.push_back({entry, link});
    return entry_tail_[entry];
  };
  const auto take_long = [&](std::uint32_t entry) {
    const std::uint32_t link = entry_link_[entry];
    cost += felt(states, extra, link);
    slope += states.slope[link];
    units = std::min(units, entry_units_[entry]);
    long_segment_.push_back({entry, link});
    return entry_tail_[entry];
  };
  std::uint32_t a = take_short(shortest_entry_[place]);
  std::uint32_t b = take_long(longest_entry_[place]);
  while (a != b) {
    if (a > b) {
      a = take_short(shortest_entry_[a]);
    } else {
      b = take_long(longest_entry_[b]);
    }
  }
  if (cost <= 0 || units <= 0) return;
  const double first = cost;
  for (int step = 0; step < kNewtonStepsMax; step++) {
    double moved = slope > 0 ? part * (cost / slope) : (cost > 0 ? units : -kUnreachable);
    if (moved >= units) moved = units;
    if (moved < 0) {
      double back = kUnreachable;
      for (const Segment& segment : short_segment_) back = std::min(back, entry_units_[segment.entry]);
      moved = std::max(moved, -back);
    }
    if (moved == 0) return;
    cost = 0;
    slope = 0;
    units = kUnreachable;
    for (const Segment& segment : short_segment_) {
      entry_units_[segment.entry] += moved;
      loads.add(segment.link, moved);
      cost -= felt(states, extra, segment.link);
      slope += states.slope[segment.link];
    }
    for (const Segment& segment : long_segment_) {
      units = std::min(units, entry_units_[segment.entry] -= moved);
      loads.add(segment.link, -moved);
      cost += felt(states, extra, segment.link);
      slope += states.slope[segment.link];
    }
    if (part < 1 || std::abs(cost) <= kNewtonEnough * first || (units <= 0 && cost > 0)) return;
  }
}

/// True shortest ways: the bush's labels are lengths of real ways, so only what they leave too long needs to be found. Nodes
/// are looked at in the bush's order, so most of what gets shorter is looked at later anyway, and only the rest is queued.
void BushWork::shortest_from_labels(const TripSource& source, LinkStates states, const double* extra) {
  const std::uint32_t origin = source.origin;
  std::ranges::fill(distance_, kUnreachable);
  distance_[origin] = 0;
  way_[origin] = kNoRoadLink;
  for (std::size_t place = 1; place < node_.size(); place++) {
    distance_[node_[place]] = shortest_[place];
    way_[node_[place]] = entry_link_[shortest_entry_[place]];
  }
  for (const std::uint32_t link : idle_) {
    distance_[graph_.head[link]] = distance_[graph_.tail[link]] + felt(states, extra, link);
    way_[graph_.head[link]] = link;
  }
  double limit = 0;
  for (const std::uint32_t destination : source.destinations) limit = std::max(limit, distance_[destination]);
  queue_.clear();
  is_done_.assign(graph_.nodes, 0);
  const auto relax = [&](std::uint32_t node) {
    is_done_[node] = 1;
    const double so_far = distance_[node];
    if (so_far >= limit || !graph_.may_leave(node, origin)) return;
    const double at_least = so_far * (1 + kShorterBy);
    for (std::uint32_t link = graph_.out_start[node]; link < graph_.out_start[node + 1]; link++) {
      const double cost = felt(states, extra, link);
      const std::uint32_t head = graph_.head[link];
      if (at_least + cost >= distance_[head] || so_far + cost >= limit) continue;
      const bool is_later = distance_[head] < kUnreachable && is_done_[head] == 0;
      distance_[head] = so_far + cost;
      way_[head] = link;
      if (!is_later) queue_.push(so_far + cost, head);
    }
  };
  for (const std::uint32_t node : node_) relax(node);
  for (const std::uint32_t link : idle_) relax(graph_.head[link]);
  settle(origin, states, extra, limit);
}

/// Dijkstra from the nodes in the queue, which hold their labels already.
void BushWork::settle(std::uint32_t origin, LinkStates states, const double* extra, double limit) {
  while (!queue_.empty()) {
    const auto [at, node] = queue_.pop();
    const double so_far = distance_[node];
    if (at != NearestFirst::key_of(so_far) || so_far >= limit || !graph_.may_leave(node, origin)) continue;
    const double at_least = so_far * (1 + kShorterBy);
    for (std::uint32_t link = graph_.out_start[node]; link < graph_.out_start[node + 1]; link++) {
      const double cost = felt(states, extra, link);
      const std::uint32_t head = graph_.head[link];
      if (at_least + cost >= distance_[head] || so_far + cost >= limit) continue;
      distance_[head] = so_far + cost;
      way_[head] = link;
      queue_.push(so_far + cost, head);
    }
  }
}

void BushWork::search(std::uint32_t origin, const LinkLoads& loads, const double* extra) {
  std::ranges::fill(distance_, kUnreachable);
  distance_[origin] = 0;
  way_[origin] = kNoRoadLink;
  queue_.clear();
  queue_.push(0, origin);
  settle(origin, loads.states(), extra, kUnreachable);
}

void BushWork::start(const TripSource& source, LinkLoads& loads) {
  unfold({}, source.origin);
  rebuild(source);
  find_flow(source, {});
  for (std::size_t entry = 0; entry < entry_link_.size(); entry++) loads.add(entry_link_[entry], entry_units_[entry]);
}

SourceExcess BushWork::excess(const TripSource& source, const LinkLoads& loads, const double* extra) {
  find_labels(loads.states(), extra);
  shortest_from_labels(source, loads.states(), extra);
  SourceExcess excess;
  for (std::size_t entry = 0; entry < entry_link_.size(); entry++) {
    excess.minutes += entry_units_[entry] * felt(loads.states(), extra, entry_link_[entry]);
  }
  for (std::size_t i = 0; i < source.destinations.size(); i++) {
    excess.shortest_minutes += source.units[i] * distance_[source.destinations[i]];
  }
  excess.minutes -= excess.shortest_minutes;
  return excess;
}

SourceExcess BushWork::renew(const TripSource& source, const LinkLoads& loads, const double* extra, double enough) {
  const SourceExcess found = excess(source, loads, extra);
  if (found.minutes > enough * found.shortest_minutes) rebuild(source);
  return found;
}

/// Whether the shortest way's last link to a node with flow keeps the bush free of circles: its nodes would stand in the order
/// of their longest used ways, and a node without flow just behind the one that its shortest way hangs from.
bool BushWork::is_new_way_allowed(std::uint32_t node) const {
  const std::uint32_t link = way_[node];
  if (link == kNoRoadLink) return false;
  std::uint32_t from = graph_.tail[link];
  double beyond = 0;
  while (true) {
    const std::uint32_t place = old_place_[from];
    if (place != kNoPlace && old_longest_[place] > -kUnreachable) {
      return old_longest_[place] + beyond < old_longest_[old_place_[node]];
    }
    beyond += distance_[from] - distance_[graph_.tail[way_[from]]];
    from = graph_.tail[way_[from]];
  }
}

/// A new order for links with flow and for the links of the shortest ways that are allowed.
void BushWork::rebuild(const TripSource& source) {
  old_node_.swap(node_);
  old_entry_start_.swap(entry_start_);
  old_entry_link_.swap(entry_link_);
  old_entry_tail_.swap(entry_tail_);
  old_units_.swap(entry_units_);
  old_longest_.assign(longest_.begin(), longest_.begin() + static_cast<std::ptrdiff_t>(old_node_.size()));
  old_place_.resize(graph_.nodes);
  std::ranges::copy(place_, old_place_.begin());
  old_longest_[0] = 0;
  for (std::size_t place = 1; place < old_node_.size(); place++) {
    const auto begin = old_units_.begin() + old_entry_start_[place];
    const auto end = old_units_.begin() + old_entry_start_[place + 1];
    if (std::none_of(begin, end, [](double units) { return units > 0; })) old_longest_[place] = -kUnreachable;
  }
  for (const std::uint32_t node : old_node_) place_[node] = kNoPlace;
  node_.assign(1, source.origin);
  place_[source.origin] = 0;
  entry_start_.assign(1, 0);
  entry_link_.clear();
  entry_tail_.clear();
  entry_units_.clear();
  merges_.clear();
  for (const std::uint32_t destination : source.destinations) {
    stack_.assign(1, destination);
    while (!stack_.empty()) {
      CITIVERSE_CHECK(stack_.size() <= graph_.nodes + graph_.links(), "a bush has no circle");
      const std::uint32_t node = stack_.back();
      if (place_[node] != kNoPlace) {
        stack_.pop_back();
        continue;
      }
      const std::size_t before = stack_.size();
      const std::uint32_t old = old_place_[node];
      const bool has_flow = old != kNoPlace && old_longest_[old] > -kUnreachable;
      bool uses_way = false;
      if (has_flow) {
        for (std::uint32_t entry = old_entry_start_[old]; entry < old_entry_start_[old + 1]; entry++) {
          if (old_units_[entry] <= 0) continue;
          uses_way |= old_entry_link_[entry] == way_[node];
          const std::uint32_t tail = graph_.tail[old_entry_link_[entry]];
          if (place_[tail] == kNoPlace) stack_.push_back(tail);
        }
      }
      const bool adds_way = !uses_way && (!has_flow || is_new_way_allowed(node));
      if (adds_way && place_[graph_.tail[way_[node]]] == kNoPlace) stack_.push_back(graph_.tail[way_[node]]);
      if (stack_.size() > before) continue;
      stack_.pop_back();
      place_[node] = static_cast<std::uint32_t>(node_.size());
      node_.push_back(node);
      entry_start_.push_back(static_cast<std::uint32_t>(entry_link_.size()));
      const auto add = [&](std::uint32_t link, double units) {
        entry_link_.push_back(link);
        entry_tail_.push_back(place_[graph_.tail[link]]);
        entry_units_.push_back(units);
      };
      if (has_flow) {
        for (std::uint32_t entry = old_entry_start_[old]; entry < old_entry_start_[old + 1]; entry++) {
          if (old_units_[entry] > 0) add(old_entry_link_[entry], old_units_[entry]);
        }
      }
      if (adds_way) add(way_[node], 0);
      if (entry_link_.size() - entry_start_.back() > 1) merges_.push_back(static_cast<std::uint32_t>(node_.size()) - 1);
    }
  }
  entry_start_.push_back(static_cast<std::uint32_t>(entry_link_.size()));
  // The rest of the tree of shortest ways, so that the next search begins with nearly true labels.
  idle_.clear();
  double limit = 0;
  for (const std::uint32_t destination : source.destinations) limit = std::max(limit, distance_[destination]);
  for (std::uint32_t first = 0; first < graph_.nodes; first++) {
    if (place_[first] != kNoPlace || distance_[first] >= limit) continue;
    stack_.clear();
    for (std::uint32_t node = first; place_[node] == kNoPlace; node = graph_.tail[way_[node]]) {
      place_[node] = kNoPlace - 1;
      stack_.push_back(node);
    }
    for (auto at = stack_.rbegin(); at != stack_.rend(); ++at) idle_.push_back(way_[*at]);
  }
  for (const std::uint32_t link : idle_) place_[graph_.head[link]] = kNoPlace;
}

double BushWork::weighted_minutes(const double* extra) const {
  double sum = 0;
  for (std::size_t entry = 0; entry < entry_link_.size(); entry++) sum += entry_units_[entry] * extra[entry_link_[entry]];
  return sum;
}

void BushWork::add_volumes(std::span<double> volumes) const {
  for (std::size_t entry = 0; entry < entry_link_.size(); entry++) volumes[entry_link_[entry]] += entry_units_[entry];
}

}  // namespace citiverse::sim
