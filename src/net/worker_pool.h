// Threads for what takes longer than a connection may hold its core, with a bounded queue.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace citiverse::net {

/// Threads: safe. The destructor drops what waits and waits for what runs.
class WorkerPool {
 public:
  /// `niceness`: how far its threads step back behind all others when cores are short (nice(2)); such work as hashing a
  /// password or making a tile must not delay those who wait for microseconds.
  WorkerPool(std::size_t threads, std::size_t pending_max, int niceness = 0);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// False when pending_max jobs wait already: the caller says so to whoever asked.
  bool post(std::function<void()> job);
  std::size_t pending() const;

 private:
  void run();

  const std::size_t pending_max_;
  mutable std::mutex mutex_;
  std::condition_variable woken_;
  std::deque<std::function<void()>> jobs_;
  bool stopping_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace citiverse::net
