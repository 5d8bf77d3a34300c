// Single ways out of a bush, which keeps only flows by link: whoever comes to a node divides as all who come there.
#include <algorithm>
#include <queue>
#include <utility>

#include "sim/traffic/bush.h"

namespace citiverse::sim {
namespace {

constexpr std::size_t kWayEndsMax = 1'000'000;  // Very many ways of equal shares are not followed to their ends.

/// The end of a way, from some place to the node that is asked about.
struct WayEnd {
  double share;
  std::uint32_t place;
  std::uint32_t link;  // leaves `place`
  std::size_t next;    // WayEnd behind it
};

}  // namespace

std::vector<BushWork::Way> BushWork::ways_to(std::uint32_t node, std::size_t ways_max) const {
  std::vector<Way> ways;
  const std::uint32_t last = place_[node];
  if (last >= node_.size()) return ways;
  std::vector<WayEnd> ends = {{.share = 1, .place = last, .link = kNoRoadLink, .next = 0}};
  const auto is_less = [&](std::size_t a, std::size_t b) {
    return ends[a].share < ends[b].share || (ends[a].share == ends[b].share && a > b);
  };
  std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(is_less)> queue(is_less);
  queue.push(0);
  while (!queue.empty() && ways.size() < ways_max && ends.size() < kWayEndsMax) {
    const std::size_t at = queue.top();
    const WayEnd end = ends[at];
    queue.pop();
    if (end.place == 0) {
      Way way{.share = end.share, .links = {}};
      for (std::size_t next = at; next != 0; next = ends[next].next) way.links.push_back(ends[next].link);
      ways.push_back(std::move(way));
      continue;
    }
    double sum = 0;
    for (std::uint32_t entry = entry_start_[end.place]; entry < entry_start_[end.place + 1]; entry++)
      sum += entry_units_[entry];
    for (std::uint32_t entry = entry_start_[end.place]; entry < entry_start_[end.place + 1]; entry++) {
      if (entry_units_[entry] <= 0) continue;
      ends.push_back({end.share * entry_units_[entry] / sum, entry_tail_[entry], entry_link_[entry], at});
      queue.push(ends.size() - 1);
    }
  }
  return ways;
}

std::vector<double> BushWork::shares_through(const TripSource& source, std::uint32_t link) const {
  std::vector<double> share(node_.size(), 0);
  for (std::size_t place = 1; place < node_.size(); place++) {
    double sum = 0;
    double through = 0;
    for (std::uint32_t entry = entry_start_[place]; entry < entry_start_[place + 1]; entry++) {
      sum += entry_units_[entry];
      through += entry_units_[entry] * (entry_link_[entry] == link ? 1 : share[entry_tail_[entry]]);
    }
    share[place] = sum > 0 ? through / sum : 0;
  }
  std::vector<double> by_destination;
  by_destination.reserve(source.destinations.size());
  for (const std::uint32_t destination : source.destinations) by_destination.push_back(share[place_[destination]]);
  return by_destination;
}

}  // namespace citiverse::sim
