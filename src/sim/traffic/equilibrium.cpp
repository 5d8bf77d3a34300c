// Rounds over all origins: each renews its ways and shifts flow, then some sweeps shift only, until the gap is small enough.
#include "sim/traffic/equilibrium.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "sim/traffic/equilibrium_state.h"
#include "sim/traffic/load_turns.h"

namespace citiverse::sim {
namespace {

using base::ErrorCode;
using base::fail;

// Found by trying on Chicago Sketch and Austin: a renewal costs as much as five sweeps.
constexpr int kShiftsAfterRenewal = 2;
constexpr int kSweeps = 4;
constexpr double kLeftAsItIs = 0.1;            // Of the gap asked: a bush nearer to equilibrium than this is not renewed.
constexpr double kRestsBelow = 0.2;            // Of the gap asked.
constexpr std::size_t kOriginsPerFlight = 64;  // With fewer origins, those in flight at once would be too large a part of all.
constexpr double kLeastProgress = 0.98;        // A round that leaves more of the gap than this, twice, ends flying at once.
constexpr double kGoldenRatio = 0.6180339887498949;

/// All of 0 to count − 1, neighbours far apart: zones with numbers near each other use the same streets.
std::vector<std::uint32_t> scattered(std::size_t count) {
  std::size_t step = std::max<std::size_t>(1, static_cast<std::size_t>(static_cast<double>(count) * kGoldenRatio));
  while (std::gcd(step, count) > 1) step++;
  std::vector<std::uint32_t> order(count);
  for (std::size_t i = 0; i < count; i++) order[i] = static_cast<std::uint32_t>(i * step % count);
  return order;
}

double relative_gap_of(const SourceExcess& excess) {
  return excess.shortest_minutes > 0 ? excess.minutes / excess.shortest_minutes : 0;
}

/// One call of solve.
class Solving {
 public:
  Solving(EquilibriumState& state, const EquilibriumOptions& options)
      : s_(state),
        options_(options),
        in_flight_(
            static_cast<unsigned>(std::clamp<std::size_t>(state.bushes.size() / kOriginsPerFlight, 1, kOriginsInFlightMax))),
        turns_(options.threads, in_flight_),
        works_(turns_.threads(), BushWork(state.graph)),
        order_(scattered(state.bushes.size())),
        parts_(state.bushes.size()),
        rested_(state.bushes.size()) {}

  bool is_stopped() const { return options_.cancel.stop_requested(); }

  /// Puts those on shortest ways who are on none. Not to be stopped: all trips are somewhere afterwards.
  void begin() {
    take_turns([this](std::size_t i, BushWork& work, LinkLoads& loads) {
      if (!s_.begins[i]) return;
      work.search(s_.demand.sources[i].origin, loads, s_.extra_of(i));
      s_.demand.part_by_reach(i, work);
      work.start(s_.demand.sources[i], loads);
      work.close(s_.bushes[i]);
      s_.begins[i] = 0;
    });
  }

  /// The gap as it was met on the way: costs changed from origin to origin.
  double renew_and_shift() {
    take_turns([this](std::size_t i, BushWork& work, LinkLoads& loads) {
      if (is_stopped() || rests(i)) return;
      work.open(s_.bushes[i], s_.demand.sources[i]);
      parts_[i] = work.renew(s_.demand.sources[i], loads, s_.extra_of(i), kLeftAsItIs * options_.gap);
      for (int k = 0; k < kShiftsAfterRenewal; k++) work.shift(loads, s_.extra_of(i), 1);
      work.close(s_.bushes[i]);
    });
    return relative_gap_of(sum());
  }

  void sweep() {
    take_turns([this](std::size_t i, BushWork& work, LinkLoads& loads) {
      if (is_stopped()) return;
      work.open(s_.bushes[i], s_.demand.sources[i]);
      work.shift(loads, s_.extra_of(i), 1);
      work.close(s_.bushes[i]);
    });
  }

