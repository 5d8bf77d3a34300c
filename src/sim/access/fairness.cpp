// Sorting by value and adding people is all that inequality asks.
#include "sim/access/fairness.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/check.h"
#include "city/measure.h"

namespace citiverse::sim {
namespace {

struct Holding {
  double value;
  double people;
};

std::vector<Holding> sorted_holdings(std::span<const double> values, std::span<const double> people) {
  CITIVERSE_CHECK(values.size() == people.size(), "a number of people for each value");
  std::vector<Holding> all;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i]) && people[i] > 0) all.push_back({std::max(0.0, values[i]), people[i]});
  }
  std::sort(all.begin(), all.end(),
            [](const Holding& a, const Holding& b) { return a.value != b.value ? a.value < b.value : a.people < b.people; });
  return all;
}

}  // namespace

double gini(std::span<const double> values, std::span<const double> people) {
  const std::vector<Holding> all = sorted_holdings(values, people);
  double everyone = 0;
  double everything = 0;
  double twice_area = 0;  // Under Lorenz's curve, in people × value.
  for (const Holding& h : all) {
    const double before = everything;
    everyone += h.people;
    everything += h.people * h.value;
    twice_area += h.people * (before + everything);
  }
  if (everything <= 0) return 0;
  return std::max(0.0, 1 - twice_area / (everyone * everything));
}

double palma(std::span<const double> values, std::span<const double> people) {
  const std::vector<Holding> all = sorted_holdings(values, people);
  double everyone = 0;
  for (const Holding& h : all) everyone += h.people;
  double poorest = 0;
  double richest = 0;
  double so_far = 0;
  const auto overlap = [](double low, double high, double from, double to) {
    return std::max(0.0, std::min(high, to) - std::max(low, from));
  };
  for (const Holding& h : all) {
    const double end = so_far + h.people;
    poorest += h.value * overlap(so_far, end, 0, 0.4 * everyone);
    richest += h.value * overlap(so_far, end, 0.9 * everyone, everyone);
    so_far = end;
  }
  if (poorest > 0) return richest / poorest;
  return richest > 0 ? std::numeric_limits<double>::infinity() : 0.25;
}

HomeGroups groups_by_area(const city::City& city, const AccessReport& report, city::AreaClass area_class) {
  HomeGroups groups;
  std::vector<city::FeatureIndex> areas;
  const city::Run run = city.of_kind(city::FeatureKind::area);
  for (city::FeatureIndex i = run.first; i < run.first + run.count; ++i) {
    if (city.area(city.feature(i)).area_class != area_class) continue;
    areas.push_back(i);
    groups.names.emplace_back(city.text(city.feature(i).name));
  }
  groups.names.emplace_back("");
  for (const AccessReport::Home& home : report.homes) {
    auto group = static_cast<std::uint32_t>(areas.size());
    double smallest_m2 = std::numeric_limits<double>::infinity();
    const auto at = city.find(home.building);
    const geo::Vec2d door = at ? city.anchor(city.feature(*at)) : geo::Vec2d{1e18, 1e18};
    for (std::uint32_t a = 0; a < areas.size(); ++a) {
      const city::Feature& f = city.feature(areas[a]);
      if (!f.box.contains(door) || !city::contains(city, f, door)) continue;
      const double m2 = city::area_m2(city, f);
      if (m2 < smallest_m2) {
        smallest_m2 = m2;
        group = a;
      }
    }
    groups.group.push_back(group);
  }
  return groups;
}

HomeGroups groups_by_housing(const city::City& city, const AccessReport& report) {
  HomeGroups groups{{}, {"house", "apartments", "other"}};
  for (const AccessReport::Home& home : report.homes) {
    const auto at = city.find(home.building);
    const city::BuildingUse use = at ? city.building(city.feature(*at)).use : city::BuildingUse::unknown;
    groups.group.push_back(use == city::BuildingUse::house ? 0 : use == city::BuildingUse::apartments ? 1 : 2);
  }
  return groups;
}

std::vector<GroupAccess> access_by_group(const AccessReport& report, Destination kind, const HomeGroups& groups) {
  CITIVERSE_CHECK(groups.group.size() == report.homes.size(), "a group for each home");
  const auto k = static_cast<std::size_t>(kind);
  std::vector<GroupAccess> result(groups.names.size());
  for (std::size_t h = 0; h < report.homes.size(); ++h) {
    GroupAccess& group = result[groups.group[h]];
    const double people = report.homes[h].people;
    const HomeAccess& access = report.access[h];
    group.people += people;
    group.mean_within += people * access.within[k];
    if (std::isinf(access.minutes[k])) continue;
    group.people_served += people;
    group.mean_minutes += people * access.minutes[k];
    if (access.minutes[k] <= 15) group.within_15 += people;
  }
  for (GroupAccess& group : result) {
    if (group.people_served > 0) group.mean_minutes /= group.people_served;
    if (group.people > 0) {
      group.mean_within /= group.people;
      group.within_15 /= group.people;
    }
  }
  return result;
}

AccessChange compare_access(const AccessReport& base, const AccessReport& plan, Destination kind, double least_minutes) {
  const auto k = static_cast<std::size_t>(kind);
  const auto by_id = [](const AccessReport& report) {
    std::vector<std::uint32_t> order(report.homes.size());
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return report.homes[a].building < report.homes[b].building; });
    return order;
  };
  const std::vector<std::uint32_t> was = by_id(base);
  const std::vector<std::uint32_t> is = by_id(plan);
  AccessChange change;
  double served_in_both = 0;
  std::size_t j = 0;
  for (const std::uint32_t i : was) {
    const AccessReport::Home& home = base.homes[i];
    for (; j < is.size() && plan.homes[is[j]].building < home.building; ++j) change.people_new += plan.homes[is[j]].people;
    if (j == is.size() || plan.homes[is[j]].building != home.building) {
      change.people_gone += home.people;
      continue;
    }
    const float before = base.access[i].minutes[k];
    const float after = plan.access[is[j++]].minutes[k];
    change.people += home.people;
    const bool had = std::isfinite(before);
    const bool has = std::isfinite(after);
    const double gain = had && has ? before - after : had == has ? 0 : has ? 1e9 : -1e9;
    if (had && has) {
      served_in_both += home.people;
      change.mean_change_minutes -= gain * home.people;
    }
    if (std::abs(gain) < least_minutes) continue;
    (gain > 0 ? change.winners : change.losers) += home.people;
    if (!had) change.newly_served += home.people;
    if (!has) change.cut_off += home.people;
    change.homes.push_back({home.building, home.people, before, after});
  }
  for (; j < is.size(); ++j) change.people_new += plan.homes[is[j]].people;
  if (served_in_both > 0) change.mean_change_minutes /= served_in_both;
  return change;
}

}  // namespace citiverse::sim
