// Subscriptions on the disk: what was acknowledged is there after a crash.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/store.h"
#include "twin/attribute.h"

namespace citiverse::twin {

/// What came of a subscription's notifications (ETSI GS CIM 009 V1.9.1, 5.2.14.2).
struct NotificationCounts {
  std::uint64_t times_sent = 0;
  std::uint64_t times_failed = 0;
  TimeUs last_notification_us = kNoTime;
  TimeUs last_success_us = kNoTime;
  TimeUs last_failure_us = kNoTime;
  friend bool operator==(const NotificationCounts&, const NotificationCounts&) = default;
};

struct SubscriptionRecord {
  std::string tenant;  ///< By name; "" is the default one.
  std::string id;
  std::string document;  ///< In the words of the standard that it came by; opaque here.
  TimeUs created_us = 0;
  TimeUs modified_us = 0;
  NotificationCounts counts;
};

/// One SQLite file. Documents are on the disk when put() and remove() return; counts are kept now and then, so that a crash
/// loses the last of them and nothing else. Threads: safe.
class SubscriptionRecords {
 public:
  /// Fails: unavailable, corrupt.
  static base::Result<std::unique_ptr<SubscriptionRecords>> open(const std::filesystem::path& path);

  /// In the order of tenant and id. Fails: unavailable, corrupt.
  base::Result<std::vector<SubscriptionRecord>> all();
  /// Adds one, or puts it in place of the one with its tenant and id. Fails: unavailable.
  base::Result<void> put(const SubscriptionRecord& record);
  base::Result<void> remove(std::string_view tenant, std::string_view id);
  /// Keeps the counts of those that are there. Fails: unavailable.
  base::Result<void> put_counts(std::span<const SubscriptionRecord> records);

 private:
  explicit SubscriptionRecords(std::unique_ptr<storage::Store> store) : store_(std::move(store)) {}
  std::unique_ptr<storage::Store> store_;
};

}  // namespace citiverse::twin