  /// The true excess at the costs that follow from the bushes. Ways are renewed on the occasion; no flow shifts.
  SourceExcess measure() {
    s_.load_bushes();
    turns_.run_apart(s_.bushes.size(), [this](std::size_t i, unsigned worker) {
      BushWork& work = works_[worker];
      work.open(s_.bushes[i], s_.demand.sources[i]);
      parts_[i] = work.renew(s_.demand.sources[i], s_.loads, s_.extra_of(i), kLeftAsItIs * options_.gap);
      work.close(s_.bushes[i]);
    });
    return sum();
  }

  /// Where flying at once gets nowhere, one after another does.
  void watch(double gap, double last) {
    stalled_ = gap > kLeastProgress * last ? stalled_ + 1 : 0;
    if (stalled_ < 2 || in_flight_ == 1) return;
    in_flight_ = 1;
    turns_ = LoadTurns(1, 1);
  }

 private:
  template <class Work>
  void take_turns(const Work& work) {
    turns_.run(order_.size(), s_.loads, [this, &work](std::size_t turn, unsigned worker, LinkLoads& loads) {
      work(order_[turn], works_[worker], loads);
    });
  }
  /// A source that was near equilibrium in the last round leaves this one to those that were not. Sweeps it takes part in.
  bool rests(std::size_t source) {
    const SourceExcess& part = parts_[source];
    rested_[source] = !rested_[source] && part.minutes < kRestsBelow * options_.gap * part.shortest_minutes;
    return rested_[source];
  }
  SourceExcess sum() const {
    SourceExcess sum;
    for (const SourceExcess& part : parts_) {
      sum.minutes += part.minutes;
      sum.shortest_minutes += part.shortest_minutes;
    }
    return sum;
  }

