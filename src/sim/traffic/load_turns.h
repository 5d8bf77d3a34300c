// Origins take turns at the same volumes, several at once, and the result is the same to the bit however many threads there
// are.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "sim/traffic/traffic_graph.h"

namespace citiverse::sim {

/// What a turn does: reads and changes the loads that it is given. `worker` counts threads from 0.
using LoadTurn = std::function<void(std::size_t turn, unsigned worker, LinkLoads& loads)>;

/// Turn k sees the changes of the turns 0 to k − in_flight, and of no other. So `in_flight` turns can be under way at once, and
/// what each sees does not depend on when the others end. At most `in_flight` threads, each with a copy of the loads.
class LoadTurns {
 public:
  /// `in_flight` 1: one turn after another, in the calling thread.
  LoadTurns(unsigned threads, unsigned in_flight);

  unsigned threads() const { return threads_; }
  /// Returns when all turns are done and `loads` holds the changes of all. `turn` does not throw.
  void run(std::size_t turns, LinkLoads& loads, const LoadTurn& turn);
  /// Turns that change nothing, in any order.
  void run_apart(std::size_t turns, const std::function<void(std::size_t turn, unsigned worker)>& turn) const;

 private:
  unsigned threads_;
  unsigned in_flight_;
  std::vector<LinkLoads> copies_;  // of all workers but the first
};

}  // namespace citiverse::sim
