// Held against published equilibria, and against a gap that is computed here by other means.
#include "sim/traffic/equilibrium.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <queue>

#include "base/file.h"

namespace citiverse::sim {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

fs::path shared_traffic_data() {
  if (const char* set = std::getenv("CITIVERSE_SHARED_DATA")) return set;
  return "../shared/data";
}

struct Case {
  RoadNetwork network;
  UserClass users;
};

/// Nothing where the data are missing.
std::optional<Case> case_of(const fs::path& stem, double min_a_toll = 0, double min_a_length = 0) {
  const auto net = base::read_file(shared_traffic_data() / (stem.string() + "_net.tntp"), 100'000'000);
  const auto trips = base::read_file(shared_traffic_data() / (stem.string() + "_trips.tntp"), 100'000'000);
  if (!net || !trips) return std::nullopt;
  return Case{road_network_of(formats::read_tntp_network(*net).value()),
              user_class_of(formats::read_tntp_trips(*trips).value(), min_a_toll, min_a_length)};
}

/// Minutes of all trips on shortest ways at these costs: Dijkstra with a queue of the standard library, zone by zone.
double shortest_minutes(const Case& c, const std::vector<double>& cost) {
  std::vector<std::vector<std::size_t>> out(c.network.nodes);
  for (std::size_t i = 0; i < c.network.links.size(); i++) out[c.network.links[i].from].push_back(i);
  std::vector<std::vector<const Trip*>> trips(c.network.zones);
  for (const Trip& trip : c.users.trips) trips[trip.from].push_back(&trip);
  double sum = 0;
  for (std::uint32_t origin = 0; origin < c.network.zones; origin++) {
    std::vector<double> best(c.network.nodes, INFINITY);
    std::priority_queue<std::pair<double, std::uint32_t>, std::vector<std::pair<double, std::uint32_t>>, std::greater<>> queue;
    best[origin] = 0;
    queue.emplace(0, origin);
    while (!queue.empty()) {
      const auto [minutes, node] = queue.top();
      queue.pop();
      if (minutes > best[node] || (node < c.network.first_through_node && node != origin)) continue;
      for (const std::size_t link : out[node]) {
        const std::uint32_t to = c.network.links[link].to;
        if (minutes + cost[link] >= best[to]) continue;
        best[to] = minutes + cost[link];
        queue.emplace(best[to], to);
      }
    }
    for (const Trip* trip : trips[origin]) sum += trip->from == trip->to ? 0 : trip->trips * best[trip->to];
  }
  return sum;
}

/// From volumes alone.
double checked_gap(const Case& c, const std::vector<double>& volumes) {
  std::vector<double> cost;
  double total = 0;
  for (std::size_t i = 0; i < volumes.size(); i++) {
    const RoadLink& link = c.network.links[i];
    cost.push_back(link.free_flow_min * (1 + link.b * std::pow(volumes[i] / link.capacity, link.power)) +
                   c.users.min_a_toll * link.toll + c.users.min_a_length * link.length);
    total += volumes[i] * cost.back();
  }
  return total / shortest_minutes(c, cost) - 1;
}

/// What leaves a node but does not come: by the links, and by the trips.
double most_lost(const Case& c, const std::vector<double>& volumes) {
  std::vector<double> net(c.network.nodes, 0);
  for (std::size_t i = 0; i < volumes.size(); i++) {
    net[c.network.links[i].from] += volumes[i];
    net[c.network.links[i].to] -= volumes[i];
  }
  for (const Trip& trip : c.users.trips) {
    net[trip.from] -= trip.trips;
    net[trip.to] += trip.trips;
  }
  double most = 0;
  for (const double lost : net) most = std::max(most, std::abs(lost));
  return most;
}

/// Solves to `gap`, and holds gap, objective and conservation against what is computed here. Returns the volumes.
std::vector<double> expect_equilibrium(const Case& c, double gap, double objective, double objective_error) {
  Equilibrium traffic = Equilibrium::of(c.network, {c.users}).value();
  const EquilibriumReport report = traffic.solve({.gap = gap});
  const std::vector<double> volumes = traffic.volumes();
  EXPECT_TRUE(report.is_converged) << report.gap << " after " << report.rounds;
  EXPECT_NEAR(checked_gap(c, volumes), report.gap, 1e-12 + 1e-6 * report.gap);
  EXPECT_LE(checked_gap(c, volumes), gap * (1 + 1e-6));
  EXPECT_NEAR(report.objective, objective, objective_error);
  EXPECT_LT(most_lost(c, volumes), 1e-6);
  EXPECT_EQ(report.trips.unreachable, 0);
  EXPECT_NEAR(report.trips.served + report.trips.within_zones, report.trips.wanted, 1e-6);
  return volumes;
}

using Flows = std::map<std::pair<std::uint32_t, std::uint32_t>, double>;

Flows published_flows(const fs::path& file) {
  Flows flows;
  const std::string text = base::read_file(shared_traffic_data() / file, 100'000'000).value();
  const std::vector<formats::TntpFlow> published = formats::read_tntp_flows(text).value();
  for (const auto& flow : published) flows[{flow.from - 1, flow.to - 1}] = flow.volume;
  return flows;
}

/// "(from,to) volume", and the volume again in a line of its own.
Flows computed_flows(const fs::path& file) {
  Flows flows;
  std::ifstream text(shared_traffic_data() / file);
  char sign = 0;
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  double volume = 0;
  double again = 0;
  while (text >> sign >> from >> sign >> to >> sign >> volume >> again) flows[{from - 1, to - 1}] = volume;
  return flows;
}

void expect_flows(const std::vector<double>& volumes, const Case& c, const Flows& published, double error) {
  ASSERT_EQ(published.size(), volumes.size());
  for (std::size_t i = 0; i < volumes.size(); i++) {
    EXPECT_NEAR(volumes[i], published.at({c.network.links[i].from, c.network.links[i].to}), error) << "link " << i;
  }
}

#define CASE_OR_SKIP(name, ...)           \
  const auto name = case_of(__VA_ARGS__); \
  if (!name) GTEST_SKIP() << "no " << shared_traffic_data()

TEST(Equilibrium, sioux_falls_is_as_published) {
  CASE_OR_SKIP(c, "transportation-networks/SiouxFalls/SiouxFalls");
  const auto volumes = expect_equilibrium(*c, 1e-12, 4231335.287107440, 1e-5);
  expect_flows(volumes, *c, published_flows("transportation-networks/SiouxFalls/SiouxFalls_flow.tntp"), 0.01);
}

TEST(Equilibrium, anaheim_is_as_published_so_nobody_drives_through_a_zone) {
  CASE_OR_SKIP(c, "transportation-networks/Anaheim/Anaheim");
  expect_equilibrium(*c, 1e-10, 1286032.171, 1e-3);
}

TEST(Equilibrium, eastern_massachusetts_is_as_computed_elsewhere) {
  CASE_OR_SKIP(c, "transportation-networks/Eastern-Massachusetts/EMA");
  const auto volumes = expect_equilibrium(*c, 1e-10, 26160.34592, 1e-5);
  expect_flows(volumes, *c, computed_flows("reference-flows/EMA_flows_gap1e-10.txt"), 0.1);
}

TEST(Equilibrium, winnipeg_with_powers_that_are_no_whole_numbers_is_as_published) {
  CASE_OR_SKIP(c, "transportation-networks/Winnipeg/Winnipeg");
  expect_equilibrium(*c, 1e-8, 827911.494629963, 1e-3);
}

TEST(Equilibrium, chicago_sketch_with_tolls_and_lengths_is_as_published) {
  CASE_OR_SKIP(c, "transportation-networks/Chicago-Sketch/ChicagoSketch", 0.02, 0.04);
  const auto volumes = expect_equilibrium(*c, 1e-8, 17313018.7387477, 0.01);
  expect_flows(volumes, *c, published_flows("transportation-networks/Chicago-Sketch/ChicagoSketch_flow.tntp"), 5);
}

TEST(Equilibrium, austin_comes_within_a_ten_thousandth) {
#ifndef __OPTIMIZE__
  GTEST_SKIP() << "only where the compiler optimises";
#endif
  CASE_OR_SKIP(c, "austin-sdb/AustinSDB");
  expect_equilibrium(*c, 1e-4, 12950560.40, 1000);
}

/// Six cars from 0 to 1 by 2 and 3; Braess's own numbers: 10x, 50 + x, 50 + x, 10x, and a short cut of 10 + x.
Case braess(bool has_short_cut) {
  Case c{{.zones = 2, .nodes = 4, .first_through_node = 0, .links = {}}, {.name = "all", .trips = {{0, 1, 6}}}};
  const auto add = [&](std::uint32_t from, std::uint32_t to, double minutes, double slope) {
    c.network.links.push_back({.from = from, .to = to, .capacity = 1, .junction_min = minutes, .junction_b = slope});
    c.network.links.back().junction_capacity = 1;
    c.network.links.back().power = 1;
  };
  add(0, 2, 0, 10);
  add(2, 1, 50, 1);
  add(0, 3, 50, 1);
  add(3, 1, 0, 10);
  if (has_short_cut) add(2, 3, 10, 1);
  return c;
}

TEST(Equilibrium, a_new_street_makes_everybody_slower_in_braess_network) {
  for (const bool has_short_cut : {false, true}) {
    const Case c = braess(has_short_cut);
    Equilibrium traffic = Equilibrium::of(c.network, {c.users}).value();
    const EquilibriumReport report = traffic.solve({.gap = 1e-12});
    EXPECT_TRUE(report.is_converged);
    EXPECT_NEAR(report.total_min / 6, has_short_cut ? 92 : 83, 1e-8);
    EXPECT_NEAR(report.objective, has_short_cut ? 386 : 399, 1e-8);
    EXPECT_NEAR(traffic.volumes()[0], has_short_cut ? 4 : 3, 1e-8);
  }
}

/// Zones 0 and 1 with a free street of `b` and a toll road beside it; 2 is a hospital behind one bridge.
RoadNetwork toll_road() {
  return {.zones = 3,
          .nodes = 3,
          .first_through_node = 0,
          .links = {{.from = 0, .to = 1, .capacity = 10, .free_flow_min = 10, .b = 1, .power = 1},
                    {.from = 0, .to = 1, .capacity = 1000, .free_flow_min = 10, .b = 0, .toll = 2},
                    {.from = 1, .to = 2, .capacity = 10, .free_flow_min = 1}}};
}

TEST(Equilibrium, classes_pay_what_their_time_is_worth_to_them) {
  // The free street takes 10 + x minutes. Lorries (2 units, 1 minute a coin) leave it at 12, cars (5 minutes a coin) at 20.
  const std::vector<UserClass> classes = {{.name = "lorries", .min_a_toll = 1, .car_units = 2, .trips = {{0, 1, 3}}},
                                          {.name = "cars", .min_a_toll = 5, .trips = {{0, 1, 7}, {0, 1, 8}}}};
  Equilibrium traffic = Equilibrium::of(toll_road(), classes).value();
  const EquilibriumReport report = traffic.solve({.gap = 1e-12});
  EXPECT_TRUE(report.is_converged);
  EXPECT_NEAR(traffic.minutes()[0], 20, 1e-9);
  EXPECT_NEAR(traffic.vehicles_of(0)[1], 3, 1e-9);
  EXPECT_NEAR(traffic.vehicles_of(1)[0], 10, 1e-9);
  EXPECT_NEAR(traffic.volumes()[1], 2 * 3 + 5, 1e-9);
  EXPECT_NEAR(report.objective, 10 * 10 + 50 + 11 * 10 + 6 * 2 + 5 * 10, 1e-8);
  EXPECT_NEAR(report.trips.served, 18, 1e-9);
}

TEST(Equilibrium, a_hospital_that_is_cut_off_is_counted_and_served_again_when_the_bridge_opens) {
  UserClass users{.name = "all", .trips = {{0, 1, 5}, {0, 2, 4}, {2, 0, 1}, {1, 1, 2}}};
  Equilibrium traffic = Equilibrium::of(toll_road(), {users}).value();
  EquilibriumReport report = traffic.solve({});
  EXPECT_EQ(report.trips.served, 9);
  EXPECT_EQ(report.trips.unreachable, 1);  // No street leads out of the hospital.
  EXPECT_EQ(report.trips.within_zones, 2);

  const std::uint32_t bridge = 2;
  RoadLink closed = traffic.network().links[bridge];
  const RoadLink open = closed;
  closed.capacity = 0;
  ASSERT_TRUE(traffic.change_links({&bridge, 1}, {&closed, 1}));
  report = traffic.solve({});
  EXPECT_EQ(report.closed_links, 1);
  EXPECT_EQ(report.trips.unreachable, 5);
  EXPECT_EQ(report.trips.unreachable_pairs, 2);
  EXPECT_EQ(traffic.volumes()[bridge], 0);
  EXPECT_TRUE(std::isinf(traffic.minutes()[bridge]));
  EXPECT_TRUE(std::isfinite(report.total_min) && std::isfinite(report.objective));

  ASSERT_TRUE(traffic.change_links({&bridge, 1}, {&open, 1}));
  report = traffic.solve({});
  EXPECT_EQ(report.trips.unreachable, 1);
  EXPECT_EQ(traffic.volumes()[bridge], 4);
}

TEST(Equilibrium, what_cannot_be_is_named) {
  RoadNetwork network = toll_road();
  network.links[1].to = 9;
  EXPECT_THAT(Equilibrium::of(network, {{}}).error().message, HasSubstr("link 1 (0 to 9): nodes are 0 to 2"));
  network = toll_road();
  network.links[0].capacity = 0;
  EXPECT_TRUE(Equilibrium::of(network, {{}}));
  network.zero_capacity_is_closed = false;
  EXPECT_THAT(Equilibrium::of(network, {{}}).error().message, HasSubstr("link 0 (0 to 1): its capacity is 0"));
  network.links[0].capacity = NAN;
  EXPECT_THAT(Equilibrium::of(network, {{}}).error().message, HasSubstr("capacity is nan"));
  EXPECT_THAT(Equilibrium::of(toll_road(), {{.name = "x", .trips = {{0, 3, 1}}}}).error().message,
              HasSubstr("zones are 0 to 2"));
  EXPECT_THAT(Equilibrium::of(toll_road(), {}).error().message, HasSubstr("classes"));
  Equilibrium traffic = Equilibrium::of(toll_road(), {{}}).value();
  const std::uint32_t place = 0;
  EXPECT_THAT(traffic.change_links({&place, 1}, {&network.links[2], 1}).error().message, HasSubstr("keeps its ends"));
  EXPECT_TRUE(traffic.solve({}).is_converged);  // Nobody drives.
}

TEST(Equilibrium, a_cancelled_run_ends_at_once_with_all_trips_on_some_way) {
  CASE_OR_SKIP(c, "transportation-networks/Chicago-Sketch/ChicagoSketch", 0.02, 0.04);
  Equilibrium traffic = Equilibrium::of(c->network, {c->users}).value();
  std::stop_source stop;
  const auto report =
      traffic.solve({.gap = 1e-12, .cancel = stop.get_token(), .progress = [&](const EquilibriumProgress& progress) {
                       if (progress.round == 2) stop.request_stop();
                     }});
  EXPECT_TRUE(report.was_cancelled);
  EXPECT_FALSE(report.is_converged);
  EXPECT_EQ(report.rounds, 2);
  EXPECT_NEAR(checked_gap(*c, traffic.volumes()), report.gap, 1e-9);
  EXPECT_LT(most_lost(*c, traffic.volumes()), 1e-6);
}

TEST(Equilibrium, does_not_depend_on_the_number_of_threads) {
  CASE_OR_SKIP(c, "transportation-networks/Chicago-Sketch/ChicagoSketch", 0.02, 0.04);
  std::vector<std::vector<double>> volumes;
  for (const unsigned threads : {1U, 2U, 8U}) {
    Equilibrium traffic = Equilibrium::of(c->network, {c->users}).value();
    traffic.solve({.gap = 1e-3, .threads = threads});
    volumes.push_back(traffic.volumes());
  }
  for (const auto& other : volumes) EXPECT_EQ(other, volumes[0]);
}

TEST(Equilibrium, goes_on_from_the_last_one_to_what_a_change_makes_of_it) {
  CASE_OR_SKIP(c, "transportation-networks/Chicago-Sketch/ChicagoSketch", 0.02, 0.04);
  Equilibrium traffic = Equilibrium::of(c->network, {c->users}).value();
  traffic.solve({.gap = 1e-5});
  const std::vector<double> before = traffic.volumes();
  const auto busiest = static_cast<std::uint32_t>(std::ranges::max_element(before) - before.begin());
  Case changed = *c;
  changed.network.links[busiest].capacity /= 10;
  ASSERT_TRUE(traffic.change_links({&busiest, 1}, {&changed.network.links[busiest], 1}));
  const EquilibriumReport warm = traffic.solve({.gap = 1e-6});
  EXPECT_LE(checked_gap(changed, traffic.volumes()), 1.001e-6);
  const EquilibriumReport cold = Equilibrium::of(changed.network, {c->users}).value().solve({.gap = 1e-6});
  EXPECT_NEAR(warm.objective, cold.objective, 2e-6 * cold.objective);
  EXPECT_LT(warm.rounds, cold.rounds);
}

}  // namespace
}  // namespace citiverse::sim