  EquilibriumState& s_;
  const EquilibriumOptions& options_;
  unsigned in_flight_;
  LoadTurns turns_;
  std::vector<BushWork> works_;       // by worker
  std::vector<std::uint32_t> order_;  // sources by turn
  std::vector<SourceExcess> parts_;   // by source
  std::vector<std::uint8_t> rested_;  // by source: had no renewal in the last round
  int stalled_ = 0;
};

}  // namespace

Equilibrium::Equilibrium(std::unique_ptr<EquilibriumState> state) : state_(std::move(state)) {}
Equilibrium::Equilibrium(Equilibrium&&) noexcept = default;
Equilibrium& Equilibrium::operator=(Equilibrium&&) noexcept = default;
Equilibrium::~Equilibrium() = default;

base::Result<Equilibrium> Equilibrium::of(RoadNetwork network, std::vector<UserClass> classes) {
  if (auto checked = check_network(network); !checked) return std::unexpected(std::move(checked.error()));
  if (auto checked = check_classes(network, classes); !checked) return std::unexpected(std::move(checked.error()));
  auto state = std::make_unique<EquilibriumState>();
  state->demand = TrafficDemand::of(network.zones, classes);
  for (UserClass& users : classes) std::vector<Trip>().swap(users.trips);
  state->graph = TrafficGraph::of(network);
  state->network = std::move(network);
  state->classes = std::move(classes);
  state->find_costs();
  state->loads = LinkLoads(state->costs);
  state->bushes.resize(state->demand.sources.size());
  state->begins.assign(state->demand.sources.size(), 1);
  return Equilibrium(std::move(state));
}

EquilibriumReport Equilibrium::solve(const EquilibriumOptions& options) {
  Solving solving(*state_, options);
  EquilibriumReport report;
  const auto measure = [&] {
    const SourceExcess excess = solving.measure();
    report.shortest_min = excess.shortest_minutes;
    report.total_min = excess.shortest_minutes + excess.minutes;
    report.gap = relative_gap_of(excess);
    report.is_converged = report.gap <= options.gap;
    return report.gap;
  };
  solving.begin();
  double last = kUnreachable;
  double expected = kUnreachable;  // After this round's sweeps.
  while (report.rounds < options.rounds_max && !solving.is_stopped()) {
    report.rounds++;
    const double gap = expected <= options.gap ? measure() : solving.renew_and_shift();
    if (report.is_converged) break;
    if (options.progress) options.progress({report.rounds, gap});
    for (int k = 0; k < kSweeps; k++) solving.sweep();
    solving.watch(gap, last);
    expected = last < kUnreachable ? gap * std::clamp(gap / last, 0.3, 0.8) : gap;
    last = gap;
  }
  report.was_cancelled = solving.is_stopped();
  if (!report.is_converged) measure();
  report.closed_links = state_->closed_links;
  report.trips = state_->demand.counts(state_->classes);
  report.objective = state_->objective();
  return report;
}

base::Result<void> Equilibrium::change_links(std::span<const std::uint32_t> places, std::span<const RoadLink> links) {
  EquilibriumState& s = *state_;
  if (places.size() != links.size()) return fail(ErrorCode::bad_input, "as many links as places are needed");
  RoadNetwork changed = s.network;
  for (std::size_t i = 0; i < places.size(); i++) {
    if (places[i] >= changed.links.size()) {
      return fail(ErrorCode::bad_input, fmt::format("link {} is not there; there are {}", places[i], changed.links.size()));
    }
    RoadLink& link = changed.links[places[i]];
    if (link.from != links[i].from || link.to != links[i].to) {
      return fail(ErrorCode::bad_input,
                  fmt::format("link {} goes from {} to {}; a change keeps its ends", places[i], link.from, link.to));
    }
    link = links[i];
  }
  if (auto checked = check_network(changed); !checked) return checked;
  bool opens = false;
  for (const std::uint32_t place : places)
    opens |= carries_nobody(s.network.links[place]) && !carries_nobody(changed.links[place]);
  s.network = std::move(changed);
  s.find_costs();
  for (std::size_t i = 0; i < s.bushes.size(); i++) {
    const auto used = std::span(s.bushes[i].links).first(s.bushes[i].active);
    const bool is_cut = std::ranges::any_of(used, [&](std::uint32_t link) { return s.costs[link].base == kUnreachable; });
    const auto [begin, end] = s.demand.ranges[i];
    const bool may_reach_more = opens && s.demand.sources[i].destinations.size() < end - begin;
    if (is_cut || may_reach_more) s.begins[i] = 1;
  }
  s.load_bushes();
  return {};
}

const RoadNetwork& Equilibrium::network() const { return state_->network; }

std::vector<double> Equilibrium::volumes() const {
  std::vector<double> volumes(state_->graph.links());
  for (std::size_t i = 0; i < volumes.size(); i++) volumes[state_->graph.given[i]] = state_->loads.volume(i);
  return volumes;
}

std::vector<double> Equilibrium::minutes() const {
  std::vector<double> minutes(state_->graph.links());
  for (std::size_t i = 0; i < minutes.size(); i++) {
    const RoadLink& link = state_->network.links[state_->graph.given[i]];
    minutes[state_->graph.given[i]] = carries_nobody(link) ? kUnreachable : LinkCost::of(link).minutes(state_->loads.volume(i));
  }
  return minutes;
}

std::vector<double> Equilibrium::vehicles_of(std::size_t users) const {
  const EquilibriumState& s = *state_;
  std::vector<double> units(s.graph.links(), 0);
  BushWork work(s.graph);
  for (std::size_t i = 0; i < s.bushes.size(); i++) {
    if (s.begins[i] || s.demand.sources[i].users != users) continue;
    work.open(s.bushes[i], s.demand.sources[i]);
    work.add_volumes(units);
  }
  std::vector<double> vehicles(units.size());
  for (std::size_t i = 0; i < units.size(); i++) vehicles[s.graph.given[i]] = units[i] / s.classes[users].car_units;
  return vehicles;
}

}  // namespace citiverse::sim
