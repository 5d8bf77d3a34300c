// A row a subscription; the counts beside it, since they change a thousand times as often.
#include "twin/subscription_records.h"

#include <array>

#include "storage/rows.h"

namespace citiverse::twin {
namespace {

constexpr std::array<std::string_view, 1> kSubscriptionSteps{
    "CREATE TABLE subscription (tenant TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL, created_us INTEGER NOT NULL, "
    "modified_us INTEGER NOT NULL, times_sent INTEGER NOT NULL, times_failed INTEGER NOT NULL, last_notification_us INTEGER "
    "NOT "
    "NULL, last_success_us INTEGER NOT NULL, last_failure_us INTEGER NOT NULL, PRIMARY KEY (tenant, id)) WITHOUT ROWID"};

}  // namespace

base::Result<std::unique_ptr<SubscriptionRecords>> SubscriptionRecords::open(const std::filesystem::path& path) {
  auto store = storage::Store::open(path);
  if (!store) return std::unexpected(store.error());
  if (auto done = (*store)->migrate("subscriptions", kSubscriptionSteps); !done) return std::unexpected(done.error());
  return std::unique_ptr<SubscriptionRecords>(new SubscriptionRecords(*std::move(store)));
}

base::Result<std::vector<SubscriptionRecord>> SubscriptionRecords::all() {
  return store_->read([](storage::Database& database) -> base::Result<std::vector<SubscriptionRecord>> {
    std::vector<SubscriptionRecord> records;
    const auto rows = storage::each_row(
        database,
        "SELECT tenant, id, document, created_us, modified_us, times_sent, times_failed, last_notification_us, "
        "last_success_us, last_failure_us FROM subscription ORDER BY tenant, id",
        [&](const storage::Statement& row) {
          records.push_back({.tenant = std::string(row.text(0)),
                             .id = std::string(row.text(1)),
                             .document = std::string(row.text(2)),
                             .created_us = row.integer(3),
                             .modified_us = row.integer(4),
                             .counts = {.times_sent = static_cast<std::uint64_t>(row.integer(5)),
                                        .times_failed = static_cast<std::uint64_t>(row.integer(6)),
                                        .last_notification_us = row.integer(7),
                                        .last_success_us = row.integer(8),
                                        .last_failure_us = row.integer(9)}});
        });
    if (!rows) return std::unexpected(rows.error());
    return records;
  });
}

base::Result<void> SubscriptionRecords::put(const SubscriptionRecord& record) {
  return store_->write([&](storage::Database& database) -> base::Result<void> {
    const auto done = storage::execute(database, "INSERT OR REPLACE INTO subscription VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                       record.tenant, record.id, record.document, record.created_us, record.modified_us,
                                       record.counts.times_sent, record.counts.times_failed, record.counts.last_notification_us,
                                       record.counts.last_success_us, record.counts.last_failure_us);
    if (!done) return std::unexpected(done.error());
    return {};
  });
}

base::Result<void> SubscriptionRecords::remove(std::string_view tenant, std::string_view id) {
  return store_->write([&](storage::Database& database) -> base::Result<void> {
    const auto done = storage::execute(database, "DELETE FROM subscription WHERE tenant = ? AND id = ?", tenant, id);
    if (!done) return std::unexpected(done.error());
    return {};
  });
}

base::Result<void> SubscriptionRecords::put_counts(std::span<const SubscriptionRecord> records) {
  return store_->write([&](storage::Database& database) -> base::Result<void> {
    for (const SubscriptionRecord& each : records) {
      const auto done = storage::execute(
          database,
          "UPDATE subscription SET times_sent = ?, times_failed = ?, last_notification_us = ?, last_success_us = ?, "
          "last_failure_us = ? WHERE tenant = ? AND id = ?",
          each.counts.times_sent, each.counts.times_failed, each.counts.last_notification_us, each.counts.last_success_us,
          each.counts.last_failure_us, each.tenant, each.id);
      if (!done) return std::unexpected(done.error());
    }
    return {};
  });
}

}  // namespace citiverse::twin
