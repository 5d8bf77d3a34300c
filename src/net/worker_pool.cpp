// A mutex and a condition variable: jobs are milliseconds long, so the queue is never the cost.
#include "net/worker_pool.h"

#include "base/thread_share.h"

namespace citiverse::net {

WorkerPool::WorkerPool(std::size_t threads, std::size_t pending_max, int niceness) : pending_max_(pending_max) {
  for (std::size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this, niceness] {
      base::step_back(niceness);
      run();
    });
  }
}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    jobs_.clear();
  }
  woken_.notify_all();
}

bool WorkerPool::post(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || jobs_.size() >= pending_max_) return false;
    jobs_.push_back(std::move(job));
  }
  woken_.notify_one();
  return true;
}

std::size_t WorkerPool::pending() const {
  const std::lock_guard lock(mutex_);
  return jobs_.size();
}

void WorkerPool::run() {
  for (;;) {
    std::function<void()> job;
    {
      std::unique_lock lock(mutex_);
      woken_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    job();
  }
}

}  // namespace citiverse::net
