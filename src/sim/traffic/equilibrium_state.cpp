// Costs from streets, and volumes from bushes.
#include "sim/traffic/equilibrium_state.h"

namespace citiverse::sim {
namespace {

double weight_of(const UserClass& users, const RoadLink& link) {
  return users.min_a_toll * link.toll + users.min_a_length * link.length;
}

}  // namespace

void EquilibriumState::find_costs() {
  const std::size_t links = graph.links();
  costs.resize(links);
  extra.assign(classes.size(), {});
  closed_links = 0;
  for (std::size_t i = 0; i < links; i++) {
    const RoadLink& link = network.links[graph.given[i]];
    costs[i] = LinkCost::of(link);
    if (classes.size() == 1) costs[i].base += weight_of(classes[0], link);  // What one class feels can be in the formula.
    if (!carries_nobody(link)) continue;
    costs[i] = {.base = kUnreachable, .factor = 0};
    closed_links++;
  }
  if (classes.size() == 1) return;
  for (std::size_t users = 0; users < classes.size(); users++) {
    extra[users].resize(links);
    for (std::size_t i = 0; i < links; i++) extra[users][i] = weight_of(classes[users], network.links[graph.given[i]]);
  }
}

void EquilibriumState::load_bushes() {
  std::vector<double> volumes(graph.links(), 0);
  BushWork work(graph);
  for (std::size_t i = 0; i < bushes.size(); i++) {
    if (begins[i]) continue;
    work.open(bushes[i], demand.sources[i]);
    work.add_volumes(volumes);
  }
  loads.set_all(volumes);
}

double EquilibriumState::objective() const {
  double sum = 0;
  for (std::size_t i = 0; i < graph.links(); i++) {
    if (costs[i].base < kUnreachable) sum += costs[i].integral(loads.volume(i));
  }
  BushWork work(graph);
  for (std::size_t i = 0; i < bushes.size(); i++) {
    if (!extra_of(i) || begins[i]) continue;
    work.open(bushes[i], demand.sources[i]);
    sum += work.weighted_minutes(extra_of(i));
  }
  return sum;
}

}  // namespace citiverse::sim
