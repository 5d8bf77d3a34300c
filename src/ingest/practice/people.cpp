// Apportionment by the method of largest remainders.
#include "ingest/practice/people.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace citiverse::ingest::practice {
namespace {

std::vector<std::uint32_t> share_out(const std::vector<double>& weights, std::uint32_t total) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<std::uint32_t> shares(weights.size(), 0);
  if (sum <= 0) return shares;
  std::vector<std::pair<double, std::uint32_t>> remainders;
  std::uint32_t given = 0;
  for (std::uint32_t i = 0; i < weights.size(); ++i) {
    const double exact = weights[i] / sum * total;
    shares[i] = static_cast<std::uint32_t>(exact);
    given += shares[i];
    if (weights[i] > 0) remainders.emplace_back(shares[i] - exact, i);
  }
  std::sort(remainders.begin(), remainders.end());
  for (std::size_t k = 0; given < total; ++k, ++given) ++shares[remainders[k % remainders.size()].second];
  return shares;
}

/// Jobs a square metre, relative to an office.
double density(city::BuildingUse use) {
  switch (use) {
    case city::BuildingUse::industrial: return 0.35;
    case city::BuildingUse::school: return 0.35;
    case city::BuildingUse::worship: return 0.15;
    case city::BuildingUse::culture: return 0.3;
    case city::BuildingUse::hotel: return 0.35;
    case city::BuildingUse::transport: return 0.4;
    case city::BuildingUse::health: return 0.8;
    default: return 1;
  }
}

}  // namespace

void settle(Houses& houses, std::uint32_t people) {
  std::vector<double> homes, work;
  for (const House& h : houses.all()) {
    homes.push_back(h.home_area_m2);
    work.push_back(h.work_area_m2 * density(h.use));
  }
  const auto residents = share_out(homes, people);
  const auto jobs = share_out(work, static_cast<std::uint32_t>(people * kJobsPerPerson));
  for (std::size_t i = 0; i < houses.all().size(); ++i) {
    House& h = houses.all()[i];
    h.people = residents[i];
    h.jobs = jobs[i];
    // Two people a home, a little more where houses stand alone; an empty dwelling is still one.
    const double in_a_home = h.use == city::BuildingUse::house ? 2.5 : 1.95;
    h.homes = h.home_area_m2 > 40 ? std::max(1u, static_cast<std::uint32_t>(h.people / in_a_home + 0.5)) : h.people > 0 ? 1 : 0;
  }
}

}  // namespace citiverse::ingest::practice
