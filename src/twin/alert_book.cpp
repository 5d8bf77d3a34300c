// A row a wish: few and small, so each question reads the disk's cache and nothing is kept in memory.
#include "twin/alert_book.h"

#include <array>

#include <fmt/format.h>

#include "storage/rows.h"

namespace citiverse::twin {
namespace {

constexpr std::array<std::string_view, 1> kAlertSteps{
    "CREATE TABLE alert (person INTEGER NOT NULL, place INTEGER NOT NULL, id INTEGER NOT NULL, document TEXT NOT NULL, "
    "PRIMARY KEY (person, place)) WITHOUT ROWID"};

}  // namespace

base::Result<std::unique_ptr<AlertBook>> AlertBook::open(const std::filesystem::path& path) {
  auto store = storage::Store::open(path);
  if (!store) return std::unexpected(store.error());
  if (auto done = (*store)->migrate("alerts", kAlertSteps); !done) return std::unexpected(done.error());
  return std::unique_ptr<AlertBook>(new AlertBook(*std::move(store)));
}

base::Result<std::vector<KeptAlert>> AlertBook::of(std::uint64_t person) {
  return store_->read([&](storage::Database& database) -> base::Result<std::vector<KeptAlert>> {
    std::vector<KeptAlert> kept;
    const auto rows = storage::each_row(
        database, "SELECT id, document FROM alert WHERE person = ? ORDER BY place",
        [&](const storage::Statement& row) {
          kept.push_back({static_cast<std::uint64_t>(row.integer(0)), std::string(row.text(1))});
        },
        person);
    if (!rows) return std::unexpected(rows.error());
    return kept;
  });
}

base::Result<void> AlertBook::add(std::uint64_t person, std::uint64_t id, std::string_view document) {
  if (document.size() > kAlertDocumentBytesMax)
    return base::fail(base::ErrorCode::bad_input, fmt::format("an alert has at most {} bytes", kAlertDocumentBytesMax));
  return store_->write([&](storage::Database& database) -> base::Result<void> {
    const auto count = storage::one_integer(database, "SELECT COUNT(*) FROM alert WHERE person = ?", person);
    if (!count) return std::unexpected(count.error());
    if (count->value_or(0) >= static_cast<std::int64_t>(kAlertsOfOneMax))
      return base::fail(base::ErrorCode::limit,
                        fmt::format("there are {} alerts; remove one that is no longer needed", kAlertsOfOneMax));
    const auto done = storage::execute(
        database, "INSERT INTO alert VALUES (?1, (SELECT COALESCE(MAX(place), 0) + 1 FROM alert WHERE person = ?1), ?2, ?3)",
        person, id, document);
    if (!done) return std::unexpected(done.error());
    return {};
  });
}

base::Result<void> AlertBook::remove(std::uint64_t person, std::uint64_t id) {
  return store_->write([&](storage::Database& database) -> base::Result<void> {
    const auto done = storage::execute(database, "DELETE FROM alert WHERE person = ? AND id = ?", person, id);
    if (!done) return std::unexpected(done.error());
    if (*done == 0) return base::fail(base::ErrorCode::not_found, "there is no such alert");
    return {};
  });
}

base::Result<void> AlertBook::erase(std::uint64_t person) {
  return store_->write([&](storage::Database& database) -> base::Result<void> {
    const auto done = storage::execute(database, "DELETE FROM alert WHERE person = ?", person);
    if (!done) return std::unexpected(done.error());
    return {};
  });
}

}  // namespace citiverse::twin
