// Who drives where when nobody can gain by another way: static user equilibrium, found from nothing or from the last one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "base/result.h"
#include "sim/traffic/road_network.h"

namespace citiverse::sim {

struct EquilibriumState;

/// Origins that are worked on at once, and so the most threads of use. More would shift the same flow more than once.
inline constexpr unsigned kOriginsInFlightMax = 4;

struct EquilibriumProgress {
  std::uint32_t round = 0;
  double gap = 0;  ///< As estimated while costs changed.
};

struct EquilibriumOptions {
  double gap =
      1e-4;  ///< Relative: minutes spent by all / minutes that all would spend on the shortest ways − 1, at the costs found.
  std::uint32_t rounds_max = 500;
  unsigned threads = 1;  ///< The result does not depend on it.
  std::stop_token cancel;
  std::function<void(const EquilibriumProgress&)> progress;
};

/// Demand that is not in the volumes, in vehicles.
struct TripCounts {
  double wanted = 0;
  double served = 0;
  double within_zones = 0;  ///< From a zone to itself: they use no link.
  double unreachable = 0;   ///< No open way leads there.
  std::size_t unreachable_pairs = 0;
};

struct EquilibriumReport {
  bool is_converged = false;  ///< False where rounds or the caller ended it before.
  bool was_cancelled = false;
  std::uint32_t rounds = 0;
  double gap = 0;           ///< Exact: against true shortest ways at the final costs.
  double total_min = 0;     ///< Generalised minutes of all passenger-car units, and
  double shortest_min = 0;  ///< what they would be on the shortest ways.
  double objective = 0;     ///< Beckmann's: integrals of minutes, and what tolls and lengths weigh, over all links.
  std::size_t closed_links = 0;
  TripCounts trips;
};

/// Network, demand and the flow of each origin. Threads: one at a time; solve uses those it is allowed to.
class Equilibrium {
 public:
  /// Fails as check_network and check_classes do.
  static base::Result<Equilibrium> of(RoadNetwork network, std::vector<UserClass> classes);
  Equilibrium(Equilibrium&&) noexcept;
  Equilibrium& operator=(Equilibrium&&) noexcept;
  ~Equilibrium();

  /// Goes on from the flows that are there; from nothing, all take the shortest ways first.
  /// The same calls give the same bits, whatever the number of threads. A cancelled run leaves all trips on some ways.
  EquilibriumReport solve(const EquilibriumOptions& options);

  /// What-if: other values for some links, with the same ends. Flows stay, and solve goes on from them; those who drove where
  /// now nobody can begin anew. Fails: bad_input, as check_network does, or where the ends differ; nothing has changed then.
  base::Result<void> change_links(std::span<const std::uint32_t> places, std::span<const RoadLink> links);

  const RoadNetwork& network() const;
  /// By place in RoadNetwork::links: passenger-car units, and minutes without tolls and lengths (infinite where closed).
  std::vector<double> volumes() const;
  std::vector<double> minutes() const;
  /// The same of one class, in vehicles.
  std::vector<double> vehicles_of(std::size_t users) const;

  const EquilibriumState& state() const { return *state_; }

 private:
  explicit Equilibrium(std::unique_ptr<EquilibriumState> state);
  std::unique_ptr<EquilibriumState> state_;
};

}  // namespace citiverse::sim
