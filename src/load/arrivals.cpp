// One at a time, in the order of their times.
#include "load/arrivals.h"

namespace citiverse::load {

Arrivals::Arrivals(Entrance entrance, std::vector<std::string> cookies)
    : entrance_(std::move(entrance)),
      cookies_(std::move(cookies)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Arrivals::~Arrivals() { finish(); }

void Arrivals::expect(std::uint32_t visitor, std::chrono::nanoseconds at) {
  const std::lock_guard lock(mutex_);
  expected_.push({at, visitor});
  woken_.notify_one();
}

std::vector<Arrivals::Arrival> Arrivals::take() {
  std::vector<Arrival> taken;
  const std::lock_guard lock(mutex_);
  taken.swap(arrived_);
  return taken;
}

std::vector<std::string> Arrivals::finish() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  return cookies_;
}

void Arrivals::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    if (expected_.empty()) {
      woken_.wait(lock, stop, [&] { return !expected_.empty(); });
      continue;
    }
    const Expected next = expected_.top();
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    if (next.at > now) {
      woken_.wait_for(lock, stop, next.at - now, [&] { return expected_.top().at < next.at; });
      continue;
    }
    expected_.pop();
    lock.unlock();
    auto joined = join(entrance_, next.visitor, cookies_[next.visitor]);
    lock.lock();
    arrived_.push_back({next.visitor, joined ? *joined : -1, joined ? std::string() : joined.error().message});
  }
}

}  // namespace citiverse::load
