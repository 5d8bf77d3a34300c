// Links are looked at in the order of how soon they lead to the destination; each makes its beginning's strategy better or is
// not taken.
#include "sim/transit/optimal_strategies.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/check.h"

namespace citiverse::sim {
namespace {

constexpr std::uint32_t kNoLink = 0xFFFFFFFF;

bool is_time(double minutes) { return std::isfinite(minutes) && minutes >= 0; }

}  // namespace

base::Result<TransitNetwork> TransitNetwork::of(std::uint32_t nodes, std::span<const TransitLink> links) {
  if (nodes > kTransitNodesMax || links.size() > kTransitLinksMax) {
    return base::fail(base::ErrorCode::limit, fmt::format("{} nodes and {} links: at most {} and {} are taken", nodes,
                                                          links.size(), kTransitNodesMax, kTransitLinksMax));
  }
  TransitNetwork network;
  network.first_.assign(std::size_t{nodes} + 1, 0);
  for (std::size_t i = 0; i < links.size(); ++i) {
    const TransitLink& link = links[i];
    if (link.from >= nodes || link.to >= nodes) {
      return base::fail(base::ErrorCode::bad_input,
                        fmt::format("link {} leads from node {} to {}, but there are {} nodes", i, link.from, link.to, nodes));
    }
    if (!is_time(link.minutes) || !is_time(link.wait_min)) {
      return base::fail(base::ErrorCode::bad_input, fmt::format("link {}: {} minutes and a wait of {}; both must be 0 or more",
                                                                i, link.minutes, link.wait_min));
    }
    ++network.first_[link.to + 1];
  }
  for (std::uint32_t i = 0; i < nodes; ++i) network.first_[i + 1] += network.first_[i];
  network.order_.resize(links.size());
  std::vector<std::uint32_t> next(network.first_.begin(), network.first_.end() - 1);
  for (std::uint32_t i = 0; i < links.size(); ++i) network.order_[next[links[i].to]++] = i;
  network.links_.assign(links.begin(), links.end());
  return network;
}

OptimalStrategies::OptimalStrategies(const TransitNetwork& network)
    : network_(&network),
      expected_min_(network.nodes(), kNever),
      vehicles_a_min_(network.nodes()),
      without_wait_(network.nodes(), kNoLink),
      is_attractive_(network.links()),
      is_done_(network.links()) {}

void OptimalStrategies::find(std::uint32_t destination) {
  CITIVERSE_CHECK(destination < network_->nodes(), "a destination is a node");
  std::ranges::fill(expected_min_, kNever);
  std::ranges::fill(vehicles_a_min_, 0);
  std::ranges::fill(without_wait_, kNoLink);
  std::ranges::fill(is_attractive_, 0);
  std::ranges::fill(is_done_, 0);
  taken_.clear();
  heap_.clear();
  expected_min_[destination] = 0;
  reach(destination);
  while (!heap_.empty()) {
    std::pop_heap(heap_.begin(), heap_.end());
    const Reached reached = heap_.back();
    heap_.pop_back();
    const TransitLink& link = network_->links_[reached.link];
    // What was put in before its end became better is there a second time, with fewer minutes.
    if (is_done_[reached.link] != 0 || reached.minutes > expected_min_[link.to] + link.minutes) continue;
    is_done_[reached.link] = 1;
    // One that is only as good would change nothing but who has gone on already.
    if (expected_min_[link.from] <= reached.minutes) continue;
    take(reached.link, reached.minutes);
  }
}

// The minutes of the links into a node have changed.
void OptimalStrategies::reach(std::uint32_t node) {
  for (std::uint32_t at = network_->first_[node]; at < network_->first_[node + 1]; ++at) {
    const std::uint32_t link = network_->order_[at];
    if (is_done_[link] != 0) continue;
    heap_.push_back({expected_min_[node] + network_->links_[link].minutes, link});
    std::push_heap(heap_.begin(), heap_.end());
  }
}

void OptimalStrategies::take(std::uint32_t number, double minutes) {
  const TransitLink& link = network_->links_[number];
  double& expected = expected_min_[link.from];
  double& vehicles = vehicles_a_min_[link.from];
  if (link.wait_min == 0) {
    without_wait_[link.from] = number;
    expected = minutes;
    vehicles = kNever;
  } else {
    const double more = 1 / link.wait_min;
    // The first attractive link: one waits for it alone.
    expected = vehicles == 0 ? minutes + link.wait_min : (vehicles * expected + more * minutes) / (vehicles + more);
    vehicles += more;
  }
  is_attractive_[number] = 1;
  taken_.push_back(number);
  reach(link.from);
}

double OptimalStrategies::share(std::uint32_t number) const {
  if (is_attractive_[number] == 0) return 0;
  const TransitLink& link = network_->links_[number];
  const std::uint32_t at_once = without_wait_[link.from];
  if (at_once != kNoLink) return at_once == number ? 1 : 0;
  return 1 / link.wait_min / vehicles_a_min_[link.from];
}

OptimalStrategies::Loaded OptimalStrategies::load(std::span<const double> demand, std::span<double> volumes) {
  CITIVERSE_CHECK(demand.size() == network_->nodes() && volumes.size() == network_->links(), "one number a node and a link");
  Loaded loaded;
  people_.assign(demand.begin(), demand.end());
  for (std::size_t node = 0; node < demand.size(); ++node) {
    if (std::isinf(expected_min_[node])) {
      loaded.unserved += demand[node];
      people_[node] = 0;
    } else {
      loaded.served += demand[node];
    }
  }
  // Those who are farthest first, so that at each node all have come together before they go on.
  for (auto taken = taken_.rbegin(); taken != taken_.rend(); ++taken) {
    const TransitLink& link = network_->links_[*taken];
    const double riding = people_[link.from] * share(*taken);
    volumes[*taken] += riding;
    people_[link.to] += riding;
  }
  return loaded;
}

}  // namespace citiverse::sim
