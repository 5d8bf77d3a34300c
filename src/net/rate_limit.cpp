// The account is shared with its connections, so that a request costs one compare-and-swap and no lookup.
#include "net/rate_limit.h"

#include <algorithm>

namespace citiverse::net {

bool AddressAccount::take(std::chrono::nanoseconds now, const Limits& limits) {
  if (limits.requests_per_second == 0) return true;
  const std::int64_t step_ns = 1'000'000'000 / limits.requests_per_second;
  const std::int64_t burst_ns = step_ns * limits.requests_burst;
  std::int64_t arrival = arrival_ns_.load(std::memory_order_relaxed);
  for (;;) {
    const std::int64_t next = std::max(arrival, now.count()) + step_ns;
    if (next - now.count() > burst_ns) return false;
    if (arrival_ns_.compare_exchange_weak(arrival, next, std::memory_order_relaxed)) return true;
  }
}

std::shared_ptr<AddressAccount> AddressBook::account_of(std::uint64_t address, std::chrono::nanoseconds now) {
  if (accounts_.size() >= kTrackedAddressesMax && !accounts_.contains(address)) {
    std::erase_if(accounts_, [&](const auto& account) {
      return account.second->connections_.load(std::memory_order_relaxed) == 0 && account.second->is_idle(now);
    });
    if (accounts_.size() >= kTrackedAddressesMax) return nullptr;
  }
  auto& account = accounts_[address];
  if (account == nullptr) account = std::make_shared<AddressAccount>();
  return account;
}

std::shared_ptr<AddressAccount> AddressBook::open(std::uint64_t address, std::chrono::nanoseconds now) {
  const std::lock_guard lock(mutex_);
  auto account = account_of(address, now);
  if (account == nullptr) return nullptr;
  if (account->connections_.load(std::memory_order_relaxed) >= limits_.connections_per_address_max) return nullptr;
  account->connections_.fetch_add(1, std::memory_order_relaxed);
  return account;
}

std::shared_ptr<AddressAccount> AddressBook::open_proxy(std::uint64_t address, std::chrono::nanoseconds now) {
  const std::lock_guard lock(mutex_);
  auto account = account_of(address, now);
  if (account != nullptr) account->connections_.fetch_add(1, std::memory_order_relaxed);
  return account;
}

std::shared_ptr<AddressAccount> AddressBook::find(std::uint64_t address, std::chrono::nanoseconds now) {
  const std::lock_guard lock(mutex_);
  return account_of(address, now);
}

}  // namespace citiverse::net
