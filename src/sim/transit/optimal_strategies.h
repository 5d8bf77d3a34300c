// How people ride where several lines would do: they take whichever of the good ones comes first.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "base/result.h"

namespace citiverse::sim {

/// A part of a journey: waiting for a line and boarding it, riding one stop, getting off, walking.
struct TransitLink {
  std::uint32_t from = 0;  ///< Node, from 0.
  std::uint32_t to = 0;
  double minutes = 0;   ///< Of riding or walking; 0 or more.
  double wait_min = 0;  ///< Mean wait for it: half the headway where vehicles come evenly. 0: it is there whenever one comes.
};

inline constexpr std::uint32_t kTransitNodesMax = 10'000'000;
inline constexpr std::size_t kTransitLinksMax = 40'000'000;

/// The links by where they lead, as flat arrays. Never changes; any thread may read it.
class TransitNetwork {
 public:
  /// Fails: bad_input with the link's number where an end, a time or a wait is not a number that it can be; limit.
  static base::Result<TransitNetwork> of(std::uint32_t nodes, std::span<const TransitLink> links);

  std::uint32_t nodes() const { return static_cast<std::uint32_t>(first_.size() - 1); }
  std::size_t links() const { return links_.size(); }

 private:
  friend class OptimalStrategies;
  std::vector<std::uint32_t> first_;  // Of node i, the links into it: order_[first_[i]] to order_[first_[i + 1]].
  std::vector<std::uint32_t> order_;  // Links in the order of where they lead, then of their numbers.
  std::vector<TransitLink> links_;    // As they were given.
};

/// Spiess & Florian 1989, Optimal strategies: a new assignment model for transit networks, Transportation Research B 23 (2),
/// doi:10.1016/0191-2615(89)90034-9: the strategy of least expected time, where waits are memoryless and the first vehicle of
/// an attractive line is taken. Cost: O(links × log links) a destination, nothing allocated after the first. Threads: one
/// owner; the network may be shared. Deterministic: of links that are as good, the one with the lower number comes first.
class OptimalStrategies {
 public:
  static constexpr double kNever = std::numeric_limits<double>::infinity();

  /// `network` must outlive this.
  explicit OptimalStrategies(const TransitNetwork& network);

  /// Finds the strategy to `destination`; what follows is about the last one found.
  void find(std::uint32_t destination);

  /// Expected minutes from a node, waits included; kNever where no way leads there.
  double expected_min(std::uint32_t node) const { return expected_min_[node]; }
  /// The part, 0 to 1, of those who are at the link's beginning that takes it.
  double share(std::uint32_t link) const;

  struct Loaded {
    double served = 0;    ///< Of the demand; those who are at the destination already included.
    double unserved = 0;  ///< No way leads there: in no link's volume.
  };
  /// Adds to `volumes` (one a link) what `demand` (people at each node) makes on each.
  Loaded load(std::span<const double> demand, std::span<double> volumes);

 private:
  struct Reached {
    double minutes;  // From the link's beginning, without its wait.
    std::uint32_t link;
    // The heap gives the greatest: the soonest, and of those the one with the lowest number.
    bool operator<(const Reached& other) const {
      return minutes != other.minutes ? minutes > other.minutes : link > other.link;
    }
  };
  void reach(std::uint32_t node);
  void take(std::uint32_t link, double minutes);

  const TransitNetwork* network_;
  std::vector<double> expected_min_;
  std::vector<double> vehicles_a_min_;       // Sum over the attractive links of a node; kNever: one that needs no wait.
  std::vector<std::uint32_t> without_wait_;  // The link that is taken at once, or kNone.
  std::vector<std::uint8_t> is_attractive_;
  std::vector<std::uint8_t> is_done_;  // Of each link.
  std::vector<std::uint32_t> taken_;   // Attractive links, nearest to the destination first.
  std::vector<Reached> heap_;
  std::vector<double> people_;  // At each node, while loading.
};

}  // namespace citiverse::sim
