// How much one address may ask of this node: connections at once, and requests a second.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "net/limits.h"

namespace citiverse::net {

/// What is remembered of one address. The rate is kept by the generic cell rate algorithm: one number, no timer.
/// Threads: safe. Source: ITU-T I.371, annex A.
class AddressAccount {
 public:
  /// Takes one request; false when the address has used up its burst. `now` is of any steady clock.
  bool take(std::chrono::nanoseconds now, const Limits& limits);
  bool is_idle(std::chrono::nanoseconds now) const { return arrival_ns_.load(std::memory_order_relaxed) <= now.count(); }

 private:
  friend class AddressBook;
  std::atomic<std::int64_t> arrival_ns_{0};  // When the bucket would be full again.
  std::atomic<std::uint32_t> connections_{0};
};

/// At most kTrackedAddressesMax accounts; when there are more, the idle ones go. Threads: safe.
class AddressBook {
 public:
  explicit AddressBook(const Limits& limits) : limits_(limits) {}

  /// The account of an address, or nothing when it has connections_per_address_max connections. close() gives one back.
  std::shared_ptr<AddressAccount> open(std::uint64_t address, std::chrono::nanoseconds now);
  /// The same for a trusted proxy, which stands for many people: without that limit.
  std::shared_ptr<AddressAccount> open_proxy(std::uint64_t address, std::chrono::nanoseconds now);
  /// The account of an address, whose connections are not counted by this call; nothing when too many are remembered.
  std::shared_ptr<AddressAccount> find(std::uint64_t address, std::chrono::nanoseconds now);
  static void close(AddressAccount& account) { account.connections_.fetch_sub(1, std::memory_order_relaxed); }

 private:
  std::shared_ptr<AddressAccount> account_of(std::uint64_t address, std::chrono::nanoseconds now);  // With mutex_ held.

  const Limits& limits_;
  std::mutex mutex_;
  std::unordered_map<std::uint64_t, std::shared_ptr<AddressAccount>> accounts_;
};

}  // namespace citiverse::net
