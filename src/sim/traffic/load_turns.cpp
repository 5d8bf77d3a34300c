// A ring of change lists: each worker adds them all to its own copy of the loads, in the same order.
#include "sim/traffic/load_turns.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <utility>

namespace citiverse::sim {
namespace {

constexpr int kSpins = 4000;  // About what a turn takes; whoever waits longer sleeps.

/// Waits until `value` is at least `wanted`.
void wait_for(const std::atomic<std::size_t>& value, std::size_t wanted) {
  for (int i = 0; i < kSpins; i++) {
    if (value.load(std::memory_order_acquire) >= wanted) return;
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }
  for (std::size_t now = value.load(std::memory_order_acquire); now < wanted; now = value.load(std::memory_order_acquire)) {
    value.wait(now, std::memory_order_acquire);
  }
}

struct alignas(64) TurnSlot {
  std::atomic<std::size_t> done = 0;  // The last turn here, and one.
  std::vector<LoadChange> changes;
};

struct alignas(64) TurnProgress {
  std::atomic<std::size_t> taken = 0;  // Turns whose changes this worker has added.
};

class TurnRing {
 public:
  TurnRing(std::size_t turns, unsigned workers, unsigned in_flight)
      : turns_(turns), in_flight_(in_flight), slots_(std::size_t{8} * in_flight), progress_(workers) {}

  void work(unsigned worker, LinkLoads& loads, const LoadTurn& turn) {
    std::vector<LoadChange> changes;
    while (true) {
      const std::size_t k = next_.fetch_add(1, std::memory_order_relaxed);
      if (k >= turns_) break;
      if (k + 1 > in_flight_) take_until(k + 1 - in_flight_, worker, loads);
      loads.note();
      turn(k, worker, loads);
      loads.take_back(changes);
      TurnSlot& slot = slots_[k % slots_.size()];
      if (k >= slots_.size()) {
        for (const TurnProgress& progress : progress_) wait_for(progress.taken, k - slots_.size() + 1);
      }
      slot.changes.swap(changes);
      slot.done.store(k + 1, std::memory_order_release);
      slot.done.notify_all();
    }
    take_until(turns_, worker, loads);
  }

 private:
  void take_until(std::size_t end, unsigned worker, LinkLoads& loads) {
    std::atomic<std::size_t>& taken = progress_[worker].taken;
    for (std::size_t k = taken.load(std::memory_order_relaxed); k < end; k++) {
      const TurnSlot& slot = slots_[k % slots_.size()];
      wait_for(slot.done, k + 1);
      for (const LoadChange& change : slot.changes) loads.add(change.link, change.units);
      taken.store(k + 1, std::memory_order_release);
      taken.notify_all();
    }
  }

  std::size_t turns_;
  unsigned in_flight_;
  std::atomic<std::size_t> next_ = 0;
  std::vector<TurnSlot> slots_;
  std::vector<TurnProgress> progress_;
};

template <class Work>
void run_workers(unsigned workers, const Work& work) {
  std::vector<std::jthread> threads;
  for (unsigned worker = 1; worker < workers; worker++) threads.emplace_back([&work, worker] { work(worker); });
  work(0U);
}

}  // namespace

LoadTurns::LoadTurns(unsigned threads, unsigned in_flight)
    : threads_(std::clamp(threads, 1U, std::max(in_flight, 1U))), in_flight_(std::max(in_flight, 1U)) {}

void LoadTurns::run(std::size_t turns, LinkLoads& loads, const LoadTurn& turn) {
  if (in_flight_ == 1) {
    for (std::size_t k = 0; k < turns; k++) turn(k, 0, loads);
    return;
  }
  copies_.assign(threads_ - 1, loads);
  TurnRing ring(turns, threads_, in_flight_);
  run_workers(threads_, [&](unsigned worker) { ring.work(worker, worker == 0 ? loads : copies_[worker - 1], turn); });
}

void LoadTurns::run_apart(std::size_t turns, const std::function<void(std::size_t turn, unsigned worker)>& turn) const {
  std::atomic<std::size_t> next = 0;
  run_workers(threads_, [&](unsigned worker) {
    for (std::size_t k = next.fetch_add(1); k < turns; k = next.fetch_add(1)) turn(k, worker);
  });
}

}  // namespace citiverse::sim
