// The ways of all who start at one zone: an acyclic part of the network in which flow shifts from longest to shortest ways.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/traffic/nearest_first.h"
#include "sim/traffic/traffic_graph.h"

namespace citiverse::sim {

/// Who drives from one zone, in one class. Destinations are other zones that can be reached, each once.
struct TripSource {
  std::uint32_t origin = 0;
  std::uint32_t users = 0;  ///< Class.
  std::span<const std::uint32_t> destinations;
  std::span<const double> units;  ///< Passenger-car units to each destination.
};

/// A bush at rest. Its flow follows from what is wanted at the destinations and from how it divides where ways meet, so only
/// that is kept: about 5 bytes a node of the network.
struct Bush {
  std::vector<std::uint32_t> links;  ///< By head, in an order in which every tail comes before; heads with flow first.
  std::vector<double> merge_units;   ///< Flow of each link whose head has several in `links`, in their order.
  std::uint32_t active = 0;          ///< How many of `links` lead to a destination; the others keep shortest ways known.
};

/// How far a source was from equilibrium when it was looked at.
struct SourceExcess {
  double minutes = 0;           ///< What all spend beyond the shortest ways.
  double shortest_minutes = 0;  ///< What all would spend on the shortest ways.
};

/// A bush opened to be worked on, and the arrays for it, which one thread uses again and again.
/// Source: Dial 2006, "A path-based user-equilibrium traffic assignment algorithm that obviates path storage and enumeration",
/// doi:10.1016/j.trb.2006.02.008; new links are those of the true shortest ways, found from the bush's own labels.
class BushWork {
 public:
  explicit BushWork(const TrafficGraph& graph);

  /// Shortest ways from a zone at the costs now. `extra`: minutes a link that the source's class alone feels, or null.
  void search(std::uint32_t origin, const LinkLoads& loads, const double* extra);
  /// After search: whether there is a way to `node`.
  bool reaches(std::uint32_t node) const { return distance_[node] < kUnreachable; }
  /// After search: opens a new bush, with all on the shortest ways, and adds them to `loads`.
  void start(const TripSource& source, LinkLoads& loads);
  void open(const Bush& bush, const TripSource& source);
  void close(Bush& bush) const;

  /// Finds the true shortest ways, drops what is not used, adds what is shorter. Flow stays where it is. A bush whose relative
  /// excess is at most `enough` stays as it is. Only just after open: flow is then without dust.
  SourceExcess renew(const TripSource& source, const LinkLoads& loads, const double* extra, double enough);
  /// As renew finds it, changing nothing.
  SourceExcess excess(const TripSource& source, const LinkLoads& loads, const double* extra);
  /// One sweep: at every node where ways meet, from the longest to the shortest until both are equal, or the longest is empty.
  /// Returns the largest difference met, in minutes. `part`: the share of the step that is taken.
  double shift(LinkLoads& loads, const double* extra, double part);

  /// Adds the opened bush's flow by link to `volumes`.
  void add_volumes(std::span<double> volumes) const;
  /// The ways of the opened bush to `node`, largest first: where ways part, all divide alike. `links` are the graph's, from the
  /// origin. Those beyond the `ways_max` largest are left out.
  struct Way {
    double share;
    std::vector<std::uint32_t> links;
  };
  std::vector<Way> ways_to(std::uint32_t node, std::size_t ways_max) const;
  /// By destination of the source: the share of its trips that use `link`.
  std::vector<double> shares_through(const TripSource& source, std::uint32_t link) const;
  /// Minutes that its trips feel on the links alone, by `extra`.
  double weighted_minutes(const double* extra) const;

 private:
  struct Segment {
    std::uint32_t entry;
    std::uint32_t link;
  };
  void unfold(const Bush& bush, std::uint32_t origin);
  void find_labels(LinkStates states, const double* extra);
  void find_flow(const TripSource& source, std::span<const double> merge_units);
  void shortest_from_labels(const TripSource& source, LinkStates states, const double* extra);
  /// `limit`: ways longer than this lead to nobody.
  void settle(std::uint32_t origin, LinkStates states, const double* extra, double limit);
  void rebuild(const TripSource& source);
  void emit(std::uint32_t node);
  bool is_new_way_allowed(std::uint32_t node) const;
  void shift_between(std::uint32_t place, LinkLoads& loads, const double* extra, double part);

  const TrafficGraph& graph_;
  // The opened bush. A place is a position in the order; an entry is a link of the bush.
  std::vector<std::uint32_t> node_;         // by place
  std::vector<std::uint32_t> entry_start_;  // by place
  std::vector<std::uint32_t> entry_link_;
  std::vector<std::uint32_t> entry_tail_;  // the place of the link's tail
  std::vector<double> entry_units_;
  std::vector<std::uint32_t> merges_;  // places with several entries
  std::vector<std::uint32_t> idle_;    // links
  std::vector<double> shortest_;       // by place, minutes
  std::vector<double> longest_;        // by place, over entries with flow
  std::vector<std::uint32_t> shortest_entry_;
  std::vector<std::uint32_t> longest_entry_;
  std::vector<double> through_;  // by place: flow through the node
  // By node.
  std::vector<std::uint32_t> place_;
  std::vector<double> distance_;
  std::vector<std::uint32_t> way_;  // the last link of the shortest way
  // Scratch.
  NearestFirst queue_;
  std::vector<std::uint8_t> is_done_;  // by node
  std::vector<std::uint32_t> stack_;
  std::vector<Segment> short_segment_;
  std::vector<Segment> long_segment_;
  std::vector<std::uint32_t> old_entry_start_, old_entry_link_, old_entry_tail_, old_node_, old_place_;
  std::vector<double> old_units_, old_longest_;
  double total_units_ = 0;
};

}  // namespace citiverse::sim
